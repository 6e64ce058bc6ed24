import { type ConnectorConfig, type FaultData, isConnectorFault } from 'connector-contract';
import { and, eq } from 'drizzle-orm';
import { heldRow } from '../connections/rows.js';
import { noOperation } from '../not-there.js';
import { HostProblem } from '../problem.js';
import { connections, operations } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { reopenTasks } from './conclusion/reopen.js';
import { heldUntil } from './holds/rest.js';
import type { OperationRow } from './members.js';
import type { LifecycleParts, OpenConnection } from './parts.js';
import { recordAccepted } from './submission/accept.js';
import { asSent } from './submission/as-sent.js';
import { resubmit } from './submission/record.js';
import { namesPeople } from './vendor-words.js';

/** What a person decides about an operation of which nobody knows whether the vendor has it. */
export type Settlement =
  /** It is not there, or a repeat does no harm: send it again. */
  | 'resubmit'
  /** It is there, under this reference. */
  | { readonly confirm: string };

/**
 * Carries out a person's decision about an undecided operation.
 * @throws HostProblem `NOT_FOUND`; `STATE_FORBIDS` where the operation is not undecided or the reference is another operation's;
 * `REQUEST_INVALID` where the vendor does not know the reference.
 */
export async function settle(parts: LifecycleParts, id: number, settlement: Settlement, actor?: string): Promise<void> {
  const [row] = await parts.db.orm.select().from(operations).where(eq(operations.id, id));
  if (row === undefined) throw noOperation(id);
  if (row.state !== 'undecided') {
    throw new HostProblem('STATE_FORBIDS', `The operation is ${row.state}; only one that is undecided can be settled.`);
  }
  if (settlement === 'resubmit') await sendAgain(parts, row, actor);
  else await confirm(parts, row, settlement.confirm, actor);
}

async function sendAgain(parts: LifecycleParts, row: OperationRow, actor: string | undefined): Promise<void> {
  await reopen(parts, row, 'planned', 'resubmit', actor);
  await resubmit(undefined, parts, row);
}

async function confirm(
  parts: LifecycleParts,
  row: OperationRow,
  reference: string,
  actor: string | undefined,
): Promise<void> {
  if (await namesPeople(parts, row, reference)) {
    const remedy = "Give the vendor's own id of the deletion.";
    throw new HostProblem(
      'STATE_FORBIDS',
      'The reference names somebody of the operation, and would be kept in clear.',
      {
        remedy,
      },
    );
  }
  const same = and(eq(operations.connection, row.connection), eq(operations.reference, reference));
  const [other] = await parts.db.orm
    .select({ id: operations.id, sharedReference: operations.sharedReference })
    .from(operations)
    .where(same)
    .limit(1);
  // Who was told that the reference is another operation's, and says it all the same, means it.
  const shared = (row.fault as FaultData | null)?.code === 'REFERENCE_REPEATED';
  if (other && !shared && !other.sharedReference)
    throw new HostProblem('STATE_FORBIDS', `That reference belongs to operation ${other.id}.`);
  const opened = await parts.connections.open(row.connection, AbortSignal.timeout(30_000));
  const said = opened !== undefined && (await isKnown(parts, row, opened, reference)) ? 'confirmed' : 'unasked';
  const at = opened ?? (await unopened(parts, row));
  await reopen(parts, row, 'uncertain', `it is not sent again, since it is there as ${reference}`, actor);
  await recordAccepted(parts, row, at, { reference, found: true, said, shared, actor });
}

/** What a vendor answers that has no such record. */
const UNKNOWN = 'NOT_FOUND';

/**
 * Asks the vendor once whether it has the reference that a person gave: their word alone concludes people where submission counts.
 * @returns whether it said so; `false` where it cannot be asked just now.
 * @throws HostProblem REQUEST_INVALID where it knows nothing by it.
 */
async function isKnown(
  parts: LifecycleParts,
  row: OperationRow,
  { runner, view, ctx }: OpenConnection,
  reference: string,
): Promise<boolean> {
  if (runner.manifest.deletion?.statusPollable !== true || heldUntil(view, 'look') !== undefined) return false;
  try {
    const { state } = await runner.status(reference, asSent(ctx, runner.manifest, row));
    if (state !== 'expired') return true;
  } catch (error) {
    if (!isConnectorFault(error)) throw error;
    if (error.code !== UNKNOWN) {
      parts.log.warn({ operation: row.id, code: error.code }, 'The vendor could not be asked about a reference');
      return false;
    }
  }
  const message = 'reference is nothing that the vendor has a record of.';
  const remedy =
    "Look in the vendor's own pages for the id of the deletion; where there is none, send the batch again.";
  throw new HostProblem('REQUEST_INVALID', message, {
    errors: [{ field: 'reference', code: 'NOT_FOUND', message, remedy }],
  });
}

/** What is known of a connection that cannot be opened just now, such as one that is paused. Throws STATE_FORBIDS where that is too little. */
async function unopened(parts: LifecycleParts, { connection }: OperationRow) {
  const [held] = await parts.db.orm.select().from(connections).where(eq(connections.id, connection));
  const manifest = held === undefined || held.state === 'removed' ? undefined : parts.manifestOf(held.connector);
  if (held === undefined || manifest === undefined) {
    const remedy = 'Mend the connection first.';
    throw new HostProblem(
      'STATE_FORBIDS',
      'The connection of the operation is removed, or its connector is not there.',
      { remedy },
    );
  }
  return { runner: { manifest }, config: held.config as ConnectorConfig };
}

/** Takes the operation and its people out of the error, each from exactly the state it was left in. */
async function reopen(
  parts: LifecycleParts,
  row: OperationRow,
  state: 'planned' | 'uncertain',
  decision: string,
  actor: string | undefined,
): Promise<void> {
  const now = new Date(parts.clock.now());
  await parts.db.orm.transaction(async (tx) => {
    if ((await heldRow(tx, row.connection)) === undefined) {
      throw new HostProblem('STATE_FORBIDS', 'The connection of the operation was removed.');
    }
    const change = state === 'planned' ? { state, attemptedAt: null, fault: null } : { state, fault: null };
    const undecided = and(eq(operations.id, row.id), eq(operations.state, 'undecided'));
    const changed = await tx
      .update(operations)
      .set({ ...change, updatedAt: now })
      .where(undecided)
      .returning({ id: operations.id });
    if (changed.length === 0) throw new HostProblem('STATE_FORBIDS', 'The operation was settled meanwhile.');
    await reopenTasks(tx, row, now);
    await appendEvents(tx, [
      { at: now, kind: 'operation.settled', operation: row.id, connection: row.connection, actor, data: { decision } },
    ]);
  });
}
