/** What is written down where the vendor has not taken an operation, or nobody knows. See `attempt.ts` for when it counts. */
import type { FaultData, Identifier, Operation } from 'connector-contract';
import { and, inArray, sql } from 'drizzle-orm';
import { uncountSubmission } from '../../connections/quota.js';
import { rollUp } from '../../requests/roll-up.js';
import type { Queryable } from '../../store/database.js';
import { operationMembers, tasks } from '../../store/schema.js';
import { appendEvents } from '../../timeline.js';
import { openWork } from '../../work/items.js';
import { concludeTasks } from '../conclusion/conclude.js';
import { inOperation, type OperationRow, rootOf } from '../members.js';
import { type LifecycleParts, urgency } from '../parts.js';
import { makeOperations } from '../planning/make-operations.js';
import { type Change, change, event, unasked } from './attempt.js';

/**
 * The vendor certainly has not got it, and may be asked again at `until` (at once where absent).
 * @param kind what the timeline says about it.
 */
export async function recordNotTaken(
  parts: LifecycleParts,
  row: OperationRow,
  kind: 'operation.held' | 'operation.waiting' | 'operation.absent',
  fault?: FaultData,
  until?: Date,
): Promise<boolean> {
  return change(
    parts,
    row,
    { state: 'planned', attemptedAt: null, fault: fault ?? null },
    async (tx, _changed, now) => {
      await uncount(tx, row);
      const data = { code: fault?.code, message: fault?.message, until: until?.toISOString() };
      await appendEvents(tx, [event(row, now, kind, data)]);
      // Where a person has to mend the connection, the job comes when they have.
      if (kind !== 'operation.waiting') await resubmit(tx, parts, row, until);
    },
  );
}

/** What the vendor has not got does not count against the quota. */
async function uncount(tx: Queryable, { attemptedAt, ...row }: OperationRow): Promise<void> {
  if (attemptedAt !== null) await uncountSubmission(tx, { ...row, attemptedAt });
}

/** A planned operation waits for something that is known: it stays as it is, says why, and goes on at `until`. */
export async function recordHeld(
  parts: LifecycleParts,
  row: OperationRow,
  fault: FaultData,
  until: Date,
): Promise<boolean> {
  const then = async (tx: Queryable, _changed: OperationRow, now: Date) => {
    const data = { code: fault.code, message: fault.message, until: until.toISOString() };
    await appendEvents(tx, [event(row, now, 'operation.held', data)]);
    await resubmit(tx, parts, row, until);
  };
  return change(parts, row, { fault }, then, ['planned']);
}

/**
 * Whether the vendor has it cannot be found out, and the connection allows a repeat: it is sent again at `until`. The submission before
 * stays in the count of the quota, since it may have arrived.
 */
export async function recordRepeat(
  parts: LifecycleParts,
  row: OperationRow,
  fault: FaultData,
  until: Date,
): Promise<boolean> {
  const repeats = row.repeats + 1;
  const then = async (tx: Queryable, _changed: OperationRow, now: Date) => {
    const data = { repeat: repeats, code: fault.code, message: fault.message, until: until.toISOString() };
    await appendEvents(tx, [event(row, now, 'operation.repeated', data)]);
    await resubmit(tx, parts, row, until);
  };
  return change(parts, row, { state: 'planned', attemptedAt: null, fault, repeats }, then, unasked);
}

/** Sends the operation's submit job. */
export async function resubmit(
  tx: Queryable | undefined,
  parts: LifecycleParts,
  row: OperationRow,
  until?: Date,
): Promise<void> {
  const when = until === undefined ? {} : { startAfter: until };
  await parts.engine.send('submit', { operation: row.id }, { priority: urgency(row.dueAt), ...when }, tx);
}

/** Nobody knows whether the vendor has it: `reconcile` comes next. */
export async function recordUncertain(
  parts: LifecycleParts,
  row: OperationRow,
  fault: FaultData | undefined,
  until?: Date,
): Promise<boolean> {
  const what: Change = { state: 'uncertain', fault: fault ?? null };
  const then = async (tx: Queryable, _changed: OperationRow, now: Date) => {
    await appendEvents(tx, [event(row, now, 'operation.uncertain', { code: fault?.code, message: fault?.message })]);
    await resubmit(tx, parts, row, until);
  };
  return change(parts, row, what, then, unasked);
}

/**
 * The host cannot go on by itself: its people wait for a person to decide.
 * @param fault what a person is told, with the two ways on.
 */
export async function recordUndecided(parts: LifecycleParts, row: OperationRow, fault: FaultData): Promise<boolean> {
  const then = async (tx: Queryable, _changed: OperationRow, now: Date) => {
    await appendEvents(tx, [event(row, now, 'operation.undecided', { code: fault.code, message: fault.message })]);
    // Whoever left it before the submission is not among them.
    await tx
      .update(tasks)
      .set({ state: 'waiting_for_person', fault })
      .where(and(inArray(tasks.state, ['pending', 'processing']), inOperation(row)));
    await rollUp(tx, sql`select task from ${operationMembers} where operation = ${row.id}`, now);
    const { connection, id: about, subjects: people, dueAt } = row;
    await openWork(tx, [{ kind: 'decide-submission', connection, about, people, dueAt }], now);
  };
  return change(parts, row, { state: 'undecided', fault }, then, unasked);
}

/** The vendor will never take it. */
export async function recordRefused(parts: LifecycleParts, row: OperationRow, fault: FaultData): Promise<boolean> {
  const now = new Date(parts.clock.now());
  return change(parts, row, { state: 'refused', fault, finishedAt: now }, async (tx, changed) => {
    await uncount(tx, row);
    const told = [event(row, now, 'operation.refused', { code: fault.code, message: fault.message })];
    await concludeTasks(tx, changed, now, undefined, told);
  });
}

/** Smaller operations take its place. */
export async function recordDivided(
  parts: LifecycleParts,
  row: OperationRow,
  smaller: readonly Operation[],
  identifiersOf: (task: string) => readonly Identifier[],
  fault: FaultData,
): Promise<boolean> {
  const now = new Date(parts.clock.now());
  return change(parts, row, { state: 'divided', fault, finishedAt: now }, async (tx) => {
    await uncount(tx, row);
    await appendEvents(tx, [
      event(row, now, 'operation.divided', { parts: smaller.length, code: fault.code, message: fault.message }),
    ]);
    const made = smaller.map((operation) => ({ operation, dueAt: row.dueAt }));
    await makeOperations(tx, parts, row.connection, made, identifiersOf, now, { parent: row.id, root: rootOf(row) });
  });
}
