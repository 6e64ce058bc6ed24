/** Several servers in one URL, of which one takes writes. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Database, openDatabase } from '../../src/store/database.js';
import { readHosts } from '../../src/store/hosts.js';
import { broughtAlong, PostgresServer } from '../crash/postgres-server.js';
import { sharedDataDir, testLog } from '../postgres.js';

describe('a URL', () => {
  test.each([
    ['postgresql://u:p@one,two:5433/db?target_session_attrs=read-write', ['one:5432', 'two:5433']],
    ['postgres://one:1,[::1]:2,10.0.0.3/db', ['one:1', '::1:2', '10.0.0.3:5432']],
    ['postgresql://u:a%2Cb@one/db', []],
    ['postgresql:///db?host=/run/postgresql', []],
  ])('%s names its servers', (given, places) => {
    const read = readHosts(given);
    expect(read.places.map(({ host, port }) => `${host}:${port}`)).toEqual(places);
    expect(() => new URL(read.url)).not.toThrow();
  });

  test.each([
    ['postgresql://one,two/db?target_session_attrs=standby', 'target_session_attrs=standby'],
    ['postgresql://u:sesame@one,,two/db', 'one of its servers'],
    ['postgresql://u:sesame@one:port,two/db', 'one of its servers'],
  ])('%s is refused in plain words, without its password', (given, words) => {
    expect(() => readHosts(given)).toThrow(words);
    expect(() => readHosts(given)).not.toThrow('sesame');
  });
});

describe('of two servers', () => {
  const servers: PostgresServer[] = [];
  let database: Database | undefined;
  beforeAll(async () => {
    const installation = await broughtAlong();
    servers.push(...(await Promise.all([1, 2].map(() => PostgresServer.start(installation)))));
  });
  afterEach(() => database?.close());
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  const ask = async (server: PostgresServer, text: string) => {
    const options = '-c default_transaction_read_only=off';
    const client = new pg.Client({ connectionString: server.url('postgres'), options });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  const close = (server: PostgresServer, how: 'on' | 'off') =>
    ask(
      server,
      `alter role operator set default_transaction_read_only = ${how};
       select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
  const port = async (of: Database) =>
    (await of.pool.query<{ port: number }>('select inet_server_port() as port')).rows[0]?.port;

  test('the one that takes writes is used, be it the second; and the other once that does', async () => {
    const [one, two] = servers as [PostgresServer, PostgresServer];
    await ask(one, 'alter role operator set default_transaction_read_only = on');
    const url = `postgresql://operator@127.0.0.1:${one.port},127.0.0.1:${two.port}/postgres?target_session_attrs=read-write`;
    database = await openDatabase({ url, dataDir: sharedDataDir, log: testLog, poolSize: 2 });
    expect(await port(database)).toBe(two.port);
    const client = new pg.Client(database.connection);
    await client.connect();
    await client.query('listen anything');
    expect((await client.query('select inet_server_port() as port')).rows[0].port).toBe(two.port);
    await client.end();

    await ask(one, 'alter role operator reset default_transaction_read_only');
    await close(two, 'on');
    let now: number | undefined;
    while (now !== one.port) {
      // What the old primary says lets go of its sessions.
      await database.pool.query('create table if not exists written (n int)').catch(() => undefined);
      now = await port(database).catch(() => undefined);
    }
    await database.pool.query('insert into written values (1)');
  });

  test('neither of which takes writes, it is said which one was asked, and why', async () => {
    const [one, two] = servers as [PostgresServer, PostgresServer];
    await ask(one, 'alter role operator set default_transaction_read_only = on');
    const url = `postgresql://operator@127.0.0.1:${one.port},127.0.0.1:${two.port}/postgres`;
    const opening = openDatabase({ url, dataDir: sharedDataDir, log: testLog, poolSize: 2 });
    await expect(opening).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining('takes no writes'),
    });
    database = undefined;
  });
});
