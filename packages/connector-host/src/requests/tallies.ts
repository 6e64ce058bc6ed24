/**
 * Counts that the database keeps while requests and tasks change, so that nobody who looks at figures has them counted. Triggers add a row for
 * what a statement changed; a count is the sum of its rows, and rows of one count are put together now and then.
 */
import { sql } from 'drizzle-orm';
import type { Database } from '../store/database.js';
import { connections, tallies } from '../store/schema.js';
import { DUE_SOON_MS, type Timing } from './timing.js';

/** Advisory lock under which rows are put together: by one at a time. */
const TIDYING = 4_600_013;

/** A sum of tallies. */
export interface Tally {
  /**
   * `state`: requests by state. `due`: those that are not settled, by state. `accepted`, `concluded`: requests, the latter by state.
   * `waiting`, `open`, `expected`, `errors`: tasks by connection; deletions that are pending, those that are not concluded, of these those
   * with an estimate, and those in error. `took`: deletions that were completed, by class of duration.
   */
  readonly what: 'state' | 'due' | 'accepted' | 'concluded' | 'waiting' | 'open' | 'expected' | 'errors' | 'took';
  readonly key: string;
  /** In which of the spans that were asked for, from 0: before the first bound, and so on. */
  readonly span: number;
  readonly n: number;
  /** Milliseconds that those of `took` took together. */
  readonly ms: number;
}

/** The bounds of the spans by which a reading tells times apart; a bound belongs to the span that it begins. */
export interface Bounds {
  /** Milliseconds since the epoch: here, and after {@link DUE_SOON_MS}, are the bounds of `due`, `waiting`, `open` and `expected`. */
  readonly now: number;
  /** ISO 8601; of `accepted` and `concluded`. They are kept by the quarter of an hour. */
  readonly days: readonly string[];
  /** ISO 8601; of `took`, which is kept by the day, UTC. */
  readonly since: string;
}

/** Tallies as they are at one moment. */
export interface Tallies {
  readonly rows: readonly Tally[];
  /** Whether there was never more than one connection: then a request has one task, and those of tasks are those of requests. */
  readonly single: boolean;
}

/** Reads all of them in one statement. */
export async function readTallies(db: Database, { now, days, since }: Bounds): Promise<Tallies> {
  const iso = new Date(now).toISOString();
  // The end of what is due soon belongs to it.
  const afterSoon = new Date(now + DUE_SOON_MS + 1).toISOString();
  const times = (list: readonly string[]) => sql`${`{${list.join(',')}}`}::timestamptz[]`;
  const first = days[0] ?? iso;
  const { rows } = await db.orm.execute<Record<keyof Tally, never> & { connections: number }>(sql`
    select what, key, width_bucket(at, case what when 'took' then ${times([since])} when 'accepted' then ${times(days)}
             when 'concluded' then ${times(days)} else ${times([iso, afterSoon])} end) as span,
           sum(n)::float8 as n, sum(ms)::float8 as ms,
           (select count(*)::int from ${connections}) as connections
      from ${tallies}
     where what not in ('accepted', 'concluded') or at >= ${first}::timestamptz
     group by 1, 2, 3`);
  return {
    rows: rows.map(({ what, key, span, n, ms }) => ({ what, key, span, n, ms })),
    single: (rows[0]?.connections ?? 0) <= 1,
  };
}

/** The spans of `due` and `waiting`. */
export const dueSpans: readonly Timing[] = ['late', 'due_soon', 'on_time'];

/** The sum of those that fit. */
export function sumOf({ rows }: Tallies, what: Tally['what'], fits: (tally: Tally) => boolean = () => true): number {
  return rows.reduce((sum, row) => (row.what === what && fits(row) ? sum + row.n : sum), 0);
}

/** Puts the rows of each count together; the sweep does so each minute. Nobody who counts meanwhile waits, and nobody sees a difference. */
export async function tidyTallies(db: Database): Promise<void> {
  await db.orm.transaction(async (tx) => {
    const { rows } = await tx.execute<{ alone: boolean }>(sql`select pg_try_advisory_xact_lock(${TIDYING}) as alone`);
    if (rows[0]?.alone !== true) return;
    await tx.execute(sql`
      with many as (select what, key, at from ${tallies} group by 1, 2, 3 having count(*) > 1),
      gone as (
        delete from ${tallies} t using many m where t.what = m.what and t.key = m.key and t.at = m.at returning t.what, t.key, t.at, t.n, t.ms
      )
      insert into ${tallies} (what, key, at, n, ms)
      select what, key, at, sum(n), sum(ms) from gone group by 1, 2, 3 having sum(n) <> 0 or sum(ms) <> 0`);
  });
}
