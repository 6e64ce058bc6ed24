import type { Identifier, Operation } from 'connector-contract';
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../store/database.js';
import { operations, tasks } from '../../store/schema.js';
import { appendEvents } from '../../timeline.js';
import { positionsOf, writeMembers } from '../members.js';
import { type LifecycleParts, urgency } from '../parts.js';

/** An operation to be made. */
export interface NewOperation {
  readonly operation: Operation;
  /** By when the most urgent of its people is owed. */
  readonly dueAt: Date | null;
}

/** Where operations come from that take the place of another. */
export interface Lineage {
  readonly parent: number;
  readonly root: number;
}

/** Rows of one statement. */
const ROWS = 1000;

/**
 * Writes planned operations with their members, tells the timeline, and sends their submit jobs, all in the caller's transaction.
 * @param identifiersOf all identifiers of a person, by task.
 * @param lineage present for the parts of a divided operation: the tasks then stay with its root.
 */
export async function makeOperations(
  tx: Queryable,
  parts: LifecycleParts,
  connection: string,
  made: readonly NewOperation[],
  identifiersOf: (task: string) => readonly Identifier[],
  now: Date,
  lineage?: Lineage,
): Promise<void> {
  for (let from = 0; from < made.length; from += ROWS) {
    const part = made.slice(from, from + ROWS);
    const rows = part.map(({ operation, dueAt }) => ({
      connection,
      state: 'planned',
      subjects: operation.subjects.length,
      identifiers: operation.identifierCount,
      bytes: operation.bytes,
      dueAt,
      createdAt: now,
      updatedAt: now,
      ...lineage,
    }));
    const ids = await tx.insert(operations).values(rows).returning({ id: operations.id });
    const members = part.flatMap(({ operation }, i) =>
      operation.subjects.map((subject) => ({
        operation: ids[i]?.id ?? 0,
        task: Number(subject.id),
        positions: positionsOf(identifiersOf(subject.id), subject.identifiers),
      })),
    );
    await writeMembers(tx, members);
    if (lineage === undefined) await assign(tx, members);
    await appendEvents(
      tx,
      part.map(({ operation }, i) => ({
        at: now,
        kind: 'operation.planned',
        operation: ids[i]?.id ?? 0,
        connection,
        data: { subjects: operation.subjects.length, identifiers: operation.identifierCount },
      })),
    );
    const jobs = part.map(({ dueAt }, i) => ({ data: { operation: ids[i]?.id ?? 0 }, priority: urgency(dueAt) }));
    await parts.engine.sendMany('submit', jobs, tx);
  }
}

// The lengths of the arrays are hidden from the planner in sub-selects: for as many rows it would read the whole table.
async function assign(tx: Queryable, members: readonly { operation: number; task: number }[]): Promise<void> {
  await tx.execute(sql`
    update ${tasks} as t set operation = m.operation
    from unnest(
      (select ${sql.param(members.map(({ operation }) => operation))}::bigint[]),
      (select ${sql.param(members.map(({ task }) => task))}::bigint[])
    ) as m (operation, task)
    where t.id = m.task`);
}
