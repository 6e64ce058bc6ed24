/** A batch of import lines made ready for storing. Pure but for the sealing. */
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { ImportLine } from './import-lines.js';
import { type IntakeRow, intakeRow } from './intake.js';
import { assign, type Offer } from './offers.js';
import { issuesText, type RequestBody } from './request-body.js';

/** One line that was not taken. */
export interface LineError {
  /** Line of the file; 1 is the first. */
  readonly line: number;
  readonly message: string;
}

/** Rows with distinct request ids, and what became of the other lines. */
export interface ReadyBatch {
  readonly rows: readonly IntakeRow[];
  /** The line of the file for each row. */
  readonly lines: readonly number[];
  /** Lines that repeat an earlier one of the batch. */
  readonly repeats: number;
  readonly errors: readonly LineError[];
}

/** Why a line under a known request id is not taken. */
export const DIFFERS = 'requestId: another request, with another content, stands under this id.';

/** Lines stored in one transaction. */
export const LINES_PER_BATCH = 5_000;

/** Judges each line against the connections there are, seals it, and sets repeats within the batch apart. */
export function readyBatch(
  batch: readonly ImportLine[],
  offers: ReadonlyMap<string, Offer>,
  people: PeopleKeys,
  now: number,
): ReadyBatch {
  const rows: IntakeRow[] = [];
  const lines: number[] = [];
  const errors: LineError[] = [];
  const first = new Map<string, IntakeRow>();
  let repeats = 0;
  const take = (line: number, body: RequestBody): void => {
    const assignment = assign(body, offers);
    if ('issues' in assignment) {
      errors.push({ line, message: issuesText(assignment.issues) });
      return;
    }
    const row = intakeRow(body, assignment.targets, people, now);
    const earlier = first.get(row.requestId);
    if (earlier === undefined) {
      first.set(row.requestId, row);
      rows.push(row);
      lines.push(line);
    } else if (earlier.digest.equals(row.digest)) repeats += 1;
    else errors.push({ line, message: DIFFERS });
  };
  for (const entry of batch) {
    if ('body' in entry) take(entry.line, entry.body);
    else errors.push(entry);
  }
  return { rows, lines, repeats, errors };
}

/** Gathers lines, as they come, into batches of {@link LINES_PER_BATCH}. */
export async function* inBatches(chunks: AsyncIterable<readonly ImportLine[]>): AsyncGenerator<readonly ImportLine[]> {
  let batch: ImportLine[] = [];
  for await (const lines of chunks) {
    for (const line of lines) {
      batch.push(line);
      if (batch.length === LINES_PER_BATCH) {
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}
