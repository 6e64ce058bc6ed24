/** Whether the vendor knows people by what is sent of them: told under the settings under which that is sent, as nobody can tell before. */
import type { Operation } from 'connector-contract';
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../store/database.js';
import { tasks } from '../../store/schema.js';
import type { Member } from '../members.js';

/**
 * Judges everybody in an operation that is about to go out. What was found when they were taken in, or followed from settings since, gives way;
 * what a person said stays.
 * @param known the kinds of identifier by which the vendor knows people; `undefined` where that is each of them.
 */
export async function judgeKnown(
  tx: Queryable,
  operation: Operation,
  members: readonly Pick<Member, 'task' | 'ownLeftover'>[],
  known: ReadonlySet<string> | undefined,
): Promise<void> {
  const sent = new Map(operation.subjects.map(({ id, identifiers }) => [id, identifiers]));
  const now = members.map(({ task, ownLeftover }) => {
    const isKnown = known === undefined || sent.get(String(task))?.some(({ kind }) => known.has(kind)) === true;
    return { id: task, own: isKnown ? null : 'open', before: ownLeftover };
  });
  const other = now.filter(({ own, before }) => (own === null ? before === 'open' : before !== own));
  if (other.length === 0) return;
  await tx.execute(sql`
    update ${tasks} as t set own_leftover = n.own, own_ended = null
    from jsonb_to_recordset(${JSON.stringify(other)}::jsonb) as n (id bigint, own text)
    where t.id = n.id and t.own_ended ->> 'by' is null`);
}
