import { sql } from 'drizzle-orm';
import { type ConstructorOptions, fromDrizzle, PgBoss } from 'pg-boss';
import { given } from '../given.js';
import { type Logger, safeError } from '../log.js';
import type { Database, Queryable } from '../store/database.js';
import type { Outage } from '../store/outage.js';
import type { Engine, JobHandler, JobName, Jobs, JobToSend, QueueDepth, SendOptions } from './engine.js';
import { jobNames } from './engine.js';
import { Leases } from './leases.js';

/** Where pg-boss keeps its tables. */
const SCHEMA = 'connector_host_jobs';

/** Where jobs go that failed again and again. */
const DEAD = 'dead';

/** Longest delay, in milliseconds, after which a job is fetched by a timer of this process rather than by polling. */
const NEAR = 60_000;

const day = 86_400;

/**
 * `short`: one waiting job for each key. A follow-up lives longer than a month, so a waiting job is kept for a year and more; one that
 * was done is kept for an hour. A job whose worker is gone comes back when its heartbeat is missed.
 */
const queue = {
  policy: 'short',
  retentionSeconds: 400 * day,
  deleteAfterSeconds: 3600,
  expireInSeconds: 3600,
  heartbeatSeconds: 60,
  retryLimit: 12,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 300,
  notify: true,
  deadLetter: DEAD,
} as const;

/** How the engine is set up. */
export interface EngineOptions {
  readonly db: Database;
  readonly log: Logger;
  /** Source of time for delays; tests give pg-boss's `TestClock`. Default: one that nobody can set. */
  readonly clock?: NonNullable<ConstructorOptions['clock']>;
  /** The time by which others say when a job is to start, in milliseconds since the epoch. Default: that of `clock`. */
  readonly now?: () => number;
  /** Seconds between looks for jobs whose time has come. Default 2. */
  readonly pollingSeconds?: number;
}

/** {@link Engine} on pg-boss, in the host's own database. */
export class PgBossEngine implements Engine {
  private readonly boss: PgBoss;
  private readonly leases: Leases;
  private readonly log: Logger;
  private readonly outage: Outage;
  private readonly pollingSeconds: number;
  /** Ids of this process's workers, by kind of job. */
  private readonly workers = new Map<JobName, string[]>();
  /** Those of them that are at a job. */
  private readonly busy = new Set<string>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly registered: (() => Promise<void>)[] = [];
  private readonly stopping = new AbortController();
  private readonly now: () => number;
  private started = false;

  constructor(options: EngineOptions) {
    const clock = options.clock ?? steadyClock;
    this.now = options.now ?? (() => clock.now());
    this.log = options.log;
    this.outage = options.db.outage;
    this.pollingSeconds = options.pollingSeconds ?? 2;
    this.leases = new Leases(options.db.connection, options.db.outage);
    this.boss = new PgBoss({
      ...(options.db.connection as ConstructorOptions),
      schema: SCHEMA,
      application_name: 'connector-host jobs',
      max: 5,
      useListenNotify: true,
      schedule: false,
      superviseIntervalSeconds: 30,
      monitorIntervalSeconds: 30,
      registerInstance: false,
      clock,
    });
    // Its own ends the process where two errors come at once, as they do from a pooler whose server is gone.
    const { listener } = options.db;
    this.boss.getDb().listen = async (channel, hear, caughtUp) => {
      // It would wake every worker of the kind, most of them for nothing.
      const wake = (name: string) => (this.workers.has(name as JobName) ? this.wake(name as JobName) : hear(name));
      await listener.listen(channel, { hear: wake, caughtUp });
      return { close: async () => listener.forget(channel) };
    };
    this.boss.on('error', (error) => this.outage.met(error, 'The job engine met an error and goes on'));
    this.boss.on('warning', ({ message }) => this.log.debug({ detail: message }, 'The job engine warns'));
  }

  async start(): Promise<void> {
    await this.boss.start({ attempts: 3 });
    const { notify: _notify, deadLetter: _deadLetter, ...plain } = queue;
    await this.boss.createQueue(DEAD, { ...plain, policy: 'standard', deleteAfterSeconds: 7 * day });
    for (const name of jobNames) await this.boss.createQueue(name, queue);
    await this.boss.work<object>(DEAD, async (jobs) => {
      for (const job of jobs)
        this.log.error({ job: job.id, data: job.data }, 'A job failed again and again; the sweep will look at it');
    });
    this.started = true;
    for (const register of this.registered) await register();
  }

  async send<N extends JobName>(name: N, data: Jobs[N], options: SendOptions = {}, tx?: Queryable): Promise<void> {
    const singletonKey = JSON.stringify(data);
    const add = () => this.boss.send(name, data, { singletonKey, ...pgBossOptions(options), ...within(tx) });
    while ((await add()) === null) {
      await this.hasten(name, [singletonKey], options, tx);
      if (tx === undefined || (await this.keepWaiting(name, singletonKey, tx))) break;
    }
    this.wakeAt(name, this.startOf(options));
  }

  async sendMany<N extends JobName>(
    name: N,
    jobs: readonly JobToSend<N>[],
    tx?: Queryable,
    hastenFrom?: number,
  ): Promise<void> {
    if (jobs.length === 0) return;
    const rows = jobs.map(({ data, ...options }) => ({
      data,
      singletonKey: JSON.stringify(data),
      ...pgBossOptions(options),
    }));
    await this.boss.insert(name, rows, within(tx));
    const keys = rows.map(({ singletonKey }) => singletonKey);
    if (hastenFrom !== undefined) await this.hasten(name, keys, {}, tx, hastenFrom);
    this.wakeAt(name, Math.min(...jobs.map((job) => this.startOf(job))));
  }

  async pullBack(name: JobName, furtherMs: number): Promise<void> {
    await this.hasten(name, undefined, {}, undefined, furtherMs);
  }

  private startOf({ startAfter, afterMs = 0 }: SendOptions): number {
    return startAfter?.getTime() ?? this.now() + afterMs;
  }

  /**
   * Brings the time of waiting jobs forward, never back.
   * @param keys of those that are meant; all where absent.
   * @param from only of those that wait for a time further ahead than so many milliseconds.
   */
  private async hasten(
    name: JobName,
    keys: readonly string[] | undefined,
    { startAfter, afterMs = 0 }: SendOptions,
    tx: Queryable | undefined,
    from = 0,
  ): Promise<void> {
    const executor = within(tx).db ?? this.boss.getDb();
    const after = (n: number) => `${SCHEMA}.job_now() + $${n} * interval '1 millisecond'`;
    await executor.executeSql(
      `update ${SCHEMA}.job set start_after = least(start_after, coalesce($3::timestamptz, ${after(4)}))
      where name = $1 and ($2::text[] is null or singleton_key = any($2::text[])) and state = 'created'
        and start_after > ${after(5)}`,
      [name, keys === undefined ? null : [...keys], startAfter?.toISOString() ?? null, afterMs, from],
    );
  }

  /**
   * Keeps a waiting job from being handed out before a transaction ends: it would find nothing of what was written there, and nobody would
   * be reminded again. Answers whether it still waits.
   */
  private async keepWaiting(name: JobName, key: string, tx: Queryable): Promise<boolean> {
    const { rows } = await tx.execute(sql`
      select id from ${sql.raw(SCHEMA)}.job where name = ${name} and singleton_key = ${key} and state = 'created' for share`);
    return rows.length > 0;
  }

  async work<N extends JobName>(name: N, concurrency: number, handler: JobHandler<N>): Promise<void> {
    const register = async () => {
      for (let i = 0; i < concurrency; i += 1) await this.addWorker(name, handler);
    };
    if (this.started) await register();
    else this.registered.push(register);
  }

  /** Each worker is one of its own, because pg-boss wakes a worker only by the id it gave. */
  private async addWorker<N extends JobName>(name: N, handler: JobHandler<N>): Promise<void> {
    let id = '';
    const options = { pollingIntervalSeconds: this.pollingSeconds, notifyPollingIntervalSeconds: this.pollingSeconds };
    id = await this.boss.work<Jobs[N]>(name, options, async (jobs) => {
      this.busy.add(id);
      // Where this one was there may be more.
      this.wake(name);
      try {
        for (const job of jobs) await this.run(name, job.data, job.signal, handler);
      } finally {
        this.busy.delete(id);
      }
    });
    this.workers.set(name, [...(this.workers.get(name) ?? []), id]);
  }

  private async run<N extends JobName>(
    name: N,
    data: Jobs[N],
    claim: AbortSignal,
    handler: JobHandler<N>,
  ): Promise<void> {
    const lease = await this.leases.take(`${name}:${JSON.stringify(data)}`);
    if (!lease) {
      // Somebody is at it. What this job was to remind of may have come too late for them, so look again.
      await this.send(name, data, { afterMs: 1000 });
      return;
    }
    try {
      await handler(data, { signal: AbortSignal.any([claim, lease.signal, this.stopping.signal]) });
    } catch (error) {
      // Of work that was called off since its lease was lost, that is why it failed.
      const why: unknown = lease.signal.aborted ? lease.signal.reason : error;
      this.outage.met(why, 'A job failed and will be tried again', { job: name, subject: { ...data } });
      // What is thrown is kept in the database, with all its properties.
      throw new Error(safeError(error).message);
    } finally {
      await lease.release();
    }
  }

  async depths(): Promise<Readonly<Record<JobName, QueueDepth>>> {
    const { rows } = await this.boss.getDb().executeSql(
      `select name,
        count(*) filter (where state in ('created', 'retry') and start_after <= ${SCHEMA}.job_now())::int as ready,
        count(*) filter (where state in ('created', 'retry') and start_after > ${SCHEMA}.job_now())::int as delayed,
        count(*) filter (where state = 'active')::int as active
      from ${SCHEMA}.job where name = any($1) and state in ('created', 'retry', 'active') group by name`,
      [[...jobNames]],
    );
    const found = new Map((rows as ({ name: JobName } & QueueDepth)[]).map(({ name, ...depth }) => [name, depth]));
    const none: QueueDepth = { ready: 0, delayed: 0, active: 0 };
    return Object.fromEntries(jobNames.map((name) => [name, found.get(name) ?? none])) as Record<JobName, QueueDepth>;
  }

  async stop(graceMs = 20_000): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    const grace = setTimeout(() => this.stopping.abort(new Error('The host is stopping')), graceMs);
    try {
      // Handlers that were aborted get a little time to write down what they know.
      await this.boss.stop({ graceful: true, timeout: graceMs + 5_000 });
    } finally {
      clearTimeout(grace);
      await this.leases.close();
    }
  }

  /** Has a worker that is free fetch at once, instead of at its next poll; where none is, each does after the job that it is at. */
  private wake(name: JobName): void {
    const ids = this.workers.get(name) ?? [];
    const free = ids.find((id) => !this.busy.has(id));
    for (const id of free === undefined ? ids : [free]) this.boss.notifyWorker(id);
  }

  /** pg-boss announces a job that can run now; one that waits for a near time is fetched by a timer. Polling stays the floor. */
  private wakeAt(name: JobName, time: number): void {
    const delay = time - this.now();
    if (delay > NEAR || !this.workers.has(name)) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.wake(name);
    }, Math.max(delay, 0) + 5);
    timer.unref();
    this.timers.add(timer);
  }
}

/** Time runs on evenly for the engine's own timers, whatever clock is set; the times of jobs are the database's. */
const steadyClock: NonNullable<ConstructorOptions['clock']> = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  setInterval: (work, ms) => setInterval(work, ms),
  clearInterval: (timer) => clearInterval(timer as NodeJS.Timeout),
};

function pgBossOptions({ startAfter, afterMs, priority }: SendOptions): {
  startAfter?: Date | number;
  priority?: number;
} {
  // A number are seconds by the clock of the database.
  const start = startAfter ?? (afterMs === undefined ? undefined : afterMs / 1000);
  return given({ startAfter: start, priority });
}

function within(tx: Queryable | undefined): { db?: ReturnType<typeof fromDrizzle> } {
  return tx === undefined ? {} : { db: fromDrizzle(tx, sql) };
}
