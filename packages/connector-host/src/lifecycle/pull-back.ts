/**
 * Takes back what a clock that was set wrong for a while has put absurdly far ahead. What lies no further ahead than it well may stays
 * as it is: an hour more between two looks harms nobody.
 */
import { and, gt, sql } from 'drizzle-orm';
import type { Orm } from '../store/database.js';
import { connections, operations } from '../store/schema.js';
import { longestWait } from './following/next-poll.js';
import type { LifecycleParts } from './parts.js';

const hour = 3_600_000;

/** No vendor's quota and no `Retry-After` makes a connection wait for so long, in milliseconds. */
const LONGEST_HOLD = 62 * 24 * hour;

/** So far ahead, in milliseconds, waits no purge. */
const LONGEST_TO_PURGE = 24 * hour;

/** Takes it back, and answers the operations whose next look was, which have to be reminded of. */
export async function pullBack({ db, engine, pollIntervalMs }: LifecycleParts, now: Date): Promise<readonly number[]> {
  const { orm } = db;
  await orm
    .update(connections)
    .set({ heldUntil: null, heldCode: null })
    .where(gt(connections.heldUntil, new Date(now.getTime() + LONGEST_HOLD)));
  await engine.pullBack('purge', LONGEST_TO_PURGE);
  return nextLooks(orm, now, pollIntervalMs ?? 0);
}

async function nextLooks(orm: Orm, now: Date, pollIntervalMs: number): Promise<readonly number[]> {
  const shortest = Math.max(longestWait.byAge, pollIntervalMs);
  const followed = and(
    sql`${operations.state} in ('accepted', 'processing')`,
    sql`${operations.finishedAt} is null`,
    gt(operations.nextPollAt, new Date(now.getTime() + shortest)),
  );
  const some = await orm.select({ id: operations.id }).from(operations).where(followed).limit(1);
  if (some.length === 0) return [];
  // How long it may be depends on how many share the connection's calls of a day.
  const most = sql`greatest(${shortest}::float8, open.n * ${longestWait.forEachOpen}::float8) * interval '1 millisecond'`;
  const { rows } = await orm.execute<{ id: number }>(sql`
    update ${operations} as o set next_poll_at = ${now.toISOString()}
    from (select connection, count(*)::float8 as n from ${operations}
      where state in ('accepted', 'processing') and finished_at is null group by 1) open
    where open.connection = o.connection and o.state in ('accepted', 'processing') and o.finished_at is null
      and o.next_poll_at > ${now.toISOString()}::timestamptz + ${most}
    returning o.id::float8 as id`);
  return rows.map(({ id }) => id);
}
