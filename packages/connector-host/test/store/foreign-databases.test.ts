/** Databases as people run them: settings of roles, encodings, sessions that only read, and poolers in between. */
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { problemOf } from '../../src/api/problems.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import { closedBy } from '../../src/store/session.js';
import { Pooler } from '../pooler.js';
import { sharedDataDir, type TestDatabase, testDatabase, testLog } from '../postgres.js';

let database: TestDatabase;
let folder: string;
const opened: Database[] = [];
const poolers: Pooler[] = [];
const role = `foreign_${process.pid}`;
beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'foreign-databases-'));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
afterAll(async () => {
  for (const pooler of poolers) await pooler.stop();
  await database.db.pool.query(`drop owned by ${role}; drop role if exists ${role}`).catch(() => undefined);
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function open(url: string, more: Partial<Parameters<typeof openDatabase>[0]> = {}): Promise<Database> {
  const one = await openDatabase({ url, dataDir: sharedDataDir, log: testLog, poolSize: 2, ...more });
  opened.push(one);
  return one;
}

/** The URL with another account, place or database in it. */
function urlOf(change: { user?: string; at?: string; name?: string }): string {
  const { user: was, password: word, host, port, database: db } = new pg.Client(database.url);
  const at = change.at ?? `${host}:${port}`;
  const socket = host.startsWith('/') && change.at === undefined;
  const place = socket ? '' : at;
  const account = change.user === undefined ? `${was}:${encodeURIComponent(String(word))}` : `${change.user}:sesame`;
  const query = socket ? `?host=${encodeURIComponent(host)}&port=${port}` : '';
  return `postgresql://${account}@${place}/${change.name ?? db}${query}`;
}

describe('settings', () => {
  test.each([
    ['datestyle', "'German, DMY'"],
    ['datestyle', "'SQL, MDY'"],
    ['intervalstyle', "'iso_8601'"],
    ['default_transaction_isolation', 'serializable'],
    ['bytea_output', 'escape'],
    ['synchronous_commit', 'off'],
    ['statement_timeout', "'2s'"],
    ['search_path', 'nowhere'],
  ])('of a role are not what the host works with: %s', async (name, value) => {
    const admin = database.db.pool;
    await admin.query(`drop role if exists ${role}`);
    await admin.query(`create role ${role} superuser login password 'sesame'`);
    await admin.query(`alter role ${role} set ${name} = ${value}`);
    const one = await open(urlOf({ user: role }));
    const { rows } = await one.pool.query(
      `select '2026-01-31T00:00:00Z'::timestamptz::text as at, '1 day'::interval::text as long, '\\x00'::bytea::text as raw,
        current_setting('transaction_isolation') as isolation, current_setting('synchronous_commit') as durable,
        current_setting('statement_timeout') as limit`,
    );
    expect(rows).toEqual([
      {
        at: '2026-01-31 00:00:00+00',
        long: '1 day',
        raw: '\\x00',
        isolation: 'read committed',
        durable: 'on',
        limit: '0',
      },
    ]);
  });

  test('that close it to writes are named, at the start and afterwards', async () => {
    const admin = database.db.pool;
    await admin.query(`drop role if exists ${role}`);
    await admin.query(`create role ${role} superuser login password 'sesame'`);
    await admin.query(`alter role ${role} set default_transaction_read_only = on`);
    await expect(open(urlOf({ user: role }))).rejects.toMatchObject({
      code: 'NOT_READY',
      message: 'The database takes no writes: default_transaction_read_only is on.',
      remedy: expect.stringContaining('Give the URL of the primary'),
    });
    expect(closedBy({ recovering: true, readOnly: true })).toContain('standby');
  });

  test('of a database that cannot hold every name are refused', async () => {
    const name = `latin_${process.pid}`;
    await database.db.pool.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0`);
    try {
      await expect(open(urlOf({ name }))).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('LATIN1 (server_encoding)'),
        remedy: expect.stringContaining("encoding 'UTF8'"),
      });
    } finally {
      await database.db.pool.query(`drop database ${name} with (force)`);
    }
  });
});

test('a session that only reads is told with a remedy, and is not used again', async () => {
  const one = await open(database.url, { poolSize: 1 });
  const pid = async () => (await one.pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
  const before = await pid();
  const error = await one.orm
    .transaction(async (tx) => {
      await tx.execute('set transaction read only');
      await tx.execute('create table never (n int)');
    })
    .catch((caught: unknown) => caught);
  expect(problemOf(error)).toMatchObject({
    code: 'NOT_READY',
    detail: expect.stringMatching(/takes no writes.*\(25006\)/),
    remedy: expect.stringContaining('Give the URL of the primary'),
  });
  expect(await pid()).not.toBe(before);
});

test('sessions of a time when the database took no writes are all let go once one of them has met it', async () => {
  const admin = database.db.pool;
  await admin.query(`drop role if exists ${role}`);
  await admin.query(`create role ${role} superuser login password 'sesame'`);
  const one = await open(urlOf({ user: role }), { poolSize: 5 });
  await admin.query(`alter role ${role} set default_transaction_read_only = on`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [role]);
  const opened = await Promise.all(Array.from({ length: 5 }, () => one.pool.connect()));
  for (const client of opened) client.release();
  await admin.query(`alter role ${role} reset default_transaction_read_only`);
  await expect(one.pool.query('create table never (n int)')).rejects.toMatchObject({ code: '25006' });
  await one.pool.query('create temporary table once (n int)');
});

test('a lock of the migrations that is never let go ends the start, and who holds it is named', async () => {
  const holder = await database.db.pool.connect();
  try {
    const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid, pg_advisory_lock(4600002)');
    await expect(open(database.url, { migrationMs: 300 })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining(`Session ${rows[0]?.pid} of the database holds the lock of the migrations`),
      remedy: expect.stringContaining(`pg_terminate_backend(${rows[0]?.pid})`),
    });
  } finally {
    await holder.query('select pg_advisory_unlock(4600002)');
    holder.release();
  }
});

describe('behind PgBouncer', () => {
  /** Starts one in front of the server and answers the database's URL through it. */
  async function pooler(mode: 'session' | 'transaction' | 'statement'): Promise<string> {
    const { host, port, database: name = '', user = '', password = '' } = new pg.Client(database.url);
    const to = { host, port, user, password: String(password) };
    const one = await Pooler.start(folder, mode, name, to);
    poolers.push(one);
    return one.url;
  }

  test('in session mode it works, hears of events, and leaves no lock behind', async () => {
    const url = await pooler('session');
    const one = await open(url);
    const listener = new pg.Client({ connectionString: url });
    await listener.connect();
    await listener.query('listen heard');
    const heard = once(listener, 'notification');
    await one.pool.query('notify heard');
    await heard;
    await listener.end();
    await one.close();
    await open(url, { migrationMs: 1_000 });
  });

  test('sessions of a time when the database took no writes are not handed on: it can be started, and goes on', async () => {
    const url = await pooler('session');
    const { pool: admin } = database.db;
    const { database: name } = new pg.Client(database.url);
    const setReadOnly = async (on: boolean) => {
      await admin.query(`alter database ${name} set default_transaction_read_only = ${on}`);
      if (!on) return;
      await admin.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
        [name],
      );
    };
    const one = await open(url, { poolSize: 3 });
    await one.pool.query('select 1');
    await setReadOnly(true);
    try {
      await expect(open(url)).rejects.toMatchObject({ code: 'NOT_READY' });
      const met = await Promise.all(
        [1, 2, 3].map(() => one.pool.query('create table never (n int)').catch(({ code }: { code?: string }) => code)),
      );
      expect(met).toContain('25006');
    } finally {
      await setReadOnly(false);
    }
    // Several at once: what one of them meets another has ended.
    await Promise.all([open(url), open(url), open(url), open(url)]);
    // Whatever the pooler kept of that time is gone: the host that runs on meets it no more.
    for (let turn = 0; turn < 5; turn += 1) {
      const clients = await Promise.all([1, 2, 3].map(() => one.pool.connect()));
      for (const client of clients) await client.query('create temporary table if not exists now_and_then (n int)');
      for (const client of clients) client.release(true);
    }
  });

  test.each(['transaction', 'statement'] as const)(
    'in %s mode it is refused, with what to give instead',
    async (mode) => {
      await expect(open(await pooler(mode))).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('gives each transaction to another session'),
        remedy: expect.stringContaining('pool_mode = session'),
      });
    },
  );
});
