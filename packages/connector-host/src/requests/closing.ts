/** The ends of an error: a person closes it with a reason, or hands the person in again under another request. */
import { eq, sql } from 'drizzle-orm';
import type { Actor } from '../access/roles.js';
import { HostProblem } from '../problem.js';
import type { Database, Queryable } from '../store/database.js';
import { connections, requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { rollUp } from './roll-up.js';
import type { Closing, Extension } from './views.js';

type RequestRow = typeof requests.$inferSelect;

/** The row of a request in error that nobody closed, locked. Throws NOT_FOUND or STATE_FORBIDS. */
async function errorRow(tx: Queryable, requestId: string): Promise<RequestRow> {
  const [row] = await tx.select().from(requests).where(eq(requests.requestId, requestId)).for('update');
  if (row === undefined) throw new HostProblem('NOT_FOUND', 'There is no request with this id.');
  if (row.closed !== null) {
    const { correctedBy } = row.closed as Closing;
    const how = correctedBy === undefined ? '' : ` by the request ${correctedBy}, which took its place`;
    throw new HostProblem('STATE_FORBIDS', `The error was closed before${how}.`);
  }
  if (row.state !== 'error') {
    throw new HostProblem('STATE_FORBIDS', 'The request is not in error: there is nothing to close or to correct.');
  }
  return row;
}

async function close(tx: Queryable, row: RequestRow, closing: Closing): Promise<void> {
  await tx.update(requests).set({ closed: closing }).where(eq(requests.id, row.id));
  await rollUp(tx, sql`select id from ${tasks} where request = ${row.id}`, new Date(closing.at));
}

/**
 * Closes the error of a request: it stays in error, and nothing is to be done about it any more.
 * @throws HostProblem NOT_FOUND, STATE_FORBIDS, REQUEST_INVALID.
 */
export async function closeError(
  db: Database,
  requestId: string,
  reason: string,
  { at, actor }: { readonly at: Date; readonly actor: Actor },
): Promise<void> {
  const said = reason.trim();
  if (said === '') {
    const message = 'reason must say why nothing more is to be done.';
    throw new HostProblem('REQUEST_INVALID', message, { errors: [{ field: 'reason', code: 'REQUIRED', message }] });
  }
  await db.orm.transaction(async (tx) => {
    const row = await errorRow(tx, requestId);
    await close(tx, row, { by: actor.id, at: at.toISOString(), reason: said });
    await appendEvents(tx, [{ at, kind: 'request.closed', request: row.id, actor: actor.id, data: { reason: said } }]);
  });
}

/** What of a request the one that takes its place goes on with: the right, the time that the law gives, and where it went wrong. */
export async function bodyToCorrect(db: Database, requestId: string): Promise<Readonly<Record<string, unknown>>> {
  const [row] = await db.orm.select().from(requests).where(eq(requests.requestId, requestId));
  if (row === undefined) throw new HostProblem('NOT_FOUND', 'There is no request with this id.');
  const { rows } = await db.orm.execute<{ connection: string }>(sql`
    select distinct t.connection from ${tasks} t join ${connections} c on c.id = t.connection
    where t.request = ${row.id} and t.state = 'error' and c.state <> 'removed' order by 1`);
  const where = rows.map(({ connection }) => connection);
  return {
    right: row.right,
    receivedAt: row.receivedAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    jurisdiction: row.jurisdiction,
    ...(row.jurisdictionDays === null ? {} : { days: row.jurisdictionDays }),
    ...(where.length === 0 ? {} : { connections: where }),
  };
}

/**
 * Lets a new request take the place of one in error, in the transaction in which it is stored.
 * @param successor row id of the new one.
 */
export async function takePlace(
  tx: Queryable,
  requestId: string,
  successor: { readonly id: number; readonly requestId: string },
  { at, actor }: { readonly at: Date; readonly actor: Actor },
): Promise<void> {
  const row = await errorRow(tx, requestId);
  const extension = row.extension as Extension | null;
  await tx.update(requests).set({ corrects: requestId, extension }).where(eq(requests.id, successor.id));
  const correctedBy = successor.requestId;
  await close(tx, row, { by: actor.id, at: at.toISOString(), reason: 'Corrected', correctedBy });
  await appendEvents(tx, [
    { at, kind: 'request.corrected', request: row.id, actor: actor.id, data: { by: correctedBy } },
  ]);
}
