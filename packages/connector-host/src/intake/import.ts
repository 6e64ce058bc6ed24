/** Takes in a file of requests: good lines are kept batch by batch, bad ones are named, and memory stays flat. */
import { setImmediate as breath } from 'node:timers/promises';
import type { Clock } from 'connector-contract';
import type { ClockSettings } from '../requests/legal-clock.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { differing, LINES_PER_BATCH, type LineError, ReadyBatch } from './import-batch.js';
import type { ImportLine } from './import-lines.js';
import { unfitFile } from './import-text.js';
import { type Alongside, BatchOutdated, type Intake } from './intake.js';
import type { IntakeBatch } from './intake-batch.js';
import type { Mending, Mendings } from './mendings.js';
import type { Offer } from './offers.js';

/** The counts of an import, at its end or so far. Empty lines count nowhere. */
export interface ImportReport {
  /** Stored durably. */
  readonly accepted: number;
  /** The same request was there already, from this file or before. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Kept back, since an identifier nearly always is damage; taken with `allowDoubtful`. */
  readonly doubtful: number;
  /** Places of the file that were mended without guessing. */
  readonly mended: number;
  /** The first {@link mostErrors} of the lines that were rejected or kept back, in the order of the file. */
  readonly errors: readonly LineError[];
  /** What was mended, and how often. */
  readonly mendings: readonly Mending[];
}

/** How to import. */
export interface ImportOptions {
  /** Stops between two batches; what was stored stays. */
  readonly signal?: AbortSignal;
  /** Called after each batch with the counts so far; its `errors` are those of the batch alone. */
  readonly onProgress?: (soFar: ImportReport) => void;
  /** Somebody who may has said that doubtful identifiers of the file are meant. */
  readonly allowDoubtful?: boolean;
  /** Columns that hold no identifier are skipped rather than refused. */
  readonly ignoreColumns?: boolean;
}

/** What an import stands on. */
export interface ImportParts {
  /** Stores up to {@link BATCHES_AT_ONCE} batches at once. */
  readonly intake: Pick<Intake, 'store' | 'analyze'>;
  /** Reads the keys afresh. */
  readonly people: () => Promise<PeopleKeys>;
  readonly clock: Clock;
  readonly legal: ClockSettings;
  /** Reads the connections afresh. */
  readonly offers: () => Promise<ReadonlyMap<string, Offer>>;
  /** What is written in the transaction of each batch. */
  readonly alongside: Alongside;
  /** Told of each batch's connections once it is stored. */
  readonly stored: (connections: readonly string[]) => Promise<void>;
  /** What was mended in the file while it was read. */
  readonly mendings: Mendings;
}

/** Bad lines kept with their message; further ones are counted. */
export const mostErrors = 1_000;

/** Lines that are judged and sealed in one go: less than a millisecond, for as long as the database may wait for its next rows. */
const SLICE = 50;

/** Batches that are stored at once: while the server waits for the commit of one or for its next rows, it works on the other. */
const BATCHES_AT_ONCE = 2;

/** From here on a file is one that lists would be slow after; below it the server's own statistics come soon enough. */
const LINES_TO_ANALYZE = 50_000;

/** One run over a file. */
class Import {
  private accepted = 0;
  private duplicates = 0;
  private rejected = 0;
  private doubtful = 0;
  private readonly errors: LineError[] = [];

  constructor(
    private readonly parts: ImportParts,
    private readonly options: ImportOptions,
    private offers: ReadonlyMap<string, Offer>,
    private people: PeopleKeys,
  ) {}

  async run(chunks: AsyncIterable<readonly ImportLine[]>): Promise<ImportReport> {
    // The database stores batches while the next one is read, judged and sealed.
    const storing: { readonly batch: IntakeBatch; readonly done: Promise<void> }[] = [];
    try {
      let ready = this.empty();
      const full = async () => {
        this.options.signal?.throwIfAborted();
        // Of two lines under one id the earlier one is taken: their batches are stored one after the other.
        const wait = () =>
          storing.length === BATCHES_AT_ONCE || storing.some(({ batch }) => ready.batch.sharesIdsWith(batch));
        while (wait()) await storing.shift()?.done;
        const done = this.store(ready, storing.at(-1)?.done);
        // Awaited above or below; a rejection in between is not an unhandled one.
        done.catch(() => undefined);
        storing.push({ batch: ready.batch, done });
        ready = this.empty();
      };
      for await (const lines of chunks) {
        for (let at = 0; at < lines.length; ) {
          const room = Math.min(SLICE, LINES_PER_BATCH - ready.given.length);
          ready.add(lines.slice(at, at + room));
          at += room;
          // Rows go out to the database only when this process returns to its event loop.
          await breath();
          if (ready.given.length === LINES_PER_BATCH) await full();
        }
      }
      if (ready.given.length > 0) await full();
      await storing.at(-1)?.done;
    } finally {
      await Promise.allSettled(storing.map(({ done }) => done));
    }
    if (this.accepted >= LINES_TO_ANALYZE) await this.parts.intake.analyze();
    return this.report(this.errors);
  }

  private empty(): ReadyBatch {
    const { clock, legal } = this.parts;
    const { allowDoubtful = false } = this.options;
    return new ReadyBatch({ offers: this.offers, clock: legal, now: clock.now(), allowDoubtful }, this.people);
  }

  /** Stores a batch and counts what became of it once `before`, the batch before it, is counted: in the order of the file. */
  private async store(ready: ReadyBatch, before: Promise<void> | undefined): Promise<void> {
    const errors = [...ready.errors];
    let [accepted, duplicates] = [0, ready.repeats];
    if (ready.batch.size > 0) {
      const { intake, alongside, stored } = this.parts;
      try {
        const result = await intake.store(ready.batch, alongside);
        accepted = result.accepted;
        duplicates += result.duplicates.length;
        errors.push(...result.different.map((at) => differing(ready.lines[at] ?? 0)));
        if (result.accepted > 0) await stored([...ready.batch.targets]);
      } catch (error) {
        if (!(error instanceof BatchOutdated)) throw error;
        // It is judged again by the connections that are left, and sealed by the key that is there now.
        this.offers = await this.parts.offers();
        this.people = await this.parts.people();
        const again = this.empty();
        again.add(ready.given);
        return this.store(again, before);
      }
    }
    errors.sort((a, b) => a.line - b.line);
    await before;
    this.accepted += accepted;
    this.duplicates += duplicates;
    const doubtful = errors.filter((error) => error.doubtful).length;
    this.doubtful += doubtful;
    this.rejected += errors.length - doubtful;
    this.errors.push(...errors.slice(0, mostErrors - this.errors.length));
    this.options.onProgress?.(this.report(errors));
  }

  private report(errors: readonly LineError[]): ImportReport {
    const { accepted, duplicates, rejected, doubtful } = this;
    const { mendings } = this.parts;
    return { accepted, duplicates, rejected, doubtful, mended: mendings.count, errors, mendings: mendings.list() };
  }
}

/** Takes in all lines of a file. Throws what reading the file throws; what was stored by then stays. */
export async function importRequests(
  chunks: AsyncIterable<readonly ImportLine[]>,
  parts: ImportParts,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return new Import(parts, options, await parts.offers(), await parts.people()).run(chunks);
}

/** A file of which every line was good, since it has none, is no success. @throws HostProblem INPUT_INVALID. */
export function refuseNobody({ accepted, duplicates, rejected, doubtful }: ImportReport): void {
  if (accepted + duplicates + rejected + doubtful > 0) return;
  const remedy = 'A file has a header line and a line for each person; look whether the right one was sent.';
  throw unfitFile('NO_PEOPLE', 'The file names nobody: it is empty, or holds a header alone.', remedy);
}
