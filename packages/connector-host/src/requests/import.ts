/** Takes in a file of requests: good lines are kept batch by batch, bad ones are named, and memory stays flat. */
import type { Clock } from 'connector-contract';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { DIFFERS, inBatches, LINES_PER_BATCH, type LineError, type ReadyBatch, readyBatch } from './import-batch.js';
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
      for await (const batch of inBatches(chunks)) {
        this.options.signal?.throwIfAborted();
        const ready = this.ready(batch);
        await storing;
        storing = this.store(batch, ready);
        // Awaited above or below; a rejection in between is not an unhandled one.
        storing.catch(() => undefined);
      }
    } finally {
      await storing;
    }
    if (this.accepted >= LINES_PER_BATCH) await this.parts.intake.analyze();
    return this.report(this.errors);
  }

  private ready(batch: readonly ImportLine[]): ReadyBatch {
    return readyBatch(batch, this.offers, this.parts.people, this.parts.clock.now());
  }

  private async store(batch: readonly ImportLine[], ready: ReadyBatch): Promise<void> {
    const errors = [...ready.errors];
    if (ready.rows.length > 0) {
      const { intake, clock, alongside, stored } = this.parts;
      try {
        const result = await intake.store(ready.rows, new Date(clock.now()), alongside);
        this.accepted += result.accepted;
        this.duplicates += result.duplicates.length;
        errors.push(...result.different.map((at) => ({ line: ready.lines[at] ?? 0, message: DIFFERS })));
        if (result.accepted > 0) await stored([...new Set(ready.rows.flatMap(({ targets }) => targets))]);
      } catch (error) {
        if (!(error instanceof OffersChanged)) throw error;
        // A connection was removed while the batch was read: it is judged again by those that are left.
        this.offers = await this.parts.offers();
        return this.store(batch, this.ready(batch));
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
