/**
 * The ends of what went wrong with a request: a person closes its error with a reason, or hands the person in again under another
 * request. The second also ends what is left over where a vendor was not told the identifier that it knows the person by.
 */
import { eq, type SQL, sql } from 'drizzle-orm';
import type { Actor } from '../access/roles.js';
import { filled } from '../given.js';
import { noRequest } from '../not-there.js';
import { HostProblem } from '../problem.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database, Queryable } from '../store/database.js';
import { connections, requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { namingIssues, valuesOf } from './naming.js';
import { endNotKnown, notKnown } from './not-known.js';
import { rollUp } from './roll-up.js';

/** How an error was closed. Times are ISO 8601. */
export interface Closing {
  /** Id of who closed it. */
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  /** The request that took its place. */
  readonly correctedBy?: string;
}

type RequestRow = typeof requests.$inferSelect;

/** When something is done, and who does it. */
interface Doing {
  readonly at: Date;
  readonly actor: Actor;
}

/** The row of a request, locked. Throws NOT_FOUND. */
async function lockedRow(tx: Queryable, requestId: string): Promise<RequestRow> {
  const [row] = await tx.select().from(requests).where(eq(requests.requestId, requestId)).for('update');
  if (row === undefined) throw noRequest();
  return row;
}

/**
 * Refuses a correction that leaves an error where it was: closed by it, nobody would ever try there again.
 * @param goesThere whether the new request goes to the connection of a task `t`.
 */
async function demandEverywhere(tx: Queryable, request: number, goesThere: SQL): Promise<void> {
  const { rows } = await tx.execute<{ name: string; removed: boolean }>(sql`
    select distinct c.name, c.state = 'removed' as removed from ${tasks} t join ${connections} c on c.id = t.connection
    where t.request = ${request} and t.state = 'error' and not ${goesThere} order by 1`);
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name).join(', ');
  throw new HostProblem('STATE_FORBIDS', `The request is in error at ${names}, where the new request does not go.`, {
    remedy: rows.some(({ removed }) => removed)
      ? 'A connection that was removed takes nobody any more: send a new request, and close this error with a reason.'
      : 'Let the new request go to every connection in error, with identifiers that each of them takes.',
  });
}

/** Whether it is in error, and nobody closed that. */
function inError({ state, closed }: RequestRow): boolean {
  return state === 'error' && closed === null;
}

/** Why a request is neither closed nor corrected. @param otherwise where no error of it was closed before. */
function nothingTo({ closed }: RequestRow, otherwise: string): HostProblem {
  if (closed === null) return new HostProblem('STATE_FORBIDS', otherwise);
  const { correctedBy } = closed as Closing;
  const how = correctedBy === undefined ? '' : ` by the request ${correctedBy}, which took its place`;
  return new HostProblem('STATE_FORBIDS', `The error was closed before${how}.`);
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
  { people, at, actor }: Doing & { readonly people: PeopleKeys },
): Promise<void> {
  const said = reason.trim();
  if (said === '') {
    const message = 'reason must say why nothing more is to be done.';
    throw new HostProblem('REQUEST_INVALID', message, { errors: [{ field: 'reason', code: 'REQUIRED', message }] });
  }
  await db.orm.transaction(async (tx) => {
    const row = await lockedRow(tx, requestId);
    if (!inError(row)) throw nothingTo(row, 'The request is not in error: there is nothing to close.');
    const [named] = namingIssues({ reason }, await valuesOf(people, [row]));
    if (named !== undefined) throw new HostProblem('REQUEST_INVALID', named.message, { errors: [named] });
    await close(tx, row, { by: actor.id, at: at.toISOString(), reason: said });
    await appendEvents(tx, [{ at, kind: 'request.closed', request: row.id, actor: actor.id, data: { reason: said } }]);
  });
}

/**
 * The body of a request that corrects another. It goes on with the right, the time that the law gives, and the connections where the old
 * one failed or a vendor did not know the person, as far as `input` says nothing else. Where that says when the person asked or which law
 * counts, the due time is counted anew.
 */
export async function bodyToCorrect(
  db: Database,
  requestId: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const [row] = await db.orm.select().from(requests).where(eq(requests.requestId, requestId));
  if (row === undefined) throw noRequest();
  const { rows } = await db.orm.execute<{ connection: string }>(sql`
    select distinct t.connection from ${tasks} t join ${connections} c on c.id = t.connection
    where t.request = ${row.id} and (t.state = 'error' or ${notKnown}) and c.state <> 'removed' order by 1`);
  const where = rows.map(({ connection }) => connection);
  const says = (...names: string[]) => names.some((name) => input[name] !== undefined);
  const law = {
    jurisdiction: row.jurisdiction,
    ...filled({ days: row.jurisdictionDays }),
  };
  return {
    receivedAt: row.receivedAt.toISOString(),
    ...(says('jurisdiction') ? {} : law),
    ...(says('receivedAt', 'jurisdiction', 'days') ? {} : { dueAt: row.dueAt.toISOString() }),
    ...(where.length === 0 ? {} : { connections: where }),
    ...input,
    right: row.right,
  };
}

/**
 * Lets a new request correct one that is in error, or of which a vendor did not know the person, in the transaction in which it is stored.
 * @param successor row id of the new one.
 * @throws HostProblem NOT_FOUND; STATE_FORBIDS where there is nothing to correct at the connections that the new one goes to, or it does not
 *   go to every connection in error.
 */
export async function takePlace(
  tx: Queryable,
  requestId: string,
  successor: { readonly id: number; readonly requestId: string },
  { at, actor }: Doing,
): Promise<void> {
  const row = await lockedRow(tx, requestId);
  const correctedBy = successor.requestId;
  const goesThere = sql`exists (
    select from ${tasks} s where s.request = ${successor.id} and s.connection = t.connection and s.state <> 'not_applicable')`;
  if (inError(row)) await demandEverywhere(tx, row.id, goesThere);
  const why = `The request ${correctedBy} hands the person in again, with other identifiers.`;
  const end = { outcome: 'not_needed', why, at, by: actor.id, correctedBy } as const;
  const { events: ended } = await endNotKnown(tx, sql`t.request = ${row.id} and ${notKnown} and ${goesThere}`, end);
  if (ended.length === 0 && !inError(row)) {
    const known = 'and no vendor that the new request goes to lacks an identifier to know the person by';
    throw nothingTo(row, `The request is not in error, ${known}: there is nothing to correct.`);
  }
  const extension = sql`case when due_at = ${row.dueAt.toISOString()}::timestamptz then ${JSON.stringify(row.extension)}::jsonb end`;
  await tx
    .update(requests)
    .set({ corrects: requestId, ...(row.extension === null ? {} : { extension }) })
    .where(eq(requests.id, successor.id));
  if (inError(row)) await close(tx, row, { by: actor.id, at: at.toISOString(), reason: 'Corrected', correctedBy });
  await appendEvents(tx, [
    ...ended,
    { at, kind: 'request.corrected', request: row.id, actor: actor.id, data: { by: correctedBy } },
  ]);
}
