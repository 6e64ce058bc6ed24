import { and, eq, gte, inArray, lte, ne, type SQL, sql } from 'drizzle-orm';
import { HostProblem } from '../problem.js';
import { rollUp } from '../requests/roll-up.js';
import { connections, operationMembers, operations, requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import type { LifecycleParts } from './parts.js';

/** Tasks that are retried in one transaction. */
const AT_ONCE = 5_000;

/** Which tasks in error are retried. All that is given must hold. */
export interface RetryFilter {
  readonly connection?: string;
  /** Code of the task's fault. */
  readonly code?: string;
  /** When the task went into error. */
  readonly concludedFrom?: Date;
  readonly concludedUntil?: Date;
}

/** What a retry did. */
export interface RetryReport {
  /** Tasks that wait to be planned again. */
  readonly retried: number;
  /** Tasks whose operation a person has to settle first, since it may be at the vendor already. */
  readonly unsettled: number;
  /** Tasks that no retry sends: the connection was removed, the identifiers were purged, or a person answered so. */
  readonly unsendable: number;
}

/** A task that may be sent again: a program does it, the connection exists, and the person is still known. */
const sendable: SQL | undefined = and(
  sql`${tasks.accessStep} is distinct from 'direct_contact'`,
  sql`exists (select 1 from ${requests} r where r.id = ${tasks.request} and r.identifiers is not null)`,
  sql`exists (select 1 from ${connections} c where c.id = ${tasks.connection} and c.state <> 'removed')`,
);

/** Some part of the task's operation that the person is in is not at its end. */
const unsettled = sql`exists (
  select 1 from ${operationMembers} m join ${operations} o on o.id = m.operation
  where m.task = ${tasks.id} and (o.id = ${tasks.operation} or o.root = ${tasks.operation}) and o.finished_at is null)`;

/**
 * Lets the tasks of a request that are in error wait for a new operation.
 * @param task one of them, or all.
 * @throws HostProblem `NOT_FOUND`, or `STATE_FORBIDS` where nothing can be retried.
 */
export async function retryRequest(
  parts: LifecycleParts,
  requestId: string,
  task?: number,
  actor?: string,
): Promise<RetryReport> {
  const [request] = await parts.db.orm
    .select({ id: requests.id })
    .from(requests)
    .where(eq(requests.requestId, requestId));
  if (request === undefined) throw new HostProblem('NOT_FOUND', 'There is no such request.');
  const which = and(eq(tasks.request, request.id), task === undefined ? undefined : eq(tasks.id, task));
  const report = await retryWhere(parts, which, actor);
  if (report.retried === 0 && report.unsettled > 0) {
    const remedy = 'Settle the operation first: resubmit it, or confirm it with the reference that the vendor shows.';
    throw new HostProblem('STATE_FORBIDS', 'The vendor may have the deletion already.', { remedy });
  }
  if (report.retried === 0) throw await nothingToRetry(parts, which);
  return report;
}

/** Why no task was retried although none awaits a decision. */
async function nothingToRetry({ db }: LifecycleParts, which: SQL | undefined): Promise<HostProblem> {
  const [task] = await db.orm
    .select({ identifiers: requests.identifiers, connection: connections.state, step: tasks.accessStep })
    .from(tasks)
    .innerJoin(requests, eq(requests.id, tasks.request))
    .innerJoin(connections, eq(connections.id, tasks.connection))
    .where(and(which, eq(tasks.state, 'error')))
    .limit(1);
  const again = 'Correct the request: hand the person in again, under a requestId of its own.';
  if (task?.step === 'direct_contact') {
    const detail = 'The request is in error by what a person answered: there is nothing to send.';
    return new HostProblem('STATE_FORBIDS', detail, { remedy: 'Close the error, or correct the request.' });
  }
  if (task?.identifiers === null) {
    const detail = 'The request is in error, and the identifiers of the person were purged: nothing is left to send.';
    return new HostProblem('STATE_FORBIDS', detail, { remedy: again });
  }
  if (task?.connection === 'removed') {
    const remedy = 'Connect the system again, send a new request, and close this error with a reason.';
    return new HostProblem('STATE_FORBIDS', 'The request is in error at a connection that was removed.', { remedy });
  }
  return new HostProblem('STATE_FORBIDS', 'No task of the request is in error.');
}

/** Retries every task in error that the filter names. */
export function retryAll(parts: LifecycleParts, filter: RetryFilter, actor?: string): Promise<RetryReport> {
  const { connection, code, concludedFrom, concludedUntil } = filter;
  return retryWhere(
    parts,
    and(
      // Somebody decided that nothing more is to be done about those.
      sql`not exists (select from ${requests} r where r.id = ${tasks.request} and r.closed is not null)`,
      connection === undefined ? undefined : eq(tasks.connection, connection),
      code === undefined ? undefined : sql`${tasks.fault}->>'code' = ${code}`,
      concludedFrom === undefined ? undefined : gte(tasks.concludedAt, concludedFrom),
      concludedUntil === undefined ? undefined : lte(tasks.concludedAt, concludedUntil),
    ),
    actor,
  );
}

async function retryWhere(
  parts: LifecycleParts,
  which: SQL | undefined,
  actor: string | undefined,
): Promise<RetryReport> {
  const { orm } = parts.db;
  const touched = new Set<string>();
  let retried = 0;
  for (;;) {
    const batch = await orm.transaction(async (tx) => {
      const now = new Date(parts.clock.now());
      // None of them is removed while tasks are given back to it.
      await tx
        .select({ id: connections.id })
        .from(connections)
        .where(ne(connections.state, 'removed'))
        .for('key share');
      const found = await tx
        .select({ id: tasks.id, connection: tasks.connection })
        .from(tasks)
        .where(and(which, eq(tasks.state, 'error'), sendable, sql`not ${unsettled}`))
        .limit(AT_ONCE)
        .for('update', { skipLocked: true });
      if (found.length === 0) return found;
      const ids = found.map(({ id }) => id);
      await tx
        .update(tasks)
        .set({ state: 'pending', operation: null, fault: null, concludedAt: null, expectedBy: null, leftOver: null })
        .where(inArray(tasks.id, ids));
      const touched = sql`select request from ${tasks} where id = any(${sql.param(ids)}::bigint[])`;
      await tx.execute(sql`update ${requests} set closed = null where id in (${touched}) and closed is not null`);
      await rollUp(tx, sql`select unnest(${sql.param(ids)}::bigint[])`, now);
      await appendEvents(
        tx,
        found.map(({ id: task }) => ({ at: now, kind: 'task.retried', task, actor })),
      );
      return found;
    });
    retried += batch.length;
    for (const { connection } of batch) touched.add(connection);
    if (batch.length < AT_ONCE) break;
  }
  for (const connection of touched) await parts.engine.send('plan', { connection });
  const open = inArray(tasks.state, ['error', 'waiting_for_person']);
  return {
    retried,
    unsettled: await orm.$count(tasks, and(which, open, sendable, unsettled)),
    unsendable: await orm.$count(tasks, and(which, eq(tasks.state, 'error'), sql`not (${sendable})`)),
  };
}
