/** Whether the vendor knows people by what is sent of them: told under the settings under which that is sent, as nobody can tell before. */
import { sql } from 'drizzle-orm';
import { isKnown, type Offer } from '../../intake/offers.js';
import type { Queryable } from '../../store/database.js';
import { tasks } from '../../store/schema.js';
import type { Member } from '../members.js';

/**
 * Judges everybody in an operation that is about to go out. What was found when they were taken in, or followed from settings since, gives way;
 * what a person said stays.
 * @param offer what the connection takes and sends, as it is set now.
 */
export async function judgeKnown(
  tx: Queryable,
  members: readonly Pick<Member, 'task' | 'identifiers' | 'ownLeftover'>[],
  offer: Pick<Offer, 'kinds' | 'knownBy' | 'keptBack'>,
): Promise<void> {
  const now = members.map(({ task, identifiers, ownLeftover }) => {
    return { id: task, own: isKnown(identifiers, offer) ? null : 'open', before: ownLeftover };
  });
  const other = now.filter(({ own, before }) => (own === null ? before === 'open' : before !== own));
  if (other.length === 0) return;
  await tx.execute(sql`
    update ${tasks} as t set own_leftover = n.own, own_ended = null
    from jsonb_to_recordset(${JSON.stringify(other)}::jsonb) as n (id bigint, own text)
    where t.id = n.id and t.own_ended ->> 'by' is null`);
}
