/** Taking a request back. Before submission that always works; after it, only where the vendor can and nobody else is in the operation. */
import { faultData, isConnectorFault, type OperationStatus } from 'connector-contract';
import { and, eq, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import { connectionNotActive } from '../connections/faults.js';
import { HostProblem } from '../problem.js';
import { rollUp } from '../requests/roll-up.js';
import { openTaskStates } from '../requests/states.js';
import type { Queryable } from '../store/database.js';
import { operationMembers, operations, requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { endContact, endDoubtful } from '../work/requests.js';
import { recordStatus } from './following/follow.js';
import type { OperationRow } from './members.js';
import type { LifecycleParts } from './parts.js';
import { asSent } from './submission/as-sent.js';
import { keptFault } from './vendor-words.js';

/** What a cancellation did. */
export interface CancelReport {
  /** Tasks that are cancelled now. */
  readonly cancelled: number;
  /** Tasks that could not be, each with the reason. */
  readonly refused: readonly { readonly task: number; readonly message: string }[];
}

type Task = Pick<typeof tasks.$inferSelect, 'id' | 'operation' | 'state'>;

/**
 * Cancels the open tasks of a request, as far as that is possible.
 * @param task one of them, or all.
 * @throws HostProblem `NOT_FOUND`, or `STATE_FORBIDS` where not one could be cancelled.
 */
export async function cancelRequest(
  parts: LifecycleParts,
  requestId: string,
  task?: number,
  actor?: string,
): Promise<CancelReport> {
  const { orm } = parts.db;
  const [request] = await orm.select({ id: requests.id }).from(requests).where(eq(requests.requestId, requestId));
  if (request === undefined) throw new HostProblem('NOT_FOUND', 'There is no such request.');
  const open = await orm
    .select({ id: tasks.id, operation: tasks.operation, state: tasks.state })
    .from(tasks)
    .where(
      and(
        eq(tasks.request, request.id),
        inArray(tasks.state, openTaskStates),
        task === undefined ? undefined : eq(tasks.id, task),
      ),
    );
  if (open.length === 0) throw new HostProblem('STATE_FORBIDS', 'Nothing of the request is open any more.');
  const refused: { task: number; message: string }[] = [];
  for (const one of open) {
    if (await takeBack(parts, one.id, actor)) continue;
    const message = await cancelAtVendor(parts, one, actor);
    if (message !== undefined) refused.push({ task: one.id, message });
  }
  if (refused.length === open.length) throw new HostProblem('STATE_FORBIDS', refused[0]?.message ?? '');
  return { cancelled: open.length - refused.length, refused };
}

/** Cancels a task that was not submitted; it leaves its operation. The operation's row is locked, so it is not submitted meanwhile. */
async function takeBack(parts: LifecycleParts, id: number, actor: string | undefined): Promise<boolean> {
  return parts.db.orm.transaction(async (tx) => {
    const now = new Date(parts.clock.now());
    if ((await familyOf(tx, id)).some(isSent)) return false;
    // An operation may have been planned between the two statements: then its row was not locked, and the person is tried once more.
    const [found] = await tx.select().from(tasks).where(eq(tasks.id, id)).for('update');
    if (found === undefined || (found.state !== 'pending' && found.state !== 'waiting_for_person')) return false;
    if (found.operation !== null) {
      if ((await familyOf(tx, id)).some(isSent)) return false;
      if (await partAtVendor(tx, id, found.operation)) return false;
    }
    await tx
      .update(tasks)
      .set({ state: 'cancelled', operation: null, fault: null, concludedAt: now })
      .where(eq(tasks.id, id));
    await rollUp(tx, sql`select ${id}::bigint`, now);
    await endContact(tx, id, 'not_needed', { why: 'The request was cancelled.' }, now);
    await endDoubtful(tx, now);
    await appendEvents(tx, [{ at: now, kind: 'task.cancelled', task: id, actor }]);
    return true;
  });
}

/** Whether the vendor may have it: one that is to be repeated, too. */
function isSent({ state, repeats }: OperationRow): boolean {
  return state !== 'planned' || repeats > 0;
}

/** The operations that carry a task now, locked; those that were divided or are at their end are not among them. */
async function familyOf(tx: Queryable, task: number): Promise<OperationRow[]> {
  return tx
    .select()
    .from(operations)
    .where(
      and(
        inArray(
          operations.id,
          tx
            .select({ id: operationMembers.operation })
            .from(operationMembers)
            .innerJoin(tasks, eq(tasks.id, operationMembers.task))
            .where(and(eq(operationMembers.task, task), isNotNull(tasks.operation))),
        ),
        isNull(operations.finishedAt),
      ),
    )
    .orderBy(operations.id)
    .for('update');
}

/** Whether the vendor has a part of the divided operation with some of the person's identifiers: that part may be at its end here. */
async function partAtVendor(tx: Queryable, task: number, root: number): Promise<boolean> {
  const [part] = await tx
    .select({ id: operations.id })
    .from(operations)
    .innerJoin(operationMembers, eq(operationMembers.operation, operations.id))
    .where(and(eq(operationMembers.task, task), eq(operations.root, root), isNotNull(operations.reference)))
    .limit(1);
  return part !== undefined;
}

/** Cancels a submitted operation that holds this one person. Answers why not, or `undefined` where it is done. */
async function cancelAtVendor(
  parts: LifecycleParts,
  task: Task,
  actor: string | undefined,
): Promise<string | undefined> {
  const { orm } = parts.db;
  const carrying =
    task.operation === null ? [] : await orm.select().from(operations).where(eq(operations.id, task.operation));
  const [row] = carrying;
  if (row?.state === 'undecided')
    return 'Nobody knows whether the vendor has the deletion: settle the operation first.';
  if (row?.state === 'planned' && row.repeats > 0)
    return 'Nobody knows whether the vendor has the deletion: it is about to be sent once more.';
  if (row?.reference == null || row.finishedAt !== null) return 'The deletion is just being submitted, or was divided.';
  const [other] = await orm
    .select({ task: tasks.id })
    .from(tasks)
    .where(and(eq(tasks.operation, row.id), ne(tasks.id, task.id)))
    .limit(1);
  if (other) return 'The deletion was submitted together with those of other people and cannot be taken back.';
  const signal = AbortSignal.timeout(60_000);
  const opened = await parts.connections.open(row.connection, signal);
  if (opened === undefined) return connectionNotActive().message;
  if (opened.runner.cancel === undefined) return 'The deletion was submitted, and the vendor takes none back.';
  try {
    const outcome = await opened.runner.cancel(row.reference, asSent(opened.ctx, opened.runner.manifest, row));
    if (!outcome.cancelled) return (await keptFault(parts, row, outcome.fault)).message;
    await appendEvents(orm, [{ at: new Date(parts.clock.now()), kind: 'task.withdrawn', task: task.id, actor }]);
    const destinations = (row.destinations ?? []) as OperationStatus['destinations'];
    const vendorState = row.vendorState ?? '';
    const withdrawn = { state: 'cancelled', vendorState, destinations, exceptions: [] } as const;
    await recordStatus(parts, row, withdrawn, opened.runner.manifest);
    return undefined;
  } catch (error) {
    if (!isConnectorFault(error)) throw error;
    return (await keptFault(parts, row, faultData(error))).message;
  }
}
