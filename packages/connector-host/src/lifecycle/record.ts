/**
 * Writing down what became of a submission. Each function commits the operation's row, its people's tasks, the timeline and the next
 * job together, and only where the attempt is still the one that counts: a worker that was cut off and comes back late changes nothing
 * that was decided meanwhile, except to bring the one fact that nobody else has, the vendor's reference.
 */
import type { FaultData, Identifier, Operation } from 'connector-contract';
import { and, count, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Orm, Queryable } from '../store/database.js';
import { operationMembers, operations, tasks } from '../store/schema.js';
import { appendEvents, type EventKind, type NewEvent } from '../timeline.js';
import { completionOf } from './completion.js';
import { concludeTasks, failTasks } from './conclude.js';
import { submissionUncertain } from './faults.js';
import { makeOperations } from './make-operations.js';
import { type OperationRow, rootOf } from './members.js';
import { nextPoll } from './next-poll.js';
import { type OpenConnection, type Setting, urgency } from './setting.js';

const day = 86_400_000;

/** States in which the outcome of an attempt is open. */
const open = ['submitting', 'uncertain', 'undecided'];

type Change = Partial<typeof operations.$inferInsert>;

/** Changes the row where the attempt still counts; answers the new row, or `undefined` where something else was decided meanwhile. */
async function settleAttempt(
  tx: Queryable,
  row: OperationRow,
  change: Change,
  now: Date,
): Promise<OperationRow | undefined> {
  const same = row.attemptedAt === null ? isNull(operations.attemptedAt) : eq(operations.attemptedAt, row.attemptedAt);
  const [changed] = await tx
    .update(operations)
    .set({ ...change, updatedAt: now })
    .where(and(eq(operations.id, row.id), inArray(operations.state, open), same))
    .returning();
  return changed;
}

/** Runs a change in a transaction, and logs where it came too late. */
async function change(
  setting: Setting,
  row: OperationRow,
  what: Change,
  then: (tx: Parameters<Parameters<Orm['transaction']>[0]>[0], changed: OperationRow, now: Date) => Promise<void>,
): Promise<boolean> {
  const now = new Date(setting.clock.now());
  return setting.database.orm.transaction(async (tx) => {
    const changed = await settleAttempt(tx, row, what, now);
    if (changed) await then(tx, changed, now);
    else
      setting.log.warn(
        { operation: row.id, state: what.state },
        'An outcome came after the attempt had been decided otherwise',
      );
    return changed !== undefined;
  });
}

function event(row: OperationRow, at: Date, kind: EventKind, data: NewEvent['data'] = {}, actor?: string): NewEvent {
  return { at, kind, operation: row.id, connection: row.connection, data, actor };
}

/** How many operations of a connection are being followed. */
export async function countOpen(tx: Queryable, connection: string): Promise<number> {
  const followed = inArray(operations.state, ['accepted', 'processing']);
  const [found] = await tx
    .select({ open: count() })
    .from(operations)
    .where(and(eq(operations.connection, connection), followed, isNull(operations.finishedAt)));
  return found?.open ?? 0;
}

/** The vendor has it: people are processing, or complete where the connection counts submission as completion. */
export async function recordAccepted(
  setting: Setting,
  row: OperationRow,
  { runner, config }: Pick<OpenConnection, 'runner' | 'config'>,
  {
    reference,
    expectedBy,
    found = false,
    actor,
  }: { reference: string; expectedBy?: Date | undefined; found?: boolean; actor?: string | undefined },
): Promise<boolean> {
  const { deletion } = runner.manifest;
  const atOnce = completionOf(runner.manifest, config) === 'complete-on-submit';
  const acceptedAt = found && row.attemptedAt !== null ? row.attemptedAt : new Date(setting.clock.now());
  const expected = expectedBy ?? new Date(acceptedAt.getTime() + (deletion?.slaDays ?? 30) * day);
  const what: Change = {
    state: deletion?.type === 'synchronous' ? 'completed' : 'accepted',
    reference,
    acceptedAt,
    expectedBy: expected,
    fault: null,
    finishedAt: atOnce ? acceptedAt : null,
  };
  return change(setting, row, what, async (tx, changed, now) => {
    const told: NewEvent[] = found ? [event(row, now, 'operation.found', { reference }, actor)] : [];
    const data = { reference, expectedBy: expected.toISOString() };
    told.push(event(row, now, atOnce ? 'operation.accepted_complete' : 'operation.accepted', data, actor));
    await appendEvents(tx, told);
    if (atOnce) {
      await concludeTasks(tx, changed, now);
      return;
    }
    const members = sql`select task from ${operationMembers} where operation = ${row.id}`;
    await tx.execute(sql`
      update ${tasks} set state = 'processing', expected_by = ${expected.toISOString()}
      where operation = ${rootOf(row)} and state = 'pending' ${row.root === null ? sql`` : sql`and id in (${members})`}`);
    await scheduleFollow(tx, setting, changed, now);
  });
}

/** Decides when an accepted operation is looked at next, and sees to it. */
export async function scheduleFollow(tx: Queryable, setting: Setting, row: OperationRow, now: Date): Promise<void> {
  const nextPollAt = new Date(
    nextPoll({
      acceptedAt: row.acceptedAt?.getTime() ?? now.getTime(),
      now: now.getTime(),
      open: await countOpen(tx, row.connection),
      random: Math.random(),
      pollIntervalMs: setting.pollIntervalMs,
    }),
  );
  await tx.update(operations).set({ nextPollAt }).where(eq(operations.id, row.id));
  await setting.engine.send('follow', { operation: row.id }, { startAfter: nextPollAt }, tx);
}

/**
 * The vendor certainly has not got it, and may be asked again at `until` (at once where absent).
 * @param kind what the timeline says about it.
 */
export async function recordNotTaken(
  setting: Setting,
  row: OperationRow,
  kind: 'operation.held' | 'operation.waiting' | 'operation.absent',
  fault?: FaultData,
  until?: Date,
): Promise<boolean> {
  return change(
    setting,
    row,
    { state: 'planned', attemptedAt: null, fault: fault ?? null },
    async (tx, _changed, now) => {
      const data = { code: fault?.code, message: fault?.message, until: until?.toISOString() };
      await appendEvents(tx, [event(row, now, kind, data)]);
      // Where a person has to mend the connection, the job comes when they have.
      if (kind !== 'operation.waiting') await resubmit(tx, setting, row, until);
    },
  );
}

/** Sends the operation's submit job. */
export async function resubmit(
  tx: Queryable | undefined,
  setting: Setting,
  row: OperationRow,
  until?: Date,
): Promise<void> {
  const when = until === undefined ? {} : { startAfter: until };
  await setting.engine.send('submit', { operation: row.id }, { priority: urgency(row.dueAt), ...when }, tx);
}

/** Nobody knows whether the vendor has it: `reconcile` comes next. */
export async function recordUncertain(
  setting: Setting,
  row: OperationRow,
  fault: FaultData | undefined,
  until?: Date,
): Promise<boolean> {
  return change(setting, row, { state: 'uncertain', fault: fault ?? null }, async (tx, _changed, now) => {
    await appendEvents(tx, [event(row, now, 'operation.uncertain', { code: fault?.code, message: fault?.message })]);
    await resubmit(tx, setting, row, until);
  });
}

/** Whether the vendor has it cannot be found out: its people are in error until a person decides. */
export async function recordUndecided(setting: Setting, row: OperationRow, cause: FaultData): Promise<boolean> {
  const fault = submissionUncertain(cause);
  return change(setting, row, { state: 'undecided', fault }, async (tx, _changed, now) => {
    await appendEvents(tx, [event(row, now, 'operation.undecided', { code: fault.code, message: fault.message })]);
    const people = await tx
      .select({ task: operationMembers.task })
      .from(operationMembers)
      .where(eq(operationMembers.operation, row.id));
    await failTasks(
      tx,
      people.map(({ task }) => ({ task, fault })),
      now,
      false,
    );
  });
}

/** The vendor will never take it. */
export async function recordRefused(setting: Setting, row: OperationRow, fault: FaultData): Promise<boolean> {
  const now = new Date(setting.clock.now());
  return change(setting, row, { state: 'refused', fault, finishedAt: now }, async (tx, changed) => {
    await appendEvents(tx, [event(row, now, 'operation.refused', { code: fault.code, message: fault.message })]);
    await concludeTasks(tx, changed, now);
  });
}

/** Smaller operations take its place. */
export async function recordDivided(
  setting: Setting,
  row: OperationRow,
  parts: readonly Operation[],
  identifiersOf: (task: string) => readonly Identifier[],
  fault: FaultData,
): Promise<boolean> {
  const now = new Date(setting.clock.now());
  return change(setting, row, { state: 'divided', fault, finishedAt: now }, async (tx) => {
    await appendEvents(tx, [
      event(row, now, 'operation.divided', { parts: parts.length, code: fault.code, message: fault.message }),
    ]);
    const made = parts.map((operation) => ({ operation, dueAt: row.dueAt }));
    await makeOperations(tx, setting, row.connection, made, identifiersOf, now, { parent: row.id, root: rootOf(row) });
  });
}
