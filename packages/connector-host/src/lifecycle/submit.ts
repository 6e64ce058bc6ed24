/**
 * One submission, or one look for a lost one: at most one call to the vendor a job.
 *
 * planned -> submitting (on disk, with the time) -> the call -> accepted | refused | divided | planned again | uncertain. Whoever finds
 * `submitting` holds the operation's lease, so the process that wrote it is gone: nobody knows what became of its call, and the
 * operation is `uncertain`. From there only `reconcile` leads on; nothing is sent before it says that the vendor has nothing.
 */
import { CALL_BEGINS_WITHIN_MS, type FaultData, type Operation, type SubmitOutcome } from 'connector-contract';
import { eq } from 'drizzle-orm';
import { stopwatch } from '../clock.js';
import { operations } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { recordAccepted } from './accept.js';
import { admits, noteSuccess } from './circuit.js';
import { type Decision, decide } from './decision.js';
import { type Member, type OperationRow, operationOf, readMembers, subjectOf } from './members.js';
import { openActive } from './open-active.js';
import { persist } from './persist.js';
import { lookForLost } from './reconcile.js';
import { recordDivided, recordNotTaken, recordRefused, recordUncertain, resubmit } from './record.js';
import { rest } from './rest.js';
import type { ConnectionGlance, OpenConnection, Setting } from './setting.js';

/** When another call tries a connection whose circuit is open, in milliseconds. */
const PROBE_AGAIN = 5_000;

/**
 * A call begins within this time after its intent, in milliseconds, or not at all: half of what the contract gives it, the rest is
 * for machines whose clocks differ. A process that was suspended, or cut off from the database, between intent and call comes back
 * later than that, and by then others may have decided.
 */
const BEGIN_WITHIN = CALL_BEGINS_WITHIN_MS / 2;

/** Until when the connection is held, where that lies ahead. */
export function heldUntil(glance: ConnectionGlance, now: number): Date | undefined {
  const until = glance.held === undefined ? undefined : new Date(glance.held.until);
  return until !== undefined && until.getTime() > now ? until : undefined;
}

/** Does an operation's submit job. */
export async function submit(setting: Setting, id: number, signal: AbortSignal): Promise<void> {
  const [row] = await setting.database.orm.select().from(operations).where(eq(operations.id, id));
  if (row === undefined) return;
  if (row.state === 'submitting') {
    setting.log.info({ operation: id }, 'A submission was interrupted; looking for it at the vendor');
    await recordUncertain(setting, row, undefined);
    return;
  }
  if (row.state !== 'planned' && row.state !== 'uncertain') return;
  const glance = await setting.connections.get(row.connection);
  if (glance?.state !== 'active') return;
  const now = new Date(setting.clock.now());
  const until = heldUntil(glance, now.getTime());
  if (until !== undefined) return resubmit(undefined, setting, row, until);
  if (!(await admits(setting.database.orm, row.connection, now))) {
    return resubmit(undefined, setting, row, new Date(now.getTime() + PROBE_AGAIN));
  }
  const opened = await openActive(setting, row.connection, signal);
  if (!opened) return;
  if (row.state === 'uncertain') await lookForLost(setting, row, opened);
  else await send(setting, row, opened, signal);
}

/** What is about to be sent, with the row that says so on disk. */
interface Attempt {
  readonly row: OperationRow;
  readonly operation: Operation;
  readonly members: readonly Member[];
  /** Milliseconds since the time that stands in the row as that of the attempt. */
  readonly age: () => number;
}

async function send(setting: Setting, row: OperationRow, opened: OpenConnection, signal: AbortSignal): Promise<void> {
  const attempt = await begin(setting, row, opened);
  if (attempt === undefined) return;
  if (attempt.age() > BEGIN_WITHIN) {
    setting.log.warn({ operation: row.id }, 'A submission did not begin in time and was not sent');
    await persist(() => recordNotTaken(setting, attempt.row, 'operation.held', tooLate()), setting.log);
    return;
  }
  const outcome = await opened.runner
    .submit(attempt.operation, opened.ctx)
    .catch((error: unknown): SubmitOutcome => ({ accepted: false, certain: 'unknown', fault: thrown(error) }));
  const decision = decide(outcome, setting.clock.now());
  setting.log.info({ operation: row.id, outcome: decision.act, ...codeOf(decision) }, 'Submitted');
  await persist(() => record(setting, attempt, opened, decision, signal), setting.log);
  if (outcome.quota !== undefined) await setting.connections.noteQuota(row.connection, outcome.quota);
}

/** Nothing was sent, because too much time had passed since the intent. */
function tooLate(): FaultData {
  const message = 'The host was held up just before the submission.';
  return { code: 'ABORTED', kind: 'timeout', retryable: true, message };
}

/** A connector's own defect: nobody knows how far it came. */
function thrown(error: unknown): FaultData {
  const message = error instanceof Error ? error.name : 'unknown';
  return {
    code: 'CONNECTOR_BUG',
    kind: 'bug',
    retryable: false,
    message: `The connector failed while submitting (${message}).`,
  };
}

function codeOf(decision: Decision): { code?: string } {
  return 'fault' in decision ? { code: decision.fault.code } : {};
}

/** Puts the intent on disk together with who is in it; whoever is cancelled is so before or after, never in between. */
async function begin(
  setting: Setting,
  { id }: OperationRow,
  { runner, config }: OpenConnection,
): Promise<Attempt | undefined> {
  const people = await setting.people();
  return setting.database.orm.transaction(async (tx) => {
    const [row] = await tx.select().from(operations).where(eq(operations.id, id)).for('update');
    if (row?.state !== 'planned') return undefined;
    const members = await readMembers(tx, row, people);
    const now = new Date(setting.clock.now());
    const age = stopwatch();
    const told = { at: now, operation: id, connection: row.connection };
    if (members.length === 0) {
      await tx
        .update(operations)
        .set({ state: 'cancelled', finishedAt: now, updatedAt: now })
        .where(eq(operations.id, id));
      await appendEvents(tx, [{ ...told, kind: 'operation.cancelled' }]);
      return undefined;
    }
    let operation = operationOf(row, members);
    if (members.length !== row.subjects) {
      // Somebody left: what goes out is smaller than planned.
      const packed = await runner.plan(members.map(subjectOf), config);
      operation =
        packed.operations.length === 1 && packed.rejected.length === 0
          ? { ...(packed.operations[0] ?? operation), key: row.key }
          : operation;
    }
    const [begun] = await tx
      .update(operations)
      .set({
        state: 'submitting',
        attempts: row.attempts + 1,
        attemptedAt: now,
        subjects: members.length,
        identifiers: operation.identifierCount,
        bytes: operation.bytes,
        updatedAt: now,
      })
      .where(eq(operations.id, id))
      .returning();
    await appendEvents(tx, [{ ...told, kind: 'operation.submitting', data: { attempt: row.attempts + 1 } }]);
    return begun === undefined ? undefined : { row: begun, operation, members, age };
  });
}

async function record(
  setting: Setting,
  { row, members }: Attempt,
  opened: OpenConnection,
  decision: Decision,
  signal: AbortSignal,
): Promise<void> {
  const { orm } = setting.database;
  const passes = decision.act !== 'rest' && decision.act !== 'reconcile' && decision.act !== 'again';
  if (passes) await noteSuccess(orm, row.connection);
  switch (decision.act) {
    case 'accept':
      await recordAccepted(setting, row, opened, decision);
      return;
    case 'divide': {
      const identifiers = new Map(members.map((one) => [String(one.task), one.identifiers]));
      await recordDivided(setting, row, decision.parts, (task) => identifiers.get(task) ?? [], decision.fault);
      return;
    }
    case 'refuse':
      await recordRefused(setting, row, decision.fault);
      return;
    case 'reconcile':
      await recordUncertain(setting, row, decision.fault);
      return;
    case 'reconnect':
      await setting.connections.reconnect(row.connection, decision.fault);
      await recordNotTaken(setting, row, 'operation.waiting', decision.fault);
      return;
    case 'await-quota':
      await setting.connections.hold(row.connection, decision.until, decision.fault.code);
      await recordNotTaken(setting, row, 'operation.held', decision.fault, decision.until);
      return;
    case 'rest': {
      const until = await rest(setting, row.connection, decision.fault, row.attemptedAt ?? undefined);
      await recordNotTaken(setting, row, 'operation.held', decision.fault, until);
      return;
    }
    case 'again': {
      const until = signal.aborted
        ? undefined
        : await rest(setting, row.connection, decision.fault, row.attemptedAt ?? undefined);
      await recordNotTaken(setting, row, 'operation.held', decision.fault, until);
      return;
    }
  }
}
