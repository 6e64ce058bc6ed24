/** After a lost answer: does the vendor have the operation? Decides before anything is sent again. */
import { asksFor, type FaultData, faultData, isConnectorFault, type ReconcileOutcome } from 'connector-contract';
import { and, desc, eq, gte, isNotNull, ne } from 'drizzle-orm';
import { operations } from '../store/schema.js';
import { recordAccepted } from './accept.js';
import { backOff } from './back-off.js';
import { noteSuccess } from './circuit.js';
import { decideFault } from './decision.js';
import { submissionUncertain } from './faults.js';
import { type OperationRow, operationOf, readMembers } from './members.js';
import { recordNotTaken, recordRepeat, recordUndecided, resubmit } from './record.js';
import { rest } from './rest.js';
import type { OpenConnection, Setting } from './setting.js';
import { namesPeople } from './vendor-words.js';
import { writeDown } from './write-down.js';

/** How often an operation is sent again without anybody knowing: each time counts against the quota, so at some point a person decides. */
const MOST_REPEATS = 3;

/** References that belong to other operations of that time, and so cannot be the lost one's. */
async function claimedBy(setting: Setting, row: OperationRow, attemptedAt: Date): Promise<string[]> {
  const dayBefore = new Date(attemptedAt.getTime() - 86_400_000);
  const found = await setting.database.orm
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
export async function lookForLost(setting: Setting, row: OperationRow, opened: OpenConnection): Promise<void> {
  const { log } = setting;
  const members = await readMembers(setting.database.orm, row, await setting.people());
  const attemptedAt = row.attemptedAt ?? row.updatedAt;
  // Where the vendor gives one reference to several, another operation's may be this one's as well.
  const shared = asksFor(opened.runner.manifest, 'shared-references');
  const claimed = shared ? [] : await claimedBy(setting, row, attemptedAt);
  let outcome: ReconcileOutcome;
  try {
    const [operation, attempted] = [operationOf(row, members), attemptedAt.toISOString()];
    outcome = await opened.runner.reconcile(operation, attempted, opened.ctx, claimed, row.progress ?? undefined);
    await noteSuccess(setting.database.orm, row.connection);
  } catch (error) {
    if (!isConnectorFault(error)) throw error;
    await couldNotAsk(setting, row, opened, faultData(error));
    return;
  }
  log.info({ operation: row.id, found: outcome.found }, 'Looked for a lost submission');
  await writeDown(setting, row, () => record(setting, row, opened, outcome));
}

async function record(
  setting: Setting,
  row: OperationRow,
  opened: OpenConnection,
  outcome: ReconcileOutcome,
): Promise<void> {
  switch (outcome.found) {
    case 'accepted': {
      const time = outcome.expectedBy === undefined ? Number.NaN : Date.parse(outcome.expectedBy);
      const expectedBy = Number.isNaN(time) ? undefined : new Date(time);
      const { reference, result } = outcome;
      await recordAccepted(setting, row, opened, { reference, result, expectedBy, found: true });
      return;
    }
    case 'absent':
      await recordNotTaken(setting, row, 'operation.absent');
      return;
    case 'not-yet':
      await keepProgress(
        setting,
        row,
        // What names somebody is not kept: the next look begins anew.
        outcome.progress !== undefined && (await namesPeople(setting, row, outcome.progress))
          ? undefined
          : outcome.progress,
      );
      await resubmit(undefined, setting, row, new Date(setting.clock.now() + outcome.retryAfterMs));
      return;
    case 'undecidable':
      return undecidable(setting, row, opened, outcome.fault);
  }
}

/** How far the vendor's list was read, for the next look at this very submission; a look that begins anew where there is none. */
async function keepProgress(setting: Setting, row: OperationRow, progress: string | undefined): Promise<void> {
  if (progress === undefined && row.progress === null) return;
  await setting.database.orm
    .update(operations)
    .set({ progress: progress ?? null })
    .where(and(eq(operations.id, row.id), eq(operations.state, 'uncertain'), eq(operations.attempts, row.attempts)));
}

/** Nobody can find out whether the vendor has it: a person decides, unless the connection's settings have decided already. */
async function undecidable(
  setting: Setting,
  row: OperationRow,
  { view }: OpenConnection,
  fault: FaultData,
): Promise<void> {
  if (view.settings.repeatUncertain !== true || row.repeats >= MOST_REPEATS) {
    await recordUndecided(setting, row, submissionUncertain(fault));
    return;
  }
  const until = new Date(setting.clock.now() + backOff(row.repeats + 1));
  setting.log.info({ operation: row.id, repeat: row.repeats + 1 }, 'An uncertain submission is repeated');
  await recordRepeat(setting, row, fault, until);
}

/** The vendor could not be asked: the operation stays uncertain, and is looked for again when that may help. */
async function couldNotAsk(
  setting: Setting,
  row: OperationRow,
  opened: OpenConnection,
  fault: FaultData,
): Promise<void> {
  const decision = decideFault(fault, setting.clock.now());
  setting.log.warn({ operation: row.id, code: fault.code }, 'The vendor could not be asked about a lost submission');
  switch (decision.act) {
    case 'reconnect':
      await opened.reconnect(fault);
      return;
    case 'await-quota':
      await setting.connections.hold(row.connection, decision.until, fault.code);
      return resubmit(undefined, setting, row, decision.until);
    case 'rest':
      return resubmit(undefined, setting, row, await rest(setting, row.connection, fault));
    case 'again':
      return resubmit(undefined, setting, row, new Date(setting.clock.now() + 1000));
    case 'refuse':
      return undecidable(setting, row, opened, fault);
  }
}
