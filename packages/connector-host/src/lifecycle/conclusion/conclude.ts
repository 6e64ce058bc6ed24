/** How the end of an operation becomes the end of its people's tasks and requests. One statement a step, whatever the number of people. */
import type { ConnectorManifest, FaultData } from 'connector-contract';
import { type SQL, sql } from 'drizzle-orm';
import { standing, withOwn } from '../../requests/leftover-standing.js';
import { changeAndRollUp, rollUp } from '../../requests/roll-up.js';
import type { Basis, TaskState } from '../../requests/states.js';
import { caseOf } from '../../store/case-of.js';
import type { Queryable } from '../../store/database.js';
import { operationMembers, operations, tasks } from '../../store/schema.js';
import { appendEvents, type NewEvent } from '../../timeline.js';
import { joinWork } from '../../work/left-over.js';
import { type OperationRow, rootOf } from '../members.js';
import { openLeftovers } from './open-leftovers.js';
import { refusals } from './results.js';

/** What becomes of a task whose operation ended in this state, and how much that says among several parts of a divided one. */
interface End {
  readonly task: TaskState;
  readonly basis: Basis | null;
  readonly rank: number;
}

/** By the state of the operation, or by what the vendor said of the person in particular. */
const ends: Readonly<Record<string, End>> = {
  'no-match': { task: 'complete', basis: 'nobody-known', rank: 0 },
  erased: { task: 'complete', basis: 'vendor', rank: 1 },
  completed: { task: 'complete', basis: 'vendor', rank: 1 },
  accepted: { task: 'complete', basis: 'submission', rank: 2 },
  cancelled: { task: 'cancelled', basis: null, rank: 3 },
  completed_with_exceptions: { task: 'complete_with_exceptions', basis: 'vendor', rank: 4 },
  partial: { task: 'complete_with_exceptions', basis: 'vendor', rank: 5 },
  expired: { task: 'error', basis: null, rank: 6 },
  failed: { task: 'error', basis: null, rank: 7 },
  refused: { task: 'error', basis: null, rank: 8 },
};

/** What of the ends there is for each state of an operation. */
function each(pick: (end: End) => SQL): Readonly<Record<string, SQL>> {
  return Object.fromEntries(Object.entries(ends).map(([state, end]) => [state, pick(end)]));
}

/** How a part of an operation ended for a member `m` of it. */
const ended = sql`coalesce(m.outcome, o.state)`;

const unfinished = sql`('pending', 'processing')`;

/**
 * Concludes the tasks of an operation that has ended (its row says so already), as far as no other part of a divided operation still
 * works for them; the worst of the parts decides. What is left over is written down with it. Then their requests.
 * @param told events of the same transaction.
 */
export async function concludeTasks(
  tx: Queryable,
  row: OperationRow,
  now: Date,
  manifest: ConnectorManifest | undefined,
  told: readonly NewEvent[] = [],
): Promise<void> {
  // Parts end one after the other: each of two at once would find the other still at work, and nobody would conclude whoever is in both.
  if (row.root !== null) await tx.execute(sql`select from ${operations} where id = ${row.root} for update`);
  const { left, single } = await openLeftovers(tx, row, now, manifest);
  const at = now.toISOString();
  if (row.root === null && !single) {
    const fault = row.fault === null ? null : JSON.stringify(row.fault);
    const { task, basis: usual } = ends[row.state] ?? { task: 'error', basis: null };
    const basis = usual !== null && row.personSaid ? 'person' : usual;
    await changeAndRollUp(
      tx,
      sql`update ${tasks} as t set state = ${task}, basis = ${basis}, fault = ${fault}::jsonb, concluded_at = ${at},
        left_over = ${left === null ? sql`null` : withOwn(sql`${left}::text`)}
      where operation = ${row.id} and state in ${unfinished}`,
      now,
    );
  } else {
    await changeAndRollUp(
      tx,
      sql`update ${tasks} as t set state = ${caseOf(
        sql`w.ended`,
        each(({ task }) => sql`${task}`),
      )},
        basis = ${caseOf(
          sql`w.ended`,
          each(({ basis }) =>
            basis === null ? sql`null` : sql`case when w.said then 'person' else ${basis}::text end`,
          ),
        )}, fault = w.fault, concluded_at = ${at},
        left_over = case when ${caseOf(
          sql`w.ended`,
          each(({ basis }) => sql`${basis !== null}::boolean`),
        )} then ${withOwn(sql`w.left_over`, sql`w.ended = 'partial'`)} end
      from (
        select distinct on (task) task, ended, fault, done, said, left_over from (
          select m.task, ${ended} as ended, case when m.outcome is null then o.fault else m.fault end as fault, ${caseOf(
            ended,
            each(({ rank }) => sql`${rank}::int`),
          )} as rank,
            bool_and(o.finished_at is not null) over (partition by m.task) as done,
            bool_or(o.person_said) over (partition by m.task) as said,
            ${standing(sql`o.left_over`, sql`over (partition by m.task)`)} as left_over
          from ${operationMembers} m join ${operations} o on o.id = m.operation
          where m.task in (select task from ${operationMembers} where operation = ${row.id})
            and (o.id = ${rootOf(row)} or o.root = ${rootOf(row)}) and o.state <> 'divided'
        ) parts order by task, rank desc nulls last
      ) w
      where t.id = w.task and w.done and t.operation = ${rootOf(row)} and t.state in ${unfinished}`,
      now,
    );
  }
  const refused = single ? await refusals(tx, row, now) : [];
  // Last: whoever else concludes at this connection waits from here on.
  const opened = left === 'open' ? await joinWork(tx, sql`l.operation = ${row.id}`, now) : [];
  await appendEvents(tx, [...told, ...refused, ...opened]);
}

/** Ends tasks in `error`, each with its own fault. */
export async function failTasks(
  tx: Queryable,
  failed: readonly { readonly task: number; readonly fault: FaultData }[],
  now: Date,
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
  await appendEvents(
    tx,
    failed.map(({ task, fault: { code, message } }) => ({
      at: now,
      kind: 'task.error',
      task,
      data: { code, message },
    })),
  );
  await rollUp(tx, sql`select unnest(${ids}::bigint[])`, now);
}
