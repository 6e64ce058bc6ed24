/**
 * The life of a deletion: waiting tasks are planned into operations, operations are submitted once, followed to their end, and
 * concluded. All of it is in the database; what runs here is reminded by jobs, and any number of processes may run it together.
 *
 *     const lifecycle = new Lifecycle({ database, engine, connections, people: () => keyring.people(), clock, zone, log, planWindowMs });
 *     await lifecycle.start();          // starts the engine, too
 *     await lifecycle.wake('con_1');    // after tasks were stored
 */
import type { Actor } from '../access/roles.js';
import { catchUpWork } from '../work/catch-up.js';
import { type CancelReport, cancelRequest } from './cancel.js';
import { allowDoubtful } from './doubtful.js';
import { follow } from './following/follow.js';
import { endWorkItem, reopenWorkItem, type WorkEnd } from './leftovers/end-work.js';
import { bringOn, closeLeftovers, hasLeftovers, type LeftoverEnd, type LeftoverFilter } from './leftovers/leftovers.js';
import type { LifecycleParts } from './parts.js';
import { plan } from './planning/plan.js';
import { type RetryFilter, type RetryReport, retryAll, retryRequest } from './retry.js';
import { type Settlement, settle } from './settle.js';
import { submit } from './submission/submit.js';
import { type SweepReport, sweep } from './sweep.js';

export type { CancelReport } from './cancel.js';
export type { WorkEnd } from './leftovers/end-work.js';
export type { LeftoverEnd, LeftoverFilter } from './leftovers/leftovers.js';
export type { ConnectionDoor, LifecycleParts, OpenConnection } from './parts.js';
export type { RetryFilter, RetryReport } from './retry.js';
export type { Settlement } from './settle.js';
export type { SweepReport } from './sweep.js';

/** How many of each job this process does at a time. */
export interface Concurrency {
  readonly plan: number;
  readonly submit: number;
  readonly follow: number;
}

const usual: Concurrency = { plan: 1, submit: 4, follow: 4 };

/** Time between two sweeps, in milliseconds. */
const SWEEP_EVERY = 60_000;

/** How long a process whose clock is in doubt keeps a job, in milliseconds. */
const STAND_ASIDE = 30_000;

/** Longest time between new tasks and the look whether they make a full operation, in milliseconds. */
const LOOK_AFTER = 250;

/** Plans, submits, follows and concludes; carries out what people decide. */
export class Lifecycle {
  /** When the next plan job of a connection is due that this process sent. */
  private readonly woken = new Map<string, number>();
  private sweeping: NodeJS.Timeout | undefined;

  constructor(private readonly parts: LifecycleParts) {}

  /** Takes part in the work: registers for jobs, and sweeps at once for what an earlier process left behind. */
  async start(concurrency: Concurrency = usual): Promise<SweepReport> {
    const { engine, log, db } = this.parts;
    await engine.work('plan', concurrency.plan, ({ connection }, { signal }) => plan(this.parts, connection, signal));
    await engine.work('submit', concurrency.submit, ({ operation }, { signal }) =>
      this.inTime('submit', operation, signal, () => submit(this.parts, operation, signal)),
    );
    await engine.work('follow', concurrency.follow, ({ operation }, { signal }) =>
      this.inTime('follow', operation, signal, () => follow(this.parts, operation, signal)),
    );
    await engine.work('leftovers', 1, ({ connection }, { signal }) => bringOn(this.parts, connection, signal));
    await engine.work('sweep', 1, async () => {
      await sweep(this.parts);
      await this.sweepLater();
    });
    await engine.start();
    await this.parts.db.orm.transaction((tx) => catchUpWork(tx, new Date(this.parts.clock.now())));
    const report = await sweep(this.parts);
    if (Object.values(report).some((open) => open > 0)) log.info({ ...report }, 'Took up the open work');
    await this.sweepLater();
    // A sweep that a wrong clock put far ahead is brought back, as the earlier one counts.
    const again = () => this.sweepLater().catch((error: unknown) => db.outage.met(error, 'No sweep could be sent'));
    this.sweeping = setInterval(again, SWEEP_EVERY).unref();
    return report;
  }

  private async sweepLater(): Promise<void> {
    await this.parts.engine.send('sweep', {}, { afterMs: SWEEP_EVERY });
  }

  /**
   * Does work that the time decides about. Where the clock is in doubt, the job is held back: another process, whose clock is right,
   * does what else there is.
   */
  private async inTime(
    name: 'submit' | 'follow',
    operation: number,
    signal: AbortSignal,
    work: () => Promise<void>,
  ): Promise<void> {
    const { clock, engine } = this.parts;
    if ((await clock.doubt?.()) === undefined) return work();
    await clock.sleep(STAND_ASIDE, signal).catch(() => undefined);
    await engine.send(name, { operation });
  }

  /** Takes no more work, and lets what runs come to an end. */
  async stop(graceMs?: number): Promise<void> {
    clearInterval(this.sweeping);
    await this.parts.engine.stop(graceMs);
  }

  /** Tells of new waiting tasks of a connection. Cheap: may be called for each request, after its tasks are committed. */
  async wake(connection: string): Promise<void> {
    const { engine, clock, planWindowMs } = this.parts;
    const now = clock.now();
    const at = now + Math.min(planWindowMs, LOOK_AFTER);
    // A look that is still to come sees these tasks too; one that is further ahead was sent before the clock was set back.
    const sent = this.woken.get(connection) ?? 0;
    if (sent > now && sent <= at) return;
    this.woken.set(connection, at);
    await engine.send('plan', { connection }, { startAfter: new Date(at) });
  }

  /** A connection works: all its waiting work goes on, and what is left over there follows what was decided meanwhile. */
  async resume(connection: string): Promise<void> {
    await sweep(this.parts, connection);
    if (await hasLeftovers(this.parts, connection)) await this.bringOn(connection);
  }

  /**
   * Sends the tasks of a request that are in error again.
   * @param task one of them, or all.
   * @throws HostProblem `NOT_FOUND`, `STATE_FORBIDS`.
   */
  retry(requestId: string, task?: number, actor?: Actor): Promise<RetryReport> {
    return retryRequest(this.parts, requestId, task, actor?.id);
  }

  /** Sends every task in error again that the filter names, but for those whose operation has to be settled first. */
  retryAll(filter: RetryFilter, actor?: Actor): Promise<RetryReport> {
    return retryAll(this.parts, filter, actor?.id);
  }

  /** Lets what is left over at a connection follow what is decided about its systems, and how it is set; a job does it. */
  async bringOn(connection: string): Promise<void> {
    await this.parts.engine.send('leftovers', { connection });
  }

  /** Ends what is left over and fits a filter. Answers how many leftovers that were; the states of the people follow. */
  closeLeftovers(filter: LeftoverFilter, end: LeftoverEnd, actor: Actor): Promise<number> {
    return closeLeftovers(this.parts, filter, end, actor.id);
  }

  /** Ends work in a system that deletions left over. Throws as {@link endWorkItem} does. */
  endWork(item: number, end: WorkEnd, actor: Actor): Promise<void> {
    return endWorkItem(this.parts, item, end, actor);
  }

  /** Opens such work again. Throws as {@link reopenWorkItem} does. */
  reopenWork(item: number, reason: string, actor: Actor): Promise<void> {
    return reopenWorkItem(this.parts, item, reason, actor);
  }

  /**
   * Takes a request back, as far as it is not too late.
   * @param task one of its tasks, or all.
   * @throws HostProblem `NOT_FOUND`, or `STATE_FORBIDS` where it is too late for all of them.
   */
  cancel(requestId: string, task?: number, actor?: Actor): Promise<CancelReport> {
    return cancelRequest(this.parts, requestId, task, actor?.id);
  }

  /**
   * Lets a request go on whose doubtful identifiers are meant, as a person says.
   * @throws HostProblem `NOT_FOUND`, or `STATE_FORBIDS` where it does not wait for that.
   */
  allowDoubtful(requestId: string, actor?: Actor): Promise<void> {
    return allowDoubtful(this.parts, requestId, actor?.id);
  }

  /**
   * Carries out a person's decision about an operation whose submission stayed uncertain.
   * @throws HostProblem `NOT_FOUND`, `STATE_FORBIDS`.
   */
  settle(operation: number, settlement: Settlement, actor?: Actor): Promise<void> {
    return settle(this.parts, operation, settlement, actor?.id);
  }
}
