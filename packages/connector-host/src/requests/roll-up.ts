/** How the state of a request follows from its tasks: the one place that says so. */
import { type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';

/**
 * Lets the states of requests follow from their tasks: processing until all are concluded, then the worst.
 *
 * The requests are locked first and their tasks read after that, so that of two operations that end at the same time the second sees
 * what the first did.
 * @param changed selects the ids of the tasks that changed.
 */
export async function rollUp(tx: Queryable, changed: SQL, now: Date): Promise<void> {
  // As an array, and looking at each request's tasks by itself: joined as sets, the server reads whole tables for every operation.
  const touched = sql`array(select request from ${tasks} where id = any(array(${changed})))`;
  await tx.execute(sql`select id from ${requests} where id = any(${touched}) order by id for update`);
  await tx.execute(sql`
    update ${requests} as r
    set state = s.state, concluded_at = case s.state when 'processing' then null else ${now.toISOString()}::timestamptz end,
      settled_at = case when s.state in ('processing', 'error') then null else ${now.toISOString()}::timestamptz end
    from unnest(${touched}) as one (id) cross join lateral (
      select case
        when bool_or(t.state in ('not_started', 'pending', 'processing')) then 'processing'
        when bool_or(t.state = 'error') then 'error'
        when bool_or(t.state = 'complete_with_exceptions') then 'complete_with_exceptions'
        when bool_and(t.state = 'cancelled') then 'cancelled'
        else 'complete' end as state
      from ${tasks} t where t.request = one.id offset 0
    ) s
    where r.id = one.id and r.state <> s.state`);
}
