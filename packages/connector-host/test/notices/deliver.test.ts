/** Deliveries over days, by a clock that the test moves: what is tried when, given up, switched off, resent, forgotten. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { Webhook } from 'standardwebhooks';
import { demandReconnect, holdBack } from '../../src/connections/condition.js';
import type { Engine } from '../../src/engine/engine.js';
import { deliverOne } from '../../src/notices/deliver.js';
import type { Failure } from '../../src/notices/failure.js';
import type { Mail } from '../../src/notices/mail.js';
import { Notices, type NoticesOptions } from '../../src/notices/notices.js';
import { diskSizes } from '../../src/notices/watch.js';
import { webhookSender } from '../../src/notices/webhook.js';
import { type NewNotice, noticeKinds, tell } from '../../src/outbox.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { appendEvents } from '../../src/timeline.js';
import { actors } from '../connections/desk.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';
import { VirtualClock } from '../virtual-clock.js';
import { type WebhookReceiver, webhookReceiver } from './receivers.js';

const [minute, hour] = [60_000, 3_600_000];
const admin = actors.admin;
let database: TestDatabase;
let dataDir = '';
let keyring: Keyring;
let clock: VirtualClock;
let receiver: WebhookReceiver;
let mails: Mail[];
let mailFailure: Failure | undefined;
let free: number | undefined;

beforeAll(async () => {
  database = await testDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'notices-'));
  keyring = await Keyring.open(database.db, { dataDir });
  receiver = await webhookReceiver();
});
afterAll(async () => {
  await receiver.stop();
  await database.drop();
  await rm(dataDir, { recursive: true });
});
beforeEach(async () => {
  await database.db.orm.execute(
    sql`truncate connector_host.notices, connector_host.notice_outbox, connector_host.notice_deliveries, connector_host.upkeep`,
  );
  clock = new VirtualClock();
  // The morning's digest is a test of its own.
  await toHour(3);
  mails = [];
  mailFailure = undefined;
  free = undefined;
  receiver.calls.length = 0;
  receiver.status = 200;
});

/** Moves to the next time at which it is this hour in UTC. */
async function toHour(wanted: number): Promise<void> {
  const now = clock.now();
  const today = now - (now % (24 * hour)) + wanted * hour;
  await clock.engine.tick(today > now ? today - now : today + 24 * hour - now);
}

function optionsOf(more: Partial<NoticesOptions>, knowsMail: boolean): NoticesOptions {
  const mailer = async (one: Mail) => {
    mails.push(one);
    return mailFailure;
  };
  return {
    db: { ...database.db, freeBytes: async () => free },
    engine: { send: async () => undefined } as unknown as Engine,
    keyring,
    clock,
    log: testLog,
    ...(knowsMail ? { mailer } : {}),
    webhooks: webhookSender({ allowed: [receiver.origin] }),
    allowed: [receiver.origin],
    zone: 'UTC',
    ...more,
  };
}

const notices = (more: Partial<NoticesOptions> = {}, knowsMail = true) => new Notices(optionsOf(more, knowsMail));

const told = (more: Partial<NewNotice> = {}) =>
  tell(database.db.orm, [
    { kind: 'disk.nearly_full', at: new Date(clock.now()), facts: { freeMegabytes: 5 }, ...more },
  ]);
const pass = async (ms: number) => {
  await clock.engine.tick(ms);
};
const webhook = (of: Notices) =>
  of.create({ channel: 'webhook', url: `${receiver.origin}/hook?key=canary-url-0815` }, admin);
const mail = (of: Notices, address = 'a@example.com') => of.create({ channel: 'email', address }, admin);
const states = async (of: Notices) => (await of.deliveries({})).items.map(({ state }) => state);
const ids = () => receiver.calls.map(({ headers }) => headers['webhook-id']);

test('a message goes to everybody who wants its kind, once to each address, and to nobody else', async () => {
  const host = notices();
  await mail(host);
  await mail(host, 'A@example.com');
  await host.create({ channel: 'email', address: 'b@example.com', kinds: ['import.ended'] }, admin);
  const { id } = (await mail(host, 'off@example.com')).notice;
  await host.change(id, { active: false }, admin);
  await webhook(host);
  await told();
  await host.look();
  expect(mails.map(({ to }) => to.toLowerCase())).toEqual(['a@example.com']);
  expect(receiver.calls).toHaveLength(1);
  await host.look();
  expect([mails.length, receiver.calls.length]).toEqual([1, 1]);
});

test('work is told to its owner, and to each address of a role whose tokens are good', async () => {
  const host = notices();
  await host.create({ channel: 'email', owner: true }, admin);
  await host.create({ channel: 'email', role: 'privacy-manager', kinds: ['work.assigned'] }, admin);
  await database.db.orm.execute(sql`
    insert into connector_host.access_tokens (id, name, role, hash, email, revoked_at) values
      ('p1', 'P', 'privacy-manager', '\\x01', 'p@example.com', null), ('p2', 'P', 'privacy-manager', '\\x02', null, null),
      ('p3', 'P', 'privacy-manager', '\\x03', 'gone@example.com', '2020-01-01'), ('v', 'V', 'viewer', '\\x04', 'v@example.com', null)`);
  await told({ kind: 'work.assigned', owner: 'o@example.com', facts: { work: 1, what: 'erase-elsewhere' } });
  await told({ kind: 'work.assigned', owner: 'o@example.com', facts: { work: 2, what: 'erase-elsewhere' } });
  await told({ kind: 'work.assigned', owner: 'x@example.com\r\nBcc: y@example.com', facts: { work: 3 } });
  await told();
  await host.look();
  const count = (to: string) => mails.filter((one) => one.to === to).length;
  expect([count('o@example.com'), count('p@example.com'), mails.length]).toEqual([1, 2, 3]);
  expect(mails.find(({ to }) => to === 'o@example.com')?.subject).toBe('Work for you: 2 pieces of work');
  await database.db.orm.execute(sql`delete from connector_host.access_tokens`);
});

test('what is alike at one connection comes as one message', async () => {
  const host = notices();
  await mail(host);
  for (let operation = 1; operation <= 20; operation += 1)
    await told({ kind: 'submission.undecided', connection: 'c1', facts: { operation } });
  await told({ kind: 'submission.undecided', connection: 'c2', facts: { operation: 30 } });
  await host.look();
  expect(mails.map(({ subject }) => subject).sort()).toEqual([
    'c1: 20 submissions need a decision',
    'c2: 1 submission needs a decision',
  ]);
});

test('what is not committed is not told, and a message that is told was committed', async () => {
  const host = notices();
  await mail(host);
  const failing = database.db.orm.transaction(async (tx) => {
    await tell(tx, [{ kind: 'import.ended', at: new Date(), facts: { accepted: 1, rejected: 1, doubtful: 0 } }]);
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  await host.look();
  expect(mails).toEqual([]);
});

describe('a webhook', () => {
  test("is signed so that the scheme's own library takes it, with the same id at every try", async () => {
    const host = notices();
    const { secret = '', notice } = await webhook(host);
    expect(notice.to).toEqual({ origin: receiver.origin });
    receiver.status = 500;
    await told();
    await host.look();
    receiver.status = 204;
    await pass(10_000);
    await host.look();
    expect(await states(host)).toEqual(['delivered']);
    const [first, second] = receiver.calls;
    expect(ids()).toEqual([first?.headers['webhook-id'], first?.headers['webhook-id']]);
    expect(Number(second?.headers['webhook-timestamp'])).toBeGreaterThan(Number(first?.headers['webhook-timestamp']));
    expect(verified(secret, second)).toMatchObject({ type: 'disk.nearly_full', data: { freeMegabytes: 5, count: 1 } });
    expect(JSON.stringify((await host.deliveries({})).items)).not.toContain('canary-url');
  });

  test('is tried for three days with growing pauses, then switched off, and others are told', async () => {
    const host = notices();
    await webhook(host);
    await mail(host);
    receiver.status = 503;
    await told();
    const start = clock.now();
    const tries: number[] = [];
    for (let next: string | undefined = new Date(start).toISOString(); next !== undefined; ) {
      await pass(Date.parse(next) - clock.now());
      tries.push((clock.now() - start) / 1000);
      await host.look();
      const { items } = await host.deliveries({});
      next = items.find(({ channel }) => channel === 'webhook')?.nextAt;
    }
    // Seconds: in all just below three days.
    expect(tries).toEqual([0, 5, 305, 2105, 9305, 27_305, 63_305, 113_705, 185_705, 257_705]);
    expect(new Set(ids()).size).toBe(1);
    const [notice] = (await host.list()).filter(({ channel }) => channel === 'webhook');
    expect(notice).toMatchObject({ active: false, switchedOff: { why: 'silent' } });
    expect(mails.map(({ subject }) => subject)).toContain(`The webhook to ${receiver.origin} was switched off`);
    await told();
    await host.look();
    expect(receiver.calls).toHaveLength(10);
  });

  test('that takes other messages is not switched off for one that it does not take', async () => {
    const host = notices();
    await webhook(host);
    receiver.status = 500;
    await told({ kind: 'quota.used_up' });
    await host.look();
    receiver.status = 200;
    await told();
    await host.look();
    receiver.status = 500;
    for (let hours = 0; hours < 75; hours += 1) {
      await pass(hour);
      await host.look();
    }
    expect((await states(host)).sort()).toEqual(['delivered', 'failed']);
    expect((await host.list())[0]).toMatchObject({ active: true });
  });

  test('that says it is gone is switched off at once; what waited can be resent under its id', async () => {
    const host = notices();
    const { notice } = await webhook(host);
    receiver.status = 410;
    await told();
    await told({ kind: 'quota.used_up' });
    await host.look();
    expect((await host.list())[0]).toMatchObject({ active: false, switchedOff: { why: 'gone' } });
    const { items } = await host.deliveries({ state: 'failed' });
    expect(items.map(({ failure }) => failure?.code).sort()).toEqual(['NOTICE_OFF', 'WEBHOOK_GONE']);
    const { id = '' } = items[0] ?? {};
    await expect(host.resend(id, admin)).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    receiver.status = 200;
    expect(await host.change(notice.id, { active: true }, admin)).not.toHaveProperty('switchedOff');
    expect(await host.resend(id, admin)).toMatchObject({ state: 'waiting', attempts: 0 });
    await host.look();
    expect(ids().at(-1)).toBe(id);
    expect((await host.deliveries({ state: 'delivered' })).items.map((one) => one.id)).toEqual([id]);
  });

  test('with a new secret is signed by both for a day, then by the new one alone', async () => {
    const host = notices();
    const { secret = '', notice } = await webhook(host);
    const { secret: second } = await host.replaceSecret(notice.id, admin);
    const { secret: third } = await host.replaceSecret(notice.id, admin);
    await told();
    await host.look();
    expect(() => verified(secret, receiver.calls[0])).toThrow();
    for (const one of [second, third])
      expect(verified(one, receiver.calls[0])).toMatchObject({ type: 'disk.nearly_full' });
    await pass(25 * hour);
    await told();
    await host.look();
    expect(() => verified(second, receiver.calls.at(-1))).toThrow();
    expect(verified(third, receiver.calls.at(-1))).toMatchObject({ type: 'disk.nearly_full' });
  });

  test('that hangs or leads elsewhere holds nobody else up, and is not followed', async () => {
    const other = await webhookReceiver();
    const host = notices({
      webhooks: webhookSender({ allowed: [receiver.origin, other.origin], patienceMs: 2_000 }),
      allowed: [receiver.origin, other.origin],
    });
    await webhook(host);
    await host.create({ channel: 'webhook', url: other.origin }, admin);
    await mail(host);
    receiver.status = 0;
    other.status = 307;
    other.location = receiver.origin;
    await told();
    await host.look();
    const { items } = await host.deliveries({});
    const codes = new Map(items.map(({ to, failure }) => [to, failure?.code]));
    expect(codes.get(receiver.origin)).toBe('WEBHOOK_SILENT');
    expect(codes.get(other.origin)).toBe('WEBHOOK_REDIRECTED');
    expect([receiver.calls.length, other.calls.length, mails.length]).toEqual([1, 1, 1]);
    await other.stop();
  });
});

describe('mail', () => {
  test('waits for the end of quiet hours', async () => {
    const host = notices();
    await host.create({ channel: 'email', address: 'a@example.com', quiet: { from: '22:00', until: '06:30' } }, admin);
    await told();
    await host.look();
    expect(mails).toEqual([]);
    await pass(3.5 * hour);
    await host.look();
    expect(mails).toHaveLength(1);
  });

  test('that is tried again, or was late, waits for their end, too; a test does not', async () => {
    const host = notices();
    const quiet = { from: '05:00', until: '08:00' };
    const { notice } = await host.create({ channel: 'email', address: 'a@example.com', quiet }, admin);
    mailFailure = { code: 'MAIL_UNREACHED', message: 'No answer.' };
    await told();
    await host.look();
    mailFailure = undefined;
    // Nobody was at it until the quiet hours had begun.
    await pass(2.5 * hour);
    await host.look();
    expect(mails).toHaveLength(1);
    expect((await host.deliveries({})).items).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    expect(await host.test(notice.id, admin)).toMatchObject([{ state: 'delivered' }]);
    await pass(2.5 * hour);
    await host.look();
    expect(await states(host)).toEqual(['delivered', 'delivered']);
  });

  test('to one address that is refused is given up at once; the others go', async () => {
    const host = notices();
    for (const address of ['a@example.com', 'b@example.com', 'c@example.com']) await mail(host, address);
    const taken: string[] = [];
    const refusing = notices({
      mailer: async ({ to }) => {
        if (to === 'b@example.com') return { code: 'MAIL_REFUSED', message: 'No.', final: true, alone: true };
        taken.push(to);
        return undefined;
      },
    });
    await told();
    await refusing.look();
    expect(taken.sort()).toEqual(['a@example.com', 'c@example.com']);
    expect((await host.deliveries({ state: 'failed' })).items).toMatchObject([{ to: 'b@example.com', attempts: 1 }]);
  });

  test('is tried by one message where the server does not answer, not by each', async () => {
    const host = notices();
    for (const address of ['a@example.com', 'b@example.com', 'c@example.com']) await mail(host, address);
    mailFailure = { code: 'MAIL_UNREACHED', message: 'No answer.' };
    await told();
    await host.look();
    expect(mails).toHaveLength(1);
    mailFailure = undefined;
    await pass(10_000);
    await host.look();
    expect(await states(host)).toEqual(['delivered', 'delivered', 'delivered']);
  });

  test('is left to a process that knows a mail server, and said to be impossible after three days without one', async () => {
    await mail(notices());
    const without = notices({}, false);
    await told();
    await without.look();
    expect(await states(without)).toEqual(['waiting']);
    await pass(73 * hour);
    await without.look();
    expect((await without.deliveries({})).items).toMatchObject([
      { state: 'failed', failure: { code: 'MAIL_NOT_SET' } },
    ]);
    await expect(mail(without)).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
  });
});

test('what cannot be sent, since its secret does not open, keeps nobody else from being told', async () => {
  const host = notices();
  const { notice } = await webhook(host);
  await mail(host);
  await database.db.orm.execute(sql`update connector_host.notices set sealed = '\\x00' where id = ${notice.id}`);
  await told();
  await host.look();
  expect(mails).toHaveLength(1);
  expect((await host.deliveries({ state: 'waiting' })).items).toMatchObject([{ failure: { code: 'NOTICE_BROKEN' } }]);
});

test('a connection that has to be reconnected, a used-up quota and an undecided submission are told as they happen, once', async () => {
  const { orm } = database.db;
  await orm.execute(sql`
    insert into connector_host.connections (id, connector, name, state, capabilities, config, facts)
    values ('c1', 'plain', 'Acme', 'active', '{}', '{}', '{}')`);
  const host = notices();
  await mail(host);
  const at = new Date(clock.now());
  const message = 'Refused for grace.canary@example.com';
  const fault = { code: 'UNAUTHENTICATED', kind: 'auth', retryable: false, message } as const;
  await demandReconnect(database.db, 'c1', fault, at, null);
  await demandReconnect(database.db, 'c1', fault, at, null);
  const until = new Date('2027-01-01T00:00:00Z');
  await holdBack(database.db, 'c1', until, 'QUOTA_EXHAUSTED', at);
  await holdBack(database.db, 'c1', until, 'QUOTA_EXHAUSTED', at);
  const event = { at, kind: 'operation.undecided', operation: 7, connection: 'c1', data: { ...fault } } as const;
  await orm.transaction((tx) => appendEvents(tx, [event]));
  await host.look();
  expect(mails.map(({ subject }) => subject).sort()).toEqual([
    'Acme needs to be reconnected',
    'Acme: 1 submission needs a decision',
    'The quota of Acme is used up',
  ]);
  expect(JSON.stringify(mails)).toContain('1 January 2027');
  expect(JSON.stringify(mails)).not.toContain('canary');
  await orm.execute(sql`delete from connector_host.connections`);
});

test('two processes at once send each message once', async () => {
  const [one, two] = [notices(), notices()];
  await webhook(one);
  await mail(one);
  for (const kind of noticeKinds) await told({ kind });
  await Promise.all([one.look(), two.look(), one.look()]);
  await one.look();
  expect(new Set(ids()).size).toBe(noticeKinds.length);
  expect([ids().length, mails.length]).toEqual([noticeKinds.length, noticeKinds.length]);
});

test('a message that is being sent is sent by nobody else meanwhile, even by who saw it before it was taken', async () => {
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    const slow = notices({
      mailer: async (one) => {
        mails.push(one);
        resolve();
        await held;
        return undefined;
      },
    });
    void mail(slow)
      .then(() => told())
      .then(() => slow.look());
  });
  await begun;
  const host = notices();
  const [{ id = '' } = {}] = (await host.deliveries({})).items;
  expect(await deliverOne(optionsOf({}, true), id)).toBeUndefined();
  go();
  while ((await states(host))[0] !== 'delivered');
  expect(mails).toHaveLength(1);
});

test('deadlines are told once a day from eight on, by the zone of the host, and only where there are some', async () => {
  const host = notices({ zone: 'Europe/Berlin' });
  await mail(host);
  await toHour(9);
  await host.look();
  expect(mails).toEqual([]);
  await database.db.orm.execute(sql`
    insert into connector_host.requests (request_id, "right", state, digest, fingerprints, due_at)
    select 'r' || n, 'deletion', 'processing', '\\x00', '{}', ${new Date(clock.now()).toISOString()}::timestamptz + n * interval '1 day'
      from unnest(array[-3, -1, 2, 3, 4, 20]) n`);
  const daily = async () => {
    for (let hours = 0; hours < 24; hours += 1) {
      await pass(hour);
      await Promise.all([host.look(), notices({ zone: 'Europe/Berlin' }).look()]);
    }
  };
  await daily();
  expect(mails.map(({ subject }) => subject)).toEqual(['Requests: 2 late, 3 due within a week']);
  await daily();
  expect(mails).toHaveLength(2);
  await database.db.orm.execute(sql`truncate connector_host.requests`);
});

test('owners are told once a day what of their work is due tomorrow, and once what came to be overdue', async () => {
  const host = notices();
  await host.create({ channel: 'email', owner: true }, admin);
  await toHour(7);
  await database.db.orm.execute(sql`
    insert into connector_host.work_items (kind, name, system, owner_name, owner_email, due_at, opened_at, state)
    select 'erase-elsewhere', 'Warehouse', n::text, 'O', owner, ${new Date(clock.now()).toISOString()}::timestamptz + n * interval '1 hour', now(), state
      from (values (30, 'o@example.com', 'open'), (31, 'O@example.com', 'open'), (32, 'p@example.com', 'open'), (29, 'q@example.com', 'done'), (90, 'o@example.com', 'open')) w (n, owner, state)`);
  const days: string[][] = [];
  for (let day = 0; day < 4; day += 1) {
    await toHour(9);
    await host.look();
    days.push(
      mails
        .splice(0)
        .map(({ to, subject }) => `${to.toLowerCase()}: ${subject}`)
        .sort(),
    );
  }
  const alone = 'Erase people by hand in Warehouse';
  expect(days).toEqual([
    ['o@example.com: Due tomorrow: 2 pieces of work', `p@example.com: Due tomorrow: ${alone}`],
    [],
    ['o@example.com: Overdue: 2 pieces of work', `p@example.com: Overdue: ${alone}`],
    [`o@example.com: Due tomorrow: ${alone}`],
  ]);
  await database.db.orm.execute(sql`delete from connector_host.work_items`);
});

test('a disk that is nearly full is told once, and again after there was room', async () => {
  const host = notices();
  await mail(host);
  for (const bytes of [
    undefined,
    diskSizes.well,
    diskSizes.low - 1,
    diskSizes.low - 1,
    diskSizes.low + 1,
    diskSizes.low - 1,
  ]) {
    free = bytes;
    await host.look();
  }
  expect(mails).toHaveLength(1);
  for (const bytes of [diskSizes.well, diskSizes.low - 1]) {
    free = bytes;
    await host.look();
  }
  expect(mails).toHaveLength(2);
});

test('deliveries are forgotten after their time, but for those that wait', async () => {
  const host = notices({ days: 10 });
  await mail(host);
  await told();
  await host.look();
  mailFailure = { code: 'MAIL_UNREACHED', message: 'No answer.' };
  await pass(10 * 24 * hour - minute);
  await told({ kind: 'quota.used_up' });
  await host.look();
  expect((await states(host)).sort()).toEqual(['delivered', 'waiting']);
  await pass(2 * minute);
  await host.look();
  expect(await states(host)).toEqual(['waiting']);
});

test('while clocks are apart nothing is given up, forgotten or counted as a day', async () => {
  const host = notices();
  await mail(host);
  mailFailure = { code: 'MAIL_UNREACHED', message: 'No answer.' };
  await told();
  await host.look();
  clock.doubts.all = 'The clocks are apart.';
  await pass(80 * hour);
  await host.look();
  expect(await states(host)).toEqual(['waiting']);
  delete clock.doubts.all;
  await pass(24 * hour);
  await host.look();
  expect(await states(host)).toEqual(['failed']);
});

test('what waits for a notice that is removed is not sent', async () => {
  const host = notices();
  const { notice } = await mail(host);
  mailFailure = { code: 'MAIL_UNREACHED', message: 'No answer.' };
  await told();
  await host.look();
  await host.remove(notice.id, admin);
  await pass(hour);
  await host.look();
  expect(mails).toHaveLength(1);
  expect((await host.deliveries({})).items).toMatchObject([{ state: 'failed', failure: { code: 'NOTICE_REMOVED' } }]);
});

test('what waits for a notice that is switched off is not sent', async () => {
  const host = notices();
  const { notice } = await mail(host);
  mailFailure = { code: 'MAIL_UNREACHED', message: 'No answer.' };
  await told();
  await host.look();
  mailFailure = undefined;
  await host.change(notice.id, { active: false }, admin);
  await pass(hour);
  await host.look();
  expect(mails).toHaveLength(1);
  expect((await host.deliveries({})).items).toMatchObject([{ state: 'failed', failure: { code: 'NOTICE_OFF' } }]);
});

test('of several webhooks that are switched off, and of several looks that find new systems, each is told', async () => {
  const host = notices();
  await mail(host);
  await told({ kind: 'notice.switched_off', facts: { notice: 'a', to: 'https://a.example', why: 'silent' } });
  await told({ kind: 'notice.switched_off', facts: { notice: 'b', to: 'https://b.example', why: 'silent' } });
  for (const systems of ['Redshift', 'Braze'])
    await told({ kind: 'system.not_reached', connection: 'c1', facts: { unreached: 1, systems } });
  await host.look();
  const texts = mails.map(({ text }) => text).join();
  for (const one of ['https://a.example', 'https://b.example', 'Redshift', 'Braze']) expect(texts).toContain(one);
});

test('work that was overdue when it came is told as overdue, too', async () => {
  const host = notices();
  await host.create({ channel: 'email', owner: true }, admin);
  await toHour(9);
  await host.look();
  const late = [clock.now() - 72 * hour, clock.now()].map((ms) => new Date(ms).toISOString());
  await database.db.orm.execute(sql`
    insert into connector_host.work_items (kind, name, system, owner_name, owner_email, due_at, opened_at)
    values ('erase-elsewhere', 'Warehouse', 'w', 'O', 'o@example.com', ${late[0]}::timestamptz, ${late[1]}::timestamptz)`);
  for (let day = 0; day < 2; day += 1) {
    await toHour(9);
    await host.look();
  }
  expect(mails.map(({ subject }) => subject)).toEqual(['Overdue: Erase people by hand in Warehouse']);
  await database.db.orm.execute(sql`delete from connector_host.work_items`);
});

/** What the scheme's own library makes of a call: its time is the test's, so the library is given that as the present. */
function verified(secret: string, call: { headers: Record<string, string>; body: string } | undefined): unknown {
  const real = Date.now;
  Date.now = () => Number(call?.headers['webhook-timestamp']) * 1000;
  try {
    return new Webhook(secret).verify(call?.body ?? '', call?.headers ?? {});
  } finally {
    Date.now = real;
  }
}
