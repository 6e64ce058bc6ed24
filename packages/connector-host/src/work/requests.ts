/** Requests that only a person can bring on: access requests that wait for an answer, and identifiers that may be damage. */
import { type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { answerLinks, connections, contactAsks, requests, tasks, workItems } from '../store/schema.js';
import { endWork, type NewWork, openWork } from './items.js';
import type { EndOfWork, WorkOutcome } from './kinds.js';

/** Days in which a contact is to answer. */
const ANSWER_DAYS = 14;

/**
 * Opens an item for each access request that waits for an answer, and writes down whom the connection names as its contact now: they are
 * written to by the contact's room.
 * @param which condition on tasks `t`.
 */
export async function openContacts(tx: Queryable, which: SQL, now: Date): Promise<void> {
  const { rows } = await tx.execute<NewWork & Record<string, unknown>>(sql`
    select 'direct-contact' as kind, t.connection, t.id::float8 as about, 1 as people,
      to_jsonb(least(t.due_at, t.created_at + make_interval(days => ${ANSWER_DAYS}::int))) as "dueAt"
    from ${tasks} t where ${which} and t.state = 'waiting_for_person' and t.access_step = 'direct_contact' and not exists (
      select from ${workItems} w where w.kind = 'direct-contact' and w.connection = t.connection and w.system = '' and w.about = t.id
        and w.state = 'open')
    order by t.id`);
  if (rows.length === 0) return;
  await openWork(tx, rows, now);
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    insert into ${contactAsks} (task, work, contact, asked_at, answer_by, next_at)
    select t.id, w.id, c.contact, ${at}, w.due_at, ${at}
    from ${tasks} t join ${workItems} w on w.kind = 'direct-contact' and w.connection = t.connection and w.system = '' and w.about = t.id
      and w.state = 'open' join ${connections} c on c.id = t.connection
    where t.id = any(${sql.param(rows.map(({ about }) => about ?? 0))}::bigint[]) and c.contact is not null
    order by t.id on conflict (task) do nothing`);
}

/** Ends the item of an access request; one that ended since nobody answered ends anew, as somebody did. */
export async function endContact(
  tx: Queryable,
  task: number,
  outcome: WorkOutcome,
  end: Omit<EndOfWork, 'at'>,
  now: Date,
): Promise<void> {
  const connection = sql`connection = (select connection from ${tasks} where id = ${task})`;
  const here = sql`kind = 'direct-contact' and ${connection} and system = '' and about = ${task}`;
  await tx.execute(sql`update ${workItems} set state = 'open', ended = null where state <> 'open' and ${here}`);
  await endWork(tx, here, outcome, end, now);
  await endAsks(tx, sql`task = ${task}`, now);
}

/**
 * What was answered, stopped or removed needs no message any more. A link outlives a skip, as an answer still may come.
 * @param which condition on `contact_asks`.
 */
export async function endAsks(tx: Queryable, which: SQL, now: Date): Promise<void> {
  await tx.execute(sql`
    with ended as (
      update ${contactAsks} set ended_at = ${now.toISOString()}::timestamptz, next_at = null where ${which} returning task
    )
    delete from ${answerLinks} l using ended, ${tasks} t where l.task = ended.task and t.id = l.task and t.state <> 'skipped'`);
}

/** Opens the one item for requests with doubtful identifiers, or lets it grow by some. */
export async function openDoubtful(tx: Queryable, dueAt: Date | null, people: number, now: Date): Promise<void> {
  await openWork(tx, [{ kind: 'doubtful-identifiers', dueAt, people }], now);
}

/** Opens the items of requests that were just stored, by their row ids. */
export async function openForNew(tx: Queryable, ids: readonly number[], now: Date): Promise<void> {
  const these = sql`any(${sql.param([...ids])}::bigint[])`;
  await openContacts(tx, sql`t.request = ${these}`, now);
  const { rows } = await tx.execute<{ people: number; dueAt: string | null }>(sql`
    select count(*)::int as people, to_jsonb(min(r.due_at)) as "dueAt" from ${requests} r
    where r.id = ${these} and r."right" = 'deletion' and r.doubts ->> 'allowed' = 'false'`);
  const [{ people, dueAt } = { people: 0, dueAt: null }] = rows;
  if (people > 0) await openDoubtful(tx, dueAt === null ? null : new Date(dueAt), people, now);
}

const waiting = sql`from ${requests} r where r.state = 'waiting_for_person' and r.doubts ->> 'allowed' = 'false' and exists (
  select from ${tasks} t where t.request = r.id and t."right" = 'deletion' and t.state = 'waiting_for_person' and t.operation is null)`;

/** Opens the item for requests that wait already, where there is none. */
export async function catchUpDoubtful(tx: Queryable, now: Date): Promise<void> {
  const { rows } = await tx.execute<{ people: number; dueAt: string | null }>(sql`
    select count(*)::int as people, to_jsonb(min(r.due_at)) as "dueAt" ${waiting} and not exists (
      select from ${workItems} where kind = 'doubtful-identifiers' and state = 'open')`);
  const [{ people, dueAt } = { people: 0, dueAt: null }] = rows;
  if (people > 0) await openDoubtful(tx, dueAt === null ? null : new Date(dueAt), people, now);
}

/** Ends the item for doubtful identifiers where no request waits for that any more. */
export async function endDoubtful(tx: Queryable, now: Date): Promise<void> {
  // Whoever opens it or lets it grow holds its row until the commit; what they brought is seen after that.
  const { rows } = await tx.execute(
    sql`select from ${workItems} where kind = 'doubtful-identifiers' and state = 'open' for update`,
  );
  if (rows.length > 0)
    await endWork(tx, sql`kind = 'doubtful-identifiers' and not exists (select ${waiting})`, 'done', {}, now);
}
