/** What is written down for somebody who was purged before names nobody, and does not stay. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../src/store/database.js';
import { type RunningHost, runHost } from '../api/running-host.js';
import { testLog } from '../postgres.js';

let running: RunningHost;
let db: Database;
const call: RunningHost['call'] = (...given) => running.call(...given);
const purge = (retentionDays: number) => call('POST', '/api/v1/purge', { retentionDays });

beforeAll(async () => {
  running = await runHost();
  await running.connect('Acme');
  db = await openDatabase({ url: running.databaseUrl, dataDir: '', log: testLog });
});
afterAll(async () => {
  await db.close();
  await running.stop();
});

/** An access request that went on without an answer, long ago, and whose person is purged. */
async function skippedAndPurged(requestId: string): Promise<void> {
  const identifiers = [{ kind: 'email', value: `${requestId}@example.com` }];
  await call('POST', '/api/v1/requests', { requestId, right: 'access', identifiers });
  const long = '2020-01-01T00:00:00Z';
  const of = `(select id from connector_host.requests where request_id = $1)`;
  await db.pool.query(
    `update connector_host.tasks set state = 'skipped', concluded_at = $2 where request = ${of} and state = 'waiting_for_person'`,
    [requestId, long],
  );
  await db.pool.query(
    `update connector_host.requests set state = 'skipped', concluded_at = $2, settled_at = $2 where request_id = $1`,
    [requestId, long],
  );
  expect((await purge(30)).body).toMatchObject({ purged: 1 });
}

describe('an answer by hand for somebody who is purged', () => {
  test('is taken as its outcome alone: no words, and no file', async () => {
    await skippedAndPurged('gone-1');
    const answer = { outcome: 'done', answeredBy: 'Dana' };
    const form = new FormData();
    form.append('file', new Blob(['x']), 'x.txt');
    const sent = await call('POST', '/api/v1/requests/gone-1/files', form);
    expect([sent.status, sent.body.code, sent.body.remedy]).toEqual([
      409,
      'STATE_FORBIDS',
      'Write down the outcome alone, without words and files.',
    ]);
    for (const [field, more] of [
      ['said', { said: 'Sent to gone-1@example.com.' }],
      ['files', { files: [1] }],
    ] as const) {
      const refused = await call('POST', '/api/v1/requests/gone-1/answer', { ...answer, ...more });
      expect([refused.status, refused.body.errors]).toEqual([
        422,
        [expect.objectContaining({ field, code: 'PURGED', remedy: expect.any(String) })],
      ]);
    }
    const { status, body } = await call('POST', '/api/v1/requests/gone-1/answer', answer);
    expect([status, body.state]).toEqual([200, 'complete']);
    expect(body.tasks[0].answer).not.toHaveProperty('said');
  });

  test('of an older host loses its words and files by its own time', async () => {
    await skippedAndPurged('gone-2');
    await call('POST', '/api/v1/requests/gone-2/answer', { outcome: 'done', answeredBy: 'Dana' });
    const of = `(select id from connector_host.requests where request_id = 'gone-2')`;
    await db.pool.query(
      `update connector_host.tasks set answer = answer || '{"said": "To gone-2@example.com."}' where request = ${of} and answer is not null`,
    );
    await db.pool.query(
      `insert into connector_host.stored_files (request, task, name, bytes, created_at, attached_at)
       select request, id, '\\x00', 1, now(), now() from connector_host.tasks where request = ${of} and answer is not null`,
    );
    const kept = async () => {
      const { rows } = await db.pool.query(
        `select (select count(*)::int from connector_host.tasks where request = ${of} and answer ? 'said') as words,
           (select count(*)::int from connector_host.stored_files where request = ${of}) as files`,
      );
      return rows;
    };
    await purge(30);
    expect(await kept()).toEqual([{ words: 1, files: 1 }]);
    await purge(0);
    expect(await kept()).toEqual([{ words: 0, files: 0 }]);
    expect((await call('GET', '/api/v1/requests/gone-2')).body.tasks[0].answer).toMatchObject({ answeredBy: 'Dana' });
  });
});
