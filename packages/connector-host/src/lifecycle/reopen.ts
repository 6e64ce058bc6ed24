import { and, eq, inArray, sql } from 'drizzle-orm';
import { rollUp } from '../requests/roll-up.js';
import type { Queryable } from '../store/database.js';
import { operationMembers, tasks } from '../store/schema.js';
import { type OperationRow, rootOf } from './members.js';

/** Takes the people of an undecided operation out of the error they were left in. */
export async function reopenTasks(tx: Queryable, row: OperationRow, now: Date): Promise<void> {
  const members = tx
    .select({ task: operationMembers.task })
    .from(operationMembers)
    .where(eq(operationMembers.operation, row.id));
  await tx
    .update(tasks)
    .set({ state: 'pending', fault: null, concludedAt: null })
    .where(and(inArray(tasks.id, members), eq(tasks.operation, rootOf(row)), eq(tasks.state, 'error')));
  await rollUp(tx, sql`select task from ${operationMembers} where operation = ${row.id}`, now);
}
