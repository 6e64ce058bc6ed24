/** Takes in a file of requests: good lines are kept batch by batch, bad ones are named, and memory stays flat. */
import { setImmediate as breath } from 'node:timers/promises';
import type { Clock } from 'connector-contract';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { DIFFERS, LINES_PER_BATCH, type LineError, ReadyBatch } from './import-batch.js';
import type { ImportLine } from './import-lines.js';
import { type Alongside, type Intake, OffersChanged } from './intake.js';
import type { Offer } from './offers.js';

/** The counts of an import, at its end or so far. Empty lines count nowhere. */
export interface ImportReport {
  /** Stored durably. */
  readonly accepted: number;
  /** The same request was there already, from this file or before. */
  readonly duplicates: number;
  readonly rejected: number;
  /** The first {@link mostErrors} of the rejected lines, in the order of the file. */
  readonly errors: readonly LineError[];
}

/** How to import. */
export interface ImportOptions {
  /** Stops between two batches; what was stored stays. */
  readonly signal?: AbortSignal;
  /** Called after each batch with the counts so far; its `errors` are those of the batch alone. */
  readonly onProgress?: (soFar: ImportReport) => void;
}

/** What an import stands on. */
export interface ImportParts {
  readonly intake: Pick<Intake, 'store' | 'analyze'>;
  readonly people: PeopleKeys;
  readonly clock: Clock;
  /** Reads the connections afresh. */
  readonly offers: () => Promise<ReadonlyMap<string, Offer>>;
  /** What is written in the transaction of each batch. */
  readonly alongside: Alongside;
  /** Told of each batch's connections once it is stored. */
  readonly stored: (connections: readonly string[]) => Promise<void>;
}

/** Bad lines kept with their message; further ones are counted. */
export const mostErrors = 1_000;

/** Lines that are judged and sealed in one go: a few milliseconds. */
const SLICE = 200;

/** One run over a file. */
class Import {
  private accepted = 0;
  private duplicates = 0;
  private rejected = 0;
  private readonly errors: LineError[] = [];
  private offers: ReadonlyMap<string, Offer> = new Map();

  constructor(
    private readonly parts: ImportParts,
    private readonly options: ImportOptions,
  ) {}

  async run(chunks: AsyncIterable<readonly ImportLine[]>): Promise<ImportReport> {
    this.offers = await this.parts.offers();
    // The database stores one batch while the next is read, judged and sealed.
    let storing: Promise<void> = Promise.resolve();
    try {
      let ready = this.empty();
      const full = async () => {
        this.options.signal?.throwIfAborted();
        await storing;
        storing = this.store(ready);
        // Awaited above or below; a rejection in between is not an unhandled one.
        storing.catch(() => undefined);
        ready = this.empty();
      };
      for await (const lines of chunks) {
        for (let at = 0; at < lines.length; ) {
          const room = Math.min(SLICE, LINES_PER_BATCH - ready.given.length);
          ready.add(lines.slice(at, at + room));
          at += room;
          // Rows on their way to the database go on only when this process comes up for air.
          await breath();
          if (ready.given.length === LINES_PER_BATCH) await full();
        }
      }
      if (ready.given.length > 0) await full();
    } finally {
      await storing;
    }
    if (this.accepted >= LINES_PER_BATCH) await this.parts.intake.analyze();
    return this.report(this.errors);
  }

  private empty(): ReadyBatch {
    return new ReadyBatch(this.offers, this.parts.people, this.parts.clock.now());
  }

  private async store(ready: ReadyBatch): Promise<void> {
    const errors = [...ready.errors];
    if (ready.batch.size > 0) {
      const { intake, alongside, stored } = this.parts;
      try {
        const result = await intake.store(ready.batch, alongside);
        this.accepted += result.accepted;
        this.duplicates += result.duplicates.length;
        errors.push(...result.different.map((at) => ({ line: ready.lines[at] ?? 0, message: DIFFERS })));
        if (result.accepted > 0) await stored([...ready.batch.targets]);
      } catch (error) {
        if (!(error instanceof OffersChanged)) throw error;
        // A connection was removed while the batch was read: it is judged again by those that are left.
        this.offers = await this.parts.offers();
        const again = this.empty();
        again.add(ready.given);
        return this.store(again);
      }
    }
    errors.sort((a, b) => a.line - b.line);
    this.duplicates += ready.repeats;
    this.rejected += errors.length;
    this.errors.push(...errors.slice(0, mostErrors - this.errors.length));
    this.options.onProgress?.(this.report(errors));
  }

  private report(errors: readonly LineError[]): ImportReport {
    const { accepted, duplicates, rejected } = this;
    return { accepted, duplicates, rejected, errors };
  }
}

/** Takes in all lines of a file. Throws what reading the file throws; what was stored by then stays. */
export function importRequests(
  chunks: AsyncIterable<readonly ImportLine[]>,
  parts: ImportParts,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return new Import(parts, options).run(chunks);
}
