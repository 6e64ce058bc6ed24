import type { FaultData } from 'connector-contract';
import { eq, type SQL, sql } from 'drizzle-orm';
import { rollUp } from '../requests/roll-up.js';
import { openTaskStates } from '../requests/states.js';
import type { Queryable } from '../store/database.js';
import { connections, tasks } from '../store/schema.js';
import { endWorkOfRemoved } from '../work/connections.js';
import { askAgainForCovered } from '../work/systems.js';
import { notFollowed, notSubmitted } from './faults.js';
import { dropKept } from './kept-secrets.js';
import { dropPace } from './pace.js';
import { lockedRow } from './rows.js';

/** What a removal did to the work that was open. */
export interface RemovalReport {
  /** Tasks that were never submitted: they end in `error` with code `CONNECTION_REMOVED`. */
  readonly tasksNotSubmitted: number;
  /** Tasks whose deletion the vendor may carry out all the same, which nobody can follow any more: same state and code. */
  readonly tasksNotFollowed: number;
  /** Operations that were planned and are taken back. */
  readonly operationsCancelled: number;
  /** Operations that the vendor has, or may have; they keep their references. */
  readonly operationsNotFollowed: number;
  /** Systems elsewhere that it covered: what was decided about them is asked for again. */
  readonly decisionsToMake: number;
}

const openTasks = sql`(${sql.join(
  openTaskStates.map((state) => sql`${state}`),
  sql`, `,
)})`;

/**
 * Ends a connection in the caller's transaction: its row stays for the history, without credentials, and its open work is concluded.
 * Set-based: the number of people does not matter.
 */
export async function endConnection(tx: Queryable, id: string, at: Date): Promise<RemovalReport> {
  // Whoever just gives it people holds it by a lock that a change alone would not wait for.
  await lockedRow(tx, id);
  await tx
    .update(connections)
    .set({ state: 'removed', secrets: null, contact: null, heldUntil: null, heldCode: null, updatedAt: at })
    .where(eq(connections.id, id));
  await dropPace(tx, id);
  await dropKept(tx, id);
  // One that is to be repeated may have arrived: that nobody knows is why it is.
  const unsent = sql`o.state = 'planned' and o.attempted_at is null and o.repeats = 0`;
  const operationsCancelled = await endOperations(tx, id, at, 'cancelled', notSubmitted, unsent);
  const operationsNotFollowed = await endOperations(tx, id, at, 'failed', notFollowed, sql`true`);
  const tasksNotFollowed = await endTasks(tx, id, at, notFollowed);
  const tasksNotSubmitted = await endTasks(tx, id, at, notSubmitted);
  await rollUp(
    tx,
    sql`select id from ${tasks} where connection = ${id} and state = 'error' and concluded_at = ${at.toISOString()}::timestamptz`,
    at,
  );
  await endWorkOfRemoved(tx, id, at);
  const decisionsToMake = await askAgainForCovered(tx, id, at);
  return { tasksNotSubmitted, tasksNotFollowed, operationsCancelled, operationsNotFollowed, decisionsToMake };
}

// Operations without an open task (marked complete on submission) are left as they are. A planned one that everybody left is taken
// back all the same; the people of an undecided one have been told already, and nobody can decide any more.
async function endOperations(
  tx: Queryable,
  id: string,
  at: Date,
  state: 'cancelled' | 'failed',
  fault: FaultData,
  which: SQL,
): Promise<number> {
  const now = at.toISOString();
  const kind = state === 'failed' ? 'operation.failed' : 'operation.cancelled';
  const { rowCount } = await tx.execute(sql`
    with ended as (
      update connector_host.operations o
         set state = ${state}, fault = ${JSON.stringify(fault)}::jsonb, finished_at = ${now}::timestamptz,
             updated_at = ${now}::timestamptz, next_poll_at = null
       where o.connection = ${id} and o.finished_at is null and (${which})
         and o.state in ('planned', 'submitting', 'uncertain', 'undecided', 'accepted', 'processing')
         and (o.state in ('planned', 'undecided')
           or exists (select from connector_host.tasks t where t.operation = coalesce(o.root, o.id) and t.state in ${openTasks}))
      returning o.id
    )
    insert into connector_host.events (at, kind, operation, connection, data)
    select ${now}::timestamptz, ${kind}, ended.id, ${id}::text,
           jsonb_build_object('code', ${fault.code}::text, 'message', ${fault.message}::text)
      from ended`);
  return rowCount ?? 0;
}

/** Tasks in an operation that has just failed take its fault; the rest were never submitted. */
async function endTasks(tx: Queryable, id: string, at: Date, fault: FaultData): Promise<number> {
  const now = at.toISOString();
  const submitted = sql`t.operation in (
    select coalesce(o.root, o.id) from connector_host.operations o
     where o.connection = ${id} and o.state = 'failed' and o.finished_at = ${now}::timestamptz)`;
  const { rowCount } = await tx.execute(sql`
    update connector_host.tasks t
       set state = 'error', fault = ${JSON.stringify(fault)}::jsonb, concluded_at = ${now}::timestamptz
     where t.connection = ${id} and t.state in ${openTasks} and ${fault === notFollowed ? submitted : sql`true`}`);
  return rowCount ?? 0;
}
