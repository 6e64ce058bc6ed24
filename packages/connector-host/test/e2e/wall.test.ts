/** `connector-host serve` says whether there is a wall around connectors, and where it is told to, runs none without. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { findWall } from '../../src/plugins/isolation/wall/wall.js';
import { connectorHost } from '../cli/run.js';
import { fixture } from '../plugins/fixtures.js';
import { type TestDatabase, testDatabase } from '../postgres.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'wall-at-the-host-'));
const token = 'the-token-of-an-operator-of-this-test';
const found = await findWall();
let database: TestDatabase;
let environment: Record<string, string>;
let child: ChildProcess | undefined;

beforeAll(async () => {
  database = await testDatabase();
  environment = {
    CONNECTOR_HOST_DATABASE_URL: database.url,
    CONNECTOR_HOST_DATA_DIR: join(folder, 'data'),
    CONNECTOR_HOST_ROOT: fixture('plain'),
    CONNECTOR_HOST_LOG_LEVEL: 'silent',
    CONNECTOR_HOST_ADMIN_TOKEN: token,
  };
});
afterEach(async () => {
  const running = child;
  child = undefined;
  if (running === undefined) return;
  running.kill('SIGTERM');
  await once(running, 'exit');
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a host; answers what it says of its readiness and of its connectors. */
async function serve(flags: readonly string[], more: Record<string, string> = {}): Promise<unknown[]> {
  const env = { PATH: process.env['PATH'], ...environment, ...more };
  child = spawn(process.execPath, [main, 'serve', '--port', '0', ...flags], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface({ input: child.stdout as Readable }), 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  const get = async (path: string) =>
    (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<{
      items: unknown[];
    }>;
  return [await get('/readyz'), (await get('/api/v1/connectors')).items[0]];
}

test('where there can be a wall, connectors run behind it', async () => {
  const [ready, connector] = await serve([]);
  const isolated = 'wall' in found ? { isolation: 'wall' } : { isolation: 'fence', reason: found.reason };
  expect(ready).toMatchObject({ ready: true, ...isolated });
  expect(connector).toMatchObject({ id: 'plain', state: 'ready' });
});

test('where there can be none, they run behind the fence, and the host says why', async () => {
  const [ready, connector] = await serve([], { PATH: folder });
  expect(ready).toMatchObject({ ready: true, isolation: 'fence', reason: expect.stringContaining('not installed') });
  expect(connector).toMatchObject({ id: 'plain', state: 'ready' });
});

test.each<[string, readonly string[], Record<string, string>]>([
  ['a flag', ['--require-wall'], {}],
  ['the environment', [], { CONNECTOR_HOST_REQUIRE_WALL: 'true' }],
])('where it is required by %s and there is none, no connector runs, and each says why', async (_by, flags, more) => {
  const [ready, connector] = await serve(flags, { ...more, PATH: folder });
  expect(ready).toMatchObject({ isolation: 'fence', checks: { plugins: 'none can be used' } });
  expect(connector).toMatchObject({ id: 'plain', state: 'refused', code: 'WALL_REQUIRED' });
});

test('a host that is to require it and to do without does not start', async () => {
  const args = ['serve', '--port', '0', '--require-wall', '--isolation', 'fence'];
  const { code, err } = await connectorHost(args, environment);
  expect([code, err]).toEqual([2, expect.stringContaining('--require-wall')]);
});
