/** Figures above all requests: what is open, late or waiting, and how long things took. From what the database keeps counted. */
import { and, countDistinct, eq, sql } from 'drizzle-orm';
import { given } from '../given.js';
import { notBegun } from '../requests/roll-up.js';
import { type RequestState, requestStates } from '../requests/states.js';
import { dueSpans, readTallies, sumOf, type Tallies, type Tally } from '../requests/tallies.js';
import { slowCondition, type Timing, unsettledCondition } from '../requests/timing.js';
import { endOfDay, knownZone, localDate } from '../requests/zoned-days.js';
import type { Database } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';

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
   * for each. `rate`: the vendor asked for fewer calls. `vendor`: it failed or could not be reached. `connector`: it is not installed, or
   * refused.
   */
  readonly waiting: {
    readonly batch: number;
    readonly quota: number;
    readonly rate: number;
    readonly vendor: number;
    readonly reconnect: number;
    readonly paused: number;
    readonly connector: number;
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

/** What came in and what came to an end on a day, cancelled requests apart. `withTrouble` of these: with something left over, with exceptions, skipped since nobody answered, or in error. */
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
  /** Ids of the connectors that can be used. */
  readonly connectors: readonly string[];
}

/** Durations are of tasks completed within so many days, whole ones in UTC, and today. */
const LOOK_BACK_DAYS = 90;

const DAY_MS = 86_400_000;

/** Days up to which durations are told apart; the classes of `took` are counted by them. */
const limits = [1 / 24, 0.25, 1, 3, 7, 14, 30] as const;

/** Reads the overview. */
export async function readOverview(db: Database, query: OverviewQuery): Promise<Overview> {
  const days = daysOf(query);
  const since = new Date(Math.floor(query.now / DAY_MS - LOOK_BACK_DAYS) * DAY_MS).toISOString();
  const tallies = await readTallies(db, { now: query.now, days: days.map(({ begins }) => begins), since });
  const [counts, slow, waiting] = await Promise.all([
    countStates(db, tallies),
    countSlow(db, tallies, query.now),
    countWaiting(db, tallies, query),
  ]);
  return {
    counts,
    open: openOf(tallies),
    slow,
    waiting,
    ...durationsOf(tallies),
    days: days.map(({ day }, at) => countedDay(tallies, day, at + 1)),
    connections: connectionsOf(tallies),
  };
}

/**
 * Requests by their state as it is shown.
 * @param of those alone that are not settled and so by their due time; as {@link unsettledCondition} judges by the time of the tallies.
 */
export async function countStates(
  db: Database,
  tallies: Tallies,
  of?: { readonly timing: Timing; readonly now: number },
): Promise<Readonly<Record<RequestState, number>>> {
  const within = ({ span }: Tally) => of === undefined || dueSpans[span] === of.timing;
  const kept = (state: string) =>
    sumOf(tallies, of === undefined ? 'state' : 'due', (tally) => tally.key === state && within(tally));
  const waiting = sumOf(tallies, 'waiting', within);
  // One with several tasks may have begun at another: those are looked at one by one.
  const pending =
    waiting === 0 || tallies.single
      ? waiting
      : await db.orm.$count(
          requests,
          and(eq(requests.state, 'processing'), notBegun, of && unsettledCondition(of.timing, of.now)),
        );
  const shown = { pending, processing: kept('processing') - pending };
  return Object.fromEntries(
    requestStates.map((state) => [state, state in shown ? shown[state as keyof typeof shown] : kept(state)]),
  ) as Record<RequestState, number>;
}

function openOf(tallies: Tallies): Overview['open'] {
  const of = (timing: Timing) => sumOf(tallies, 'due', ({ span }) => dueSpans[span] === timing);
  return { onTime: of('on_time'), dueSoon: of('due_soon'), late: of('late') };
}

/** Requests past their vendor's estimate. Who is so at several connections counts once: where there are several, they are looked at. */
async function countSlow(db: Database, tallies: Tallies, now: number): Promise<number> {
  const found = connectionsOf(tallies).filter(({ slow }) => slow > 0);
  if (found.length <= 1) return found[0]?.slow ?? 0;
  const [row] = await db.orm
    .select({ slow: countDistinct(tasks.request) })
    .from(tasks)
    .where(slowCondition(now));
  return row?.slow ?? 0;
}

function connectionsOf(tallies: Tallies): Overview['connections'] {
  const of = ['open', 'expected', 'errors'] as const;
  const ids = new Set(tallies.rows.filter(({ what }) => of.some((one) => one === what)).map(({ key }) => key));
  const found = [...ids].sort().map((connection) => {
    const sum = (what: (typeof of)[number], past = false) =>
      sumOf(tallies, what, ({ key, span }) => key === connection && (!past || span === 0));
    return {
      connection,
      open: sum('open'),
      late: sum('open', true),
      slow: sum('expected', true),
      errors: sum('errors'),
    };
  });
  return found.filter(({ open, errors }) => open > 0 || errors > 0);
}

type Why = keyof Overview['waiting'];

async function countWaiting(db: Database, tallies: Tallies, query: OverviewQuery): Promise<Overview['waiting']> {
  const at = new Date(query.now).toISOString();
  const why = sql`case when c.state in ('reconnect', 'paused') then c.state
    when c.connector <> all(${sql.param([...query.connectors])}::text[]) then 'connector'
    when c.held_until > ${at}::timestamptz then case c.held_code when 'QUOTA_EXHAUSTED' then 'quota' when 'RATE_LIMITED' then 'rate' else 'vendor' end
    else 'batch' end`;
  const counts = { batch: 0, quota: 0, rate: 0, vendor: 0, reconnect: 0, paused: 0, connector: 0 };
  if (sumOf(tallies, 'waiting') === 0) return counts;
  const { rows } = await db.orm.execute<{ id: string; why: Why }>(
    sql`select c.id, ${why} as why from connector_host.connections c`,
  );
  const found = rows
    .map((row) => ({ ...row, count: sumOf(tallies, 'waiting', ({ key }) => key === row.id) }))
    .filter(({ count }) => count > 0);
  // Who waits at several connections for the same counts once: they are looked at.
  if (new Set(found.map((row) => row.why)).size === found.length) {
    for (const row of found) counts[row.why] = row.count;
    return counts;
  }
  const counted = await db.orm.execute<{ why: Why; count: number }>(sql`
    select ${why} as why, count(distinct t.request)::int as count
      from connector_host.tasks t join connector_host.connections c on c.id = t.connection
     where t.state = 'pending' and t."right" = 'deletion'
     group by 1`);
  for (const row of counted.rows) counts[row.why] = row.count;
  return counts;
}

/** Durations by class, a sixteenth of a doubling wide: one is known by the mean of its class. */
function durationsOf(tallies: Tallies): Pick<Overview, 'daysToComplete' | 'durations'> {
  const classes = tallies.rows
    .filter(({ what, span, n }) => what === 'took' && span === 1 && n > 0)
    .map(({ key, n, ms }) => {
      const [group = 0, order = 0] = key.split('.').map(Number);
      return { group, order, n, days: ms / n / DAY_MS };
    })
    .sort((a, b) => a.group - b.group || a.order - b.order);
  const concluded = classes.reduce((sum, { n }) => sum + n, 0);
  const durations = [...limits, undefined].map((upTo, at) => ({
    ...given({ upTo }),
    count: classes.reduce((sum, { group, n }) => (group === at ? sum + n : sum), 0),
  }));
  if (concluded === 0) return { daysToComplete: { concluded }, durations };
  const nth = (place: number) => {
    let left = place;
    for (const { n, days } of classes) {
      left -= n;
      if (left < 0) return days;
    }
    return 0;
  };
  const share = (part: number) => {
    const place = part * (concluded - 1);
    const [below, above] = [nth(Math.floor(place)), nth(Math.ceil(place))];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { daysToComplete: { concluded, median: share(0.5), p90: share(0.9) }, durations };
}

/** The days of a query, the first first, each with when it begins, ISO 8601. */
function daysOf({ days, zone, now }: OverviewQuery): readonly { readonly day: string; readonly begins: string }[] {
  const known = knownZone(zone);
  const last = Date.parse(localDate(now, known));
  // Where the days begin is worked out here: the server may know the zone by another name, or not at all.
  return Array.from({ length: days }, (_, at) => {
    const time = last - (days - 1 - at) * DAY_MS;
    const [before = '', day = ''] = [time - DAY_MS, time].map((one) => new Date(one).toISOString().slice(0, 10));
    return { day, begins: new Date(endOfDay(before, known) + 1).toISOString() };
  });
}

const trouble = new Set(['left_over', 'complete_with_exceptions', 'skipped', 'error']);

function countedDay(tallies: Tallies, day: string, at: number): Day {
  const sum = (what: 'accepted' | 'concluded', fits: (state: string) => boolean = () => true) =>
    sumOf(tallies, what, ({ key, span }) => span === at && fits(key));
  return {
    day,
    accepted: sum('accepted'),
    concluded: sum('concluded', (state) => state !== 'cancelled'),
    withTrouble: sum('concluded', (state) => trouble.has(state)),
  };
}
