/** Files that show how work was done, and files of answers that are written down by hand: who may send, see and name them, and when they go. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import pg from 'pg';
import { fileLimits } from '../../src/requests/files.js';
import { dump, tracesIn } from '../security/traces.js';
import { type Answer, atRest, formWith, type RunningHost, runHost } from './running-host.js';

let running: RunningHost;
let pool: pg.Pool;
/** A viewer, who owns some work by the e-mail of their token. */
let owner = '';
const call: RunningHost['call'] = (...args) => running.call(...args);
const EMAIL = 'warehouse@acme.example';
const canary = `canary-content-${randomBytes(8).toString('hex')}`;

async function hand(requestId: string, right: string): Promise<Answer['body']> {
  const identifiers = [{ kind: 'user_id', value: `person-${requestId}` }];
  expect((await call('POST', '/api/v1/requests', { requestId, right, identifiers })).status).toBe(202);
  return running.until(`/api/v1/requests/${requestId}`, atRest);
}

const open = async (kind: string): Promise<Answer['body'][]> =>
  (await call('GET', `/api/v1/work?kind=${kind}&state=open&limit=1000`)).body.items;
const send = (path: string, body: unknown, token?: string) =>
  call('POST', `/api/v1/${path}/files`, body, token === undefined ? {} : { token });
const listed = async (path: string): Promise<Answer['body'][]> =>
  (await call('GET', `/api/v1/${path}/files`)).body.items;
const kept = async () => (await pool.query('select count(*)::int as n from connector_host.stored_files')).rows[0].n;
const audited = async (action: string) =>
  (await call('GET', '/api/v1/audit?limit=1000')).body.items.filter((one: Answer['body']) => one.action === action);

beforeAll(async () => {
  running = await runHost();
  pool = new pg.Pool({ connectionString: running.databaseUrl });
  const connection = await running.connect('Acme');
  await running.until(`/api/v1/connections/${connection}/detections`, ({ items }) => items[0]?.state === 'complete');
  owner = (await call('POST', '/api/v1/tokens', { name: 'Warehouse', role: 'viewer', email: EMAIL })).body.token;
  await hand('one', 'deletion');
  await hand('two', 'deletion');
});
afterAll(async () => {
  await pool.end();
  await running.stop();
});

describe('what shows that work was done', () => {
  let item: Answer['body'];

  test('is sent and named by whoever may close the work; those who may see its people download it, in the audit log', async () => {
    [item] = await open('erase-elsewhere');
    await call('POST', `/api/v1/work/${item.id}/assign`, { owner: { name: 'Warehouse', email: EMAIL } });
    const strangers = await running.tokenOf('viewer');
    expect((await send(`work/${item.id}`, formWith('x'), strangers)).status).toBe(403);
    const first = await send(`work/${item.id}`, formWith(`Deleted ${canary}`, 'C:\\shots\\one.png'), owner);
    const second = await send(`work/${item.id}`, formWith(randomBytes(600_000), 'two.png'));
    expect([first.status, second.status]).toEqual([201, 201]);
    // Until somebody names them, they are part of nothing.
    expect(await listed(`work/${item.id}`)).toEqual([]);
    const files = [first.body.id, second.body.id];
    await call('GET', `/api/v1/work/${item.id}/people`);
    const end = { outcome: 'done', reason: 'By hand.', evidence: { text: 'OPS-17' }, files };
    const closed = await call('POST', `/api/v1/work/${item.id}/close`, end, { token: owner });
    expect(closed.body).toMatchObject({ state: 'done', ended: { evidence: { text: 'OPS-17', files: 2 } } });
    expect(closed.body.history.at(-1).text).toBe('The work ended: done, files: 2 (By hand.)');
    expect(await listed(`work/${item.id}`)).toMatchObject([
      { id: first.body.id, name: 'one.png', bytes: 8 + canary.length },
      { id: second.body.id, name: 'two.png', bytes: 600_000 },
    ]);
    const path = `/api/v1/work/${item.id}/files/${first.body.id}`;
    const download = await fetch(running.url + path, { headers: { authorization: `Bearer ${owner}` } });
    expect([await download.text(), download.headers.get('content-disposition')]).toEqual([
      `Deleted ${canary}`,
      expect.stringMatching(/^attachment; filename="one\.png"/),
    ]);
    for (const token of [strangers, await running.tokenOf('auditor'), await running.tokenOf('connections-manager')]) {
      expect((await call('GET', `/api/v1/work/${item.id}/files`, undefined, { token })).status).toBe(403);
      expect((await call('GET', path, undefined, { token })).status).toBe(403);
    }
    expect((await audited('work.file_received')).map(({ data }: Answer['body']) => data.file).sort()).toEqual(files);
    expect(await audited('work.files_read')).toMatchObject([{ target: { work: item.id }, data: { file: files[0] } }]);
    const receipt = decodeJwt((await call('GET', '/api/v1/requests/one/receipt')).body) as Answer['body'];
    const told = receipt.tasks[0].leftovers.find(({ system }: Answer['body']) => system === item.system);
    expect(told.ended.evidence).toEqual({ text: 'OPS-17', files: 2 });
  });

  test('is of that work alone', async () => {
    const [other] = await open('erase-elsewhere');
    const [{ id }] = await listed(`work/${item.id}`);
    expect((await call('GET', `/api/v1/work/${other.id}/files/${id}`)).status).toBe(404);
    expect((await call('GET', `/api/v1/requests/one/files`)).body.items).toEqual([]);
    const mine = await send(`work/${other.id}`, formWith('x'));
    await call('GET', `/api/v1/work/${other.id}/people`);
    for (const files of [[id], [mine.body.id, 999_999]]) {
      const refused = await call('POST', `/api/v1/work/${other.id}/close`, { outcome: 'done', reason: 'x', files });
      expect([refused.status, refused.body.errors[0].field]).toEqual([422, 'files']);
    }
    expect((await call('GET', `/api/v1/work/${other.id}`)).body.state).toBe('open');
    const twice = { outcome: 'done', reason: 'x', files: [mine.body.id, mine.body.id] };
    expect((await call('POST', `/api/v1/work/${other.id}/close`, twice)).status).toBe(400);
  });

  test('is sent for open work that a person ends', async () => {
    expect((await send(`work/${item.id}`, formWith('x'))).body.code).toBe('STATE_FORBIDS');
    const [undecided] = await open('decide-system');
    expect((await send(`work/${undecided.id}`, formWith('x'))).body.code).toBe('STATE_FORBIDS');
    expect((await send('work/999999', formWith('x'))).status).toBe(404);
    expect((await send('work/nothing', formWith('x'))).status).toBe(400);
  });

  test('that is empty, too large, missing, or no form is not taken, and nothing of it is kept', async () => {
    const [other] = await open('erase-elsewhere');
    const path = `work/${other.id}`;
    const before = await kept();
    const none = new FormData();
    none.append('note', 'x');
    const bad = [
      ['EMPTY', await send(path, formWith(''))],
      ['TOO_LARGE', await send(path, formWith(new Uint8Array(fileLimits.bytes + 1)))],
      ['REQUIRED', await send(path, none)],
    ] as const;
    for (const [code, { status, body }] of bad) {
      expect([status, body.errors]).toEqual([422, [expect.objectContaining({ field: 'file', code })]]);
    }
    const json = await send(path, { file: 'x' });
    expect([json.status, json.body.detail]).toEqual([415, 'This call takes multipart/form-data.']);
    for (const [type, text] of [
      ['multipart/form-data', 'x'],
      [
        'multipart/form-data; boundary=b',
        '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhalf',
      ],
    ] as const) {
      const broken = await call('POST', `/api/v1/${path}/files`, text, { type });
      expect([broken.status, broken.body.detail]).toEqual([400, expect.stringContaining('The form could not be read')]);
    }
    expect(await kept()).toBe(before);
  });

  test('is gone once the work is opened again', async () => {
    await call('POST', `/api/v1/work/${item.id}/reopen`, { reason: 'Not so.' });
    expect(await listed(`work/${item.id}`)).toEqual([]);
    const { body } = await send(`work/${item.id}`, formWith(canary, `${canary}.txt`));
    await call('POST', `/api/v1/work/${item.id}/close`, { outcome: 'done', reason: 'Now it is.', files: [body.id] });
    expect(await listed(`work/${item.id}`)).toHaveLength(1);
  });
});

describe('files of an answer that somebody writes down', () => {
  const said = { outcome: 'done', answeredBy: 'Dana', said: 'By letter.' };

  test('are sent for the request or its work, named in the answer, and listed with it', async () => {
    await hand('ask-1', 'access');
    const sent = await send('requests/ask-1', formWith(`data ${canary}`, 'data.csv'));
    expect(sent.status).toBe(201);
    const answered = await call('POST', '/api/v1/requests/ask-1/answer', { ...said, files: [sent.body.id] });
    expect(answered.body.tasks[0]).toMatchObject({ state: 'complete', answer: { files: 1, answeredBy: 'Dana' } });
    expect(await listed('requests/ask-1')).toMatchObject([{ name: 'data.csv', task: answered.body.tasks[0].id }]);
    expect((await send('requests/ask-1', formWith('x'))).body.code).toBe('STATE_FORBIDS');
    await hand('ask-2', 'access');
    const work = (await open('direct-contact')).find(({ requestId }) => requestId === 'ask-2');
    const { body } = await send(`work/${work.id}`, formWith('more', 'more.csv'));
    const end = { outcome: 'done', reason: 'By mail.', doneBy: 'Dana', files: [body.id] };
    expect((await call('POST', `/api/v1/work/${work.id}/close`, end)).body.state).toBe('done');
    expect(await listed('requests/ask-2')).toMatchObject([{ name: 'more.csv' }]);
    expect(await listed(`work/${work.id}`)).toEqual([]);
  });

  test('are of that task alone, and go with an answer that serves the person', async () => {
    await hand('ask-3', 'access');
    await hand('ask-4', 'access');
    const { body } = await send('requests/ask-3', formWith('x'));
    const other = await call('POST', '/api/v1/requests/ask-4/answer', { ...said, files: [body.id] });
    expect([other.status, other.body.errors[0].field]).toEqual([422, 'files']);
    const nothing = { ...said, outcome: 'not_needed', files: [body.id] };
    const refused = await call('POST', '/api/v1/requests/ask-3/answer', nothing);
    expect([refused.status, refused.body.errors[0].field]).toEqual([422, 'files']);
    expect((await send('requests/unknown', formWith('x'))).status).toBe(404);
    expect((await call('POST', '/api/v1/requests/ask-3/files?task=999999', formWith('x'))).status).toBe(409);
    expect((await call('POST', '/api/v1/requests/ask-3/files?task=first', formWith('x'))).status).toBe(400);
    const viewer = await running.tokenOf('viewer');
    expect((await send('requests/ask-3', formWith('x'), viewer)).status).toBe(403);
  });
});

test('a purge takes them with the first of the people in them, byte for byte', async () => {
  const { rows: pieces } = await pool.query('select sealed from connector_host.file_pieces where place = 0');
  expect(pieces.length).toBeGreaterThan(3);
  const clear = [...(await dump(pool)).values()].join('\n');
  expect(tracesIn(clear, [canary])).toEqual([]);
  // Not settled, and concluded for long enough: evidence is younger than what is kept of those who are settled.
  await pool.query(
    `update connector_host.requests set concluded_at = concluded_at - interval '3 days' where request_id = 'one'`,
  );
  await running.host.retention.purge({ retentionDays: 1_000, longestRetentionDays: 2 });
  expect((await call('GET', '/api/v1/requests/two')).body.identifiers).not.toEqual([]);
  const { rows } = await pool.query(
    `select id from connector_host.stored_files where work is not null and attached_at is not null`,
  );
  expect(rows).toEqual([]);
  // And with them, in time, what nobody named.
  await pool.query(`update connector_host.stored_files set created_at = now() - interval '2 days'`);
  await running.host.retention.purge({ retentionDays: 0, longestRetentionDays: 0 });
  expect(await kept()).toBe(0);
  const after = [...(await dump(pool)).values()].join('\n');
  for (const { sealed } of pieces) expect(after.includes((sealed as Buffer).toString('hex'))).toBe(false);
});
