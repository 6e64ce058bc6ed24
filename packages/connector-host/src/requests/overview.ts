/** Figures above all requests: what is open, late or waiting, and how long things took. Counted by the database, in few passes. */
import { countDistinct, sql } from 'drizzle-orm';
import type { Database } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';
import { shownState } from './roll-up.js';
import { type RequestState, requestStates } from './states.js';
import { slowCondition, type Timing, unsettledCondition } from './timing.js';
import { endOfDay, knownZone, localDate } from './zoned-days.js';

/** What the overview shows. Days are fractions of 24 hours. */
export interface Overview {
  /** All requests by state. */
  readonly counts: Readonly<Record<RequestState, number>>;
  /** Requests that are not settled, by what the law gives: `dueSoon` within a week, `late` past it. */
  readonly open: { readonly onTime: number; readonly dueSoon: number; readonly late: number };
  /** Open requests whose vendor has not kept its own estimate. */
  readonly slow: number;
  /**
   * Deletion requests with tasks that were not submitted yet, by what these wait for: a request that waits for several things counts
   * for each. `rate`: the vendor asked for fewer calls. `vendor`: it failed or could not be reached.
   */
  readonly waiting: {
    readonly batch: number;
    readonly quota: number;
    readonly rate: number;
    readonly vendor: number;
    readonly reconnect: number;
    readonly paused: number;
  };
  /** Of the deletion tasks that were completed in the last {@link LOOK_BACK_DAYS} days. */
  readonly daysToComplete: { readonly median?: number; readonly p90?: number; readonly concluded: number };
  /** The same tasks by how long they took: those of up to `upTo` days that are in no earlier group; the last has no end. */
  readonly durations: readonly { readonly upTo?: number; readonly count: number }[];
  /** One entry a day, oldest first, the last one today. `day` is a date in the zone that was asked for. */
  readonly days: readonly Day[];
  /** Tasks of each connection that has any open or failed. */
  readonly connections: readonly {
    readonly connection: string;
    readonly open: number;
    /** Open past the time that the law gives. */
    readonly late: number;
    /** Open past the vendor's own estimate. */
    readonly slow: number;
    readonly errors: number;
  }[];
}

/** What came in and what came to an end on a day, cancelled requests apart. `withTrouble` of these: with something left over, with exceptions or in error. */
export interface Day {
  readonly day: string;
  readonly accepted: number;
  readonly concluded: number;
  readonly withTrouble: number;
}

/** What of the overview may be chosen. */
export interface OverviewQuery {
  /** Days of the chart. */
  readonly days: number;
  /** IANA name of the reader's zone; an unknown one counts as UTC. */
  readonly zone: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Durations are of tasks completed within so many days. */
export const LOOK_BACK_DAYS = 90;

const DAY_MS = 86_400_000;
const limits = [1 / 24, 0.25, 1, 3, 7, 14, 30] as const;

/** A count for each limit, of what is over the one before it. */
function durationColumns() {
  return limits.map((upTo, at) => {
    const over = at === 0 ? sql`true` : sql`days > ${limits[at - 1]}`;
    return sql`count(*) filter (where days <= ${upTo} and ${over})::int as ${sql.identifier(`under_${at}`)}`;
  });
}

/** Reads the overview. */
export async function readOverview(db: Database, query: OverviewQuery): Promise<Overview> {
  const [counts, open, slow, connections, waiting, durations, days] = await Promise.all([
    countRequests(db),
    countOpen(db, query.now),
    countSlow(db, query.now),
    countTasks(db, query.now),
    countWaiting(db, query.now),
    measure(db, query.now),
    byDay(db, query),
  ]);
  return { counts, open, slow, waiting, ...durations, days, connections };
}

async function countRequests(db: Database): Promise<Overview['counts']> {
  const { rows } = await db.orm.execute<{ state: RequestState; count: number }>(
    sql`select ${shownState} as state, count(*)::int as count from ${requests} group by 1`,
  );
  return Object.fromEntries(
    requestStates.map((state) => [state, rows.find((row) => row.state === state)?.count ?? 0]),
  ) as Record<RequestState, number>;
}

async function countOpen(db: Database, now: number): Promise<Overview['open']> {
  const of = (timing: Timing) => db.orm.$count(requests, unsettledCondition(timing, now));
  const [onTime, dueSoon, late] = await Promise.all([of('on_time'), of('due_soon'), of('late')]);
  return { onTime, dueSoon, late };
}

async function countSlow(db: Database, now: number): Promise<number> {
  const [row] = await db.orm
    .select({ slow: countDistinct(tasks.request) })
    .from(tasks)
    .where(slowCondition(now));
  return row?.slow ?? 0;
}

async function countTasks(db: Database, now: number): Promise<Overview['connections']> {
  const at = new Date(now).toISOString();
  const open = sql`${tasks.concludedAt} is null`;
  const { rows } = await db.orm.execute<Overview['connections'][number] & Record<string, unknown>>(sql`
    select ${tasks.connection} as connection, count(*) filter (where ${open})::int as open,
           count(*) filter (where ${open} and ${tasks.dueAt} < ${at}::timestamptz)::int as late,
           count(*) filter (where ${slowCondition(now)})::int as slow,
           count(*) filter (where ${tasks.state} = 'error')::int as errors
      from ${tasks} where ${open} or ${tasks.state} = 'error'
     group by ${tasks.connection} order by ${tasks.connection}`);
  return rows;
}

async function countWaiting(db: Database, now: number): Promise<Overview['waiting']> {
  const at = new Date(now).toISOString();
  const { rows } = await db.orm.execute<{ why: keyof Overview['waiting']; count: number }>(sql`
    select case when c.state in ('reconnect', 'paused') then c.state
                when c.held_until > ${at}::timestamptz then case c.held_code when 'QUOTA_EXHAUSTED' then 'quota' when 'RATE_LIMITED' then 'rate' else 'vendor' end
                else 'batch' end as why,
           count(distinct t.request)::int as count
      from connector_host.tasks t join connector_host.connections c on c.id = t.connection
     where t.state = 'pending' and t."right" = 'deletion'
     group by 1`);
  const of = (why: keyof Overview['waiting']) => rows.find((row) => row.why === why)?.count ?? 0;
  const [batch, quota, rate, vendor] = [of('batch'), of('quota'), of('rate'), of('vendor')];
  return { batch, quota, rate, vendor, reconnect: of('reconnect'), paused: of('paused') };
}

async function measure(db: Database, now: number): Promise<Pick<Overview, 'daysToComplete' | 'durations'>> {
  const since = new Date(now - LOOK_BACK_DAYS * DAY_MS).toISOString();
  const { rows } = await db.orm.execute<Record<string, number | null>>(sql`
    with done as (
      select extract(epoch from concluded_at - created_at)::float8 / 86400 as days from connector_host.tasks
       where "right" = 'deletion' and state in ('complete', 'complete_with_exceptions') and concluded_at >= ${since}::timestamptz)
    select count(*)::int as concluded, percentile_cont(0.5) within group (order by days) as median,
           percentile_cont(0.9) within group (order by days) as p90, ${sql.join(durationColumns(), sql`, `)} from done`);
  const [row = {}] = rows;
  const under = limits.map((upTo, at) => ({ upTo, count: row[`under_${at}`] ?? 0 }));
  const concluded = row['concluded'] ?? 0;
  const { median, p90 } = row;
  return {
    daysToComplete: {
      concluded,
      ...(typeof median === 'number' ? { median } : {}),
      ...(typeof p90 === 'number' ? { p90 } : {}),
    },
    durations: [...under, { count: concluded - under.reduce((sum, { count }) => sum + count, 0) }],
  };
}

/** A day's numbers, by its place among those that were asked for, from 1. */
type Counted = Omit<Day, 'day'> & { readonly at: number } & Record<string, unknown>;

async function byDay(db: Database, { days, zone, now }: OverviewQuery): Promise<readonly Day[]> {
  const known = knownZone(zone);
  const last = Date.parse(localDate(now, known));
  const dates = Array.from({ length: days }, (_, at) =>
    new Date(last - (days - 1 - at) * DAY_MS).toISOString().slice(0, 10),
  );
  // Where the days begin is worked out here: the server may know the zone by another name, or not at all.
  const begins = dates.map((day) => {
    const before = new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);
    return new Date(endOfDay(before, known) + 1).toISOString();
  });
  const dayOf = (column: string) =>
    sql`width_bucket(${sql.identifier(column)}, ${`{${begins.join(',')}}`}::timestamptz[])`;
  const { rows } = await db.orm.execute<Counted>(sql`
    select at, sum(accepted)::int as accepted, sum(concluded)::int as concluded, sum(trouble)::int as "withTrouble" from (
      select ${dayOf('created_at')} as at, count(*) as accepted, 0 as concluded, 0 as trouble
        from connector_host.requests where created_at >= ${begins[0]}::timestamptz group by 1
      union all
      select ${dayOf('concluded_at')}, 0, count(*) filter (where state <> 'cancelled'),
             count(*) filter (where state in ('left_over', 'complete_with_exceptions', 'error'))
        from connector_host.requests where concluded_at >= ${begins[0]}::timestamptz group by 1) counted
     group by at`);
  const found = new Map(rows.map((row) => [row.at, row]));
  return dates.map((day, at) => {
    const { accepted = 0, concluded = 0, withTrouble = 0 } = found.get(at + 1) ?? {};
    return { day, accepted, concluded, withTrouble };
  });
}
