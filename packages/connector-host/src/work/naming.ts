/** The people whom work is about, as far as its texts are held against them. */
import type { FieldIssue } from 'connector-contract';
import { sql } from 'drizzle-orm';
import { namingIssues, type Sealed, valuesOf } from '../requests/naming.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Queryable } from '../store/database.js';
import { leftovers, operationMembers, requests, tasks, type workItems } from '../store/schema.js';

/** Most people of an item that its texts are held against, those of its newest tasks: opening very many would keep whoever writes waiting. */
const PEOPLE_HELD = 5_000;

/** What is wrong with texts about an item that name somebody in it, of the newest {@link PEOPLE_HELD}. @param texts by field. */
export async function namesInWork(
  tx: Queryable,
  people: PeopleKeys,
  { id, kind, about }: Pick<typeof workItems.$inferSelect, 'id' | 'kind' | 'about'>,
  texts: Readonly<Record<string, string | undefined>>,
): Promise<FieldIssue[]> {
  if (Object.values(texts).every((text) => text === undefined || text === '')) return [];
  const { rows } = await tx.execute<Sealed & Record<string, unknown>>(sql`
    select r.request_id as "requestId", r.identifiers from (
      select m.task from ${leftovers} l join ${operationMembers} m on m.operation = l.operation where l.work = ${id}
      union select m.task from ${operationMembers} m where ${kind} = 'decide-submission' and m.operation = ${about}
      union select ${about}::bigint where ${kind} = 'direct-contact'
      order by task desc limit ${PEOPLE_HELD}
    ) w join ${tasks} t on t.id = w.task join ${requests} r on r.id = t.request`);
  return namingIssues(texts, await valuesOf(people, rows), 'somebody whom the work is about');
}
