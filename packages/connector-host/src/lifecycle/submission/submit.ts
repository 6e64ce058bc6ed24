/**
 * One submission, or one look for a lost one: at most one call to the vendor a job.
 *
 * planned -> submitting (on disk, with the time) -> the call -> accepted | refused | divided | planned again | uncertain. Whoever finds
 * `submitting` holds the operation's lease, so the process that wrote it is gone: nobody knows what became of its call, and the
 * operation is `uncertain`. From there only `reconcile` leads on; nothing is sent before it says that the vendor has nothing.
 */
import type { FaultData, SubmitOutcome } from 'connector-contract';
import { eq } from 'drizzle-orm';
import { circuits, operations } from '../../store/schema.js';
import { quotaUsedUp } from '../faults.js';
import { admits, type CircuitRow, noteSuccess } from '../holds/circuit.js';
import { heldUntil, rest } from '../holds/rest.js';
import type { OperationRow } from '../members.js';
import type { LifecycleParts, OpenConnection } from '../parts.js';
import { recordAccepted } from './accept.js';
import { type Attempt, begin } from './begin.js';
import { type Decision, decide } from './decision.js';
import { overtaken, vigilant } from './freshness.js';
import { persist } from './persist.js';
import { lookForLost } from './reconcile.js';
import { recordDivided, recordHeld, recordNotTaken, recordRefused, recordUncertain, resubmit } from './record.js';
import { writeDown } from './write-down.js';

/** When another call tries a connection whose circuit is open, in milliseconds. */
const PROBE_AGAIN = 5_000;

/** When an operation is tried again whose vendor's clock and ours are apart, in milliseconds. */
const CLOCK_AGAIN = 60_000;

/** Does an operation's submit job. */
export async function submit(parts: LifecycleParts, id: number, signal: AbortSignal): Promise<void> {
  const [found] = await parts.db.orm
    .select({ row: operations, circuit: circuits })
    .from(operations)
    .leftJoin(circuits, eq(circuits.connection, operations.connection))
    .where(eq(operations.id, id));
  if (found === undefined) return;
  const { row, circuit } = found;
  if (row.state === 'submitting') {
    parts.log.info({ operation: id }, 'A submission was interrupted; looking for it at the vendor');
    await recordUncertain(parts, row, undefined);
    return;
  }
  if (row.state !== 'planned' && row.state !== 'uncertain') return;
  const opened = await parts.connections.open(row.connection, signal);
  if (!opened) return;
  const until = heldUntil(opened.view, row.state === 'planned' ? 'submission' : 'look');
  if (until !== undefined) return resubmit(undefined, parts, row, until);
  const now = new Date(parts.clock.now());
  const doubt = await parts.clock.doubt?.(row.connection);
  if (doubt !== undefined) {
    parts.log.warn({ operation: id, connection: row.connection, doubt }, 'Nothing is submitted while clocks are apart');
    return resubmit(undefined, parts, row, new Date(now.getTime() + CLOCK_AGAIN));
  }
  if (!(await admits(parts.db.orm, circuit, now))) {
    return resubmit(undefined, parts, row, new Date(now.getTime() + PROBE_AGAIN));
  }
  if (row.state === 'uncertain') await lookForLost(parts, row, opened);
  else await send(parts, row, opened, circuit, signal);
}

async function send(
  parts: LifecycleParts,
  row: OperationRow,
  opened: OpenConnection,
  circuit: CircuitRow | null,
  signal: AbortSignal,
): Promise<void> {
  const beginning = await begin(parts, row, opened);
  if (beginning === undefined) return;
  if ('quotaUntil' in beginning) return awaitQuota(parts, row, beginning.quotaUntil);
  const { attempt } = beginning;
  const late = overtaken(attempt, signal);
  if (late !== undefined) {
    parts.log.warn({ operation: row.id }, 'A submission did not begin in time and was not sent');
    await persist(() => recordNotTaken(parts, attempt.row, 'operation.held', late), parts.log);
    return;
  }
  const { timeoutMs } = opened.runner.manifest.limits;
  const outcome = await opened.runner
    .submit(attempt.operation, vigilant(parts, opened.ctx, attempt, signal, timeoutMs))
    .catch((error: unknown): SubmitOutcome => ({ accepted: false, certain: 'unknown', fault: thrown(error) }));
  const decision = decide(outcome, parts.clock.now());
  parts.log.info({ operation: row.id, outcome: decision.act, ...codeOf(decision) }, 'Submitted');
  await writeDown(parts, attempt.row, async () => {
    // Without a failure there is nothing to take back; one of a call meanwhile is, by the next that comes through.
    const passes = decision.act !== 'rest' && decision.act !== 'reconcile' && decision.act !== 'again';
    if (passes && circuit !== null) await noteSuccess(parts.db.orm, row.connection);
    await record(parts, attempt, opened, decision, signal);
  });
  if (outcome.quota === undefined) return;
  await parts.connections.noteQuota(row.connection, outcome.quota, attempt.row.quotaGroup);
}

/** The quota has no room for it before the reset: the connection is held until then, so that everybody sees what its work waits for. */
async function awaitQuota(parts: LifecycleParts, row: OperationRow, until: Date): Promise<void> {
  const fault = quotaUsedUp(row.identifiers);
  parts.log.info({ operation: row.id, connection: row.connection, until }, 'The quota is used up until its reset');
  await parts.connections.hold(row.connection, until, fault.code);
  await recordHeld(parts, row, fault, until);
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
  parts: LifecycleParts,
  { row, members, names }: Attempt,
  opened: OpenConnection,
  decision: Decision,
  signal: AbortSignal,
): Promise<void> {
  switch (decision.act) {
    case 'accept':
      await recordAccepted(parts, row, opened, { ...decision, names });
      return;
    case 'divide': {
      const identifiers = new Map(members.map((one) => [String(one.task), one.identifiers]));
      await recordDivided(parts, row, decision.parts, (task) => identifiers.get(task) ?? [], decision.fault);
      return;
    }
    case 'refuse':
      await recordRefused(parts, row, decision.fault);
      return;
    case 'reconcile':
      await recordUncertain(parts, row, decision.fault);
      return;
    case 'reconnect':
      await opened.reconnect(decision.fault);
      await recordNotTaken(parts, row, 'operation.waiting', decision.fault);
      return;
    case 'await-quota':
      await parts.connections.hold(row.connection, decision.until, decision.fault.code);
      await recordNotTaken(parts, row, 'operation.held', decision.fault, decision.until);
      return;
    case 'rest': {
      const until = await rest(parts, row.connection, decision.fault, row.attemptedAt ?? undefined);
      await recordNotTaken(parts, row, 'operation.held', decision.fault, until);
      return;
    }
    case 'again': {
      const until = signal.aborted
        ? undefined
        : await rest(parts, row.connection, decision.fault, row.attemptedAt ?? undefined);
      await recordNotTaken(parts, row, 'operation.held', decision.fault, until);
      return;
    }
  }
}
