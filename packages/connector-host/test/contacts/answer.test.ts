/** The page by which a contact answers: what it shows, what it takes, what is kept, and what is gone after a purge. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import pg from 'pg';
import { openLog } from '../../src/log.js';
import { fileLimits, tidyName } from '../../src/requests/files.js';
import type { Answer } from '../api/running-host.js';
import { dump, tracesIn } from '../security/traces.js';
import { type ContactStage, DAY, HOUR, jane, openContactStage, sendForm } from './stage.js';

let stage: ContactStage;
let log = '';
let nth = 0;
const fresh = () => {
  nth += 1;
  return `canary-sender-${nth}`;
};
const person = (id: string) => `${id}@person.example`;
const call: ContactStage['running']['call'] = (...args) => stage.running.call(...args);

beforeAll(async () => {
  const to = {
    write: (line: string) => {
      log += line;
    },
  };
  stage = await openContactStage({ log: openLog({ level: 'trace', to }) });
  await stage.contact({ ...jane, accountId: 'acct <4711>', notes: 'By & by.', whenSilent: 'skip' });
});
afterAll(() => stage.stop());
beforeEach(() => {
  stage.mail.mails.length = 0;
});

/** Asks about somebody. @returns the request's id and the token of the link. */
async function asked(): Promise<{ id: string; token: string }> {
  const id = fresh();
  await stage.ask(id, person(id));
  await stage.running.host.notices.look();
  const token = stage.token();
  expect(token).toHaveLength(43);
  return { id, token };
}

async function open(token: string) {
  const answer = await fetch(`${stage.running.url}/answer/${token}`);
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

const audit = async (action: string) =>
  (await call('GET', '/api/v1/audit?limit=1000')).body.items.filter((one: Answer['body']) => one.action === action);
const files = async (id: string) => (await call('GET', `/api/v1/requests/${id}/files`)).body.items;
const download = async (id: string, file: number, token?: string) => {
  const authorization = `Bearer ${token ?? (await call('POST', '/api/v1/tokens', { name: 'x', role: 'privacy-manager' })).body.token}`;
  return fetch(`${stage.running.url}/api/v1/requests/${id}/files/${file}`, { headers: { authorization } });
};

async function database<T>(use: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: stage.running.databaseUrl });
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}

describe('the page of a link', () => {
  test('shows whom it is about and what is asked, needs nothing but itself, changes nothing, and the look is in the audit log', async () => {
    const { id, token } = await asked();
    const before = await stage.detail(id);
    const { status, text, headers } = await open(token);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const part of [person(id), 'acct &#60;4711&#62;', 'By &#38; by.', 'Acme', `W-${(await stage.item(id)).id}`])
      expect(text).toContain(part);
    expect(text).not.toMatch(/<script|<link|<img|https?:|canary-sender-\d+(?!@|\d)/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    const { timeline: _before, ...was } = before;
    const { timeline: _after, ...is } = await stage.detail(id);
    expect(is).toEqual(was);
    const look = { actor: 'contact', target: { task: is.tasks[0].id } };
    expect(await audit('task.identifiers_shown')).toMatchObject([look]);
    // So does an answer that is not taken: the page comes again.
    expect((await sendForm(stage, token, {})).text).toContain(person(id));
    expect(await audit('task.identifiers_shown')).toMatchObject([look, look]);
  });

  test('is one and the same for a token that is unknown, misshapen, used or over', async () => {
    const { token: used } = await asked();
    expect((await sendForm(stage, used, { answer: 'nothing' })).status).toBe(200);
    const { id, token: over } = await asked();
    await call('POST', `/api/v1/requests/${id}/cancel`, {});
    const seen = await Promise.all(
      [used, over, 'x'.repeat(43), 'short', `${used}x`].flatMap((token) => [open(token), sendForm(stage, token, {})]),
    );
    expect(new Set(seen.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(seen[0]).toMatchObject({ status: 404, text: expect.stringContaining('leads nowhere') });
  });

  test('is refused where it is opened too often, as a page, and other links are not', async () => {
    const other = await asked();
    const { token } = await asked();
    let last = await open(token);
    for (let calls = 0; last.status === 200 && calls < 100; calls += 1) last = await open(token);
    expect([last.status, last.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
    expect((await open(other.token)).status).toBe(200);
  });
});

describe('an answer by link', () => {
  const secret = `canary-content-${randomBytes(8).toString('hex')}`;

  test('with files concludes the request; they are for those who may see people, to download and nothing else', async () => {
    const { id, token } = await asked();
    const large = new Uint8Array(randomBytes(3 * 1024 * 1024));
    const sent = await sendForm(stage, token, { answer: 'data' }, [
      { name: '../..\\über data\r\n.csv', content: `name,secret\nAda,${secret}\n` },
      { name: 'large.bin', content: large },
    ]);
    expect([sent.status, sent.text.includes('Thank you')]).toEqual([200, true]);
    const { state, tasks } = await stage.detail(id);
    expect([state, tasks[0].state, tasks[0].basis]).toEqual(['complete', 'complete', 'person']);
    expect(tasks[0].answer).toMatchObject({ outcome: 'done', files: 2, answeredBy: jane.name, recordedBy: 'contact' });
    expect(await stage.item(id)).toMatchObject({ state: 'done', ended: { doneBy: jane.name } });
    const receipt = decodeJwt((await call('GET', `/api/v1/requests/${id}/receipt`)).body) as Answer['body'];
    expect(receipt.tasks[0]).toMatchObject({
      state: 'complete',
      basis: 'person',
      answer: { outcome: 'done', files: 2 },
    });
    const [first, second] = await files(id);
    expect([first, second]).toMatchObject([
      { bytes: 12 + 5 + secret.length, name: expect.stringMatching(/^über data.*\.csv$/) },
      { name: 'large.bin', bytes: large.length },
    ]);
    const got = await download(id, first.id);
    expect(await got.text()).toBe(`name,secret\nAda,${secret}\n`);
    expect(got.headers.get('content-disposition')).toMatch(
      /^attachment; filename="_ber data.*"; filename\*=UTF-8''%C3%BCber/,
    );
    expect([got.headers.get('x-content-type-options'), got.headers.get('content-type')]).toEqual([
      'nosniff',
      'application/octet-stream',
    ]);
    expect(Buffer.from(await (await download(id, second.id)).arrayBuffer()).equals(large)).toBe(true);
    expect((await audit('task.files_read')).map(({ data }: Answer['body']) => data.file).sort()).toEqual(
      [first.id, second.id].sort(),
    );
    for (const role of ['viewer', 'connections-manager'] as const) {
      const token = await stage.running.tokenOf(role);
      expect((await call('GET', `/api/v1/requests/${id}/files`, undefined, { token })).status).toBe(403);
      expect((await download(id, first.id, token)).status).toBe(403);
    }
    const { id: other } = await asked();
    expect((await download(other, first.id)).status).toBe(404);
    expect((await open(token)).status).toBe(404);
  });

  test('is purged with the person, byte for byte', async () => {
    const { rows } = await database((pool) => pool.query('select count(*)::int as n from connector_host.file_pieces'));
    expect(rows[0].n).toBeGreaterThan(6);
    const [{ sealed }] = await database(
      async (pool) => (await pool.query('select sealed from connector_host.file_pieces where place = 0 limit 1')).rows,
    );
    await stage.clock.engine.tick(1_000);
    expect((await stage.running.host.retention.purge({ retentionDays: 0 })).purged).toBeGreaterThan(0);
    await database(async (pool) => {
      for (const table of ['file_pieces', 'stored_files'])
        expect((await pool.query(`select count(*)::int as n from connector_host.${table}`)).rows).toEqual([{ n: 0 }]);
      const kept = [...(await dump(pool)).values()].join('\n');
      expect(kept).not.toContain((sealed as Buffer).toString('hex'));
      expect(tracesIn(kept, [secret, 'über data'])).toEqual([]);
    });
  });

  test('that nothing is held is complete, on the word that nobody is known', async () => {
    const { id, token } = await asked();
    expect((await sendForm(stage, token, { answer: 'nothing' })).status).toBe(200);
    const { state, tasks } = await stage.detail(id);
    expect([state, tasks[0].state, tasks[0].basis]).toEqual(['complete', 'complete', 'nobody-known']);
    expect(await files(id)).toEqual([]);
  });

  test('that it cannot be done is an error with its reason, which is closed and never sent again', async () => {
    const { id, token } = await asked();
    expect((await sendForm(stage, token, { answer: 'cannot', reason: 'The archive is sealed.' })).status).toBe(200);
    const { state, tasks } = await stage.detail(id);
    expect([state, tasks[0].error.code, tasks[0].ways]).toEqual(['error', 'CONTACT_CANNOT', ['correct', 'close']]);
    expect(tasks[0].answer).toMatchObject({ outcome: 'could_not', said: 'The archive is sealed.' });
    expect((await call('POST', `/api/v1/requests/${id}/retry`, {})).status).toBe(409);
    expect((await call('POST', '/api/v1/requests/retry', { code: 'CONTACT_CANNOT' })).body.retried).toBe(0);
    expect(
      (await call('POST', `/api/v1/requests/${id}/close`, { reason: 'Told the person.' })).body.settledAt,
    ).toBeDefined();
  });

  test('that comes late takes the place of a skip, and is kept from then on as long as any other', async () => {
    const { id, token } = await asked();
    await stage.pass(14 * DAY);
    expect((await stage.detail(id)).state).toBe('skipped');
    await stage.pass(20 * DAY);
    expect((await open(token)).status).toBe(200);
    expect((await sendForm(stage, token, { answer: 'data' }, [{ name: 'a.txt', content: 'late' }])).status).toBe(200);
    const late = await stage.detail(id);
    expect([late.state, late.settledAt]).toEqual(['complete', late.tasks[0].answer.answeredAt]);
    expect(await stage.item(id)).toMatchObject({ state: 'done' });
    await stage.clock.engine.tick(20 * DAY);
    await stage.running.host.retention.purge();
    expect(await files(id)).toHaveLength(1);
  });

  const bad: readonly (readonly [
    string,
    Record<string, string>,
    readonly { name: string; content: string }[],
    RegExp,
  ])[] = [
    ['no choice', {}, [], /Choose an answer/],
    ['data without a file', { answer: 'data' }, [], /at least one file/],
    ['an empty file', { answer: 'data' }, [{ name: 'a', content: '' }], /empty/],
    ['a refusal without a reason', { answer: 'cannot', reason: ' ' }, [], /Say why/],
    ['a reason that is too long', { answer: 'cannot', reason: 'x'.repeat(2_001) }, [], /longer than 2000/],
    [
      'more than ten files',
      { answer: 'data' },
      Array.from({ length: 11 }, (_, at) => ({ name: `${at}`, content: 'x' })),
      /more than 10/,
    ],
    [
      'a file that is too large',
      { answer: 'data' },
      [{ name: 'a', content: 'x'.repeat(fileLimits.bytes + 1) }],
      /larger than 25 MB/,
    ],
  ];
  test.each(bad)('with %s is not taken, says why, and leaves nothing behind', async (_what, fields, sent, says) => {
    const { id, token } = await asked();
    const answer = await sendForm(stage, token, fields, sent);
    expect([answer.status, answer.text]).toEqual([422, expect.stringMatching(says)]);
    expect((await stage.detail(id)).state).toBe('waiting_for_person');
    const { rows } = await database((pool) =>
      pool.query('select count(*)::int as n from connector_host.stored_files where attached_at is null'),
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  test('whose reason names the person is not taken', async () => {
    const { id, token } = await asked();
    const answer = await sendForm(stage, token, { answer: 'cannot', reason: `${person(id).toUpperCase()} is gone.` });
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('Leave the identifiers')]);
  });

  test('that no form carried is not taken', async () => {
    const { token } = await asked();
    const answer = await fetch(`${stage.running.url}/answer/${token}`, { method: 'POST', body: 'answer=nothing' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await open(token)).status).toBe(200);
  });
});

test('no token, no identifier and no sender id stands in the log, the audit log, or the database in the open', async () => {
  const { id, token } = await asked();
  await open(token);
  await sendForm(stage, token, { answer: 'data' }, [{ name: `${person(id)}.txt`, content: person(id) }]);
  await stage.pass(HOUR);
  const trail = JSON.stringify((await call('GET', '/api/v1/audit?limit=1000')).body);
  const deliveries = JSON.stringify((await call('GET', '/api/v1/notices/deliveries')).body);
  expect(tracesIn([log, trail, deliveries].join('\n'), [token, person(id), 'person.example', id])).toEqual([]);
  const kept = await database(async (pool) => [...(await dump(pool)).values()].join('\n'));
  expect(tracesIn(kept, [token, 'person.example'])).toEqual([]);
});

test('a name of a file is one line without folders, and never empty', () => {
  expect(tidyName('C:\\temp\\a\u0000b.txt')).toBe('a b.txt');
  expect([tidyName('/'), tidyName(''), tidyName('x'.repeat(500)).length]).toEqual(['file', 'file', fileLimits.name]);
});
