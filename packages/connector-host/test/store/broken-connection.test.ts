import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { openDatabase } from '../../src/store/database.js';
import { sharedDataDir, type TestDatabase, testDatabase, testLog } from '../postgres.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('a connection that breaks in the middle of a transaction fails the transaction and nothing else', async () => {
  const one = await openDatabase({ url: database.url, dataDir: sharedDataDir, log: testLog, poolSize: 1 });
  const ended = new Promise((resolve) => one.pool.once('connect', (client) => client.once('end', resolve)));
  const broken = one.orm.transaction(async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await database.db.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    // Nothing is being asked when it breaks: whoever holds the connection is told by an event only.
    await ended;
    await tx.execute(sql`select 1`);
  });
  await expect(broken).rejects.toThrow();
  expect((await one.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await one.close();
});

test('a transaction whose process went silent is given up by the server, and its locks with it', async () => {
  const { rows } = await database.db.pool.query('show idle_in_transaction_session_timeout');
  expect(rows).toEqual([{ idle_in_transaction_session_timeout: '30s' }]);
});
