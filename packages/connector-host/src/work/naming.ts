/** The people whom work is about, as far as its texts are held against them. */
import type { FieldIssue } from 'connector-contract';
import { type SQL, sql } from 'drizzle-orm';
import { namingIssues, type Sealed, valuesOf } from '../requests/naming.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Queryable } from '../store/database.js';
import { leftovers, operationMembers, requests, tasks, type workItems } from '../store/schema.js';

/** Most people of an item that its texts are held against, those of its newest operations: opening very many would keep whoever writes waiting. */
const PEOPLE_HELD = 5_000;

/** The newest members of an operation. Bounded for each, so that the server looks at no more of them than are held. */
const newest = (operation: SQL) => sql`(
  select task from ${operationMembers} where operation = ${operation} order by task desc limit ${PEOPLE_HELD})`;

/**
 * What is wrong with texts about an item that name somebody in it, of the newest {@link PEOPLE_HELD}.
 * @param texts by field.
 */
export async function namesInWork(
  tx: Queryable,
  people: PeopleKeys,
  { id, kind, about }: Pick<typeof workItems.$inferSelect, 'id' | 'kind' | 'about'>,
  texts: Readonly<Record<string, string | undefined>>,
): Promise<FieldIssue[]> {
  if (Object.values(texts).every((text) => text === undefined || text === '')) return [];
  const { rows } = await tx.execute<Sealed & Record<string, unknown>>(sql`
    select r.request_id as "requestId", r.identifiers from (
      (select m.task from (
        select operation from ${leftovers} where work = ${id} order by operation desc limit ${PEOPLE_HELD}
      ) l cross join lateral ${newest(sql`l.operation`)} m limit ${PEOPLE_HELD})
      union all select m.task from ${newest(sql`case ${kind} when 'decide-submission' then ${about}::bigint end`)} m
      union all select ${about}::bigint where ${kind} = 'direct-contact'
    ) w join ${tasks} t on t.id = w.task join ${requests} r on r.id = t.request`);
  return namingIssues(texts, await valuesOf(people, rows), 'somebody whom the work is about');
}
