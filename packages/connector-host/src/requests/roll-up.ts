/** How the state of a request follows from its tasks, for the database: what `states.ts` says, in one statement for many. */
import { type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';
import { reopenCorrected } from './corrected.js';

const any = (condition: SQL): SQL => sql`bool_or(${condition})`;

/**
 * The state of the request whose tasks `t` are aggregated, as `requests` keeps it: one that is `pending` stands there as `processing`,
 * since that it has begun is seen from its tasks, and another write for each person would cost more than all else.
 */
const storedState = sql`case
  when ${any(sql`t.state = 'waiting_for_person'`)} then 'waiting_for_person'
  when ${any(sql`t.state in ('pending', 'processing')`)} then 'processing'
  when ${any(sql`t.state = 'error'`)} then 'error'
  when ${any(sql`t.left_over = 'open'`)} then 'left_over'
  when ${any(sql`t.left_over = 'could_not' or t.left_over is null and t.state = 'complete_with_exceptions'`)}
    or ${any(sql`t.state = 'cancelled'`)} and ${any(sql`t.state in ('complete', 'complete_with_exceptions')`)} then 'complete_with_exceptions'
  when ${any(sql`t.state = 'skipped'`)} then 'skipped'
  when bool_and(t.state = 'cancelled') then 'cancelled'
  else 'complete' end`;

/** Of a request that is stored as `processing`: none of its tasks has begun. */
export const notBegun = sql`not exists (
  select from ${tasks} b where b.request = ${requests.id} and b.state not in ('pending', 'not_applicable'))`;

/** The state of a row of `requests` as it is shown. */
export const shownState = sql<string>`case when ${requests.state} = 'processing' and ${notBegun} then 'pending' else ${requests.state} end`;

/**
 * Lets the states of requests follow from their tasks, and with them when they were concluded and settled.
 *
 * The requests are locked first and their tasks read after that, so that of two operations that end at the same time the second sees
 * what the first did.
 * @param changed selects the ids of the tasks that changed.
 */
export async function rollUp(tx: Queryable, changed: SQL, now: Date): Promise<void> {
  // As an array, and looking at each request's tasks by itself: joined as sets, the server reads whole tables for every operation.
  const touched = sql`select request from ${tasks} where id = any(array(${changed}))`;
  await follow(
    tx,
    sql`select id, corrects from ${requests} where id = any(array(${touched})) order by id for update`,
    now,
  );
}

/**
 * Changes tasks and lets the states of their requests follow, as {@link rollUp} does.
 * @param update changes tasks `t`, as far as `returning`.
 */
export async function changeAndRollUp(tx: Queryable, update: SQL, now: Date): Promise<void> {
  await follow(
    tx,
    sql`with changed as (${update} returning t.request)
      select id, corrects from ${requests} where id = any(array(select request from changed)) order by id for update`,
    now,
  );
}

/** @param lock selects requests, each with the one that it corrects, and locks them. */
async function follow(tx: Queryable, lock: SQL, now: Date): Promise<void> {
  const { rows } = await tx.execute<{ id: string; corrects: string | null }>(lock);
  if (rows.length === 0) return;
  const at = sql`${now.toISOString()}::timestamptz`;
  const open = sql`s.state in ('processing', 'waiting_for_person')`;
  const settled = sql`not (${open} or s.left_open or s.state = 'error' and r.closed is null)`;
  await tx.execute(sql`
    update ${requests} as r
    set state = s.state,
      concluded_at = case when ${open} then null else coalesce(r.concluded_at, ${at}) end,
      settled_at = case when ${settled} then coalesce(r.settled_at, ${at}) end
    from unnest((select ${sql.param(rows.map(({ id }) => id))}::bigint[])) as one (id) cross join lateral (
      select ${storedState} as state, coalesce(${any(sql`t.left_over = 'open'`)}, false) as left_open
      from ${tasks} t where t.request = one.id and t.state <> 'not_applicable' offset 0
    ) s
    where r.id = one.id and (r.state <> s.state or (r.settled_at is not null) <> (${settled}))`);
  const successors = rows.flatMap(({ id, corrects }) => (corrects === null ? [] : Number(id)));
  const reopened = successors.length === 0 ? [] : await reopenCorrected(tx, successors, now);
  if (reopened.length === 0) return;
  const again = sql`any((select ${sql.param(reopened)}::bigint[])::bigint[])`;
  await follow(tx, sql`select id, null as corrects from ${requests} where id = ${again} order by id for update`, now);
}
