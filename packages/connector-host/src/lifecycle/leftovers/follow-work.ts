/** How the leftovers of a work item follow its end, or that it was opened again, some in a transaction. */
import { and, eq, sql } from 'drizzle-orm';
import { leftoverStates } from '../../requests/states.js';
import type { Queryable } from '../../store/database.js';
import { leftovers, operations, workItems } from '../../store/schema.js';
import type { EndOfWork } from '../../work/kinds.js';
import { AT_ONCE, turn } from './turned.js';

/** Leftovers that follow in the call of whoever ends the work, and so are seen at once; all others follow in a job. */
const IN_THE_CALL = 300;

/** Why a batch of whose people some were purged before the list was read ends as it does, however the work ended. */
export const PURGED_UNREAD =
  'Identifiers of people in it were purged before anybody downloaded the list: nobody could know whom to look for.';

/**
 * Lets leftovers follow the first item of a connection that they have still to follow. What ended otherwise stays as it ended.
 * @param only this item, in the call that ended it or opened it again.
 * @returns whether there may be more.
 */
export async function followWork(tx: Queryable, connection: string, now: Date, only?: number): Promise<boolean> {
  const most = only === undefined ? AT_ONCE : IN_THE_CALL;
  const [item] = await tx
    .select({ id: workItems.id, state: workItems.state, ended: workItems.ended, readAt: workItems.readAt })
    .from(workItems)
    .where(
      and(
        eq(workItems.connection, connection),
        eq(workItems.lagging, true),
        only === undefined ? undefined : eq(workItems.id, only),
      ),
    )
    .orderBy(workItems.id)
    .limit(1)
    .for('update');
  if (item === undefined) return false;
  const { id, state, readAt } = item;
  const end = item.ended as EndOfWork | null;
  const ended = end === null ? null : JSON.stringify({ ...end, work: id });
  // Who did it and what shows it are of others than of those who were purged.
  const unread = end === null ? null : JSON.stringify({ at: end.at, by: end.by, why: PURGED_UNREAD, work: id });
  const purged = sql`${state} <> 'open' and o.purged_at is not null
    and o.purged_at < coalesce(${readAt?.toISOString() ?? null}::timestamptz, 'infinity')`;
  // Named, so that those that followed already are not met again: an item may have very many.
  const others = leftoverStates.filter((one) => one !== state);
  const turned = await turn(
    tx,
    sql`update ${leftovers} as l set state = case when ${purged} then 'could_not' else ${state} end,
        ended = case when ${purged} then ${unread}::jsonb else ${ended}::jsonb end
      from ${operations} o where o.id = l.operation and l.id = any(array(
        select id from ${leftovers} where work = ${id} and state = any(${`{${others.join(',')}}`}::text[])
          and (state = 'open' or (ended ->> 'work')::bigint = ${id}
            and (ended ->> 'why' is distinct from ${PURGED_UNREAD} or ${state} = 'open')) limit ${most} for update))`,
    now,
  );
  if (turned < most) await tx.update(workItems).set({ lagging: false }).where(eq(workItems.id, id));
  return true;
}
