/** A connector that means harm, from inside its process: it reads, writes and reaches nothing that it may not. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ConnectorRegistry } from '../../src/plugins/registry.js';
import { apart, fixture } from '../plugins/fixtures.js';
import { how } from '../plugins/isolation/rampant.js';
import { testLog } from '../postgres.js';

const canary = 'canary-that-nobody-may-read';

let root: string;
let folder: string;
let server: Server;
let port: number;
let arrived = 0;
const datagrams = createSocket('udp4', () => {
  arrived += 1;
});

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'break-out-')));
  folder = join(root, 'writable');
  await mkdir(folder, { mode: 0o777 });
  await writeFile(join(root, 'canary'), canary);
  const plugin = join(root, 'node_modules/rampant');
  await cp(fixture('rampant'), plugin, { recursive: true });
  await mkdir(join(plugin, 'links'));
  await symlink(join(root, 'canary'), join(plugin, 'links/out'));
  // What nobody meant: the project among its own modules.
  await symlink('..', join(root, 'node_modules/self'));
  const installed = fileURLToPath(new URL('../../../../node_modules/', import.meta.url));
  for (const name of ['connector-contract', 'inversify', 'reflect-metadata'])
    await symlink(join(installed, name), join(root, 'node_modules', name));
  server = createServer((socket) => {
    arrived += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  datagrams.bind(port, '127.0.0.1');
  await once(datagrams, 'listening');
});
afterAll(async () => {
  server.close();
  datagrams.close();
  await rm(root, { recursive: true });
});

async function harmless(): Promise<void> {
  expect(await readdir(folder)).toEqual([]);
  expect(arrived).toBe(0);
}

test.each(apart)(
  'a connector that means harm gets through in none of the ways that were found: %s',
  async (isolation) => {
    const registry = await ConnectorRegistry.load({ roots: [root], log: testLog, isolation });
    const rampant = registry.runner('rampant');
    if (rampant === undefined) throw new Error(JSON.stringify(registry.list()));
    const { facts } = await rampant.check(how('breaks out', {}, JSON.stringify({ port, folder, canary })));
    expect(Object.keys(facts).length).toBeGreaterThan(15);
    expect(Object.entries(facts).filter(([, end]) => String(end).startsWith('through'))).toEqual([]);
    await harmless();
    await registry.close();
  },
);
