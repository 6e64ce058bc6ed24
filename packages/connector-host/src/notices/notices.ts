/**
 * Telling people what needs them, by mail and signed webhooks.
 *
 *     await notices.work();                                        // a look every quarter of a minute, by one of the processes
 *     await notices.create({ channel: 'email', address }, actor);  // who is told
 *     await tell(tx, [{ kind: 'work.assigned', at, owner }]);      // outbox.ts: that there is something to tell
 */
import { and, asc, eq } from 'drizzle-orm';
import type { Actor } from '../access/roles.js';
import { present } from '../clock.js';
import { askContacts, forgetAsked } from '../contacts/asking.js';
import type { Engine } from '../engine/engine.js';
import { given } from '../given.js';
import { noDelivery } from '../not-there.js';
import { HostProblem } from '../problem.js';
import type { Queryable } from '../store/database.js';
import type { Page } from '../store/page.js';
import { noticeDeliveries, notices } from '../store/schema.js';
import { appendEvents, type EventData, type EventKind } from '../timeline.js';
import { type DeliveryParts, deliverDue, deliverOne, openWebhook } from './deliver.js';
import { type DeliveryFilter, type DeliveryView, deliveryView, forgetEnded, listDeliveries } from './deliveries.js';
import { addressesOfRule, handOn, newDelivery, TRIED_MS } from './hand-on.js';
import { type NewNoticeRule, type NoticeChange, type NoticeView, readChange, readNew, viewOf } from './rules.js';
import { type NoticeRow, sealing, type WebhookSecrets } from './target.js';
import { tellDeadlines, tellDisk } from './watch.js';
import { newSecret } from './webhook.js';

/** What notices stand on. */
export interface NoticesOptions extends DeliveryParts {
  readonly engine: Engine;
  /** Origins of webhooks that may be private, or http. */
  readonly allowed: readonly string[];
  /** Days that deliveries are kept after their end. Default {@link USUAL_NOTICE_DAYS}. */
  readonly days?: number;
}

/** A webhook's secret, shown this once. */
export interface MadeNotice {
  readonly notice: NoticeView;
  /** `whsec_...`; absent for mail. */
  readonly secret?: string;
}

/** Days that deliveries are kept where the operator says nothing. */
const USUAL_NOTICE_DAYS = 90;

/** How long the secret before still counts that was replaced, in milliseconds. */
const OLD_SECRET_MS = 24 * 3_600_000;

/** Time between two looks, in milliseconds. */
const LOOK_EVERY = 15_000;

/** Most notices: whatever happens is held against each of them. */
const MOST = 500;

/** Who is told what, and the telling. */
export class Notices {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: NoticesOptions) {}

  /** Whether there is a mail server, as this process knows. */
  get mails(): boolean {
    return this.options.mailer !== undefined;
  }

  /** Takes the job in this process. */
  async work(): Promise<void> {
    const { engine, db } = this.options;
    await engine.work('notices', 1, async (_data, { signal }) => {
      await this.look(signal);
      await this.wake(LOOK_EVERY);
    });
    // A job that was lost, or that a wrong clock put far ahead, is sent again.
    const again = () =>
      this.wake(LOOK_EVERY).catch((error: unknown) => db.outage.met(error, 'No look at the notices could be sent'));
    this.#timer = setInterval(again, 4 * LOOK_EVERY).unref();
  }

  /** Sends the next look. @param afterMs from now. */
  async wake(afterMs = 0): Promise<void> {
    await this.options.engine.send('notices', {}, { afterMs });
  }

  /** Sends no more looks. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** Does everything that is due: looks what is to be told, hands it on, delivers it, and forgets what is old. */
  async look(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const { db, clock, mailer, site, days = USUAL_NOTICE_DAYS } = this.options;
    const certain = (await clock.doubt?.()) === undefined;
    const able = mailer !== undefined && site !== undefined;
    if (certain) await askContacts({ db, able }, clock.now());
    if (certain) await tellDeadlines(this.options, clock.now());
    await tellDisk(this.options, clock.now());
    do {
      while (!signal.aborted && (await handOn(db, clock.now())) > 0);
      await deliverDue(this.options, signal);
      // What was given up may have something told in its turn.
    } while (!signal.aborted && (await handOn(db, clock.now())) > 0);
    if (!certain) return;
    const before = new Date(clock.now() - days * 24 * 3_600_000);
    await forgetEnded(db, before);
    await forgetAsked(db, before);
  }

  /** All notices, oldest first. */
  async list(): Promise<readonly NoticeView[]> {
    const rows = await this.options.db.orm.select().from(notices).orderBy(asc(notices.createdAt), asc(notices.id));
    return rows.map((row) => viewOf(row as NoticeRow));
  }

  /**
   * Has somebody told from now on.
   * @throws HostProblem `INPUT_INVALID`, naming each field; `STATE_FORBIDS` where there is no mail server, or too many notices.
   */
  async create(wish: NewNoticeRule, actor: Actor): Promise<MadeNotice> {
    const { db, allowed, zone } = this.options;
    const row = readNew(wish, allowed, zone, this.#now());
    if (row.channel === 'email') this.#demandMail();
    const secret = row.channel === 'webhook' ? newSecret() : undefined;
    const sealed =
      secret === undefined ? null : await this.#seal(row.id, { url: wish.url ?? '', secrets: [{ secret }] });
    await db.orm.transaction(async (tx) => {
      if ((await tx.select({ id: notices.id }).from(notices).limit(MOST)).length === MOST)
        throw new HostProblem('STATE_FORBIDS', `There are ${MOST} notices already.`, { remedy: 'Remove some first.' });
      await tx.insert(notices).values({ ...row, kinds: [...row.kinds], sealed });
      await this.#keep(tx, 'notice.created', actor, { notice: row.id, channel: row.channel });
    });
    return { notice: viewOf(row), ...given({ secret }) };
  }

  /** Changes one. @throws HostProblem `INPUT_INVALID`, `NOT_FOUND`. */
  async change(id: string, change: NoticeChange, actor: Actor): Promise<NoticeView> {
    const set = readChange(change);
    return this.options.db.orm.transaction(async (tx) => {
      const row = await this.#locked(tx, id);
      if (Object.keys(set).length === 0) return viewOf(row);
      const { kinds, ...rest } = set;
      await tx
        .update(notices)
        .set({ ...rest, ...(kinds === undefined ? {} : { kinds: [...kinds] }) })
        .where(eq(notices.id, id));
      await this.#keep(tx, 'notice.changed', actor, { notice: id, fields: Object.keys(change).join(', ') });
      return viewOf({ ...row, ...set });
    });
  }

  /** Has nobody told by this any more; what waits is not sent. @throws HostProblem `NOT_FOUND`. */
  async remove(id: string, actor: Actor): Promise<void> {
    await this.options.db.orm.transaction(async (tx) => {
      const { channel } = await this.#locked(tx, id);
      await tx.delete(notices).where(eq(notices.id, id));
      await tx
        .update(noticeDeliveries)
        .set({
          state: 'failed',
          endedAt: this.#now(),
          failure: { code: 'NOTICE_REMOVED', message: 'Nobody is told by this any more.' },
        })
        .where(and(eq(noticeDeliveries.notice, id), eq(noticeDeliveries.state, 'waiting')));
      await this.#keep(tx, 'notice.removed', actor, { notice: id, channel });
    });
  }

  /**
   * Gives a webhook a new secret, shown this once. Messages are signed by the one before as well for a day, so that the receiver can be
   * changed meanwhile.
   * @throws HostProblem `NOT_FOUND`, or `STATE_FORBIDS` for mail.
   */
  async replaceSecret(id: string, actor: Actor): Promise<{ readonly secret: string; readonly oldCountsUntil: string }> {
    const { db, keyring } = this.options;
    const secret = newSecret();
    const until = this.#now().getTime() + OLD_SECRET_MS;
    await db.orm.transaction(async (tx) => {
      const { sealed } = await this.#locked(tx, id);
      if (sealed === null) throw new HostProblem('STATE_FORBIDS', 'Mail has no secret; webhooks have one.');
      const { url, secrets } = await openWebhook(keyring, id, sealed, tx);
      const [before] = secrets;
      const kept = before === undefined ? [] : [{ secret: before.secret, until }];
      await tx
        .update(notices)
        .set({ sealed: await this.#seal(id, { url, secrets: [{ secret }, ...kept] }) })
        .where(eq(notices.id, id));
      await this.#keep(tx, 'notice.secret_replaced', actor, { notice: id, until: new Date(until).toISOString() });
    });
    return { secret, oldCountsUntil: new Date(until).toISOString() };
  }

  /**
   * Sends a test at once, whatever the hour, and waits for what comes of it.
   * @returns a delivery for each receiver; none for notices to owners of work, or to a role that nobody with an address has.
   * @throws HostProblem `NOT_FOUND`, or `STATE_FORBIDS` where it is switched off.
   */
  async test(id: string, actor: Actor): Promise<readonly DeliveryView[]> {
    const { db } = this.options;
    const now = this.#now();
    const keys = await db.orm.transaction(async (tx) => {
      const row = await this.#locked(tx, id);
      demandActive(row);
      if (row.channel === 'email') this.#demandMail();
      const message = { kind: 'test', at: now.toISOString(), facts: {}, count: 1 } as const;
      const addresses = await addressesOfRule(tx, row, now.getTime());
      const made = addresses.map((to) => newDelivery(row, to, message, now.getTime(), now.getTime()));
      if (made.length > 0) await tx.insert(noticeDeliveries).values(made);
      await this.#keep(tx, 'notice.tested', actor, { notice: id, channel: row.channel });
      return made.map(({ key }) => key);
    });
    const found: DeliveryView[] = [];
    for (const key of keys) {
      await deliverOne(this.options, key);
      found.push(await this.#delivery(key));
    }
    return found;
  }

  /** What was sent, the newest first. @throws HostProblem `CURSOR_INVALID`. */
  deliveries(filter: DeliveryFilter): Promise<Page<DeliveryView>> {
    return listDeliveries(this.options.db, filter);
  }

  /**
   * Sends a message once more, under its id, and tries for three days again.
   * @throws HostProblem `NOT_FOUND`, or `STATE_FORBIDS` where its notice is gone or switched off.
   */
  async resend(key: string, actor: Actor): Promise<DeliveryView> {
    const { db } = this.options;
    const now = this.#now();
    await db.orm.transaction(async (tx) => {
      const [row] = await tx.select().from(noticeDeliveries).where(eq(noticeDeliveries.key, key)).for('update');
      if (row === undefined) throw noDelivery();
      const { notice } = row;
      if (notice === null) throw new HostProblem('STATE_FORBIDS', 'Messages to contacts are not sent once more.');
      const [rule] = await tx.select().from(notices).where(eq(notices.id, notice));
      if (rule === undefined) throw new HostProblem('STATE_FORBIDS', 'The notice that it was sent by was removed.');
      demandActive(rule as NoticeRow);
      await tx
        .update(noticeDeliveries)
        .set({
          state: 'waiting',
          attempts: 0,
          nextAt: now,
          giveUpAt: new Date(now.getTime() + TRIED_MS),
          endedAt: null,
          failure: null,
        })
        .where(eq(noticeDeliveries.id, row.id));
      await this.#keep(tx, 'notice.resent', actor, { notice, delivery: key, kind: row.kind });
    });
    await this.wake();
    return this.#delivery(key);
  }

  #now(): Date {
    return present(this.options.clock);
  }

  #demandMail(): void {
    if (this.mails) return;
    throw new HostProblem('STATE_FORBIDS', 'This host has no mail server, so nobody can be told by mail.', {
      remedy: 'Start it with --smtp-server and --mail-from.',
    });
  }

  async #seal(id: string, secrets: WebhookSecrets): Promise<Buffer> {
    return this.options.keyring.seal(sealing.purpose, Buffer.from(JSON.stringify(secrets)), sealing.bind(id));
  }

  async #locked(tx: Queryable, id: string): Promise<NoticeRow> {
    const [row] = await tx.select().from(notices).where(eq(notices.id, id)).for('update');
    if (row === undefined)
      throw new HostProblem('NOT_FOUND', 'There is no notice with this id.', {
        remedy: 'List the notices to see their ids.',
      });
    return row as NoticeRow;
  }

  async #delivery(key: string): Promise<DeliveryView> {
    const [row] = await this.options.db.orm.select().from(noticeDeliveries).where(eq(noticeDeliveries.key, key));
    if (row === undefined) throw noDelivery();
    return deliveryView(row);
  }

  async #keep(tx: Queryable, kind: EventKind, actor: Actor, data: EventData): Promise<void> {
    await appendEvents(tx, [{ at: this.#now(), kind, actor: actor.id, data }]);
  }
}

function demandActive({ active }: NoticeRow): void {
  if (active) return;
  throw new HostProblem('STATE_FORBIDS', 'The notice is switched off.', { remedy: 'Switch it on first.' });
}
