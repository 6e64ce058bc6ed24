/** A batch of import lines made ready for storing. Pure but for the sealing. */
import type { FieldIssue } from 'connector-contract';
import { type ClockSettings, clockIssues } from '../requests/legal-clock.js';
import type { RequestBody } from '../requests/request-body.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { type BadLine, badLine, type GoodLine, type ImportLine } from './import-lines.js';
import { IntakeBatch } from './intake-batch.js';
import { findingsIn, Judges } from './judging.js';
import { assign, type Offer } from './offers.js';

/** One line that was not taken. */
export interface LineError extends BadLine {
  /** The field that it is about, where it is about one. */
  readonly field?: string;
  /** It is kept back and not refused: it is taken once a person says that its identifiers are meant (`allowDoubtful`). */
  readonly doubtful?: true;
}

/** A request that goes to these connections. */
export interface JudgedLine {
  readonly line: number;
  readonly body: RequestBody;
  readonly targets: readonly Offer[];
  /** What the nth of its identifiers is called in the file. */
  readonly nameOf: (nth: number) => string;
  /** What is doubtful of it, where a person has said that it is meant. */
  readonly doubts?: readonly FieldIssue[];
}

/** Why a line under a known request id is not taken. */
export const DIFFERS = 'Another request, with another content, stands under this id.';

/** The error of such a line. */
export const differing = (line: number): LineError => ({ line, code: 'REQUEST_DIFFERS', message: DIFFERS });

/** Lines stored in one transaction. */
export const LINES_PER_BATCH = 2_500;

/** What lines are judged against. */
export interface JudgingTerms {
  readonly offers: ReadonlyMap<string, Offer>;
  readonly clock: ClockSettings;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A person who may has said that doubtful identifiers are meant: all of them. */
  readonly allowDoubtful?: boolean;
}

/** Judges lines against the connections there are. */
export class LineJudge {
  readonly #judges = new Judges();

  constructor(private readonly terms: JudgingTerms) {}

  /**
   * Judges each line.
   * @param take is told each request with the connections it goes to.
   * @returns the lines that are not taken.
   */
  judge(lines: readonly ImportLine[], take: (line: JudgedLine) => void): LineError[] {
    const errors: LineError[] = [];
    for (const entry of lines) {
      const judged = 'body' in entry ? this.one(entry) : entry;
      if ('body' in judged) take(judged);
      else errors.push(judged);
    }
    return errors;
  }

  private one(good: GoodLine): JudgedLine | LineError {
    const { line, body, nameOf } = good;
    const { offers, clock, now, allowDoubtful = false } = this.terms;
    const assignment = assign(body, offers);
    if ('issues' in assignment) return badLine(good, assignment.issues);
    const late = clockIssues(body, now, clock);
    if (late.length > 0) return badLine(good, late);
    const { targets } = assignment;
    const found = findingsIn(body, this.#judges.of(targets), nameOf);
    if (found === undefined) return { line, body, targets, nameOf };
    const [refused] = found.refused;
    if (refused !== undefined) return { ...badLine(good, found.refused), field: refused.field };
    if (allowDoubtful || body.allowDoubtful === true) return { line, body, targets, nameOf, doubts: found.doubtful };
    return { ...badLine(good, found.doubtful), field: found.doubtful[0]?.field ?? '', doubtful: true };
  }
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
  private readonly judge: LineJudge;

  constructor(terms: JudgingTerms, people: PeopleKeys) {
    this.judge = new LineJudge(terms);
    this.batch = new IntakeBatch(people, terms.now, terms.clock, new Set(terms.offers.keys()));
  }

  /** Judges and seals lines, and sets repeats apart. */
  add(given: readonly ImportLine[]): void {
    this.given.push(...given);
    const faulty = this.judge.judge(given, ({ line, body, targets, doubts }) => {
      const added = this.batch.add({ body, targets, doubts: doubts && { found: doubts, allowed: true } });
      if (added === 'added') this.lines.push(line);
      else if (added === 'repeat') this.repeats += 1;
      else this.errors.push(differing(line));
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
