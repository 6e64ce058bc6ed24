import pg from 'pg';
import type { Outage } from './outage.js';
import { prepareSession } from './session.js';

/** Pause before a connection that broke is opened again, and time between two looks whether it still hears, in milliseconds. */
const RETRY_MS = 1_000;
const PING_MS = 10_000;

/** How long an answer may take, in milliseconds. */
const PATIENCE_MS = 5_000;

/** How a connection is watched. */
export interface ListenerTerms {
  readonly pingMs?: number;
  readonly patienceMs?: number;
}

/** Who hears what is announced on a channel. */
export interface Hearer {
  /** Something was announced. */
  hear(payload: string): void;
  /** The connection came about, the first one included: what was announced while there was none went unheard. */
  caughtUp(): void;
}

/** What is announced in the database (`NOTIFY`), by one connection for all channels, which is opened again whenever it breaks. */
export class Listener {
  private readonly hearers = new Map<string, Hearer>();
  private client: pg.Client | undefined;
  private opening: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly outage: Pick<Outage, 'met'>,
    private readonly terms: ListenerTerms = {},
  ) {}

  /** Listens on a channel from now on. Settles when it does, or when that was tried in vain: then it goes on trying. */
  async listen(channel: string, hearer: Hearer): Promise<void> {
    this.hearers.set(channel, hearer);
    // One that is being opened may have asked for its channels already.
    await this.opening;
    if (this.client === undefined) await this.open();
    else await this.subscribe(this.client, [channel]).catch((error: unknown) => this.broken(this.client, error));
  }

  /** Tells somebody nothing more. */
  forget(channel: string): void {
    this.hearers.delete(channel);
  }

  /** Hears nothing more. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private open(): Promise<void> {
    this.opening ??= this.connect().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  private async connect(): Promise<void> {
    let client: pg.Client | undefined;
    try {
      // Files that the URL names are read for each client, and may be missing.
      const made = new pg.Client({
        ...this.connection,
        application_name: 'connector-host listens',
        query_timeout: this.terms.patienceMs ?? PATIENCE_MS,
      });
      client = made;
      this.client = made;
      made.on('notification', ({ channel, payload }) => this.hearers.get(channel)?.hear(payload ?? ''));
      // Heard for good: a pooler whose server is gone sends a second error after the one that ended the connection.
      made.on('error', (error) => this.broken(made, error));
      made.on('end', () => this.broken(made, new Error('Connection terminated')));
      await made.connect();
      await prepareSession(made);
      await this.subscribe(made, [...this.hearers.keys()]);
      this.pingLater(made);
    } catch (error) {
      this.broken(client, error);
    }
  }

  private async subscribe(client: pg.Client, channels: readonly string[]): Promise<void> {
    await client.query(channels.map((channel) => `listen ${pg.escapeIdentifier(channel)}`).join(';'));
    for (const channel of channels) this.hearers.get(channel)?.caughtUp();
  }

  /** A connection that was cut in silence hears nothing, and nobody tells it. */
  private pingLater(client: pg.Client): void {
    this.later(this.terms.pingMs ?? PING_MS, async () => {
      await client.query('select 1');
      this.pingLater(client);
    });
  }

  private broken(client: pg.Client | undefined, error: unknown): void {
    if (this.client !== client || this.closed) return;
    this.client = undefined;
    client?.end().catch(() => undefined);
    this.outage.met(error, 'Listening to the database broke off');
    this.later(RETRY_MS, () => this.open());
  }

  private later(ms: number, then: () => Promise<void>): void {
    if (this.closed) return;
    clearTimeout(this.timer);
    const { client } = this;
    this.timer = setTimeout(() => {
      then().catch((error: unknown) => this.broken(client, error));
    }, ms);
    this.timer.unref();
  }
}
