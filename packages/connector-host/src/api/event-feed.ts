/**
 * Events as they are committed, by whichever process: one listener on the database, handed on to any number of readers.
 *
 * Transactions commit out of the order of their ids. An event is handed on when no transaction that is still open can bring one with a
 * lower id: so readers get them in order, and whoever has the event of an id has all before it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import { filled } from '../given.js';
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
  /** Id of a work item. */
  readonly work?: number;
}

/** Takes events, lowest id first; no later call brings a lower one. */
export type Reader = (found: readonly StreamedEvent[]) => void;

const perRead = 1_000;
const retryMs = 1_000;

/** Pause between two looks whether transactions that write events have ended, and between two reads, in milliseconds. */
const lookMs = 20;

/** The same while nobody reads: then the feed only has to keep up. */
const idleMs = 1_000;

/** An id, and the transactions that were writing events when it was the highest. */
interface Mark {
  readonly to: number;
  readonly writers: ReadonlySet<string>;
  /** When it was set, in milliseconds of the process's steady clock. */
  readonly since: number;
}

/** What a feed is given. */
export interface FeedOptions {
  readonly log: Logger;
  /** After so many milliseconds it is told whose transaction holds all events up. Default half a minute. */
  readonly tellAfterMs?: number;
}

/** Events of the whole host, live. */
export class EventFeed {
  private readonly readers = new Set<Reader>();
  /** Every event up to this id was handed on. */
  private highest = 0;
  private mark: Mark | undefined;
  private reading: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private idling: AbortController | undefined;
  /** The id behind which events were told to wait. */
  private told: number | undefined;

  constructor(
    private readonly db: Database,
    private readonly options: FeedOptions,
  ) {}

  /** Begins to listen. */
  async start(): Promise<void> {
    let settled = await this.settled();
    for (; settled === undefined; settled = await this.settled()) await delay(lookMs);
    this.highest = settled;
    const wake = () => this.wake();
    await this.db.listener.listen(EVENTS_CHANNEL, { hear: wake, caughtUp: wake });
  }

  /** Hands every further event to a reader, until the function that is answered is called. */
  subscribe(reader: Reader): () => void {
    this.readers.add(reader);
    this.idling?.abort();
    return () => this.readers.delete(reader);
  }

  /** Events with higher ids than this one that were handed on already, lowest first; a page of them. */
  after(id: number): Promise<StreamedEvent[]> {
    return this.between(id, this.highest);
  }

  /** Stops listening. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.db.listener.forget(EVENTS_CHANNEL);
    this.idling?.abort();
    this.readers.clear();
    await this.reading;
  }

  private async between(from: number, to: number): Promise<StreamedEvent[]> {
    const rows = await this.db.orm
      .select({ event: events, requestId: requests.requestId })
      .from(events)
      .leftJoin(requests, eq(requests.id, events.request))
      .where(and(gt(events.id, from), lte(events.id, to)))
      .orderBy(asc(events.id))
      .limit(perRead);
    return rows.map(({ event, requestId }) => ({
      id: event.id,
      at: event.at.toISOString(),
      kind: event.kind,
      text: timelineText(event),
      ...filled({
        requestId,
        task: event.task,
        operation: event.operation,
        connection: event.connection,
        work: event.work,
      }),
    }));
  }

  /**
   * The highest id of which it is known that no event up to it is still to come; `undefined` while transactions that may hold such a
   * one are open. Who writes events has locked their table before the id was drawn, and lets go of it after the commit.
   */
  private async settled(): Promise<number | undefined> {
    // The id first: whoever drew one up to it and has not ended is among the writers.
    const to = this.mark?.to ?? (await this.drawn());
    const now = await this.writers();
    const writers = new Set([...now].filter((writer) => this.mark?.writers.has(writer) ?? true));
    if (writers.size === 0) {
      this.mark = undefined;
      return to;
    }
    this.mark = { to, writers, since: this.mark?.since ?? performance.now() };
    await this.tellOfWaiting(this.mark);
    return undefined;
  }

  /** Says once whose transaction events wait for: the host's own are short, and one that somebody left open holds them up for good. */
  private async tellOfWaiting({ to, writers, since }: Mark): Promise<void> {
    const { log, tellAfterMs = 30_000 } = this.options;
    if (this.told === to || performance.now() - since < tellAfterMs) return;
    this.told = to;
    const { rows: sessions } = await this.db.orm.execute(sql`
      select a.pid, a.usename as role, a.application_name as application, a.state, a.xact_start as since
      from pg_stat_activity a where a.pid in (
        select pid from pg_locks where virtualtransaction = any(${`{${[...writers].join(',')}}`}::text[]))`);
    const remedy = 'Commit it or end it: select pg_terminate_backend(pid)';
    log.warn({ sessions, remedy }, 'Events wait for a transaction that has been open for long');
  }

  private async drawn(): Promise<number> {
    const { rows } = await this.db.orm.execute<{ drawn: string }>(
      sql`select case when is_called then last_value else 0 end as drawn from connector_host.events_id_seq`,
    );
    return Number(rows[0]?.drawn ?? 0);
  }

  private async writers(): Promise<Set<string>> {
    const { rows } = await this.db.orm.execute<{ writer: string }>(sql`
      select virtualtransaction as writer from pg_locks
      where locktype = 'relation' and relation = 'connector_host.events'::regclass and mode = 'RowExclusiveLock'
        and database = (select oid from pg_database where datname = current_database())`);
    return new Set(rows.map(({ writer }) => writer));
  }

  private wake(): void {
    this.again = true;
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
      if (this.again && !this.stopped) this.wake();
    });
  }

  private async read(): Promise<void> {
    while (!this.stopped) {
      this.again = false;
      // An older mark says nothing of what was announced since: there has to be a look after it.
      const marked = this.mark !== undefined;
      try {
        const to = await this.settled();
        if (to !== undefined && to > this.highest) await this.handOn(to);
        else if (to !== undefined && !marked && !this.again) return;
        await this.pause(this.readers.size > 0 ? lookMs : idleMs);
      } catch (error) {
        // What was announced may be the last for long: nobody would wake it again.
        this.db.outage.met(error, 'Events could not be read');
        await this.pause(retryMs);
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    this.idling = new AbortController();
    await delay(ms, undefined, { signal: this.idling.signal }).catch(() => undefined);
  }

  private async handOn(to: number): Promise<void> {
    while (this.highest < to) {
      // Nobody reads: whoever comes and asks for what was before finds it in the database.
      const found = this.readers.size === 0 ? [] : await this.between(this.highest, to);
      this.highest = found.length < perRead ? to : (found.at(-1)?.id ?? to);
      if (found.length > 0) for (const reader of this.readers) reader(found);
    }
  }
}
