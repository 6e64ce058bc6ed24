/**
 * `NO_KNOWN_USER_ID`: what is left over of a person themselves, where the vendor knows people by another kind of identifier than it was
 * given. It is a task's own, so that it ends person by person.
 */
import { type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { tasks } from '../store/schema.js';
import type { NewEvent } from '../timeline.js';
import { followLeftovers } from './leftover-standing.js';
import type { LeftoverState } from './states.js';

/** Of a task `t`: its vendor did its part, and was told no identifier by which it knows the person. */
export const notKnown = sql`t.own_leftover = 'open' and t.left_over is not null`;

/** People whose leftovers end in one statement. */
const MOST = 5_000;

/** How it ends. */
export interface EndOfNotKnown {
  readonly outcome: Exclude<LeftoverState, 'open'>;
  readonly why: string;
  readonly at: Date;
  /** Id of who ends it; absent where the settings of the connection do. */
  readonly by?: string;
  /** The request by which the person was handed in again. */
  readonly correctedBy?: string;
}

/**
 * Ends it for the next people, in the order of their tasks; the states of their requests follow.
 * @param which a condition on tasks `t` of which it is open.
 * @returns the last of the tasks, `undefined` where there was none; and the events that tell of it, to be appended at the end of the transaction.
 */
export async function endNotKnown(
  tx: Queryable,
  which: SQL,
  { outcome, why, at, by, correctedBy }: EndOfNotKnown,
): Promise<{ readonly last?: number; readonly events: readonly NewEvent[] }> {
  const ended = JSON.stringify({ at: at.toISOString(), by, why, correctedBy });
  const { rows } = await tx.execute<{ id: number }>(sql`
    update ${tasks} set own_leftover = ${outcome}, own_ended = ${ended}::jsonb
    where id in (
      select t.id from ${tasks} t where t.own_leftover = 'open' and ${which} order by t.id limit ${MOST} for update)
    returning id::float8 as id`);
  if (rows.length === 0) return { events: [] };
  const ids = rows.map(({ id }) => id);
  await followLeftovers(tx, sql`select unnest((select ${sql.param(ids)}::bigint[]))`, at, MOST);
  const data = { outcome, reason: why };
  const events = ids.map((task): NewEvent => ({ at, kind: 'task.leftover_ended', task, actor: by, data }));
  return { last: Math.max(...ids), events };
}
