import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Logger } from '../log.js';

/** The exclusive right to work on something, among all processes on the database. */
export interface Lease {
  /** Aborts when the right is lost: the connection that holds it broke. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** How often the connection is tried, and how long an answer may take, in milliseconds. */
const PING_EVERY = 10_000;
const PING_PATIENCE = 4_000;

/** Makes the server find out within about 25 seconds that the other side is gone; the ping above is faster, so a cut-off process lets go first. */
const KEEPALIVE =
  'set tcp_keepalives_idle = 15; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 2; set tcp_user_timeout = 25000';

/** The 63-bit key of PostgreSQL's advisory locks for a name. */
function lockKey(name: string): string {
  return createHash('sha256').update(name).digest().readBigInt64BE(0).toString();
}

/**
 * Leases held as advisory locks of one connection: when the process dies, or is cut off from the database, they are free again by
 * themselves, at once or within seconds.
 */
export class Leases {
  private readonly held = new Map<string, AbortController>();
  private client: Promise<pg.Client> | undefined;
  private ping: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly log: Logger,
  ) {}

  /** Takes the lease on a name, or answers `undefined` where somebody has it. */
  async take(name: string): Promise<Lease | undefined> {
    if (this.closed || this.held.has(name)) return undefined;
    const loss = new AbortController();
    this.held.set(name, loss);
    const key = lockKey(name);
    try {
      const client = await this.connected();
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1::bigint) as got', [key]);
      if (rows[0]?.got && !loss.signal.aborted)
        return { signal: loss.signal, release: () => this.release(name, loss, client) };
    } catch (error) {
      this.held.delete(name);
      throw error;
    }
    if (this.held.get(name) === loss) this.held.delete(name);
    return undefined;
  }

  /** Gives up all leases. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.ping);
    const client = await this.client?.catch(() => undefined);
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async release(name: string, loss: AbortController, client: pg.Client): Promise<void> {
    if (this.held.get(name) !== loss) return;
    try {
      await client.query('select pg_advisory_unlock($1::bigint)', [lockKey(name)]);
    } catch (error) {
      this.lose(client, error);
    } finally {
      this.held.delete(name);
    }
  }

  private connected(): Promise<pg.Client> {
    this.client ??= this.connect().catch((error: unknown) => {
      this.client = undefined;
      throw error;
    });
    return this.client;
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...this.connection,
      application_name: 'connector-host leases',
      keepAlive: true,
      query_timeout: PING_PATIENCE,
    });
    client.on('error', (error) => this.lose(client, error));
    client.on('end', () => this.lose(client, new Error('the connection ended')));
    await client.connect();
    await client.query(KEEPALIVE);
    clearInterval(this.ping);
    this.ping = setInterval(() => {
      client.query('select 1').catch((error: unknown) => this.lose(client, error));
    }, PING_EVERY);
    this.ping.unref();
    return client;
  }

  /** The connection is gone, and every lease with it. */
  private lose(client: pg.Client, error: unknown): void {
    if (this.closed) return;
    clearInterval(this.ping);
    client.removeAllListeners('end');
    this.client = undefined;
    const lost = [...this.held.values()];
    this.held.clear();
    for (const loss of lost)
      loss.abort(new Error('The connection to the database broke while this was being worked on'));
    this.log.warn({ err: error, lost: lost.length }, 'Leases were lost: the connection to the database broke');
    client.end().catch(() => undefined);
  }
}
