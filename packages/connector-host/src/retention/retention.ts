/**
 * How long people's identifiers are kept after their requests are settled, and the job that keeps to it.
 *
 *     await retention.work();                          // a look every six hours, by one of the processes
 *     await retention.purge({ dryRun: true }, actor);  // what a purge would do now
 */
import type { Actor } from '../access/roles.js';
import { hostActor } from '../access/roles.js';
import type { HostClock } from '../clock.js';
import type { Engine } from '../engine/engine.js';
import type { Logger } from '../log.js';
import { HostProblem } from '../problem.js';
import { removeOld } from '../requests/files.js';
import type { Database } from '../store/database.js';
import { appendEvents } from '../timeline.js';
import { countDue, purgeBatch, purgeLateAnswers } from './purge.js';

/** Days that identifiers are kept where the operator says nothing. */
export const USUAL_RETENTION_DAYS = 30;

/** Days after their conclusion that identifiers are kept at most, settled or not, where the operator says nothing. */
export const LONGEST_RETENTION_DAYS = 365;

const dayMs = 24 * 3_600_000;

/** Time between two purges, in milliseconds. */
const PURGE_EVERY = 6 * 3_600_000;

/** Time until the next try where clocks were apart, in milliseconds. */
const AGAIN_AFTER_DOUBT = 10 * 60_000;

/** What retention stands on. */
export interface RetentionOptions {
  readonly db: Database;
  readonly engine: Engine;
  readonly clock: HostClock;
  readonly log: Logger;
  /** Default {@link USUAL_RETENTION_DAYS}. */
  readonly days?: number;
  /** Default {@link LONGEST_RETENTION_DAYS}. */
  readonly longestDays?: number;
}

/** What a purge did, or would do. */
export interface PurgeReport {
  readonly dryRun: boolean;
  /** People whose identifiers were, or would be, purged. */
  readonly purged: number;
  /** ISO 8601: of requests settled before then. */
  readonly settledBefore: string;
  /** ISO 8601: and of those concluded before then that nobody settled. */
  readonly concludedBefore: string;
}

/** How to purge. */
export interface PurgeWish {
  /** Only counts. */
  readonly dryRun?: boolean;
  /** Keeps them for so many days instead of the usual. */
  readonly retentionDays?: number;
  /** The same, for requests that are concluded and not settled. */
  readonly longestRetentionDays?: number;
  /** Ends the purge between two batches. */
  readonly signal?: AbortSignal;
}

/** Purges people's identifiers. */
export class Retention {
  constructor(private readonly options: RetentionOptions) {}

  /** Days that identifiers are kept. */
  get days(): number {
    return this.options.days ?? USUAL_RETENTION_DAYS;
  }

  /** Takes the purge job in this process. */
  async work(): Promise<void> {
    await this.options.engine.work('purge', 1, async (_data, { signal }) => {
      const { clock, log } = this.options;
      const doubt = await clock.doubt?.();
      if (doubt === undefined) await this.purge({ signal });
      else log.error({ doubt }, 'Nobody is purged while clocks are apart');
      await this.schedule(doubt === undefined ? PURGE_EVERY : AGAIN_AFTER_DOUBT);
    });
  }

  /** Sends the next purge. @param afterMs from now. */
  async schedule(afterMs = PURGE_EVERY): Promise<void> {
    await this.options.engine.send('purge', {}, { afterMs });
  }

  /**
   * Purges everybody who is due, in batches; each is committed on its own.
   * @throws HostProblem `NOT_READY` where the clocks are too far apart to say who that is.
   */
  async purge(wish: PurgeWish = {}, actor: Actor = hostActor): Promise<PurgeReport> {
    const { db, clock, log } = this.options;
    const doubt = wish.dryRun === true ? undefined : await clock.doubt?.();
    if (doubt !== undefined) {
      const remedy = 'Set the clocks of the machines by the network (NTP), then purge again.';
      throw new HostProblem('NOT_READY', `${doubt} Nobody is purged meanwhile.`, { remedy });
    }
    const { dryRun = false, signal, retentionDays = this.days } = wish;
    const longest = wish.longestRetentionDays ?? this.options.longestDays ?? LONGEST_RETENTION_DAYS;
    const ago = (days: number) => new Date(clock.now() - days * dayMs);
    const before = { settled: ago(retentionDays), unsettled: ago(longest) };
    const times = { settledBefore: before.settled.toISOString(), concludedBefore: before.unsettled.toISOString() };
    const report = { dryRun, ...times };
    if (dryRun) return { ...report, purged: await countDue(db.orm, before) };
    const files = await removeOld(db, clock.now(), before.settled);
    const words = await purgeLateAnswers(db.orm, before.settled);
    let purged = 0;
    for (let after: number | undefined = 0; after !== undefined && signal?.aborted !== true; ) {
      after = await db.orm.transaction(async (tx) => {
        const at = new Date(clock.now());
        const batch = await purgeBatch(tx, before, after ?? 0, at);
        purged += batch.purged;
        if (batch.purged > 0) {
          const data = { purged: batch.purged, ...times };
          await appendEvents(tx, [{ at, kind: 'request.purged', actor: actor.id, data }]);
        }
        return batch.after;
      });
    }
    if (purged + files + words > 0) {
      // The server's samples of the table, and the rows' old versions, held the sealed values too.
      await db.pool.query(
        'vacuum (analyze) connector_host.requests, connector_host.tasks, connector_host.operations, connector_host.stored_files, connector_host.file_pieces',
      );
      log.info({ purged, files, words }, 'Identifiers of people were purged');
    }
    return { ...report, purged };
  }
}
