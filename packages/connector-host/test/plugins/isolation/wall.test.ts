/** The wall alone: a program without any guard runs behind it, tries to get out, and does not. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DOOR_VARIABLE } from '../../../src/plugins/isolation/messages.js';
import { shownFolders } from '../../../src/plugins/isolation/reading-rights.js';
import { Door } from '../../../src/plugins/isolation/wall/door.js';
import { DOOR } from '../../../src/plugins/isolation/wall/view.js';
import { findWall, tryWall, type Wall } from '../../../src/plugins/isolation/wall/wall.js';
import { connectorHost } from '../../cli/run.js';
import { testLog } from '../../postgres.js';
import { fixture, loadFixtures } from '../fixtures.js';

const found = await findWall();
const secret = 'secret-of-the-host';
const program = fileURLToPath(new URL('../../fixtures/wall/escape.mjs', import.meta.url));

/** What holds where there is a wall. */
function behind(wall: Wall): void {
  let root: string;
  let port: number;
  let door: Door;
  /** Stands for the host: what gets through may harm it. */
  let host: ChildProcess;
  let arrived: string[] = [];
  const servers: Server[] = [];
  const datagrams = createSocket('udp4');

  async function listen(...to: [path: string] | [port: number, host: string]): Promise<Server> {
    const server = createServer((socket) => {
      arrived.push(to[0] === 0 ? 'connection' : String(to[0]));
      socket.on('error', () => undefined).destroy();
    });
    servers.push(server);
    (server.listen as (...args: unknown[]) => Server)(...to);
    await once(server, 'listening');
    return server;
  }

  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'wall-test-')));
    await mkdir(join(root, 'writable'));
    await chmod(join(root, 'writable'), 0o777);
    await mkdir(join(root, 'data'));
    for (const name of ['data/master.key', 'data/requests', '.env']) await writeFile(join(root, name), secret);
    ({ port } = (await listen(0, '127.0.0.1')).address() as AddressInfo);
    await listen(join(root, 'socket'));
    await listen(`\0${root}`);
    datagrams.bind(port, '127.0.0.1');
    datagrams.on('message', (_message, { port: from }) => {
      arrived.push('datagram');
      datagrams.send('rubbish', from, '127.0.0.1');
    });
    await once(datagrams, 'listening');
    host = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => undefined, 60_000)'], {
      env: { SECRET_OF_THE_HOST: secret },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(host.stdout as Readable, 'data');
    door = await Door.open(join(root, 'door'), undefined, testLog);
  });
  afterAll(async () => {
    host.kill('SIGKILL');
    for (const server of servers) server.close();
    datagrams.close();
    door.close();
    await rm(root, { recursive: true });
  });

  /** How each way ended for a program that is started by this command. */
  async function tryAll(
    around: (command: readonly string[]) => readonly string[],
    env: Record<string, string>,
    folders: readonly string[],
  ) {
    const given = {
      host: host.pid,
      secret,
      files: ['data/master.key', 'data/requests', '.env'].map((name) => join(root, name)),
      folders,
      port,
      sockets: [join(root, 'socket'), `\0${root}`],
    };
    const [file = '', ...args] = around([process.execPath, program, JSON.stringify(given)]);
    arrived = [];
    const { stdout } = await promisify(execFile)(file, args, { env });
    return JSON.parse(stdout) as Record<string, string>;
  }

  test('a program without any guard gets through in none of the ways that lead out where there is no wall', async () => {
    const writable = join(root, 'writable');
    const ends = await tryAll(
      (command) => wall.around(command, { readable: [program], workingFolder: '/stand', door: door.path }),
      { [DOOR_VARIABLE]: DOOR },
      [writable, dirname(program), '/', '/tmp', '/dev', '/dev/shm', '/run', '/stand'],
    );
    expect(Object.keys(ends).length).toBeGreaterThan(30);
    expect(Object.entries(ends).filter(([, end]) => end === 'through')).toEqual([]);
    expect(arrived).toEqual([]);
    expect(await readdir(writable)).toEqual([]);
    // The door answers; it leads nowhere.
    expect(ends[`asks the door for 127.0.0.1 ${port}`]).toBe('ENDPOINT_NOT_ALLOWED');
    expect(ends['signals the host']).toBe('ESRCH');
  });

  test('those ways do lead out where there is no wall', async () => {
    const writable = join(root, 'writable');
    const ends = await tryAll((command) => command, { SECRET_OF_THE_HOST: secret }, [writable]);
    const through = Object.keys(ends).filter((way) => ends[way] === 'through');
    expect(through).toEqual(
      expect.arrayContaining([
        'reads the environment of the host',
        'signals the host',
        'connects to the loopback of the host',
        'sends a datagram',
        'asks a name server',
        `reads ${join(root, 'data/master.key')}`,
        `writes into ${writable}`,
        `connects to the socket ${join(root, 'socket')}`,
        `connects to the socket @${root}`,
      ]),
    );
    expect(arrived).toEqual(expect.arrayContaining(['connection', 'datagram', join(root, 'socket'), `\0${root}`]));
    await rm(join(writable, 'written'));
  });

  test('the door leads where a call may go, and from a name to no private address', async () => {
    const ask = async (place: string) => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        '-e',
        `require('net').connect(${JSON.stringify(door.path)}).on('data', (said) => process.stdout.write(said)).end(${JSON.stringify(`${place}\n`)})`,
      ]);
      return stdout;
    };
    const to = { port, secure: false };
    door.leadBy(() => [{ ...to, host: '127.0.0.1', inside: true }]);
    expect(await ask(`127.0.0.1 ${port}`)).toBe('\n');
    expect(await ask(`localhost ${port}`)).toBe('ENDPOINT_NOT_ALLOWED\n');
    door.leadBy(() => [
      { ...to, host: '127.0.0.1', inside: false },
      { ...to, host: 'localhost', inside: false },
    ]);
    expect(await ask(`127.0.0.1 ${port}`)).toBe('ENDPOINT_NOT_ALLOWED\n');
    expect(await ask(`localhost ${port}`)).toBe('ENDPOINT_NOT_ALLOWED\n');
    expect(await ask(`${'x'.repeat(300)} 80`)).toBe('');
    expect(await ask(`localhost ${port}\nand more`)).toBe('');
    door.leadBy(() => []);
  });

  test('what the door leads to is cut when a call begins that may not go there', async () => {
    const quiet = createServer().listen(0, '127.0.0.1');
    servers.push(quiet);
    await once(quiet, 'listening');
    const permit = { host: '127.0.0.1', port: (quiet.address() as AddressInfo).port, secure: false, inside: true };
    const warnings: Error[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    door.leadBy(() => [permit]);
    const near = connect(door.path);
    near.write(`${permit.host} ${permit.port}\n`);
    await once(near, 'data');
    door.closeOthers();
    expect(near.destroyed).toBe(false);
    door.leadBy(() => [{ ...permit, port: 9 }]);
    door.closeOthers();
    await once(near, 'close');
    door.leadBy(() => []);
    expect(warnings).toEqual([]);
  });

  test('a connector sees no folder but those of its code', async () => {
    const folders = await shownFolders(fixture('plain'), [fixture('plain/index.js')]);
    expect(folders).toContain(fixture('plain/manifest.json'));
    expect(folders).not.toContain(fixture('plain/index.js'));
  });
}

if ('wall' in found) describe('behind the wall', () => behind(found.wall));

/** Whether bubblewrap can do here what the wall needs of it, by a command of its own that hides nothing. */
function isAble(): boolean {
  const all = ['--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev'];
  return spawnSync('bwrap', [...all, process.execPath, '-e', '0']).status === 0;
}

test('there is a wall where this machine has what it needs; else the tests say what is missing', async () => {
  expect([found, 'wall' in found]).toEqual([found, isAble()]);
  if ('wall' in found) return;
  process.stderr.write(`\n*** NO WALL: ${found.reason}. What it holds was NOT tested here. ***\n\n`);
  const registry = await loadFixtures(['plain'], { isolation: 'process' });
  expect(registry.isolated).toEqual({ isolation: 'fence', reason: found.reason });
  await registry.close();
});

describe('where there can be no wall', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'no-wall-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A folder with a program `bwrap` that does this. */
  async function bubblewrap(script: string): Promise<string> {
    const place = await mkdtemp(join(folder, 'bin-'));
    await writeFile(join(place, 'bwrap'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return place;
  }

  test('as bubblewrap is missing, that is the reason', async () => {
    expect(await tryWall(folder)).toEqual({ reason: expect.stringContaining('bubblewrap is not installed') });
    // Whatever lies where the host was started is not asked.
    expect(await tryWall('bin:.')).toEqual({ reason: expect.stringContaining('bubblewrap is not installed') });
  });

  test('as the system lets it make no namespaces, what it says is the reason', async () => {
    const path = await bubblewrap('echo "bwrap: No permissions to create a new namespace" >&2; exit 1');
    expect(await tryWall(path)).toEqual({
      reason: 'bubblewrap cannot make one here: No permissions to create a new namespace',
    });
  });

  test('one that holds nothing is not taken for one', async () => {
    const path = await bubblewrap('while [ "$1" != "--" ]; do shift; done; shift; exec "$@"');
    expect(await tryWall(path)).toEqual({
      reason: expect.stringContaining('does not hold: files of the host are seen'),
    });
  });

  test('doctor says so, and why', async () => {
    const args = ['connectors', 'doctor', '--root', fixture('plain')];
    const { code, out } = await connectorHost(args, { PATH: folder });
    expect(code).toBe(0);
    expect(out).toContain('Isolation: fence. There is no wall: bubblewrap is not installed');
    const { out: json } = await connectorHost([...args, '--json'], { PATH: folder });
    expect(JSON.parse(json).host).toMatchObject({ isolation: 'fence', reason: expect.any(String) });
  });

  test('a host that requires it refuses every connector, and says what to do', async () => {
    const registry = await loadFixtures(['plain', 'harbour'], { isolation: 'fence', requireWall: true });
    const refused = { state: 'refused', code: 'WALL_REQUIRED', remedy: expect.stringContaining('bubblewrap') };
    expect(registry.list()).toEqual([expect.objectContaining(refused), expect.objectContaining(refused)]);
    expect(registry.runner('plain')).toBeUndefined();
    await registry.close();
  });
});
