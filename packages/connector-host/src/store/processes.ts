/**
 * The processes that work on the database, each with how its clock stands: one without an API would tell of a wrong clock in its log
 * alone, where nobody looks.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type pg from 'pg';
import { filled } from '../given.js';
import type { DatabaseClock } from './database-clock.js';
import type { Outage } from './outage.js';

/** How often each writes its row, in milliseconds. */
const WRITE_EVERY = 10_000;

/** A row that was not written for so long is of a process that is gone, or stands still. */
const GONE_AFTER = '1 minute';

/** A process as the others see it. */
export interface ProcessView {
  /** What it does and where: `worker of host-b (4711)`. */
  readonly name: string;
  /** Milliseconds that its machine's clock is ahead of the database's; negative: behind. */
  readonly aheadMs: number;
  /** Why it submits, follows and purges nothing. */
  readonly doubt?: string;
}

/** What they are written by. */
export interface ProcessesParts {
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly outage: Pick<Outage, 'met'>;
  readonly clock: Pick<DatabaseClock, 'standing' | 'doubtNow'>;
  readonly does: 'serve' | 'worker';
}

/** The row of this process, and those of all. */
export class Processes {
  private readonly id = randomUUID();
  private readonly name: string;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly parts: ProcessesParts) {
    this.name = `${parts.does} of ${hostname()} (${process.pid})`;
  }

  /** Writes the row of this process, from now on. */
  async start(): Promise<void> {
    const write = () => {
      this.writing = this.write().catch((error: unknown) =>
        this.parts.outage.met(error, 'How the clock of this process stands could not be written down'),
      );
      return this.writing;
    };
    this.timer = setInterval(() => void write(), WRITE_EVERY).unref();
    await write();
  }

  /** Those that are there, this one included. */
  async list(): Promise<readonly (ProcessView & { readonly own: boolean })[]> {
    const { rows } = await this.parts.pool.query<{
      own: boolean;
      name: string;
      ahead_ms: number;
      doubt: string | null;
    }>(
      `select id = $1 as own, name, ahead_ms, doubt from connector_host.processes
       where at > clock_timestamp() - interval '${GONE_AFTER}' order by name, id`,
      [this.id],
    );
    return rows.map(({ ahead_ms: aheadMs, doubt, ...row }) => ({
      ...row,
      aheadMs,
      ...filled({ doubt }),
    }));
  }

  /** What is wrong with others than this one, in plain words; undefined where nothing is. */
  async doubtOfOthers(): Promise<string | undefined> {
    const idle = (await this.list()).filter(({ own, doubt }) => !own && doubt !== undefined);
    if (idle.length === 0) return undefined;
    return idle.map(({ name, doubt }) => `The ${name} submits, follows and purges nothing: ${doubt}`).join(' ');
  }

  /** Takes the row of this process out. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    await this.parts.pool
      .query('delete from connector_host.processes where id = $1', [this.id])
      .catch((error: unknown) => this.parts.outage.met(error, 'The row of this process could not be taken out'));
  }

  private async write(): Promise<void> {
    const { pool, clock } = this.parts;
    await pool.query(
      `with gone as (delete from connector_host.processes where at < clock_timestamp() - interval '${GONE_AFTER}' and id <> $1)
       insert into connector_host.processes (id, name, ahead_ms, doubt, at) values ($1, $2, $3, $4, clock_timestamp())
       on conflict (id) do update set ahead_ms = excluded.ahead_ms, doubt = excluded.doubt, at = excluded.at`,
      [this.id, this.name, clock.standing().aheadMs, clock.doubtNow() ?? null],
    );
  }
}
