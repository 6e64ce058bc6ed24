import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Outage } from '../store/outage.js';
import { prepareSession } from '../store/session.js';

/** The exclusive right to work on something, among all processes on the database. */
export interface Lease {
  /** Aborts when the right is lost: the connection that holds it broke. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** How often the connection is tried, and how long an answer may take, in milliseconds. */
const PING_EVERY = 8_000;
const PING_PATIENCE = 4_000;

/**
 * The server ends the session, by its own clock, when it has heard nothing for so long, in milliseconds: a process that stands still has a
 * connection that the kernel keeps up for ever.
 */
const SILENCE = 25_000;

/** How leases are kept. */
export interface LeaseTerms {
  readonly pingEvery?: number;
  readonly silence?: number;
}

/** How long a new connection may take, in milliseconds. */
const CONNECT_PATIENCE = 10_000;

/**
 * How long a lock that is given back waits for a statement that takes others, in milliseconds: then it goes with that, and costs none of
 * its own.
 */
const LINGER = 150;

/** A lock of a name. */
interface Held {
  readonly name: string;
  readonly loss: AbortController;
}

const exchangeLocks = `select case when back then pg_advisory_unlock(key) else pg_try_advisory_lock(key) end as got
  from unnest($1::bigint[], $2::boolean[]) with ordinality as locks (key, back, nth) order by nth`;

/** The 63-bit key of PostgreSQL's advisory locks for a name. */
function lockKey(name: string): string {
  return createHash('sha256').update(name).digest().readBigInt64BE(0).toString();
}

/**
 * One connection and the locks it holds. Any trouble ends it for good: a lock of which this side does not know whether the server gave
 * it is freed with the connection.
 */
class Session {
  private readonly held = new Set<AbortController>();
  private readonly ping: NodeJS.Timeout;
  private last: Promise<unknown> = Promise.resolve();
  private ended = false;

  private constructor(
    private readonly client: pg.Client,
    private readonly onBroken: (error: unknown, lost: number) => void,
    pingEvery: number,
  ) {
    client.on('error', (error) => this.break(error));
    client.on('end', () => this.break(new Error('Connection terminated')));
    this.ping = setInterval(() => {
      this.query('select 1').catch(() => undefined);
    }, pingEvery);
    this.ping.unref();
  }

  static async open(
    connection: pg.ClientConfig,
    onBroken: Session['onBroken'],
    { pingEvery = PING_EVERY, silence = SILENCE }: LeaseTerms,
  ): Promise<Session> {
    const client = new pg.Client({
      ...connection,
      application_name: 'connector-host leases',
      keepAlive: true,
      query_timeout: PING_PATIENCE,
      connectionTimeoutMillis: CONNECT_PATIENCE,
    });
    const session = new Session(client, onBroken, pingEvery);
    try {
      await client.connect();
      await prepareSession(client);
      await client.query("select set_config('idle_session_timeout', $1, false)", [String(silence)]);
    } catch (error) {
      session.break(error);
      throw error;
    }
    return session;
  }

  /**
   * Gives locks back and takes others, in one statement.
   * @returns for each name of `wanted`, in order, what tells of the loss of its lock; `undefined` where somebody has it.
   */
  async exchange(wanted: readonly string[], back: readonly Held[]): Promise<readonly (AbortController | undefined)[]> {
    const losses = wanted.map(() => new AbortController());
    // Among the held before the server is asked: if the connection breaks in between, they are lost like the others.
    for (const loss of losses) this.held.add(loss);
    const freed = back.flatMap(({ name, loss }) => (this.held.delete(loss) ? [name] : []));
    const names = [...freed, ...wanted];
    if (names.length === 0) return [];
    const { rows } = await this.query(exchangeLocks, [names.map(lockKey), names.map((_, at) => at < freed.length)]);
    return losses.map((loss, at) => {
      if (rows[freed.length + at]?.got === true && !this.ended) return loss;
      this.held.delete(loss);
      return undefined;
    });
  }

  async close(): Promise<void> {
    this.finish();
    await this.client.end().catch(() => undefined);
  }

  /** One query after the other. What fails ends the session. */
  private query(text: string, values: readonly unknown[] = []): Promise<pg.QueryResult<{ got?: boolean }>> {
    const answer = this.last.then(() => this.client.query<{ got?: boolean }>(text, [...values]));
    this.last = answer.catch((error: unknown) => this.break(error));
    return answer;
  }

  private finish(): void {
    this.ended = true;
    clearInterval(this.ping);
  }

  private break(error: unknown): void {
    if (this.ended) return;
    this.finish();
    const lost = [...this.held];
    this.held.clear();
    this.onBroken(error, lost.length);
    for (const loss of lost)
      loss.abort(new Error('The connection to the database broke while this was being worked on', { cause: error }));
    this.client.end().catch(() => undefined);
  }
}

/**
 * Leases held as advisory locks of one connection: when the process dies, is cut off from the database or stands still, they are free
 * again by themselves, at once or within half a minute.
 */
export class Leases {
  /** What this process works on, be its lease good or lost: an advisory lock would let its own session have it twice. */
  private readonly busy = new Set<string>();
  /** Locks that are to be given back. */
  private leaving: readonly Held[] = [];
  private parting: Promise<void> | undefined;
  private session: Promise<Session> | undefined;
  private closed = false;

  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly outage: Pick<Outage, 'met'>,
    private readonly terms: LeaseTerms = {},
  ) {}

  /** Takes the lease on a name, or answers `undefined` where somebody has it. */
  async take(name: string): Promise<Lease | undefined> {
    return (await this.takeAll([name]))[0];
  }

  /** Takes the leases on several names in one statement: each, or `undefined` where somebody has it. */
  async takeAll(names: readonly string[]): Promise<readonly (Lease | undefined)[]> {
    const taken = new Map<string, Lease>();
    const kept = this.leaving.filter(({ name, loss }) => names.includes(name) && !loss.signal.aborted);
    this.leaving = this.leaving.filter((one) => !kept.includes(one));
    for (const held of kept) taken.set(held.name, this.leaseOf(held));
    const free = [...new Set(names)].filter((name) => !this.closed && !this.busy.has(name));
    for (const name of free) this.busy.add(name);
    try {
      const losses = free.length === 0 ? [] : await this.exchange(await this.open(), free);
      for (const [at, loss] of losses.entries()) {
        const name = free[at] as string;
        if (loss !== undefined) taken.set(name, this.leaseOf({ name, loss }));
      }
    } finally {
      for (const name of free) if (!taken.has(name)) this.busy.delete(name);
    }
    // Where a name is there twice, the second finds somebody at it.
    return names.map((name) => {
      const lease = taken.get(name);
      taken.delete(name);
      return lease;
    });
  }

  private leaseOf(held: Held): Lease {
    const release = (): Promise<void> => {
      this.leaving = [...this.leaving, held];
      this.parting ??= pause(LINGER).then(() => this.part());
      return this.parting;
    };
    return { signal: held.loss.signal, release };
  }

  /** Gives back what has lingered. */
  private async part(): Promise<void> {
    this.parting = undefined;
    if (this.leaving.length === 0) return;
    // Without a session there is nothing to give back any more.
    const session = await this.session?.catch(() => undefined);
    await this.exchange(session, []).catch(() => undefined);
  }

  private async exchange(
    session: Session | undefined,
    wanted: readonly string[],
  ): Promise<readonly (AbortController | undefined)[]> {
    const back = this.leaving;
    this.leaving = [];
    try {
      return (await session?.exchange(wanted, back)) ?? [];
    } finally {
      for (const { name } of back) this.busy.delete(name);
    }
  }

  /** Gives up all leases. */
  async close(): Promise<void> {
    this.closed = true;
    const session = await this.session?.catch(() => undefined);
    this.session = undefined;
    await session?.close();
  }

  private open(): Promise<Session> {
    this.session ??= Session.open(this.connection, (error, lost) => this.broken(error, lost), this.terms);
    return this.session;
  }

  /** There is one session at a time: the next is opened after this. */
  private broken(error: unknown, lost: number): void {
    this.session = undefined;
    if (!this.closed) this.outage.met(error, 'Leases were lost: the connection to the database broke', { lost });
  }
}
