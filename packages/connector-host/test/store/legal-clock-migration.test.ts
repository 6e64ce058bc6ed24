import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asc } from 'drizzle-orm';
import { requests, tasks } from '../../src/store/schema.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { broughtOver } from './filled.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('requests of before get the clock of the law: a calendar month where nobody said a date, else the date that was said', async () => {
  await broughtOver(database, '0004', async (client) => {
    const add = async (id: string, state: string, created: string, due: string, concluded: string | null) => {
      const { rows } = await client.query<{ id: string }>(
        `insert into connector_host.requests (request_id, "right", state, digest, fingerprints, created_at, concluded_at)
         values ($1, 'deletion', $2, '', '{}', $3, $4) returning id`,
        [id, state, created, concluded],
      );
      const task = `insert into connector_host.tasks (request, connection, "right", state, due_at, expected_by, created_at, concluded_at)
        values ($1, $2, 'deletion', $3, $4, '2026-12-29', $5, $6)`;
      const request = rows[0]?.id;
      await client.query(task, [request, 'c1', state, due, created, concluded]);
      await client.query(task, [request, 'c2', state, due, created, concluded]);
    };
    await add('by default', 'processing', '2026-01-31T10:00:00Z', '2026-03-02T10:00:00Z', null);
    await add('said', 'processing', '2026-01-31T10:00:00Z', '2026-02-05T08:00:00.123456Z', null);
    await add('done', 'complete', '2026-01-10T10:00:00Z', '2026-02-09T10:00:00Z', '2026-01-20T00:00:00Z');
    await add('in error', 'error', '2026-01-10T10:00:00Z', '2026-02-09T10:00:00Z', '2026-01-20T00:00:00Z');
  });
  const { orm } = database.db;
  const rows = await orm.select().from(requests).orderBy(asc(requests.id));
  const seen = rows.map((row) => [
    row.requestId,
    row.receivedAt.toISOString(),
    row.jurisdiction,
    row.dueAt.toISOString(),
    row.settledAt?.toISOString(),
  ]);
  expect(seen).toEqual([
    ['by default', '2026-01-31T10:00:00.000Z', 'gdpr', '2026-02-28T23:59:59.999Z', undefined],
    ['said', '2026-01-31T10:00:00.000Z', 'gdpr', '2026-02-05T08:00:00.123Z', undefined],
    ['done', '2026-01-10T10:00:00.000Z', 'gdpr', '2026-02-10T23:59:59.999Z', '2026-01-20T00:00:00.000Z'],
    ['in error', '2026-01-10T10:00:00.000Z', 'gdpr', '2026-02-10T23:59:59.999Z', undefined],
  ]);
  const open = await orm
    .select({ dueAt: tasks.dueAt, request: tasks.request })
    .from(tasks)
    .orderBy(asc(tasks.id))
    .limit(2);
  expect(open.map(({ dueAt }) => dueAt?.toISOString())).toEqual(Array(2).fill('2026-02-28T23:59:59.999Z'));
});
