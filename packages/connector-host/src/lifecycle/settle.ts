import type { FaultData } from 'connector-contract';
import { and, eq } from 'drizzle-orm';
import { heldRow } from '../connections/rows.js';
import { HostProblem } from '../problem.js';
import { operations } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { reopenTasks } from './conclusion/reopen.js';
import type { OperationRow } from './members.js';
import type { LifecycleParts } from './parts.js';
import { recordAccepted } from './submission/accept.js';
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
 * @throws HostProblem `NOT_FOUND`, or `STATE_FORBIDS` where the operation is not undecided or the reference is another operation's.
 */
export async function settle(parts: LifecycleParts, id: number, settlement: Settlement, actor?: string): Promise<void> {
  const [row] = await parts.db.orm.select().from(operations).where(eq(operations.id, id));
  if (row === undefined) throw new HostProblem('NOT_FOUND', `There is no operation ${id}.`);
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
  if (!opened) {
    const remedy = 'Mend or resume the connection first.';
    throw new HostProblem('STATE_FORBIDS', 'The connection of the operation is not active.', { remedy });
  }
  await reopen(parts, row, 'uncertain', `the vendor has it as ${reference}`, actor);
  await recordAccepted(parts, row, opened, { reference, found: true, shared, actor });
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
