/** Judges people once more before they are sent: what was stored under older rules, or waits for a person's word, does not go out. */
import type { FaultData, FieldIssue, Subject } from 'connector-contract';
import { eq, inArray, sql } from 'drizzle-orm';
import { findingsIn, Judges } from '../intake/judging.js';
import type { Offer } from '../intake/offers.js';
import { HostProblem } from '../problem.js';
import type { Doubts } from '../requests/doubts.js';
import { issuesText } from '../requests/request-body.js';
import { rollUp } from '../requests/roll-up.js';
import type { Queryable } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { endDoubtful, openDoubtful } from '../work/requests.js';
import { identifierRefused } from './faults.js';
import type { LifecycleParts } from './parts.js';

/** Somebody who is about to be sent. */
export interface Candidate {
  readonly task: number;
  /** Row id of the request. */
  readonly request: number;
  readonly identifiers: Subject['identifiers'];
  readonly doubts: Doubts | null;
}

/** Somebody who is not sent, since an identifier cannot be one. */
export interface Refused {
  readonly task: number;
  readonly fault: FaultData;
}

/** Somebody who is not sent before a person says so. */
export interface Held {
  readonly task: number;
  readonly request: number;
  readonly found: readonly FieldIssue[];
}

const nameOf = (nth: number) => `identifiers[${nth}].value`;

/**
 * Judges people by the rules of the connection that they are to be sent to.
 * @returns those who are refused, and those who may have to be held; what the other connections of their requests say decides: {@link heldOf}.
 */
export function judgeAgain<Person extends Candidate>(
  people: readonly Person[],
  offer: Pick<Offer, 'connection' | 'terms'>,
): { readonly refused: readonly Refused[]; readonly doubtful: readonly Person[] } {
  const judge = new Judges().of([offer]);
  const refused: Refused[] = [];
  const doubtful: Person[] = [];
  for (const one of people) {
    const found = findingsIn(one, judge, nameOf);
    if (found === undefined) continue;
    if (found.refused.length > 0) refused.push({ task: one.task, fault: identifierRefused(found.refused) });
    else if (one.doubts?.allowed !== true) doubtful.push(one);
  }
  return { refused, doubtful };
}

/** Those of the doubtful who stay so, whichever connection of their requests says how a customer's identifiers look. */
export async function heldOf(
  tx: Queryable,
  doubtful: readonly Candidate[],
  offers: ReadonlyMap<string, Offer>,
): Promise<readonly Held[]> {
  if (doubtful.length === 0) return [];
  const judges = new Judges();
  const others = await targetsOf(tx, doubtful);
  return doubtful.flatMap(({ task, request, identifiers }) => {
    const targets = (others.get(request) ?? []).flatMap((id) => offers.get(id) ?? []);
    const found = findingsIn({ identifiers }, judges.of(targets), nameOf);
    return found === undefined ? [] : [{ task, request, found: [...found.refused, ...found.doubtful] }];
  });
}

/** The connections that each of these requests goes to: how a customer's identifiers look, each of them may say. */
async function targetsOf(tx: Queryable, of: readonly Candidate[]): Promise<ReadonlyMap<number, string[]>> {
  const rows = await tx
    .select({ request: tasks.request, connection: tasks.connection })
    .from(tasks)
    .where(inArray(tasks.request, [...new Set(of.map(({ request }) => request))]))
    .orderBy(tasks.id);
  const found = new Map<number, string[]>();
  for (const { request, connection } of rows) found.set(request, [...(found.get(request) ?? []), connection]);
  return found;
}

/** Lets tasks wait for a person's word about what is doubtful of their requests. */
export async function holdTasks(tx: Queryable, held: readonly Held[], now: Date): Promise<void> {
  if (held.length === 0) return;
  const ids = sql.param(held.map(({ task }) => task));
  await tx.execute(sql`update ${tasks} set state = 'waiting_for_person' where id = any(${ids}::bigint[])`);
  const byRequest = new Map(held.map(({ request, found }) => [request, found]));
  await tx.execute(sql`
    update ${requests} as r set doubts = d.doubts::jsonb
    from unnest(
      (select ${sql.param([...byRequest.keys()])}::bigint[]),
      (select ${sql.param([...byRequest.values()].map((found) => JSON.stringify({ found, allowed: false } satisfies Doubts)))}::text[])
    ) as d (request, doubts)
    where r.id = d.request`);
  await appendEvents(
    tx,
    [...byRequest].map(([request, found]) => ({
      at: now,
      kind: 'request.doubtful' as const,
      request,
      data: { reasons: issuesText(found) },
    })),
  );
  await rollUp(tx, sql`select unnest(${ids}::bigint[])`, now);
  const { rows } = await tx.execute<{ dueAt: string | null }>(
    sql`select to_jsonb(min(due_at)) as "dueAt" from ${tasks} where id = any(${ids}::bigint[])`,
  );
  const due = rows[0]?.dueAt ?? null;
  await openDoubtful(tx, due === null ? null : new Date(due), byRequest.size, now);
}

/**
 * A person says that the doubtful identifiers of a request are meant: it goes on.
 * @throws HostProblem `NOT_FOUND`, or `STATE_FORBIDS` where it does not wait for that.
 */
export async function allowDoubtful(
  parts: LifecycleParts,
  requestId: string,
  actor: string | undefined,
): Promise<void> {
  const { orm } = parts.db;
  await orm.transaction(async (tx) => {
    const now = new Date(parts.clock.now());
    const [row] = await tx
      .select({ id: requests.id, doubts: requests.doubts })
      .from(requests)
      .where(eq(requests.requestId, requestId))
      .for('update');
    if (row === undefined) throw new HostProblem('NOT_FOUND', 'There is no such request.');
    const doubts = row.doubts as Doubts | null;
    if (doubts === null || doubts.allowed) {
      throw new HostProblem('STATE_FORBIDS', 'The request does not wait for a word about its identifiers.');
    }
    await tx
      .update(requests)
      .set({ doubts: { ...doubts, allowed: true } })
      .where(eq(requests.id, row.id));
    const { rows } = await tx.execute<{ id: number; connection: string }>(sql`
      update ${tasks} set state = 'pending'
      where request = ${row.id} and "right" = 'deletion' and state = 'waiting_for_person' and operation is null
      returning id::float8 as id, connection`);
    if (rows.length > 0) await rollUp(tx, sql`select unnest(${sql.param(rows.map(({ id }) => id))}::bigint[])`, now);
    for (const { connection } of rows) await parts.engine.send('plan', { connection }, {}, tx);
    await endDoubtful(tx, now);
    await appendEvents(tx, [{ at: now, kind: 'request.doubtful_allowed', request: row.id, actor }]);
  });
}
