import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openDatabase } from '../../src/store/database.js';
import { readPostmaster } from '../../src/store/embedded/postmaster.js';
import { findRunAs, passable } from '../../src/store/embedded/run-as.js';
import { type EmbeddedServer, joinServer } from '../../src/store/embedded/server.js';
import { testLog } from '../postgres.js';
import { startProgram } from '../program.js';

const program = new URL('member.ts', import.meta.url);
let dataDir: string;
const log = testLog;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'connector-host-embedded-'));
});
afterEach(async () => {
  for (const server of joined.splice(0)) await server.leave();
  for (const stranger of strangers.splice(0)) stranger.kill();
  await rm(dataDir, { recursive: true, force: true });
});

/** Only there a process can be asked which folder it works in. */
const onLinux = process.platform === 'linux' ? test : test.skip;

/** Processes that have nothing to do with PostgreSQL. */
const strangers: ChildProcess[] = [];

/** Servers of this process; left at the end of a test, where the test did not. */
const joined: EmbeddedServer[] = [];

async function useServer(options: Partial<Parameters<typeof joinServer>[0]> = {}): Promise<EmbeddedServer> {
  const server = await joinServer({ dataDir, log, ...options });
  joined.push(server);
  return server;
}

const pidFile = () => join(dataDir, 'database', 'cluster', 'postmaster.pid');

async function pidOf(): Promise<number | undefined> {
  return readPostmaster(await readFile(pidFile(), 'utf8').catch(() => ''))?.pid;
}

/** Lets the pid file name a process and a status; answers what it said. */
async function claim(pid: number | undefined, status: string): Promise<string> {
  const before = await readFile(pidFile(), 'utf8');
  await writeFile(pidFile(), before.split('\n').with(0, String(pid)).with(7, status.padEnd(8)).join('\n'));
  return before;
}

async function ask(server: EmbeddedServer, query: string): Promise<unknown[]> {
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}

/** Asks until the server that had this number is another one, and answers. */
async function answered(server: EmbeddedServer, query: string, before: number): Promise<unknown[]> {
  for (;;) {
    const rows = await ask(server, query).catch(() => undefined);
    if (rows !== undefined && (await pidOf()) !== before) return rows;
    await delay(50);
  }
}

/** Makes the server, and has it end with whoever used it, as where a machine loses its power. */
async function crash(): Promise<void> {
  const user = await member();
  const pid = (await pidOf()) ?? 0;
  user.kill('SIGKILL');
  await once(user, 'exit');
  process.kill(pid, 'SIGKILL');
}

/** Another process that uses the server; `ready` once it does. */
async function member(): Promise<ChildProcess> {
  const child = startProgram(program, { ...process.env, MEMBER_DATA: dataDir });
  for await (const line of createInterface(child.stdout)) if (line === 'ready') return child;
  throw new Error('The other process ended before it was ready');
}

describe('the embedded server', () => {
  test('is made, used and stopped by itself, and keeps what it was given', async () => {
    const first = await openDatabase({ dataDir, log });
    expect(first.embedded).toBe(true);
    await first.pool.query('create schema kept; create table kept.kept (n int); insert into kept.kept values (7)');
    const { rows } = await first.pool.query('show fsync');
    expect(rows).toEqual([{ fsync: 'on' }]);
    await first.close();
    expect(await pidOf()).toBeUndefined();
    const second = await openDatabase({ dataDir, log });
    expect((await second.pool.query('select n from kept.kept')).rows).toEqual([{ n: 7 }]);
    await second.close();
  });

  test('listens on no network and asks for a random password that only its owner can read', async () => {
    const server = await useServer();
    expect(await ask(server, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    const file = await stat(join(dataDir, 'database', 'password'));
    expect(file.mode & 0o777).toBe(0o600);
    expect(String(server.connection.password).length).toBeGreaterThanOrEqual(32);
    const wrong = new pg.Client({ ...server.connection, password: 'wrong' });
    await expect(wrong.connect()).rejects.toMatchObject({ code: '28P01' });
    await server.leave();
  });

  test('listens on loopback only where it has to use TCP', async () => {
    const server = await useServer({ via: 'tcp' });
    expect(server.connection.host).toBe('127.0.0.1');
    expect(await ask(server, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    await server.leave();
  });

  test('goes over TCP by itself where the path is too long for a socket', async () => {
    await chmod(dataDir, 0o755);
    const long = join(dataDir, 'a'.repeat(60), 'b'.repeat(60));
    const server = await useServer({ dataDir: long });
    expect(server.connection.host).toBe('127.0.0.1');
    await server.leave();
  });

  test('is shared by processes that start at the same time, and stopped by the last that leaves', async () => {
    const [here, one, two] = await Promise.all([useServer(), member(), member()]);
    const pid = await pidOf();
    await here.leave();
    one.stdin?.end();
    await once(one, 'exit');
    expect(await pidOf()).toBe(pid);
    two.stdin?.end();
    await once(two, 'exit');
    expect(await pidOf()).toBeUndefined();
  });

  test('outlives a process that is killed, and serves the next one', async () => {
    const child = await member();
    const pid = await pidOf();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const server = await useServer();
    expect(await pidOf()).toBe(pid);
    await server.leave();
    expect(await pidOf()).toBeUndefined();
  });

  test.each(['socket', 'tcp'] as const)(
    'that is killed or stopped while it is used is brought back where it was, over %s, and is kept by who uses it',
    async (via) => {
      const server = await useServer({ via });
      await ask(server, 'create table kept (n int)');
      await ask(server, 'insert into kept values (7)');
      for (const signal of ['SIGKILL', 'SIGQUIT'] as const) {
        const pid = (await pidOf()) ?? 0;
        process.kill(pid, signal);
        expect(await answered(server, 'select n from kept', pid)).toEqual([{ n: 7 }]);
      }
      await server.leave();
      expect(await pidOf()).toBeUndefined();
    },
  );

  test('that is gone is not brought back by who left it', async () => {
    const server = await useServer();
    process.kill((await pidOf()) ?? 0, 'SIGKILL');
    await server.leave();
    const left = await readFile(pidFile(), 'utf8').catch(() => '');
    await delay(600);
    expect(await readFile(pidFile(), 'utf8').catch(() => '')).toBe(left);
  });

  test('that was killed with who used it is started again by the next', async () => {
    await crash();
    expect(await ask(await useServer(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test.each(['ready', 'starting'])(
    'that crashed while it was %s is started again, also where another process has its number by now',
    async (status) => {
      await crash();
      const other = spawn('sleep', ['600'], await findRunAs());
      strangers.push(other);
      await claim(other.pid, status);
      expect(await ask(await useServer(), 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(await pidOf()).not.toBe(other.pid);
    },
  );

  onLinux('whose number belongs to the server of another folder by now is started again beside it', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'connector-host-embedded-'));
    const other = await useServer({ dataDir: elsewhere });
    const [row] = (await ask(other, `select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)::int as pid`)) as [
      { pid: number },
    ];
    await crash();
    await claim(row.pid, 'ready');
    expect(await ask(await useServer(), 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await ask(other, 'select 1 as one')).toEqual([{ one: 1 }]);
    await other.leave();
    await rm(elsewhere, { recursive: true, force: true });
  });

  test('that is there and takes no connections is waited for, not for ever, and its pid file is not touched', async () => {
    await useServer();
    const pid = await pidOf();
    const before = await claim(pid, 'starting');
    await expect(useServer({ patienceMs: 300 })).rejects.toThrow(`If process ${pid} is no PostgreSQL, remove`);
    expect(await readFile(pidFile(), 'utf8')).toContain('starting');
    await writeFile(pidFile(), before);
    await useServer();
    expect(await pidOf()).toBe(pid);
  });

  test('of another version is not touched, and the remedy is said', async () => {
    const server = await useServer();
    await server.leave();
    await writeFile(join(dataDir, 'database', 'cluster', 'PG_VERSION'), '12\n');
    await expect(useServer()).rejects.toThrow(/made by PostgreSQL 12.*pg_dump/);
  });

  test('below a folder that is closed to the account that runs it is kept where that account can get to it', async () => {
    const closed = join(dataDir, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await chmod(dataDir, 0o755);
    const server = await useServer({ dataDir: join(closed, 'data') });
    const [row] = (await ask(server, 'show data_directory')) as { data_directory: string }[];
    const place = dirname(row?.data_directory ?? '');
    // Only root hands the server to another account; anybody else runs it as themselves.
    if (process.getuid?.() === 0) expect(place).toMatch(/^\/var\/lib\/connector-host\/[0-9a-f]{12}$/);
    else expect(place).toBe(join(closed, 'data', 'database'));
    await server.leave();
    await rm(place, { recursive: true, force: true });
  });
});

describe('postmaster.pid', () => {
  const lines = ['4711', '/data/cluster', '1700000000', '5432', '/data/cluster', '127.0.0.1', '  1 2', 'ready   '];

  test('is read line by line', () => {
    const found = { pid: 4711, port: 5432, socketFolder: '/data/cluster', address: '127.0.0.1', ready: true };
    expect(readPostmaster(lines.join('\n'))).toEqual(found);
    expect(readPostmaster(lines.with(4, '').with(5, '').with(7, 'starting').join('\n'))).toEqual({
      ...found,
      socketFolder: undefined,
      address: undefined,
      ready: false,
    });
  });

  test('that is incomplete says nothing', () => {
    expect(readPostmaster('')).toBeUndefined();
    expect(readPostmaster('4711\n/data')).toBeUndefined();
  });
});

describe('passable', () => {
  test.each([
    [{ uid: 0, gid: 0, mode: 0o700 }, false],
    [{ uid: 0, gid: 0, mode: 0o711 }, true],
    [{ uid: 0, gid: 5, mode: 0o710 }, true],
    [{ uid: 0, gid: 5, mode: 0o701 }, false],
    [{ uid: 4, gid: 0, mode: 0o100 }, true],
    [{ uid: 4, gid: 5, mode: 0o011 }, false],
  ])('%j lets account 4 of group 5 pass: %s', (folder, passes) => {
    expect(passable(folder, { uid: 4, gid: 5 })).toBe(passes);
  });
});
