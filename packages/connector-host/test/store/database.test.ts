import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/store/database.js';
import { connections } from '../../src/store/schema.js';
import { sharedDataDir, type TestDatabase, testDatabase, testLog } from '../postgres.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('is migrated when it is opened, however many processes open it at once', async () => {
  await database.db.pool.query('drop schema connector_host cascade; drop schema connector_host_migrations cascade');
  const options = { url: database.url, dataDir: sharedDataDir, log: testLog, poolSize: 2 };
  const opened = await Promise.all(Array.from({ length: 5 }, () => openDatabase(options)));
  await opened[0]?.orm
    .insert(connections)
    .values({ id: 'c', connector: 's', name: 'n', state: 'active', capabilities: [], config: {}, facts: {} });
  expect(await opened[4]?.orm.select({ id: connections.id }).from(connections)).toEqual([{ id: 'c' }]);
  const { rows } = await database.db.pool.query(
    'select count(*) > 0 and count(*) = count(distinct hash) as once from connector_host_migrations.__drizzle_migrations',
  );
  expect(rows).toEqual([{ once: true }]);
  await Promise.all(opened.map((one) => one.close()));
});

test('says so where the server cannot be reached, after the patience it was given', async () => {
  const options = { dataDir: sharedDataDir, log: testLog, patienceMs: 0 };
  await expect(openDatabase({ ...options, url: 'postgresql://nobody:sesame@127.0.0.1:1/none' })).rejects.toMatchObject({
    code: 'NOT_READY',
    message: 'The database at 127.0.0.1:1 does not answer (ECONNREFUSED).',
    remedy: expect.stringContaining('CONNECTOR_HOST_DATABASE_URL'),
  });
});

test('says that the URL is wrong where the server refuses it, or where it is none, without the password', async () => {
  const refused = async (url: string) => {
    const error = await openDatabase({ dataDir: sharedDataDir, log: testLog, url }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'OPTION_INVALID', remedy: expect.any(String) });
    expect(JSON.stringify(error)).not.toContain('sesame');
    return (error as Error).message;
  };
  const wrong = database.url.replace(/\/\/(\w+):[^@]+@/, '//$1:sesame@');
  expect(await refused(wrong)).toMatch(/^CONNECTOR_HOST_DATABASE_URL: the database at .* refuses: password/);
  expect(await refused(database.url.replace(/\/test_\w+/, '/no_such_database'))).toContain('no_such_database');
  expect(await refused('postgresql://x:sesame@[::/y')).toContain('not a URL');
});

test('is tried three times at the least, also where one attempt used up the patience in a silent network', async () => {
  const patienceMs = 100;
  let attempts = 0;
  const network = createServer((client) => {
    attempts += 1;
    client.on('error', () => undefined);
    setTimeout(() => client.resetAndDestroy(), attempts === 1 ? 2 * patienceMs : 0);
  });
  network.listen(0, '127.0.0.1');
  await once(network, 'listening');
  const url = `postgresql://nobody@127.0.0.1:${(network.address() as AddressInfo).port}/none`;
  const opening = openDatabase({ url, dataDir: sharedDataDir, log: testLog, patienceMs });
  await expect(opening).rejects.toThrow(/does not answer \(ECONNRESET\)/);
  expect(attempts).toBe(3);
  network.close();
});

test('has every session look rows up instead of reading whole tables, and lets no transaction stand still', async () => {
  const { rows } = await database.db.pool.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('random_page_cost', 'idle_in_transaction_session_timeout')`,
  );
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
    random_page_cost: '1.1',
    idle_in_transaction_session_timeout: '30000',
  });
});

test('may be closed twice', async () => {
  const one = await openDatabase({ url: database.url, dataDir: sharedDataDir, log: testLog });
  await one.close();
  await expect(one.close()).resolves.toBeUndefined();
});

test('a connection that breaks while it is idle does not end the process', async () => {
  const one = await openDatabase({ url: database.url, dataDir: sharedDataDir, log: testLog, poolSize: 1 });
  const { rows } = await one.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  const broke = new Promise((resolve) => one.pool.once('error', resolve));
  await database.db.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await broke;
  expect((await one.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await one.close();
});
