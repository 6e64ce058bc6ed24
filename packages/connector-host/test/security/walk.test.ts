/** Everything that Node offers is called from inside the fence with what would do harm, and none is done. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ConnectorRegistry } from '../../src/plugins/registry.js';
import { fixture } from '../plugins/fixtures.js';
import { how } from '../plugins/isolation/rampant.js';
import { testLog } from '../postgres.js';

/** A part of a name, to walk over what has it alone. */
const only = process.env['WALK_ONLY'] ?? '';
/** `npm run test:security` calls also what calls make, and constructs; that ends many a process, and takes minutes. */
const whole = process.env['SECURITY_CASES'] !== undefined || only !== '';
const halves = ['canary-that-', 'nobody-may-read'];

let root: string;
let folder: string;
let socket: string;
let port: number;
/** What reached a decoy, and what was called just then. */
const arrived: string[] = [];
let lines: readonly { readonly message: string }[] = [];
const note = (what: string) => arrived.push(`${what} about ${lines.at(-1)?.message}`);
const [tcp, local] = [createServer(hear), createServer(hear)];
function hear(connection: Socket): void {
  note('a connection');
  connection.on('error', () => undefined).destroy();
}
// A name server as well: a question is a datagram.
const datagrams = createSocket('udp4', () => void note('a datagram'));

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'walk-')));
  folder = join(root, 'writable');
  socket = join(root, 'socket');
  await mkdir(folder);
  await chmod(folder, 0o777);
  await writeFile(join(root, 'canary.json'), JSON.stringify({ canary: halves.join('') }));
  await cp(fixture('rampant'), join(root, 'node_modules/rampant'), { recursive: true });
  const installed = fileURLToPath(new URL('../../../../node_modules/', import.meta.url));
  for (const name of ['connector-contract', 'inversify', 'reflect-metadata'])
    await symlink(join(installed, name), join(root, 'node_modules', name));
  await Promise.all([once(tcp.listen(0, '127.0.0.1'), 'listening'), once(local.listen(socket), 'listening')]);
  ({ port } = tcp.address() as AddressInfo);
  datagrams.bind(port, '127.0.0.1');
  await once(datagrams, 'listening');
});
afterAll(async () => {
  for (const server of [tcp, local]) server.close();
  datagrams.close();
  await rm(root, { recursive: true });
});

/** Folders of connectors' processes; other tests of this process may have some. */
async function workingFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith(`connectors-${process.pid}-`)).sort();
}

/** Every file below the folder of the test. */
async function files(): Promise<string[]> {
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  return all.map((entry) => join(entry.parentPath, entry.name)).sort();
}

test('nothing that Node offers, called from inside the fence, writes, reads, reaches or changes what it may not', async () => {
  const [before, others] = [await files(), await workingFolders()];
  const registry = await ConnectorRegistry.load({
    roots: [root],
    log: testLog,
    // The wall would hold what the fence lets through.
    isolation: 'fence',
    limits: { lines: 100_000, unresponsiveMs: 5_000 },
    restarts: { firstMs: 0, failures: 1_000_000 },
    patience: { several: 10_000 },
  });
  const rampant = registry.runner('rampant');
  if (rampant === undefined) throw new Error(JSON.stringify(registry.list()));
  const told: string[] = [];
  const ended: string[] = [];
  let called = 0;
  let all = 1;
  for (let [from, calm] = [0, !whole]; from < all; ) {
    const count = whole && calm ? 1 : 400;
    const given = { port, folder, halves, file: join(root, 'canary.json'), socket, from, count, calm, only };
    const ctx = how('walks over all of Node', {}, JSON.stringify(given));
    lines = ctx.lines;
    const { facts, problems } = await rampant.check(ctx);
    const steps = ctx.lines.filter(({ message }) => /^\d+ /.test(message)).map(({ message }) => message);
    told.push(...ctx.lines.map(({ message }) => message).filter((message) => /^(leaks|gains): /.test(message)));
    if (facts['all'] === undefined) {
      // It has ended its own process, and harmed nobody else. It is tried once more, calmly, and the walk goes on behind it.
      if (calm) ended.push(`${steps.at(-1)}: ${problems[0]?.message}`);
      const last = steps.length === 0 ? from : Number(steps.at(-1)?.split(' ')[0]);
      called += last - from;
      [from, calm] = calm ? [last + 1, !whole] : [last, true];
      all = Math.max(all, from + 1);
    } else {
      called += steps.length;
      [from, calm] = [from + steps.length, !whole];
      all = Number(facts['all']);
    }
  }
  await registry.close();
  if (process.env['WALK_TOLD'] !== undefined) process.stderr.write(`${called} called\n${ended.join('\n')}\n`);
  expect(called).toBeGreaterThan(only === '' ? 2_000 : 0);
  expect({ told, arrived }).toEqual({ told: [], arrived: [] });
  expect(await files()).toEqual(before);
  expect(await workingFolders()).toEqual(others);
  // Some thousand functions, and a process anew for each that ends its own.
}, 1_200_000);
