/** A host with its embedded database on a disk that fills up: refuses, keeps what it took, concludes it, and goes on by itself. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from 'segment-sandbox';
import { type Host, startHost } from '../../src/host.js';
import { openLog } from '../../src/log.js';
import { freeBytes, roomSizes } from '../../src/store/embedded/room.js';
import { ADMIN } from '../api/running-host.js';
import { unhurriedProject } from '../unhurried.mjs';
import '../postgres.js';

const MB = 1024 * 1024;

/** A small disk: a file system of its own where one may be mounted, else a quota over a folder. */
interface Disk {
  readonly folder: string;
  readonly free: (folder: string) => Promise<number>;
  enlarge(): void;
  remove(): void;
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = entries.map(async (entry) => {
    const found = entry.isFile() ? await stat(join(entry.parentPath, entry.name)).catch(() => undefined) : undefined;
    return (found?.blocks ?? 0) * 512;
  });
  return (await Promise.all(sizes)).reduce((all, size) => all + size, 0);
}

function smallDisk(folder: string): Disk {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=260m,mode=0755', 'tmpfs', folder], { stdio: 'ignore' });
    return {
      folder,
      free: freeBytes,
      enlarge: () => execFileSync('mount', ['-o', 'remount,size=900m', folder]),
      remove: () => execFileSync('umount', ['--lazy', folder]),
    };
  } catch {
    let size = 260 * MB;
    return {
      folder,
      free: async () => size - (await sizeOf(folder)),
      enlarge: () => {
        size = 900 * MB;
      },
      remove: () => undefined,
    };
  }
}

let base: string;
let disk: Disk;
let sandbox: Sandbox;
let host: Host;
const lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'disk-full-'));
  const folder = join(base, 'disk');
  await mkdir(folder);
  execFileSync('chmod', ['755', base]);
  disk = smallDisk(folder);
  sandbox = await startSandbox({ speed: 86_400_000, rateLimit: 'off' });
  const to = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  host = await startHost({
    dataDir: join(folder, 'data'),
    roots: [unhurriedProject],
    isolation: 'none',
    port: 0,
    allowEndpoints: [sandbox.url],
    adminToken: ADMIN,
    planWindowMs: 1_000,
    pollIntervalMs: 50,
    freeBytes: disk.free,
    log: openLog({ level: 'info', to }),
  });
});
afterAll(async () => {
  await host?.close(1_000);
  await sandbox?.close();
  disk?.remove();
  await rm(base, { recursive: true, force: true });
});

async function call(
  path: string,
  body?: unknown,
  type = 'application/json',
  method = body === undefined ? 'GET' : 'POST',
) {
  const answer = await fetch(`${host.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN}`, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: looked into field by field.
  return { status: answer.status, body: (await answer.json()) as any };
}

async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const perFile = 10_000;

function file(from: number): string {
  const line = (n: number) =>
    JSON.stringify({ requestId: `r-${n}`, right: 'deletion', identifiers: [{ kind: 'user_id', value: `u-${n}` }] });
  return Array.from({ length: perFile }, (_, n) => line(from + n)).join('\n');
}

const one = { requestId: 'one', right: 'deletion', identifiers: [{ kind: 'user_id', value: 'one' }] };
const told = (text: string) => lines.filter(({ msg }) => String(msg).includes(text));
const reserved = () =>
  stat(join(disk.folder, 'data', 'database', 'reserve')).then(
    ({ size }) => size,
    () => 0,
  );
const total = async () => (await call('/api/v1/requests?limit=1')).body.total as number;

test('refuses in time and says so, lets go of its reserve, loses nobody, and concludes everything once there is room', async () => {
  const config = { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo', baseUrl: sandbox.url };
  const connected = await call('/api/v1/connections', { connector: 'segment-config', name: 'Acme', config });
  expect(connected.status).toBe(201);
  await until(reserved, (size) => size === roomSizes.reserve);

  const filler = await open(join(disk.folder, 'filler'), 'w');
  while ((await disk.free(disk.folder)) > roomSizes.least + 32 * MB) await filler.write(Buffer.alloc(MB, 1));
  let taken = 0;
  const send = () => call('/api/v1/requests/import', file(taken), 'application/x-ndjson');
  let refused = await send();
  for (; refused.status === 200; refused = await send()) taken += perFile;
  const missing = expect.stringMatching(
    /^The disk of .*database is nearly full: \d+ MB are free, and \d+ MB more are needed\.$/,
  );
  expect(refused.body).toMatchObject({ status: 507, code: 'DISK_FULL', detail: missing, remedy: expect.any(String) });
  // Somebody else takes the room that was left, and half of what the reserve frees.
  while ((await reserved()) > 0 || (await disk.free(disk.folder)) > roomSizes.least / 2) {
    await filler.write(Buffer.alloc(MB, 1)).catch(() => undefined);
  }
  await filler.close();
  // Until the reserve was let go of there was no room at all: PostgreSQL may have ended in that moment, and is started again.
  const unready = await until(
    () => call('/readyz'),
    ({ body }) => body.checks.database === 'ok' && body.checks.engine === 'ok',
  );
  expect(unready).toMatchObject({ status: 503, body: { ready: false, checks: { database: 'ok', engine: 'ok' } } });
  expect(unready.body.checks.disk).toContain(`DISK_FULL: The disk of ${join(disk.folder, 'data', 'database')}`);
  expect((await call('/api/v1/requests', one)).body).toMatchObject({ code: 'DISK_FULL' });
  const accepted = await total();
  expect(taken).toBeGreaterThan(0);
  expect(accepted).toBeGreaterThanOrEqual(taken);
  await until(
    () => Promise.resolve(told('The disk is nearly full')),
    (found) => found.length > 0,
  );
  expect(told('The disk is nearly full').at(-1)).toMatchObject({
    code: 'DISK_FULL',
    folder: join(disk.folder, 'data', 'database'),
  });
  const [full, trouble] = [told('The disk is nearly full').length, told('Trouble with the database').length];

  disk.enlarge();
  await until(
    () => call('/readyz'),
    ({ status }) => status === 200,
  );
  await until(reserved, (size) => size === roomSizes.reserve);
  expect(told('The disk is nearly full')).toHaveLength(full);
  expect(told('There is room on the disk again')).toHaveLength(full);
  expect(told('Trouble with the database').length).toBeLessThanOrEqual(trouble);
  expect((await call('/api/v1/requests', one)).status).toBe(202);
  const counts = async () => (await call('/api/v1/requests?limit=1')).body.counts as Record<string, number>;
  const ended = await until(counts, ({ pending = 0, processing = 0 }) => pending + processing === 0);
  expect(ended).toMatchObject({ error: 0 });
  expect(await total()).toBe(accepted + 1);
}, 300_000);
