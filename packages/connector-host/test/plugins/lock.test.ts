/** Connectors that are locked: what differs is refused until a person locks anew. */
import { cp, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectorHost } from '../cli/run.js';
import { fixture, loadFixtures } from './fixtures.js';

let root: string;
let plugin: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'lock-')));
  plugin = join(root, 'node_modules/plain');
  await cp(fixture('plain'), plugin, { recursive: true });
  const installed = fileURLToPath(new URL('../../../../node_modules/', import.meta.url));
  for (const name of ['connector-contract', 'inversify'])
    await symlink(join(installed, name), join(root, 'node_modules', name));
});
afterEach(() => rm(root, { recursive: true }));

async function listed(): Promise<object | undefined> {
  const registry = await loadFixtures([], { roots: [root] });
  const [first] = registry.list();
  await registry.close();
  return first;
}

async function lock(): Promise<void> {
  const { code, out } = await connectorHost(['connectors', 'lock', '--root', root]);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('plain 1.0.0, 3 files') });
}

test('a connector is used as it was locked, by any that is not locked at all', async () => {
  expect(await listed()).toMatchObject({ state: 'ready' });
  await lock();
  expect(await listed()).toMatchObject({ state: 'ready' });
});

test.each<[string, () => Promise<void>, RegExp]>([
  [
    'a file has changed',
    () => writeFile(join(plugin, 'index.js'), 'export const x = 1;'),
    /file index\.js has changed/,
  ],
  ['a file was added', () => writeFile(join(plugin, 'other.js'), ''), /file other\.js has changed/],
  ['a file is gone', () => rm(join(plugin, 'index.js')), /file index\.js has changed/],
])('a connector is refused where %s, until it is locked anew', async (_what, change, reason) => {
  await lock();
  await change();
  expect(await listed()).toMatchObject({
    state: 'refused',
    code: 'CHANGED_SINCE_LOCK',
    reason: expect.stringMatching(reason),
  });
  await connectorHost(['connectors', 'lock', '--root', root]);
  expect(await listed()).not.toMatchObject({ code: 'CHANGED_SINCE_LOCK' });
});

test('a connector of another version, or one that was added, is refused, and a lock that cannot be read locks all out', async () => {
  await lock();
  await cp(fixture('harbour'), join(root, 'node_modules/harbour'), { recursive: true });
  expect(await listed()).toMatchObject({ reason: expect.stringContaining('was added') });
  await writeFile(join(root, 'connectors-lock.json'), '{');
  await rm(join(root, 'node_modules/harbour'), { recursive: true });
  expect(await listed()).toMatchObject({ code: 'CHANGED_SINCE_LOCK' });
});
