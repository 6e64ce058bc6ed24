/** Events as they are committed, by whichever process: one listener on the database, handed on to any number of readers. */
import { asc, eq, gt, max } from 'drizzle-orm';
import pg from 'pg';
import type { Logger } from '../log.js';
import type { Database } from '../store/database.js';
import { events, requests } from '../store/schema.js';
import { EVENTS_CHANNEL, timelineText } from '../timeline.js';

/** An event as it is streamed. */
export interface StreamedEvent {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: string;
  /** Plain words. */
  readonly text: string;
  readonly requestId?: string;
  readonly task?: number;
  readonly operation?: number;
  readonly connection?: string;
}

/** Takes events in the order in which they became visible. */
export type Reader = (found: readonly StreamedEvent[]) => void;

/** Transactions commit out of the order of their ids; so far back is looked for ones that came late. */
const lookBack = 1_000;
const perRead = 1_000;
const retryMs = 1_000;

/** Events of the whole host, live. */
export class EventFeed {
  private readonly readers = new Set<Reader>();
  private readonly seen = new Set<number>();
  private highest = 0;
  private client: pg.Client | undefined;
  private reading: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: Database,
    private readonly log: Logger,
  ) {}

  /** Begins to listen. */
  async start(): Promise<void> {
    const [row] = await this.db.orm.select({ highest: max(events.id) }).from(events);
    this.highest = row?.highest ?? 0;
    for (const { id } of await this.after(this.highest - lookBack)) this.seen.add(id);
    await this.listen();
  }

  /** Hands every further event to a reader, until the function that is answered is called. */
  subscribe(reader: Reader): () => void {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  }

  /** Events with higher ids than this one, lowest first; a page of them. */
  async after(id: number): Promise<StreamedEvent[]> {
    const rows = await this.db.orm
      .select({ event: events, requestId: requests.requestId })
      .from(events)
      .leftJoin(requests, eq(requests.id, events.request))
      .where(gt(events.id, id))
      .orderBy(asc(events.id))
      .limit(perRead);
    return rows.map(({ event, requestId }) => ({
      id: event.id,
      at: event.at.toISOString(),
      kind: event.kind,
      text: timelineText(event),
      ...(requestId === null ? {} : { requestId }),
      ...(event.task === null ? {} : { task: event.task }),
      ...(event.operation === null ? {} : { operation: event.operation }),
      ...(event.connection === null ? {} : { connection: event.connection }),
    }));
  }

  /** Stops listening. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    this.readers.clear();
    await this.reading;
    await this.client?.end().catch(() => undefined);
  }

  private async listen(): Promise<void> {
    const client = new pg.Client({ ...this.db.connection, application_name: 'connector-host events' });
    client.on('notification', () => this.wake());
    client.on('error', (error) => {
      if (this.client !== client) return;
      this.client = undefined;
      this.log.warn({ err: error }, 'Listening for events broke off');
      this.listenLater();
    });
    await client.connect();
    await client.query(`listen ${EVENTS_CHANNEL}`);
    this.client = client;
    // What was committed while nobody listened.
    this.wake();
  }

  private listenLater(): void {
    if (this.stopped) return;
    this.retry = setTimeout(() => {
      this.listen().catch(() => this.listenLater());
    }, retryMs);
    this.retry.unref();
  }

  private wake(): void {
    this.again = true;
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
  }

  private async read(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        let from = Math.max(0, this.highest - lookBack);
        for (;;) {
          const found = await this.after(from);
          this.handOn(found.filter(({ id }) => !this.seen.has(id)));
          const last = found.at(-1)?.id;
          if (last === undefined || found.length < perRead) break;
          from = last;
        }
      } catch (error) {
        this.log.warn({ err: error }, 'Events could not be read');
      }
    }
  }

  private handOn(fresh: readonly StreamedEvent[]): void {
    if (fresh.length === 0) return;
    for (const { id } of fresh) {
      this.seen.add(id);
      this.highest = Math.max(this.highest, id);
    }
    for (const id of this.seen) {
      if (id >= this.highest - lookBack) break;
      this.seen.delete(id);
    }
    for (const reader of this.readers) reader(fresh);
  }
}
