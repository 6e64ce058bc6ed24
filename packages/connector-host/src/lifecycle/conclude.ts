/** How the end of an operation becomes the end of its people's tasks and requests. One statement a step, whatever the number of people. */
import type { FaultData } from 'connector-contract';
import { type SQL, sql } from 'drizzle-orm';
import { rollUp } from '../requests/roll-up.js';
import type { Queryable } from '../store/database.js';
import { operationMembers, operations, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { type OperationRow, rootOf } from './members.js';

/** The state of a task whose operation ended in this state, and how bad that is among several. */
const ends: Readonly<Record<string, { readonly task: string; readonly rank: number }>> = {
  accepted: { task: 'complete', rank: 0 },
  completed: { task: 'complete', rank: 0 },
  cancelled: { task: 'cancelled', rank: 1 },
  completed_with_exceptions: { task: 'complete_with_exceptions', rank: 2 },
  expired: { task: 'error', rank: 3 },
  failed: { task: 'error', rank: 4 },
  refused: { task: 'error', rank: 5 },
};

/** The state a task gets from the end of its only operation. */
export function taskStateAfter(operationState: string): string {
  return ends[operationState]?.task ?? 'error';
}

function cases(column: SQL, pick: (end: { task: string; rank: number }) => SQL): SQL {
  const whens = Object.entries(ends).map(([state, end]) => sql`when ${state} then ${pick(end)}`);
  return sql`case ${column} ${sql.join(whens, sql` `)} end`;
}

const unfinished = sql`('pending', 'processing')`;

/**
 * Concludes the tasks of an operation that has ended (its row says so already), as far as no other part of a divided operation still
 * works for them; the worst of the parts decides. Then their requests.
 */
export async function concludeTasks(tx: Queryable, row: OperationRow, now: Date): Promise<void> {
  if (row.root === null) {
    const fault = row.fault === null ? null : JSON.stringify(row.fault);
    await tx.execute(sql`
      update ${tasks} set state = ${taskStateAfter(row.state)}, fault = ${fault}::jsonb, concluded_at = ${now.toISOString()}
      where operation = ${row.id} and state in ${unfinished}`);
  } else {
    await tx.execute(sql`
      update ${tasks} as t set state = ${cases(sql`w.state`, ({ task }) => sql`${task}`)}, fault = w.fault, concluded_at = ${now.toISOString()}
      from (
        select distinct on (task) task, state, fault, done from (
          select m.task, o.state, o.fault, ${cases(sql`o.state`, ({ rank }) => sql`${rank}::int`)} as rank,
            bool_and(o.finished_at is not null) over (partition by m.task) as done
          from ${operationMembers} m join ${operations} o on o.id = m.operation
          where m.task in (select task from ${operationMembers} where operation = ${row.id})
            and (o.id = ${rootOf(row)} or o.root = ${rootOf(row)}) and o.state <> 'divided'
        ) parts order by task, rank desc nulls last
      ) w
      where t.id = w.task and w.done and t.operation = ${rootOf(row)} and t.state in ${unfinished}`);
  }
  await rollUp(tx, sql`select task from ${operationMembers} where operation = ${row.id}`, now);
}

/**
 * Ends tasks in `error`, each with its own fault.
 * @param tell whether the timeline is told of each; not where an event of their operation says it for all.
 */
export async function failTasks(
  tx: Queryable,
  failed: readonly { readonly task: number; readonly fault: FaultData }[],
  now: Date,
  tell = true,
): Promise<void> {
  if (failed.length === 0) return;
  const ids = sql.param(failed.map(({ task }) => task));
  await tx.execute(sql`
    update ${tasks} as t set state = 'error', fault = f.fault::jsonb, concluded_at = ${now.toISOString()}
    from unnest(
      (select ${ids}::bigint[]),
      (select ${sql.param(failed.map(({ fault }) => JSON.stringify(fault)))}::text[])
    ) as f (task, fault)
    where t.id = f.task`);
  const told = tell ? failed : [];
  await appendEvents(
    tx,
    told.map(({ task, fault: { code, message } }) => ({ at: now, kind: 'task.error', task, data: { code, message } })),
  );
  await rollUp(tx, sql`select unnest(${ids}::bigint[])`, now);
}
