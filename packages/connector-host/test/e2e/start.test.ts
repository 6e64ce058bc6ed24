/** What a start that does not succeed leaves behind, and what it tells. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { startHost } from '../../src/host.js';
import { connectorHost } from '../cli/run.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let database: TestDatabase;
let folder: string;
const own: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'start-'));
});
afterAll(async () => {
  await database.drop();
  for (const one of [folder, ...own]) await rm(one, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('a start on a port that is used makes no token, so that the next one can show it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const options = { dataDir: folder, databaseUrl: database.url, roots: [folder], log: testLog };
  await expect(startHost({ ...options, port })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: `--port: port ${port} of 127.0.0.1 is used by another process.`,
  });
  other.close();
  const host = await startHost({ ...options, port: 0 });
  expect(host.newToken).toMatch(/^cht_/);
  expect(await host.tokens.verify(host.newToken ?? '')).toMatchObject({ role: 'super-admin' });
  await host.close(1_000);
});

test('a host listens only when the token of its operator is good', async () => {
  const locks = new pg.Client({ connectionString: database.url });
  await locks.connect();
  // Holds the start up at the token.
  await locks.query("select pg_advisory_lock(hashtext('connector_host.access_tokens'))");
  const port = await freePort();
  const adminToken = 'token-of-the-operator-R7mQ2xVbT9kLwZ4c';
  const starting = startHost({
    ...{ dataDir: folder, databaseUrl: database.url, roots: [folder], log: testLog },
    ...{ port, adminToken },
  });
  const waiting = `select 1 from pg_locks join pg_database on pg_database.oid = database
    where locktype = 'advisory' and not granted and datname = current_database()`;
  while ((await locks.query(waiting)).rowCount === 0) await delay(20);
  await expect(fetch(`http://127.0.0.1:${port}/readyz`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await locks.end();
  const host = await starting;
  expect((await fetch(`${host.url}/readyz`)).status).toBe(200);
  const headers = { authorization: `Bearer ${adminToken}` };
  expect((await fetch(`${host.url}/api/v1/connections`, { headers })).status).toBe(200);
  await host.close(1_000);
});

/** Starts a host with a database of its own; answers it once that is being started, and whether the database serves. */
async function withOwnDatabase() {
  const dataDir = await mkdtemp(join(tmpdir(), 'start-own-'));
  own.push(dataDir);
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--data-dir', dataDir, '--root', folder], {
    env: { PATH: process.env['PATH'], CONNECTOR_HOST_LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const file = join(dataDir, 'database', 'cluster', 'postmaster.pid');
  while (!existsSync(file) && child.exitCode === null) await delay(20);
  return { child, serves: () => existsSync(file) };
}

test('a host that is told to stop while it starts ends in order, and leaves no database running', async () => {
  const { child, serves } = await withOwnDatabase();
  child.kill('SIGTERM');
  expect([await once(child, 'exit'), serves()]).toEqual([[0, null], false]);
});

test('so does one whose terminal is closed, however often it is told', async () => {
  const { child, serves } = await withOwnDatabase();
  await once(child.stdout, 'data');
  expect(serves()).toBe(true);
  child.kill('SIGHUP');
  child.kill('SIGHUP');
  expect([await once(child, 'exit'), serves()]).toEqual([[0, null], false]);
});

test.each<[string, (folder: string) => { flags?: string[]; environment?: Record<string, string> }, RegExp]>([
  ['a data folder that is a file', (at) => ({ flags: ['--data-dir', join(at, 'file')] }), /--data-dir: .*not a folder/],
  [
    'a data folder below a file',
    (at) => ({ flags: ['--data-dir', join(at, 'file', 'x')] }),
    /--data-dir: .*not a folder/,
  ],
  ['a project that is not there', (at) => ({ flags: ['--root', join(at, 'none')] }), /--root: there is no folder/],
  [
    'a database of another kind',
    () => ({ environment: { CONNECTOR_HOST_DATABASE_URL: 'mysql://root:sesame@db/x' } }),
    /CONNECTOR_HOST_DATABASE_URL.*postgresql:\/\//,
  ],
  [
    'a master key that is none',
    () => ({ environment: { CONNECTOR_HOST_MASTER_KEY: 'sesame' } }),
    /CONNECTOR_HOST_MASTER_KEY: .*not a key of 32 bytes.*openssl rand/,
  ],
  [
    'a command for the master key that fails',
    () => ({ flags: ['--master-key-command', 'exit 7'] }),
    /--master-key-command: .*ended with 7.*by hand/,
  ],
])('a start with %s ends with code 2, the option and the remedy', async (_name, wrong, said) => {
  await writeFile(join(folder, 'file'), '');
  const { flags = [], environment = {} } = wrong(folder);
  const usual = { CONNECTOR_HOST_DATABASE_URL: database.url, CONNECTOR_HOST_LOG_LEVEL: 'silent' };
  const places = { CONNECTOR_HOST_DATA_DIR: join(folder, 'data'), CONNECTOR_HOST_ROOT: folder };
  const { code, err } = await connectorHost(['serve', '--port', '0', ...flags], {
    ...usual,
    ...places,
    ...environment,
  });
  expect([code, err]).toEqual([2, expect.stringMatching(said)]);
  expect(err).not.toContain('sesame');
});
