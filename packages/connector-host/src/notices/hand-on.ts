/** Takes what is to be told out of the outbox and makes a delivery of it for each receiver, in one transaction. */
import { randomUUID } from 'node:crypto';
import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import { usableToken } from '../access/tokens.js';
import { isAddress } from '../address.js';
import { contactKinds, type NoticeFacts, type NoticeKind } from '../outbox.js';
import type { Database, Queryable } from '../store/database.js';
import { accessTokens, connections, noticeDeliveries, noticeOutbox, notices } from '../store/schema.js';
import { isToContact, type Message, type MessageToContact } from './message.js';
import { afterQuiet } from './quiet.js';
import type { NoticeRow } from './target.js';

/** How long a delivery is tried, in milliseconds. */
export const TRIED_MS = 3 * 24 * 3_600_000;

/** Rows that are handed on in one transaction. */
const AT_ONCE = 500;

/** Told each by itself: a contact answers for each person apart, and of these the words name but one. */
const apart: ReadonlySet<string> = new Set([...contactKinds, 'system.not_reached', 'notice.switched_off']);

type OutboxRow = typeof noticeOutbox.$inferSelect;

interface Told {
  readonly message: Message | MessageToContact;
  readonly owner: string | null;
}

/** Hands on what waits in the outbox. @returns how many rows that were. */
export async function handOn(db: Database, now: number): Promise<number> {
  return db.orm.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(noticeOutbox)
      .orderBy(noticeOutbox.id)
      .limit(AT_ONCE)
      .for('update', { skipLocked: true });
    if (rows.length === 0) return 0;
    const rules = (await tx.select().from(notices).where(eq(notices.active, true)).orderBy(notices.id)) as NoticeRow[];
    const roles = await addressesByRole(tx, now);
    const made = (await together(tx, rows)).flatMap((one) => deliveriesOf(one, rules, roles, now));
    if (made.length > 0) await tx.insert(noticeDeliveries).values(made);
    const ids = rows.map(({ id }) => id);
    await tx.delete(noticeOutbox).where(inArray(noticeOutbox.id, ids));
    return rows.length;
  });
}

/** What is alike becomes one message: two hundred submissions of one connection are no two hundred mails. */
async function together(tx: Queryable, rows: readonly OutboxRow[]): Promise<Told[]> {
  const groups = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const alone = apart.has(row.kind) ? row.id : undefined;
    const key = JSON.stringify([row.kind, row.connection, row.owner, alone]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const ids = [...new Set(rows.flatMap(({ connection }) => connection ?? []))];
  const known = await tx
    .select({ id: connections.id, name: connections.name })
    .from(connections)
    .where(inArray(connections.id, ids));
  const names = new Map(known.map(({ id, name }) => [id, name]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { kind, at, connection, owner, facts } = first;
    const about =
      connection === null ? {} : { connection: { id: connection, name: names.get(connection) ?? connection } };
    const message = {
      kind: kind as NoticeKind,
      at: at.toISOString(),
      facts: facts as NoticeFacts,
      // Some tell of several at once.
      count: group.reduce((sum, { facts: one }) => sum + Number((one as NoticeFacts)['items'] ?? 1), 0),
      ...about,
    };
    return [{ message, owner }];
  });
}

async function addressesByRole(tx: Queryable, now: number): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx
    .select({ role: accessTokens.role, email: accessTokens.email })
    .from(accessTokens)
    .where(and(isNotNull(accessTokens.email), usableToken(new Date(now))));
  const found = new Map<string, string[]>();
  for (const { role, email } of rows) found.set(role, [...(found.get(role) ?? []), email ?? '']);
  return found;
}

function deliveriesOf(
  { message, owner }: Told,
  rules: readonly NoticeRow[],
  roles: ReadonlyMap<string, readonly string[]>,
  now: number,
): (typeof noticeDeliveries.$inferInsert)[] {
  if (isToContact(message))
    return owner === null ? [] : [newDelivery({ id: null, channel: 'email' }, owner, message, now, now)];
  // Whoever gets it by several rules gets it once.
  const mailed = new Set<string>();
  const byRule = rules
    .filter(({ kinds }) => (kinds as readonly string[]).includes(message.kind))
    .flatMap((rule) => {
      const addresses = addressesOf(rule, owner, roles).filter((address) => {
        const known = mailed.has(address.toLowerCase());
        if (rule.channel === 'email') mailed.add(address.toLowerCase());
        return !known;
      });
      return addresses.map((address) =>
        newDelivery(rule, address, message, afterQuiet(now, rule.quiet, rule.zone), now),
      );
    });
  if (message.kind !== 'contact.silent') return byRule;
  // A request stands still: super-admins are told, whoever else is.
  const admins = (roles.get('super-admin') ?? []).filter((one) => isAddress(one) && !mailed.has(one.toLowerCase()));
  const direct = [...new Set(admins.map((one) => one.toLowerCase()))];
  return [...byRule, ...direct.map((to) => newDelivery({ id: null, channel: 'email' }, to, message, now, now))];
}

function addressesOf(
  { target }: NoticeRow,
  owner: string | null,
  roles: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if ('origin' in target) return [target.origin];
  if ('address' in target) return [target.address];
  const found = 'role' in target ? (roles.get(target.role) ?? []) : owner === null ? [] : [owner];
  return found.filter(isAddress);
}

/** Whom a notice reaches that is about nobody's work. */
export async function addressesOfRule(tx: Queryable, rule: NoticeRow, now: number): Promise<readonly string[]> {
  return addressesOf(rule, null, await addressesByRole(tx, now));
}

/** A delivery that is to be tried from `at` on, by a rule or by none (`id` null). Times are milliseconds since the epoch. */
export function newDelivery(
  { id, channel }: { readonly id: string | null; readonly channel: NoticeRow['channel'] },
  address: string,
  message: Message | MessageToContact,
  at: number,
  now: number,
): typeof noticeDeliveries.$inferInsert {
  return {
    key: randomUUID(),
    notice: id,
    channel,
    address,
    kind: message.kind,
    message,
    state: 'waiting',
    createdAt: new Date(now),
    nextAt: new Date(at),
    giveUpAt: new Date(at + TRIED_MS),
  };
}
