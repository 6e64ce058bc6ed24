/**
 * Writing down what became of an attempt: the operation's row, its people's tasks, the timeline and the next job commit together, and
 * only where the attempt is still the one that counts. A worker that was cut off and comes back late changes nothing that was decided
 * meanwhile.
 */
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { heldRow } from '../../connections/rows.js';
import type { Orm, Queryable } from '../../store/database.js';
import { operations } from '../../store/schema.js';
import type { EventKind, NewEvent } from '../../timeline.js';
import { reopenTasks } from '../conclusion/reopen.js';
import type { OperationRow } from '../members.js';
import type { LifecycleParts } from '../parts.js';

/** States in which the outcome of an attempt is open. */
const open = ['submitting', 'uncertain', 'undecided'] as const;

/** States in which nobody was asked yet to decide about the attempt: a lost answer is told once, in these. */
export const unasked: readonly (typeof open)[number][] = ['submitting', 'uncertain'];

/** Columns of an operation that change. */
export type Change = Partial<typeof operations.$inferInsert>;

/** Changes the row where the attempt still counts; answers the new row, or `undefined` where something else was decided meanwhile. */
async function settleAttempt(
  tx: Queryable,
  row: OperationRow,
  change: Change,
  now: Date,
  from: readonly string[],
): Promise<OperationRow | undefined> {
  const same = row.attemptedAt === null ? isNull(operations.attemptedAt) : eq(operations.attemptedAt, row.attemptedAt);
  const [changed] = await tx
    .update(operations)
    .set({ ...change, updatedAt: now })
    .where(and(eq(operations.id, row.id), inArray(operations.state, [...from]), same))
    .returning();
  return changed;
}

/**
 * Runs a change in a transaction, and logs where it came too late.
 * @param from states in which it still counts.
 */
export async function change(
  parts: LifecycleParts,
  row: OperationRow,
  what: Change,
  then: (tx: Parameters<Parameters<Orm['transaction']>[0]>[0], changed: OperationRow, now: Date) => Promise<void>,
  from: readonly string[] = open,
): Promise<boolean> {
  const now = new Date(parts.clock.now());
  return parts.db.orm.transaction(async (tx) => {
    // A removal waits for this, and so ends what this makes of the operation; or was faster, and this comes too late.
    await heldRow(tx, row.connection);
    let changed = await settleAttempt(
      tx,
      row,
      what,
      now,
      from.filter((state) => state !== 'undecided'),
    );
    if (changed === undefined && from.includes('undecided')) {
      const [before] = await tx.select().from(operations).where(eq(operations.id, row.id)).for('update');
      changed = await settleAttempt(tx, row, what, now, from);
      // The answer of a worker that was given up for lost: nobody has to decide any more.
      if (changed && before?.state === 'undecided') await reopenTasks(tx, row, now);
    }
    if (changed) await then(tx, changed, now);
    else
      parts.log.warn(
        { operation: row.id, state: what.state },
        'An outcome came after the attempt had been decided otherwise',
      );
    return changed !== undefined;
  });
}

/** An event about an operation. */
export function event(
  row: OperationRow,
  at: Date,
  kind: EventKind,
  data: NewEvent['data'] = {},
  actor?: string,
): NewEvent {
  return { at, kind, operation: row.id, connection: row.connection, data, actor };
}
