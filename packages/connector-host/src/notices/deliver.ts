/**
 * Delivers what waits. A try is on disk before it begins and its end after it ended: whoever is killed between the two tries again, under
 * the same key, by which the receiver knows the message again.
 */
import { and, eq, gt, gte, lte, sql } from 'drizzle-orm';
import type { HostClock } from '../clock.js';
import { noteWritten } from '../contacts/asking.js';
import type { Logger } from '../log.js';
import { tell } from '../outbox.js';
import type { Keyring } from '../sealing/keyring.js';
import type { Database, Queryable } from '../store/database.js';
import { isTransient } from '../store/database-errors.js';
import { noticeDeliveries, notices } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import type { Failure } from './failure.js';
import type { Mailer } from './mail.js';
import { isToContact, type Message, type MessageToContact, mailOf, payloadOf } from './message.js';
import { afterQuiet } from './quiet.js';
import { type NoticeRow, sealing, type WebhookSecrets } from './target.js';
import { sendToContact } from './to-contact.js';
import type { WebhookSender } from './webhook.js';

/** What deliveries stand on. */
export interface DeliveryParts {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly clock: HostClock;
  readonly log: Logger;
  /** Absent where no mail server is set. */
  readonly mailer?: Mailer;
  readonly webhooks: WebhookSender;
  /** Address of the console, for links. */
  readonly base?: string;
  /** The public address of the host, for the links of contacts. */
  readonly site?: string;
  /** The host's zone. */
  readonly zone: string;
}

/** A row of what is delivered. */
export type DeliveryRow = typeof noticeDeliveries.$inferSelect;

const [minute, hour] = [60_000, 3_600_000];

/** How long after each try the next one is made, in milliseconds; the last repeats until three days are over. */
const pauses = [5_000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour] as const;

/** How long a try may take that somebody began, in milliseconds: then whoever made it is taken to be gone. */
const TRY_MS = 2 * minute;

/** Deliveries that one receiver is sent before others have their turn. */
const IN_A_ROW = 20;

/** So far ahead, in milliseconds, waits no delivery: a wrong clock put it there. */
const ABSURD_MS = 48 * hour;

/**
 * Delivers what is due, receivers side by side, until nothing more is or can be.
 * @returns how many were delivered.
 */
export async function deliverDue(parts: DeliveryParts, signal: AbortSignal): Promise<number> {
  if ((await parts.clock.doubt?.()) === undefined) await pullBack(parts);
  let delivered = 0;
  for (let more = true; more && !signal.aborted; ) {
    const lanes = await dueByLane(parts);
    const counts = await Promise.all(lanes.map((lane) => deliverLane(parts, lane, signal)));
    more = counts.some((count) => count > 0);
    delivered += counts.reduce((sum, count) => sum + count, 0);
  }
  return delivered;
}

async function pullBack({ db, clock }: DeliveryParts): Promise<void> {
  const now = clock.now();
  await db.orm
    .update(noticeDeliveries)
    .set({ nextAt: new Date(now) })
    .where(and(eq(noticeDeliveries.state, 'waiting'), gt(noticeDeliveries.nextAt, new Date(now + ABSURD_MS))));
}

/** What is due, by the way it goes: the mail server, and each webhook. */
async function dueByLane({ db, clock, mailer }: DeliveryParts): Promise<readonly (readonly string[])[]> {
  const now = new Date(clock.now()).toISOString();
  // Another process may know a mail server; where none does for three days, it is said.
  const able = mailer === undefined ? sql`(channel <> 'email' or give_up_at <= ${now}::timestamptz)` : sql`true`;
  const { rows } = await db.orm.execute<{ lane: string; key: string }>(sql`
    select lane, key::text as key from (
      select lane, key, next_at, row_number() over (partition by lane order by next_at, id) as place from (
        select case channel when 'email' then '' else notice::text end as lane, key, next_at, id
          from ${noticeDeliveries} where state = 'waiting' and next_at <= ${now}::timestamptz and ${able}) due) numbered
     where place <= ${IN_A_ROW} order by next_at, key`);
  const lanes = new Map<string, string[]>();
  for (const { lane, key } of rows) lanes.set(lane, [...(lanes.get(lane) ?? []), key]);
  return [...lanes.values()];
}

/** One after the other, until the way is barred: what else waits there is not tried in vain. */
async function deliverLane(parts: DeliveryParts, keys: readonly string[], signal: AbortSignal): Promise<number> {
  let delivered = 0;
  for (const key of keys) {
    if (signal.aborted) break;
    const tried = await deliverOne(parts, key);
    if (tried?.delivered === false && tried.failure.alone !== true) break;
    if (tried?.delivered === true) delivered += 1;
  }
  return delivered;
}

/** How a try ended. */
export type Tried = { readonly delivered: true } | { readonly delivered: false; readonly failure: Failure };

/** Tries one delivery now, if it is due and nobody is at it. Answers `undefined` where it was not tried. */
export async function deliverOne(parts: DeliveryParts, key: string): Promise<Tried | undefined> {
  const { db, clock } = parts;
  const now = new Date(clock.now());
  const [row] = await db.orm
    .update(noticeDeliveries)
    .set({
      attempts: sql`least(${noticeDeliveries.attempts} + 1, 1000)`,
      attemptedAt: now,
      nextAt: new Date(now.getTime() + TRY_MS),
    })
    .where(and(eq(noticeDeliveries.key, key), eq(noticeDeliveries.state, 'waiting'), lte(noticeDeliveries.nextAt, now)))
    .returning();
  if (row === undefined) return undefined;
  const [rule] = (await db.orm.select().from(notices).where(sql`${notices.id} = ${row.notice}`)) as NoticeRow[];
  // Whatever is wrong with one message or one receiver, the others go on.
  if (await waitsForQuiet(parts, row, rule, now)) return undefined;
  const failure = barred(row, rule) ?? (await send(parts, row, rule, now).catch((error) => broken(parts, error)));
  if (failure === undefined) await recordDelivered(parts, row);
  else await recordFailure(parts, row, rule, failure);
  return failure === undefined ? { delivered: true } : { delivered: false, failure };
}

function broken({ log }: DeliveryParts, error: unknown): Failure {
  // The database's trouble is not the message's: it stays due.
  if (isTransient(error)) throw error;
  log.error({ err: error }, 'A notice cannot be sent');
  return { code: 'NOTICE_BROKEN', message: 'The host could not make this message; its log says why.', alone: true };
}

/** Leaves a message until quiet hours end that began, or were set, since it was made: a retry, or one that was late. A test goes at any hour. */
async function waitsForQuiet(
  { db }: DeliveryParts,
  row: DeliveryRow,
  rule: NoticeRow | undefined,
  now: Date,
): Promise<boolean> {
  const nextAt = new Date(afterQuiet(now.getTime(), rule?.quiet ?? null, rule?.zone ?? 'UTC'));
  if (row.kind === 'test' || nextAt <= now) return false;
  const attempts = row.attempts - 1;
  await db.orm.update(noticeDeliveries).set({ attempts, nextAt }).where(untouched(row));
  return true;
}

/** Why nothing goes by a notice any more; `undefined` where something does. */
function barred({ notice }: DeliveryRow, rule: NoticeRow | undefined): Failure | undefined {
  if (notice === null || rule?.active === true) return undefined;
  if (rule !== undefined) return { ...switchedOff, final: true, alone: true };
  return { code: 'NOTICE_REMOVED', message: 'Nobody is told by this any more.', final: true, alone: true };
}

const switchedOff: Failure = { code: 'NOTICE_OFF', message: 'The notice was switched off; switch it on and resend.' };

/** @param rule absent for a message that goes by none. */
async function send(
  parts: DeliveryParts,
  row: DeliveryRow,
  rule: NoticeRow | undefined,
  now: Date,
): Promise<Failure | undefined> {
  const message = row.message as Message | MessageToContact;
  if (isToContact(message)) return sendToContact(parts, row, message, now);
  if (rule === undefined || rule.sealed === null) {
    if (parts.mailer === undefined)
      return { code: 'MAIL_NOT_SET', message: 'This process of the host knows no mail server (--smtp-server).' };
    return parts.mailer({ key: row.key, to: row.address, ...mailOf(message, rule?.zone ?? parts.zone, parts.base) });
  }
  const { url, secrets } = await openWebhook(parts.keyring, rule.id, rule.sealed);
  return parts.webhooks({
    url,
    secrets: secrets.filter(({ until = Infinity }) => until > now.getTime()).map(({ secret }) => secret),
    id: row.key,
    seconds: Math.floor(now.getTime() / 1000),
    body: payloadOf(message, rule.zone, parts.base),
  });
}

/** Opens what is sealed of a webhook. */
export async function openWebhook(
  keyring: Keyring,
  id: string,
  sealed: Buffer,
  tx?: Queryable,
): Promise<WebhookSecrets> {
  const plain = await keyring.open(sealing.purpose, sealed, sealing.bind(id), tx);
  return JSON.parse(plain.toString('utf8')) as WebhookSecrets;
}

/** The row as this try left it: whoever asked for it to be sent anew meanwhile is not undone. */
const untouched = (row: DeliveryRow) =>
  and(eq(noticeDeliveries.id, row.id), eq(noticeDeliveries.state, 'waiting'), eq(noticeDeliveries.nextAt, row.nextAt));

async function recordDelivered({ db, clock }: DeliveryParts, row: DeliveryRow): Promise<void> {
  const at = new Date(clock.now());
  const message = row.message as Message | MessageToContact;
  await db.orm.transaction(async (tx) => {
    const { rowCount } = await tx
      .update(noticeDeliveries)
      .set({ state: 'delivered', endedAt: at, failure: null })
      .where(untouched(row));
    if (rowCount === 0 || !isToContact(message)) return;
    await noteWritten(tx, Number(message.facts['task']), message.facts['reminder'] as number | undefined, at);
  });
}

async function recordFailure(
  parts: DeliveryParts,
  row: DeliveryRow,
  rule: NoticeRow | undefined,
  failure: Failure,
): Promise<void> {
  const { db, clock, log } = parts;
  const now = clock.now();
  const { code, message } = failure;
  log.warn({ notice: row.notice, delivery: row.key, code, attempt: row.attempts }, 'A notice was not delivered');
  const pause = pauses[Math.min(row.attempts, pauses.length) - 1] ?? pauses[0];
  const next = afterQuiet(now + pause, rule?.quiet ?? null, rule?.zone ?? 'UTC');
  // By a clock that may be wrong nothing is given up.
  const over = next > row.giveUpAt.getTime() && (await clock.doubt?.()) === undefined;
  const ended = failure.final === true || over;
  await db.orm.transaction(async (tx) => {
    const changed = await tx
      .update(noticeDeliveries)
      .set({
        failure: { code, message },
        ...(ended ? { state: 'failed', endedAt: new Date(now) } : { nextAt: new Date(next) }),
      })
      .where(untouched(row))
      .returning({ id: noticeDeliveries.id });
    if (changed.length === 0 || !ended || rule?.channel !== 'webhook') return;
    if (failure.gone === true || !(await tookSomething(tx, row, rule)))
      await switchOff(tx, rule, failure, new Date(now));
  });
}

/** Whether the receiver took another message since this one was first tried. */
async function tookSomething(tx: Queryable, { createdAt }: DeliveryRow, { id: notice }: NoticeRow): Promise<boolean> {
  const [found] = await tx
    .select({ id: noticeDeliveries.id })
    .from(noticeDeliveries)
    .where(
      and(
        eq(noticeDeliveries.notice, notice),
        eq(noticeDeliveries.state, 'delivered'),
        gte(noticeDeliveries.endedAt, createdAt),
      ),
    )
    .limit(1);
  return found !== undefined;
}

/** A receiver that takes nothing for days is left alone; others are told, and what waited for it can be resent. */
async function switchOff(tx: Queryable, { id, target }: NoticeRow, failure: Failure, at: Date): Promise<void> {
  const why = failure.gone === true ? 'gone' : 'silent';
  const changed = await tx
    .update(notices)
    .set({ active: false, switchedOff: { at: at.toISOString(), why } })
    .where(and(eq(notices.id, id), eq(notices.active, true)))
    .returning({ id: notices.id });
  if (changed.length === 0) return;
  await tx
    .update(noticeDeliveries)
    .set({
      state: 'failed',
      endedAt: at,
      failure: switchedOff,
    })
    .where(and(eq(noticeDeliveries.notice, id), eq(noticeDeliveries.state, 'waiting')));
  const to = 'origin' in target ? target.origin : '';
  await tell(tx, [{ kind: 'notice.switched_off', at, facts: { notice: id, to, why } }]);
  await appendEvents(tx, [{ at, kind: 'notice.switched_off', data: { notice: id, why } }]);
}
