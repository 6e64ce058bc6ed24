/**
 * Takes what names a person out of requests that are settled for long enough, and of those that nobody settled after the longest time. What stays proves the deletion without naming anybody:
 * the request's id and states, times, operations with their references, the timeline, and a keyed digest that tells whether a request
 * that is sent again is the same one.
 */
import { type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import {
  answerLinks,
  events,
  filePieces,
  leftovers,
  operationMembers,
  operations,
  requests,
  storedFiles,
  tasks,
} from '../store/schema.js';

/** Stands where a vendor's reasons stood that were purged with the people they were about. */
const PURGED_WORDS = 'What was said about it has been purged.';

const purgedWords = sql`to_jsonb(${PURGED_WORDS}::text)`;

/** A fault without what it said: its code and kind stay. */
const withoutWords = (fault: SQL): SQL =>
  sql`case when ${fault} ? 'message' then jsonb_set(${fault} - 'remedy' - 'field', '{message}', ${purgedWords}) else ${fault} end`;

/** People purged in one transaction. */
const AT_ONCE = 5_000;

/** What one batch did. */
export interface PurgedBatch {
  readonly purged: number;
  /** Row id to go on after; absent where nothing is left. */
  readonly after?: number;
}

// A submission that is still to be made, or of which nobody knows whether it arrived, needs the identifiers of those who are in it still.
const needed = sql`exists (
  select 1 from ${tasks} t
    join ${operationMembers} m on m.task = t.id
    join ${operations} o on o.id = m.operation
  where t.request = r.id and t.operation = coalesce(o.root, o.id) and o.state in ('planned', 'submitting', 'uncertain', 'undecided'))`;

/** Until when requests must have come to which end to be purged. */
export interface PurgeBounds {
  /** Settled before then. */
  readonly settled: Date;
  /** Concluded before then, and not settled to this day: in error, or with something left over. */
  readonly unsettled: Date;
}

const due = ({ settled, unsettled }: PurgeBounds) =>
  sql`(r.settled_at < ${settled.toISOString()}::timestamptz
    or r.settled_at is null and r.concluded_at < ${unsettled.toISOString()}::timestamptz)
    and r.identifiers is not null and not ${needed}`;

/** How many people would be purged. */
export async function countDue(db: Queryable, before: PurgeBounds): Promise<number> {
  const { rows } = await db.execute<{ due: number }>(
    sql`select count(*)::int as due from ${requests} r where ${due(before)}`,
  );
  return rows[0]?.due ?? 0;
}

/**
 * Takes the words out of answers that were written down for people who were purged before, as older hosts let be done, by their own time.
 * @returns how many.
 */
export async function purgeLateAnswers(db: Queryable, before: Date): Promise<number> {
  const { rowCount } = await db.execute(sql`
    update ${tasks} as t set answer = t.answer - 'said' from ${requests} r
    where t.answer ? 'said' and (t.answer ->> 'recordedAt')::timestamptz < ${before.toISOString()}::timestamptz
      and r.id = t.request and r.purged_at is not null`);
  return rowCount ?? 0;
}

/**
 * Purges the next batch, in the order of row ids.
 * @param after row id the last batch ended at; 0 at first.
 */
export async function purgeBatch(tx: Queryable, before: PurgeBounds, after: number, now: Date): Promise<PurgedBatch> {
  const { rows } = await tx.execute<{ purged: number; last: string | null }>(sql`
    with gone as (
      select r.id from ${requests} r where r.id > ${after} and ${due(before)}
      order by r.id limit ${AT_ONCE} for update of r
    ), done as (
      update ${requests} r set identifiers = null, fingerprints = '{}', purged_at = ${now.toISOString()}::timestamptz
      from gone where r.id = gone.id returning r.id
    ), unsaid as (
      update ${tasks} set answer = answer - 'said', fault = ${withoutWords(sql`fault`)}
      where request in (select id from done) and (answer is not null or fault is not null)
    ), unlinked as (
      delete from ${answerLinks} where task in (select t.id from ${tasks} t where t.request in (select id from done))
    ), batches as (
      select distinct m.operation as id from ${tasks} t join ${operationMembers} m on m.task = t.id
      where t.request in (select id from done)
    ), unfiled as (
      -- What shows that work was done may show anybody in it: it goes with the first of them.
      delete from ${storedFiles} where request in (select id from done)
        or work in (select l.work from ${leftovers} l join batches on l.operation = batches.id) returning id
    ), emptied as (
      delete from ${filePieces} where file in (select id from unfiled)
    ), unwritten as (
      update ${operations} o set purged_at = coalesce(o.purged_at, ${now.toISOString()}::timestamptz), words = null, fault = ${withoutWords(sql`o.fault`)},
        exceptions = (select jsonb_agg(jsonb_set(e, '{reason}', ${purgedWords})) from jsonb_array_elements(o.exceptions) e)
      from batches where o.id = batches.id and (o.purged_at is null or o.words is not null or o.fault is not null or o.exceptions <> '[]'::jsonb)
    ), unlisted as (
      update ${leftovers} l set reason = ${PURGED_WORDS} from batches
      where l.operation = batches.id and l.code = 'VENDOR_EXCEPTION'
    ), untold as (
      update ${events} e set data = jsonb_set(e.data, '{message}', ${purgedWords})
      where e.operation in (select id from batches) and e.data ? 'message'
    ), untold_of_task as (
      update ${events} e set data = jsonb_set(e.data, '{message}', ${purgedWords})
      where e.task in (select id from ${tasks} where request in (select id from done)) and e.operation is null and e.data ? 'message'
    )
    select count(*)::int as purged, max(id) as last from done`);
  const { purged = 0, last = null } = rows[0] ?? {};
  return last === null ? { purged } : { purged, after: Number(last) };
}
