/** After a lost answer: does the vendor have the operation? Decides before anything is sent again. */
import { asksFor, type FaultData, faultData, isConnectorFault, type ReconcileOutcome } from 'connector-contract';
import { and, desc, eq, gte, isNotNull, ne } from 'drizzle-orm';
import { operations } from '../../store/schema.js';
import { submissionUncertain } from '../faults.js';
import { backOff } from '../holds/back-off.js';
import { noteSuccess } from '../holds/circuit.js';
import { rest } from '../holds/rest.js';
import { type OperationRow, operationOf, readMembers } from '../members.js';
import type { LifecycleParts, OpenConnection } from '../parts.js';
import { namesPeople } from '../vendor-words.js';
import { recordAccepted } from './accept.js';
import { asSent } from './as-sent.js';
import { decideFault } from './decision.js';
import { recordNotTaken, recordRepeat, recordUndecided, resubmit } from './record.js';
import { writeDown } from './write-down.js';

/** How often an operation is sent again without anybody knowing: each time counts against the quota, so at some point a person decides. */
const MOST_REPEATS = 3;

/** References that belong to other operations of that time, and so cannot be the lost one's. */
async function claimedBy(parts: LifecycleParts, row: OperationRow, attemptedAt: Date): Promise<string[]> {
  const dayBefore = new Date(attemptedAt.getTime() - 86_400_000);
  const found = await parts.db.orm
    .select({ reference: operations.reference })
    .from(operations)
    .where(
      and(
        eq(operations.connection, row.connection),
        ne(operations.id, row.id),
        isNotNull(operations.reference),
        gte(operations.acceptedAt, dayBefore),
      ),
    )
    .orderBy(desc(operations.acceptedAt))
    .limit(10_000);
  return found.flatMap(({ reference }) => reference ?? []);
}

/** Asks once, and writes down what was found. */
export async function lookForLost(parts: LifecycleParts, row: OperationRow, opened: OpenConnection): Promise<void> {
  const { log } = parts;
  const members = await readMembers(parts.db.orm, row, await parts.people());
  const attemptedAt = row.attemptedAt ?? row.updatedAt;
  // Where the vendor gives one reference to several, another operation's may be this one's as well.
  const shared = asksFor(opened.runner.manifest, 'shared-references');
  const claimed = shared ? [] : await claimedBy(parts, row, attemptedAt);
  let outcome: ReconcileOutcome;
  try {
    const [operation, attempted] = [operationOf(row, members), attemptedAt.toISOString()];
    const ctx = asSent(opened.ctx, opened.runner.manifest, row);
    outcome = await opened.runner.reconcile(operation, attempted, ctx, claimed, row.progress ?? undefined);
    await noteSuccess(parts.db.orm, row.connection);
  } catch (error) {
    if (!isConnectorFault(error)) throw error;
    await couldNotAsk(parts, row, opened, faultData(error));
    return;
  }
  log.info({ operation: row.id, found: outcome.found }, 'Looked for a lost submission');
  await writeDown(parts, row, () => record(parts, row, opened, outcome));
}

async function record(
  parts: LifecycleParts,
  row: OperationRow,
  opened: OpenConnection,
  outcome: ReconcileOutcome,
): Promise<void> {
  switch (outcome.found) {
    case 'accepted': {
      const time = outcome.expectedBy === undefined ? Number.NaN : Date.parse(outcome.expectedBy);
      const expectedBy = Number.isNaN(time) ? undefined : new Date(time);
      const { reference, result } = outcome;
      await recordAccepted(parts, row, opened, { reference, result, expectedBy, found: true });
      return;
    }
    case 'absent':
      await recordNotTaken(parts, row, 'operation.absent');
      return;
    case 'not-yet':
      await keepProgress(
        parts,
        row,
        // What names somebody is not kept: the next look begins anew.
        outcome.progress !== undefined && (await namesPeople(parts, row, outcome.progress))
          ? undefined
          : outcome.progress,
      );
      await resubmit(undefined, parts, row, new Date(parts.clock.now() + outcome.retryAfterMs));
      return;
    case 'undecidable':
      return undecidable(parts, row, opened, outcome.fault);
  }
}

/** How far the vendor's list was read, for the next look at this very submission; a look that begins anew where there is none. */
async function keepProgress(parts: LifecycleParts, row: OperationRow, progress: string | undefined): Promise<void> {
  if (progress === undefined && row.progress === null) return;
  await parts.db.orm
    .update(operations)
    .set({ progress: progress ?? null })
    .where(and(eq(operations.id, row.id), eq(operations.state, 'uncertain'), eq(operations.attempts, row.attempts)));
}

/** Nobody can find out whether the vendor has it: a person decides, unless the connection's settings have decided already. */
async function undecidable(
  parts: LifecycleParts,
  row: OperationRow,
  { view }: OpenConnection,
  fault: FaultData,
): Promise<void> {
  if (view.settings.repeatUncertain !== true || row.repeats >= MOST_REPEATS) {
    await recordUndecided(parts, row, submissionUncertain(fault));
    return;
  }
  const until = new Date(parts.clock.now() + backOff(row.repeats + 1));
  parts.log.info({ operation: row.id, repeat: row.repeats + 1 }, 'An uncertain submission is repeated');
  await recordRepeat(parts, row, fault, until);
}

/** The vendor could not be asked: the operation stays uncertain, and is looked for again when that may help. */
async function couldNotAsk(
  parts: LifecycleParts,
  row: OperationRow,
  opened: OpenConnection,
  fault: FaultData,
): Promise<void> {
  const decision = decideFault(fault, parts.clock.now());
  parts.log.warn({ operation: row.id, code: fault.code }, 'The vendor could not be asked about a lost submission');
  switch (decision.act) {
    case 'reconnect':
      await opened.reconnect(fault);
      return;
    case 'await-quota':
      await parts.connections.hold(row.connection, decision.until, fault.code);
      return resubmit(undefined, parts, row, decision.until);
    case 'rest':
      return resubmit(undefined, parts, row, await rest(parts, row.connection, fault));
    case 'again':
      return resubmit(undefined, parts, row, new Date(parts.clock.now() + 1000));
    case 'refuse':
      return undecidable(parts, row, opened, fault);
  }
}
