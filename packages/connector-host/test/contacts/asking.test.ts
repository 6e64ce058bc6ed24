/** What a contact is sent over fourteen days, and what becomes of a request that nobody answers. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer } from '../api/running-host.js';
import { tracesIn } from '../security/traces.js';
import { type ContactStage, DAY, HOUR, jane, openContactStage, SITE } from './stage.js';

let stage: ContactStage;
let nth = 0;
const fresh = () => {
  nth += 1;
  return `canary-sender-${nth}`;
};
const person = (id: string) => `${id}@person.example`;

beforeAll(async () => {
  stage = await openContactStage();
});
afterAll(() => stage.stop());
beforeEach(() => {
  stage.mail.mails.length = 0;
  stage.mail.refused.clear();
});

const subjects = () => stage.mail.mails.map(({ headers }) => headers.get('subject'));
const kindsOf = ({ timeline }: Answer['body']) =>
  timeline.map(({ kind }: Answer['body']) => kind).filter((kind: string) => kind.startsWith('task.'));

describe('a contact who stays silent', () => {
  test('gets one message and six reminders, every other day; after fourteen days the request goes on, as skipped', async () => {
    await stage.contact({ ...jane, accountId: 'acct 4711', notes: 'First line.\nSecond line.', whenSilent: 'skip' });
    const id = fresh();
    const begun = stage.clock.now();
    await stage.ask(id, person(id));
    await stage.running.host.notices.look();
    const { id: work, ask, dueAt } = await stage.item(id);
    expect(ask).toMatchObject({ reference: `W-${work}`, messages: 1, contact: { ...jane, whenSilent: 'skip' } });
    expect([ask.answerBy, Date.parse(dueAt) - begun]).toEqual([dueAt, 14 * DAY]);
    const days: number[] = [];
    for (let hour = 6; hour < 14 * 24; hour += 6) {
      const before = stage.mail.mails.length;
      await stage.pass(6 * HOUR);
      if (stage.mail.mails.length > before) days.push(hour / 24);
    }
    expect(days).toEqual([2, 4, 6, 8, 10, 12]);
    expect((await stage.detail(id)).state).toBe('waiting_for_person');
    await stage.pass(6 * HOUR);
    const done = await stage.detail(id);
    expect([done.state, done.tasks[0].state, done.tasks[0].basis]).toEqual(['skipped', 'skipped', undefined]);
    // Nobody was served, and no figure says so.
    const { days: figures } = (await stage.running.call('GET', '/api/v1/overview?days=2')).body;
    expect(figures.at(-1)).toMatchObject({ concluded: 1, withTrouble: 1 });
    expect(kindsOf(done)).toEqual(['task.direct_contact', ...Array(7).fill('task.contact_asked'), 'task.skipped']);
    expect(await stage.item(id)).toMatchObject({
      state: 'could_not',
      ended: { why: expect.stringContaining('in time') },
    });
    await stage.pass(30 * DAY);
    expect(subjects()).toEqual([
      `W-${work}: a person asks for their data`,
      ...Array(6).fill(`Reminder: W-${work}: a person asks for their data`),
    ]);
    expect(new Set(stage.mail.mails.map(({ to }) => to.join()))).toEqual(new Set([jane.email]));
    expect(new Set(stage.mail.mails.map(({ headers }) => headers.get('message-id'))).size).toBe(7);
    const [text = ''] = stage.texts();
    for (const part of ['acct 4711', 'First line.', 'Second line.', `${SITE}/answer/`, 'Acme'])
      expect(text).toContain(part);
    expect(stage.mail.mails.flatMap(({ raw }) => tracesIn(raw, [id, person(id), 'person.example']))).toEqual([]);
    const links = stage.texts().map((one) => /answer\/([\w-]+)/.exec(one)?.[1]);
    expect(new Set(links).size).toBe(7);
  });

  test('has the request wait where the connection says so, and super-admins are told, whoever else is', async () => {
    await stage.contact({ ...jane, whenSilent: 'pause' });
    await stage.running.call('POST', '/api/v1/tokens', {
      name: 'Boss',
      role: 'super-admin',
      email: 'boss@example.com',
    });
    const id = fresh();
    await stage.ask(id, person(id));
    await stage.pass(14 * DAY + HOUR);
    const still = await stage.detail(id);
    expect([still.state, still.tasks[0].waitsFor]).toEqual(['waiting_for_person', 'answer']);
    const item = await stage.item(id);
    expect(item).toMatchObject({ state: 'open', due: 'overdue', ask: { messages: 7, silentAt: expect.anything() } });
    const told = stage.mail.mails.filter(({ to }) => to.includes('boss@example.com'));
    expect(told.map(({ headers }) => headers.get('subject'))).toEqual(['Acme: 1 access request stands still']);
    expect(told.flatMap(({ raw }) => tracesIn(raw, [id, person(id)]))).toEqual([]);
    await stage.pass(7 * DAY);
    expect(stage.mail.mails).toHaveLength(8);
  });

  test('is not passed over where the mail server took no message: the request waits', async () => {
    await stage.contact({ ...jane, whenSilent: 'skip' });
    stage.mail.refused.set(jane.email, 550);
    const id = fresh();
    await stage.ask(id, person(id));
    await stage.pass(20 * DAY);
    expect((await stage.detail(id)).state).toBe('waiting_for_person');
    const { ask } = await stage.item(id);
    expect([ask.messages, ask.taken, ask.writtenAt]).toEqual([7, 0, undefined]);
    expect(kindsOf(await stage.detail(id)).at(-1)).toBe('task.contact_silent');
  });

  test('is not told that they were written to before where the mail server took none of it', async () => {
    await stage.contact({ ...jane, whenSilent: 'skip' });
    stage.mail.refused.set(jane.email, 550);
    const id = fresh();
    await stage.ask(id, person(id));
    stage.mail.refused.clear();
    await stage.pass(2 * DAY + HOUR);
    expect(stage.texts()).toHaveLength(1);
    expect(stage.texts()[0]).toContain('a person asks for all data about them that is held in Acme');
    expect([subjects()[0], stage.texts()[0]].join()).not.toMatch(/Reminder|we wrote to you/);
    await stage.pass(2 * DAY);
    expect(stage.texts()[0]).toContain('we wrote to you');
    // Of three that were made, the first never came.
    expect((await stage.item(id)).ask).toMatchObject({ messages: 3, taken: 2 });
    await stage.running.call('POST', `/api/v1/requests/${id}/cancel`, {});
  });

  test('has until the legal date where that is sooner, and two days from the first message at least', async () => {
    await stage.contact({ ...jane, whenSilent: 'skip' });
    const [soon, past] = [fresh(), fresh()];
    await stage.ask(soon, person(soon), { dueAt: new Date(stage.clock.now() + 5 * DAY).toISOString() });
    const receivedAt = new Date(stage.clock.now() - 40 * DAY).toISOString();
    await stage.ask(past, person(past), { receivedAt });
    await stage.pass(2 * DAY - HOUR);
    expect((await stage.detail(past)).state).toBe('waiting_for_person');
    await stage.pass(2 * HOUR);
    expect((await stage.detail(past)).state).toBe('skipped');
    await stage.pass(3 * DAY - 2 * HOUR);
    expect((await stage.detail(soon)).state).toBe('waiting_for_person');
    await stage.pass(2 * HOUR);
    expect((await stage.detail(soon)).state).toBe('skipped');
    expect(subjects().filter((subject) => !subject?.startsWith('Reminder'))).toHaveLength(2);
    expect(stage.mail.mails).toHaveLength(4);
  });
});

describe('nobody is written to', () => {
  test('where the connection names nobody, and a contact that is named later holds for later requests', async () => {
    await stage.contact(null);
    const id = fresh();
    await stage.ask(id, person(id));
    await stage.contact(jane);
    await stage.pass(3 * DAY);
    expect([(await stage.item(id)).ask, stage.mail.mails]).toEqual([undefined, []]);
    const later = fresh();
    await stage.ask(later, person(later));
    await stage.contact({ email: 'other@harbour.example' });
    await stage.pass(HOUR);
    expect(stage.mail.mails.map(({ to }) => to)).toEqual([[jane.email]]);
    await stage.running.call('POST', `/api/v1/requests/${later}/cancel`, {});
  });

  test('any more once the request was stopped or answered by hand', async () => {
    await stage.contact(jane);
    const [stopped, answered] = [fresh(), fresh()];
    for (const id of [stopped, answered]) await stage.ask(id, person(id));
    await stage.pass(HOUR);
    expect((await stage.running.call('POST', `/api/v1/requests/${stopped}/cancel`, {})).status).toBe(200);
    const answer = { outcome: 'not_needed', answeredBy: 'Jane', said: 'Nothing here.' };
    expect((await stage.running.call('POST', `/api/v1/requests/${answered}/answer`, answer)).status).toBe(200);
    await stage.pass(6 * DAY);
    expect(stage.mail.mails).toHaveLength(2);
    expect(await stage.item(stopped)).toMatchObject({ state: 'not_needed' });
    const { state, tasks } = await stage.detail(answered);
    expect([state, tasks[0].basis]).toEqual(['complete', 'person']);
  });

  test('longer than deliveries are kept after a request ended', async () => {
    const { rows } = await asks();
    expect(rows.length).toBeGreaterThan(0);
    await stage.pass(HOUR);
    await stage.clock.engine.tick(91 * DAY);
    await stage.running.host.notices.look();
    const left = (await asks()).rows;
    expect(left.every(({ ended }) => !ended)).toBe(true);
  });
});

async function asks(): Promise<{ rows: { ended: boolean }[] }> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(stage.running.databaseUrl);
  await client.connect();
  try {
    return await client.query(`select ended_at is not null as ended from connector_host.contact_asks`);
  } finally {
    await client.end();
  }
}
