import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from 'segment-sandbox';
import { readinessOf } from '../../src/api/readiness.js';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import type { ConnectorListing } from '../../src/plugins/registry.js';
import { openDatabase } from '../../src/store/database.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';
import { installPlugins } from '../project.js';
import { unhurriedPlugin } from '../unhurried.mjs';

const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const token = 'admin-token-of-the-tests-0123456789abcdef';

let database: TestDatabase;
let sandbox: Sandbox;
let dataDir: string;
const running: ChildProcess[] = [];

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly errors: () => string;
}

/** Starts a process of the host and answers its ready line. */
function start(...flags: string[]): Promise<Started> {
  return startOn(database.url, ...flags);
}

async function startOn(databaseUrl: string, ...flags: string[]): Promise<Started> {
  const child = spawn(
    process.execPath,
    [command, ...flags, '--data-dir', dataDir, '--root', dataDir, '--allow-endpoint', sandbox.url],
    {
      env: {
        PATH: process.env['PATH'],
        CONNECTOR_HOST_DATABASE_URL: databaseUrl,
        CONNECTOR_HOST_ADMIN_TOKEN: token,
        CONNECTOR_HOST_PLAN_WINDOW: '50',
        CONNECTOR_HOST_POLL_INTERVAL: '50',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.push(child);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const line = await Promise.race([
    once(child.stdout?.setEncoding('utf8') ?? child, 'data').then(([text]) => String(text)),
    once(child, 'exit').then(([code]) => {
      throw new Error(`It ended with ${code}: ${errors}`);
    }),
  ]);
  const ready = JSON.parse(line);
  expect(ready.ready).toBe(true);
  return { child, url: ready.url, errors: () => errors };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  return code;
}

const call = async (url: string, method: string, path: string, body?: unknown) => {
  const answer = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
};

beforeAll(async () => {
  database = await testDatabase();
  sandbox = await startSandbox({ speed: 86_400_000, rateLimit: 'off' });
  dataDir = await mkdtemp(join(tmpdir(), 'processes-'));
  await installPlugins(dataDir, [unhurriedPlugin]);
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await sandbox.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('processes on one database', () => {
  test('one serves and another works; both end in order when they are told to', async () => {
    const serving = await start('serve', '--no-work', '--port', '0', '--log-level', 'info');
    const config = { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo', baseUrl: sandbox.url };
    await call(serving.url, 'POST', '/api/v1/connections', { connector: 'segment-config', name: 'Acme', config });
    const body = {
      requestId: 'r1',
      right: 'deletion',
      identifiers: [{ kind: 'email', value: 'canary-person@example.com' }],
    };
    const accepted = await call(serving.url, 'POST', '/api/v1/requests', body);
    if (accepted.code !== undefined) throw new Error(serving.errors());
    expect(accepted).toMatchObject({ state: 'pending' });
    await call(serving.url, 'GET', '/api/v1/requests?search=canary-person@example.com');
    // Nobody works yet.
    expect(sandbox.regulations()).toHaveLength(0);

    const working = await start('worker', '--log-level', 'info');
    const giveUpAt = Date.now() + 300_000;
    let state = 'pending';
    while ((state === 'pending' || state === 'processing') && Date.now() < giveUpAt)
      ({ state } = await call(serving.url, 'GET', '/api/v1/requests/r1'));
    expect(state).toBe('left_over');

    const logs = serving.errors() + working.errors();
    expect(logs).toContain('/api/v1/requests');
    expect(logs).not.toContain('canary-person');
    expect(logs).not.toContain(config.apiToken);
    expect(logs).not.toContain(token);
    expect(await stop(working.child)).toBe(0);
    expect(await stop(serving.child, 'SIGINT')).toBe(0);
  });

  test('one that is told to stop while the vendor is busy with a deletion waits for the answer and writes it down', async () => {
    const serving = await start('serve', '--no-work', '--port', '0');
    const config = { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo', baseUrl: sandbox.url };
    const connected = await call(serving.url, 'POST', '/api/v1/connections', {
      connector: 'segment-config',
      name: 'Stopped',
      config,
    });
    const known = new Set(sandbox.regulations().map(({ id }) => id));
    const slow = sandbox.faults.add({ on: 'POST /regulations', kind: 'slow', afterMs: 1_500, times: 1 });
    const identifiers = [{ kind: 'user_id', value: 'in-flight' }];
    const body = { requestId: 'in-flight', right: 'deletion', identifiers, connections: [connected.id] };
    await call(serving.url, 'POST', '/api/v1/requests', body);
    // Longer than this test: whoever waits for it, instead of for the call, is found out.
    const working = await start('worker', '--shutdown-deadline', '600000');
    const happened = () => sandbox.faults.list().find(({ id }) => id === slow)?.happened === 1;
    for (const giveUpAt = Date.now() + 300_000; !happened(); ) {
      expect(Date.now()).toBeLessThan(giveUpAt);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // The call is under way, and the vendor takes its time.
    expect(await stop(working.child)).toBe(0);
    const made = sandbox.regulations().filter(({ id }) => !known.has(id));
    expect(made).toHaveLength(1);
    const [operation] = (await call(serving.url, 'GET', '/api/v1/operations?limit=1')).items;
    expect(operation).toMatchObject({ reference: made[0]?.id, attempts: 1 });
    expect(await stop(serving.child)).toBe(0);
  });

  test('several that start at the same time on an empty database make its tables together, and all work', async () => {
    const empty = await testDatabase();
    await empty.db.pool.query('drop schema connector_host cascade; drop schema connector_host_migrations cascade');
    const started = await Promise.all([
      startOn(empty.url, 'serve', '--no-work', '--port', '0'),
      ...Array.from({ length: 3 }, () => startOn(empty.url, 'worker')),
    ]);
    const { rows } = await empty.db.pool.query(
      'select count(*) = count(distinct hash) as once from connector_host_migrations.__drizzle_migrations',
    );
    expect(rows).toEqual([{ once: true }]);
    expect(await call(started[0]?.url ?? '', 'GET', '/readyz')).toMatchObject({ ready: true });
    const codes = await Promise.all(started.map(({ child }) => stop(child)));
    expect(codes).toEqual([0, 0, 0, 0]);
    await empty.drop();
  });

  test('one whose database connections are cut while it starts begins again by itself', async () => {
    const own = await testDatabase();
    const holder = await own.db.pool.connect();
    // The start waits half-way: it reads its keys once the tables are there.
    await holder.query('begin; lock table connector_host.data_keys in access exclusive mode');
    const starting = startOn(own.url, 'worker', '--log-level', 'info');
    const cut = `select pid, pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`;
    // Where the machine is busy, a connection that was cut waits a little longer, and is cut again.
    for (const gone = new Set<number>(); gone.size < 2; )
      for (const { pid } of (await own.db.pool.query<{ pid: number }>(cut)).rows) gone.add(pid);
    await holder.query('rollback');
    holder.release();
    const { child, errors } = await starting;
    expect(errors().match(/went away while the host was starting; it starts again/g)).toHaveLength(2);
    expect(await stop(child)).toBe(0);
    await own.drop();
  });

  test('each line about a request carries the id that its sender was told', async () => {
    const { child, url, errors } = await start('serve', '--no-work', '--port', '0', '--log-level', 'info');
    const answers = await Promise.all(
      ['/api/v1/connections', '/api/v1/nothing'].map((path) =>
        fetch(url + path, { headers: { authorization: `Bearer ${token}` } }),
      ),
    );
    expect(await stop(child)).toBe(0);
    const logged = errors()
      .split('\n')
      .filter((line) => line.includes('"reqId"'))
      .map((line) => JSON.parse(line) as { reqId: string; status?: number });
    for (const answer of answers) {
      const ofThis = logged.filter(({ reqId }) => reqId === answer.headers.get('x-request-id'));
      expect(ofThis.map(({ status }) => status)).toContain(answer.status);
    }
  });

  test('a stream of events and a stalled upload do not keep a host from ending', async () => {
    const { child, url } = await start('serve', '--port', '0', '--shutdown-deadline', '300');
    const headers = { authorization: `Bearer ${token}` };
    const events = await fetch(`${url}/api/v1/events`, { headers });
    const lines = Array.from({ length: 6_000 }, (_, i) => `stalled-${i},s${i}@example.com\n`).join('');
    const stalled = new ReadableStream({
      start: (out) => out.enqueue(new TextEncoder().encode(`request_id,email\n${lines}`)),
    });
    const upload = fetch(`${url}/api/v1/requests/import`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/csv' },
      body: stalled,
      duplex: 'half',
    } as RequestInit).catch(() => 'cut off');
    const giveUpAt = Date.now() + 300_000;
    const taken = async () => (await call(url, 'GET', '/api/v1/requests?search=stalled-&limit=1')).total;
    while ((await taken()) < 5_000) expect(Date.now()).toBeLessThan(giveUpAt);
    expect(await stop(child)).toBe(0);
    await events.body?.cancel().catch(() => undefined);
    expect(await upload).toBe('cut off');
  });

  test('the console is served where it is built, with its own paths and none of the API', async () => {
    const consoleDir = join(dataDir, 'console');
    await mkdir(join(consoleDir, 'assets'), { recursive: true });
    await writeFile(join(consoleDir, 'index.html'), '<!doctype html><title>Console</title>');
    const { child, url } = await start('serve', '--port', '0', '--console-dir', consoleDir);
    for (const path of ['/', '/console/requests']) {
      const page = await fetch(url + path);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Console')]);
      expect(page.headers.get('cache-control')).toBe('no-cache');
    }
    expect((await fetch(`${url}/api/v1/nothing`)).status).toBe(404);
    expect(await stop(child)).toBe(0);
  });

  test('a wrong option ends a start with a message that names it', async () => {
    await expect(start('serve', '--port', 'x')).rejects.toThrow(/ended with 2: .*--port/s);
  });

  test('the master key lies in a file that only its owner reads', async () => {
    const { child } = await start('serve', '--port', '0');
    const files = await readdir(dataDir, { recursive: true });
    const [name = ''] = files.filter((one) => one.includes('master'));
    expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(dataDir, name))).length).toBeGreaterThan(0);
    expect(await stop(child)).toBe(0);
  });
});

describe('readiness', () => {
  const installed = (...states: readonly ('ready' | 'refused')[]) => ({
    isolated: { isolation: 'none' as const },
    list: () => states.map((state) => ({ state }) as ConnectorListing),
  });

  test('says of the database and the engine that they are gone, and of a server that only reads', async () => {
    const own = await testDatabase();
    const engine = new PgBossEngine({ db: own.db, log: testLog });
    await engine.start();
    const readiness = (registry = installed('refused', 'ready')) => readinessOf({ db: own.db, engine, registry });
    expect(await readiness()).toMatchObject({ ready: true, checks: { plugins: 'ok' } });
    expect(await readiness(installed('refused'))).toMatchObject({
      ready: true,
      checks: { plugins: 'none can be used' },
    });
    const onlyReads = await openDatabase({ url: own.url, dataDir: '', log: testLog });
    onlyReads.pool.on('connect', (client) => void client.query('set default_transaction_read_only = on'));
    expect(await readinessOf({ db: onlyReads, engine, registry: installed('ready') })).toMatchObject({
      ready: false,
      checks: { database: 'takes no writes: default_transaction_read_only is on' },
    });
    await onlyReads.close();
    await engine.stop(100);
    await own.drop();
    expect(await readiness()).toMatchObject({
      ready: false,
      checks: { database: 'The database does not answer.', engine: expect.stringMatching(/failed|no answer/) },
    });
  });
});
