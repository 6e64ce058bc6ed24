/** How leftovers stand together: for an operation, and for a person in it. One statement for many people. */
import { type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { operationMembers, operations, tasks } from '../store/schema.js';
import { rollUp } from './roll-up.js';

/** How those of a group stand together. @param of a state of each. @param over the window, where it is not the whole group. */
export function standing(of: SQL, over: SQL = sql``): SQL {
  return sql`case when bool_or(${of} = 'open') ${over} then 'open' when bool_or(${of} = 'could_not') ${over} then 'could_not' else 'none' end`;
}

/** Of a task `t` that is concluded: its vendor erased the person in part. */
const erasedInPart = sql`t.state = 'complete_with_exceptions' and t.fault is not null`;

/**
 * How those of a task `t` stand, with the one of its own; what a vendor left of the person itself stays.
 * @param ofOperation how those of its operation do.
 */
export function withOwn(ofOperation: SQL, inPart: SQL = erasedInPart): SQL {
  return sql`case when ${ofOperation} = 'open' or t.own_leftover = 'open' then 'open'
    when ${ofOperation} = 'could_not' or t.own_leftover = 'could_not' or ${inPart} then 'could_not' else 'none' end`;
}

/**
 * Lets tasks follow how their leftovers stand now, and their requests with them.
 * @param which selects the ids of tasks; those whose leftovers were not recorded are passed over.
 * @param limit most tasks that are changed.
 * @returns how many were.
 */
export async function followLeftovers(tx: Queryable, which: SQL, now: Date, limit: number): Promise<number> {
  // As an array, so that the server looks an operation up by its id and not by what a task says of it.
  const { rows } = await tx.execute<{ id: string }>(sql`
    with now_so as (
      select t.id, t.left_over as before, ${withOwn(sql`w.left_over`)} as left_over
      from ${tasks} t cross join lateral (
        select ${standing(sql`o.left_over`)} as left_over
        from ${operationMembers} m join ${operations} o on o.id = m.operation
        where m.task = t.id and t.operation = any(array[o.id, o.root]) and o.state <> 'divided'
      ) w
      where t.id = any(array(${which})) and t.left_over is not null
    ), changed as (
      select id, left_over from now_so where before <> left_over limit ${limit}
    )
    update ${tasks} t set left_over = c.left_over from changed c where t.id = c.id returning t.id`);
  if (rows.length > 0) {
    await rollUp(tx, sql`select unnest((select ${sql.param(rows.map(({ id }) => id))}::bigint[]))`, now);
  }
  return rows.length;
}
