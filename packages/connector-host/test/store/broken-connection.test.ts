import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type pg from 'pg';
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

test('a connection that breaks as a transaction begins is given back, and the error is the one that was met first', async () => {
  const one = await openDatabase({ url: database.url, dataDir: sharedDataDir, log: testLog, poolSize: 1 });
  const cut = (client: pg.PoolClient) =>
    (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
  one.pool.on('acquire', cut);
  await expect(one.orm.transaction(async () => undefined)).rejects.toThrow(/^Connection terminated unexpectedly$/);
  one.pool.off('acquire', cut);
  expect((await one.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await one.close();
});

test('what a transaction throws is undone and passed on; its connection is used again', async () => {
  const one = await openDatabase({ url: database.url, dataDir: sharedDataDir, log: testLog, poolSize: 1 });
  const pid = async () => (await one.pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
  const before = await pid();
  const failed = one.orm.transaction(async (tx) => {
    await tx.execute(sql`create table connector_host.never ()`);
    throw new Error('as it is');
  });
  await expect(failed).rejects.toThrow(/^as it is$/);
  expect(await pid()).toBe(before);
  const { rows } = await one.pool.query("select to_regclass('connector_host.never') as never");
  expect(rows).toEqual([{ never: null }]);
  await one.close();
});

test('a transaction whose process went silent is given up by the server, and its locks with it', async () => {
  const { rows } = await database.db.pool.query('show idle_in_transaction_session_timeout');
  expect(rows).toEqual([{ idle_in_transaction_session_timeout: '30s' }]);
});
