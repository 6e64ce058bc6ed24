import { and, eq, sql } from 'drizzle-orm';
import { rollUp } from '../../requests/roll-up.js';
import type { Queryable } from '../../store/database.js';
import { operationMembers, tasks } from '../../store/schema.js';
import { endWork } from '../../work/items.js';
import { inOperation, type OperationRow } from '../members.js';

/** The people of an undecided operation wait for nobody any more. */
export async function reopenTasks(tx: Queryable, row: OperationRow, now: Date): Promise<void> {
  await tx
    .update(tasks)
    .set({ state: 'pending', fault: null })
    .where(and(inOperation(row), eq(tasks.state, 'waiting_for_person')));
  await rollUp(tx, sql`select task from ${operationMembers} where operation = ${row.id}`, now);
  const decided = sql`kind = 'decide-submission' and connection = ${row.connection} and about = ${row.id}`;
  await endWork(tx, decided, 'done', {}, now);
}
