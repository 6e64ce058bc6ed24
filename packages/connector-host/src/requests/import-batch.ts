/** A batch of import lines made ready for storing. Pure but for the sealing. */
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { ImportLine } from './import-lines.js';
import { IntakeBatch } from './intake-batch.js';
import { type ClockSettings, clockIssues } from './legal-clock.js';
import { assign, type Offer } from './offers.js';
import { issuesAdvice, type RequestBody } from './request-body.js';

/** One line that was not taken. */
export interface LineError {
  /** Line of the file; 1 is the first. */
  readonly line: number;
  readonly message: string;
}

/** Why a line under a known request id is not taken. */
export const DIFFERS = 'requestId: another request, with another content, stands under this id.';

/** Lines stored in one transaction. */
export const LINES_PER_BATCH = 2_500;

/** What lines are judged against. */
export interface JudgingTerms {
  readonly offers: ReadonlyMap<string, Offer>;
  readonly clock: ClockSettings;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Judges each line against the connections there are.
 * @param take is told each request with the connections it goes to.
 * @returns the lines that cannot be taken.
 */
export function judgeLines(
  lines: readonly ImportLine[],
  { offers, clock, now }: JudgingTerms,
  take: (line: number, body: RequestBody, targets: readonly Offer[]) => void,
): LineError[] {
  const errors: LineError[] = [];
  for (const entry of lines) {
    if (!('body' in entry)) {
      errors.push(entry);
      continue;
    }
    const assignment = assign(entry.body, offers);
    const issues = 'issues' in assignment ? assignment.issues : clockIssues(entry.body, now, clock);
    if ('issues' in assignment || issues.length > 0) {
      errors.push({ line: entry.line, message: issuesAdvice(issues) });
    } else take(entry.line, entry.body, assignment.targets);
  }
  return errors;
}

/** A batch on its way to be stored: requests with distinct ids, and what became of the other lines. */
export class ReadyBatch {
  readonly batch: IntakeBatch;
  /** All its lines, as they were read. */
  readonly given: ImportLine[] = [];
  /** The line of the file for each request. */
  readonly lines: number[] = [];
  readonly errors: LineError[] = [];
  /** Lines that repeat an earlier one of the batch. */
  repeats = 0;

  constructor(
    private readonly terms: JudgingTerms,
    people: PeopleKeys,
  ) {
    this.batch = new IntakeBatch(people, terms.now, terms.clock);
  }

  /** Judges and seals lines, and sets repeats apart. */
  add(given: readonly ImportLine[]): void {
    this.given.push(...given);
    const faulty = judgeLines(given, this.terms, (line, body, targets) => {
      const added = this.batch.add(body, targets);
      if (added === 'added') this.lines.push(line);
      else if (added === 'repeat') this.repeats += 1;
      else this.errors.push({ line, message: DIFFERS });
    });
    this.errors.push(...faulty);
  }
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
