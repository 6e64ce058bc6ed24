/**
 * One submission, or one look for a lost one: at most one call to the vendor a job.
 *
 * planned -> submitting (on disk, with the time) -> the call -> accepted | refused | divided | planned again | uncertain. Whoever finds
 * `submitting` holds the operation's lease, so the process that wrote it is gone: nobody knows what became of its call, and the
 * operation is `uncertain`. From there only `reconcile` leads on; nothing is sent before it says that the vendor has nothing.
 */
import type { FaultData, SubmitOutcome } from 'connector-contract';
import { eq } from 'drizzle-orm';
import { operations } from '../store/schema.js';
import { recordAccepted } from './accept.js';
import { type Attempt, begin } from './begin.js';
import { admits, noteSuccess } from './circuit.js';
import { type Decision, decide } from './decision.js';
import { quotaUsedUp } from './faults.js';
import { overtaken, vigilant } from './freshness.js';
import type { OperationRow } from './members.js';
import { persist } from './persist.js';
import { lookForLost } from './reconcile.js';
import { recordDivided, recordHeld, recordNotTaken, recordRefused, recordUncertain, resubmit } from './record.js';
import { heldUntil, rest } from './rest.js';
import type { OpenConnection, Setting } from './setting.js';
import { writeDown } from './write-down.js';

/** When another call tries a connection whose circuit is open, in milliseconds. */
const PROBE_AGAIN = 5_000;

/** When an operation is tried again whose vendor's clock and ours are apart, in milliseconds. */
const CLOCK_AGAIN = 60_000;

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
  const opened = await setting.connections.open(row.connection, signal);
  if (!opened) return;
  const until = heldUntil(opened.view, row.state === 'planned' ? 'submission' : 'look');
  if (until !== undefined) return resubmit(undefined, setting, row, until);
  const now = new Date(setting.clock.now());
  const doubt = await setting.clock.doubt?.(row.connection);
  if (doubt !== undefined) {
    setting.log.warn(
      { operation: id, connection: row.connection, doubt },
      'Nothing is submitted while clocks are apart',
    );
    return resubmit(undefined, setting, row, new Date(now.getTime() + CLOCK_AGAIN));
  }
  if (!(await admits(setting.database.orm, row.connection, now))) {
    return resubmit(undefined, setting, row, new Date(now.getTime() + PROBE_AGAIN));
  }
  if (row.state === 'uncertain') await lookForLost(setting, row, opened);
  else await send(setting, row, opened, signal);
}

async function send(setting: Setting, row: OperationRow, opened: OpenConnection, signal: AbortSignal): Promise<void> {
  const beginning = await begin(setting, row, opened);
  if (beginning === undefined) return;
  if ('quotaUntil' in beginning) return awaitQuota(setting, row, beginning.quotaUntil);
  const { attempt } = beginning;
  const late = overtaken(attempt, signal);
  if (late !== undefined) {
    setting.log.warn({ operation: row.id }, 'A submission did not begin in time and was not sent');
    await persist(() => recordNotTaken(setting, attempt.row, 'operation.held', late), setting.log);
    return;
  }
  const { timeoutMs } = opened.runner.manifest.limits;
  const outcome = await opened.runner
    .submit(attempt.operation, vigilant(setting, opened.ctx, attempt, signal, timeoutMs))
    .catch((error: unknown): SubmitOutcome => ({ accepted: false, certain: 'unknown', fault: thrown(error) }));
  const decision = decide(outcome, setting.clock.now());
  setting.log.info({ operation: row.id, outcome: decision.act, ...codeOf(decision) }, 'Submitted');
  await writeDown(setting, attempt.row, () => record(setting, attempt, opened, decision, signal));
  if (outcome.quota === undefined) return;
  await setting.connections.noteQuota(row.connection, outcome.quota, attempt.row.quotaGroup);
}

/** The quota has no room for it before the reset: the connection is held until then, so that everybody sees what its work waits for. */
async function awaitQuota(setting: Setting, row: OperationRow, until: Date): Promise<void> {
  const fault = quotaUsedUp(row.identifiers);
  setting.log.info({ operation: row.id, connection: row.connection, until }, 'The quota is used up until its reset');
  await setting.connections.hold(row.connection, until, fault.code);
  await recordHeld(setting, row, fault, until);
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
      await opened.reconnect(decision.fault);
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
