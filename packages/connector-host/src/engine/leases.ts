import { createHash } from 'node:crypto';
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

  /** Takes the lock of a name, or answers `undefined` where somebody has it. */
  async lock(name: string): Promise<AbortController | undefined> {
    const loss = new AbortController();
    // Among the held before the server is asked: if the connection breaks in between, it is lost like the others.
    this.held.add(loss);
    const got = await this.query('select pg_try_advisory_lock($1::bigint) as got', [lockKey(name)]);
    if (got.rows[0]?.got === true && !this.ended) return loss;
    this.held.delete(loss);
    return undefined;
  }

  async unlock(name: string, loss: AbortController): Promise<void> {
    if (!this.held.delete(loss)) return;
    await this.query('select pg_advisory_unlock($1::bigint)', [lockKey(name)]).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.finish();
    await this.client.end().catch(() => undefined);
  }

  /** One query after the other. What fails ends the session. */
  private query(text: string, values: readonly string[] = []): Promise<pg.QueryResult<{ got?: boolean }>> {
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
  private session: Promise<Session> | undefined;
  private closed = false;

  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly outage: Pick<Outage, 'met'>,
    private readonly terms: LeaseTerms = {},
  ) {}

  /** Takes the lease on a name, or answers `undefined` where somebody has it. */
  async take(name: string): Promise<Lease | undefined> {
    if (this.closed || this.busy.has(name)) return undefined;
    this.busy.add(name);
    let loss: AbortController | undefined;
    try {
      const session = await this.open();
      loss = await session.lock(name);
      if (loss === undefined) return undefined;
      const { signal } = loss;
      const taken = loss;
      return {
        signal,
        release: async () => {
          await session.unlock(name, taken);
          this.busy.delete(name);
        },
      };
    } finally {
      if (loss === undefined) this.busy.delete(name);
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
    if (this.session !== undefined) return this.session;
    const opening = Session.open(this.connection, (error, lost) => this.broken(error, lost), this.terms);
    this.session = opening;
    // One that did not even come to be has nobody to say so.
    opening.catch(() => {
      if (this.session === opening) this.session = undefined;
    });
    return opening;
  }

  /** There is one session at a time: the next is opened after this. */
  private broken(error: unknown, lost: number): void {
    this.session = undefined;
    if (!this.closed) this.outage.met(error, 'Leases were lost: the connection to the database broke', { lost });
  }
}
