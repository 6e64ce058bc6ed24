/**
 * Asks contacts, reminds them every other day, and sees to it what becomes of a request that nobody answered in time. What is to happen
 * next stands in `contact_asks`; whoever looks first does it, once.
 */
import { and, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import type { Contact } from '../connections/contact.js';
import { given } from '../given.js';
import { type NewNotice, tell } from '../outbox.js';
import { rollUp } from '../requests/roll-up.js';
import type { Database, Queryable } from '../store/database.js';
import { answerLinks, connections, contactAsks, requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { endWork } from '../work/items.js';
import { referenceOf } from '../work/reference.js';

const DAY_MS = 24 * 3_600_000;

/** Time between two messages to a contact, in milliseconds; nobody is passed over earlier after the first one was sent. */
const REMIND_EVERY_MS = 2 * DAY_MS;

/** Asks that are looked at in one transaction. */
const AT_ONCE = 200;

/** What a look needs. */
export interface AskingParts {
  readonly db: Database;
  /** Whether this process can write to contacts: it knows a mail server and the public address of the host. */
  readonly able: boolean;
}

type Ask = typeof contactAsks.$inferSelect;

/** Does everything about contacts that is due. */
export async function askContacts({ db, able }: AskingParts, now: number): Promise<void> {
  const due = and(isNull(contactAsks.endedAt), lte(contactAsks.nextAt, new Date(now)));
  const over = lte(contactAsks.answerBy, new Date(now));
  // Another process may be able to write; that the time is over, each can see.
  while (able && (await db.orm.transaction((tx) => writeTo(tx, now))) === AT_ONCE);
  const silent = await db.orm.select({ task: contactAsks.task }).from(contactAsks).where(and(due, over));
  for (const { task } of silent) await db.orm.transaction((tx) => giveUp(tx, task, now));
}

/** Writes to those whose next message is due. @returns how many were looked at. */
async function writeTo(tx: Queryable, now: number): Promise<number> {
  const at = new Date(now);
  const first = eq(contactAsks.messages, 0);
  const found = await tx
    .select()
    .from(contactAsks)
    .where(
      and(
        isNull(contactAsks.endedAt),
        lte(contactAsks.nextAt, at),
        // Somebody whose time was over before anybody could write to them is asked all the same.
        sql`(${contactAsks.answerBy} > ${at.toISOString()}::timestamptz or ${first} and ${contactAsks.silentAt} is null)`,
      ),
    )
    .orderBy(contactAsks.nextAt, contactAsks.task)
    .limit(AT_ONCE)
    .for('update', { skipLocked: true });
  if (found.length === 0) return 0;
  const ids = found.map(({ task }) => task);
  const rows = await tx
    .select({ id: tasks.id, connection: tasks.connection })
    .from(tasks)
    .where(inArray(tasks.id, ids));
  const connectionOf = new Map(rows.map(({ id, connection }) => [id, connection]));
  await tell(
    tx,
    found.map((ask) => messageOf(ask, connectionOf.get(ask.task), at)),
  );
  for (const ask of found) {
    await tx
      .update(contactAsks)
      .set({ messages: ask.messages + 1, nextAt: new Date(nextOf(ask, now)) })
      .where(eq(contactAsks.task, ask.task));
  }
  return found.length;
}

function messageOf(
  { task, work, contact, answerBy, messages, takenAt }: Ask,
  connection: string | undefined,
  at: Date,
): NewNotice {
  const { name, email, accountId, notes } = contact as Contact;
  // Nobody is reminded of what never reached them.
  const reminder = takenAt === null ? 0 : messages;
  return {
    kind: reminder === 0 ? 'contact.asked' : 'contact.reminded',
    at,
    connection,
    owner: email,
    facts: {
      task,
      reference: referenceOf(work),
      name,
      answerBy: answerBy.toISOString(),
      ...(reminder === 0 ? {} : { reminder }),
      ...given({ accountId, notes }),
    },
  };
}

/** Every other day from the beginning; after a time in which nobody could write, not all that were missed. */
function nextOf({ askedAt, answerBy }: Ask, now: number): number {
  const begun = askedAt.getTime();
  const next = begun + (Math.floor((now - begun) / REMIND_EVERY_MS) + 1) * REMIND_EVERY_MS;
  return answerBy.getTime() <= now ? now + REMIND_EVERY_MS : Math.min(next, answerBy.getTime());
}

/** Nobody answered in time: the request goes on, or waits for a person. Passed over is only who was written to, and had two days since. */
async function giveUp(tx: Queryable, task: number, now: number): Promise<void> {
  const at = new Date(now);
  // Whoever answers meanwhile holds the request; all take it first.
  const [row] = await tx
    .select({ request: tasks.request, connection: tasks.connection })
    .from(tasks)
    .where(eq(tasks.id, task));
  if (row === undefined) return;
  await tx.select({ id: requests.id }).from(requests).where(eq(requests.id, row.request)).for('update');
  const [ask] = await tx
    .select()
    .from(contactAsks)
    .where(and(eq(contactAsks.task, task), isNull(contactAsks.endedAt), lte(contactAsks.nextAt, at)))
    .for('update');
  const [waiting] = await tx
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(eq(tasks.id, task), eq(tasks.state, 'waiting_for_person')))
    .for('update');
  if (ask === undefined || waiting === undefined) return;
  const skips = (ask.contact as Contact).whenSilent === 'skip' && ask.takenAt !== null;
  const patience = (ask.takenAt?.getTime() ?? 0) + REMIND_EVERY_MS;
  if (skips && patience > now) {
    await tx
      .update(contactAsks)
      .set({ nextAt: new Date(patience) })
      .where(eq(contactAsks.task, task));
    return;
  }
  const about = { at, task, connection: row.connection, work: ask.work };
  if (!skips) {
    await tx.update(contactAsks).set({ nextAt: null, silentAt: at }).where(eq(contactAsks.task, task));
    const facts = { work: ask.work, dueAt: ask.answerBy.toISOString(), written: ask.takenAt === null ? 0 : 1 };
    await tell(tx, [{ kind: 'contact.silent', at, connection: row.connection, facts }]);
    await appendEvents(tx, [{ ...about, kind: 'task.contact_silent' }]);
    return;
  }
  await tx.update(tasks).set({ state: 'skipped', concludedAt: at }).where(eq(tasks.id, task));
  await rollUp(tx, sql`select ${task}::bigint`, at);
  await tx.update(contactAsks).set({ nextAt: null, silentAt: at, endedAt: at }).where(eq(contactAsks.task, task));
  await endWork(tx, sql`id = ${ask.work}`, 'could_not', { why: 'The contact did not answer in time.' }, at);
  await appendEvents(tx, [{ ...about, kind: 'task.skipped' }]);
}

/** Notes that the mail server took a message to a contact. */
export async function noteWritten(tx: Queryable, task: number, reminder: number | undefined, at: Date): Promise<void> {
  const [ask] = await tx
    .update(contactAsks)
    .set({ takenAt: sql`coalesce(${contactAsks.takenAt}, ${at.toISOString()}::timestamptz)` })
    .where(eq(contactAsks.task, task))
    .returning({ work: contactAsks.work });
  if (ask === undefined) return;
  await appendEvents(tx, [{ at, kind: 'task.contact_asked', task, work: ask.work, data: { reminder } }]);
}

/** Whether a contact still is to be written to about a task: nobody answered, and nobody stopped it. */
export async function stillAsked({ orm }: Database, task: number): Promise<boolean> {
  const [found] = await orm
    .select({ task: tasks.id })
    .from(tasks)
    .innerJoin(connections, eq(connections.id, tasks.connection))
    .where(sql`${tasks.id} = ${task} and ${tasks.state} = 'waiting_for_person' and ${connections.state} <> 'removed'`);
  return found !== undefined;
}

/** Forgets contacts, with their links, whose requests ended before then. @returns how many. */
export async function forgetAsked({ orm }: Database, before: Date): Promise<number> {
  const { rowCount } = await orm.execute(sql`
    with gone as (delete from ${contactAsks} where ended_at < ${before.toISOString()}::timestamptz returning task),
      dead as (delete from ${answerLinks} where task in (select task from gone))
    select task from gone`);
  return rowCount ?? 0;
}
