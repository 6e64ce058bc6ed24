/** The database is taken away from a running host, and comes back. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Sandbox, startSandbox } from 'segment-sandbox';
import { type Host, startHost } from '../../src/host.js';
import { openLog } from '../../src/log.js';
import { type EmbeddedServer, joinServer } from '../../src/store/embedded/server.js';
import { testLog } from '../postgres.js';
import { unhurriedProject } from '../unhurried.mjs';
import { ADMIN } from './running-host.js';

let dataDir: string;
let server: EmbeddedServer;
let sandbox: Sandbox;
let host: Host;
const lines: { readonly msg: string }[] = [];
const to = new Writable({
  write: (chunk: Buffer, _encoding, done) => {
    lines.push(JSON.parse(chunk.toString()) as { msg: string });
    done();
  },
});

const serve = () => joinServer({ dataDir, log: testLog, settings: { fsync: 'off' } });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'database-away-'));
  server = await serve();
  const { user, password, host: folder = '', port } = server.connection;
  const admin = new pg.Client(server.connection);
  await admin.connect();
  await admin.query('create database away');
  await admin.end();
  sandbox = await startSandbox({ speed: 86_400_000, rateLimit: 'off' });
  host = await startHost({
    dataDir,
    databaseUrl: `postgresql://${user}:${encodeURIComponent(String(password))}@/away?host=${encodeURIComponent(folder)}&port=${port}`,
    roots: [unhurriedProject],
    isolation: 'none',
    port: 0,
    allowEndpoints: [sandbox.url],
    adminToken: ADMIN,
    planWindowMs: 3_000,
    pollIntervalMs: 300,
    log: openLog({ level: 'warn', to }),
  });
});
afterAll(async () => {
  await host?.close(1_000);
  await sandbox?.close();
  await server?.leave();
  await rm(dataDir, { recursive: true, force: true });
});

async function call(path: string, body?: unknown) {
  const answer = await fetch(`${host.url}${path}`, {
    headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Asks until it is so; the time limit of the test is the only one. */
async function until(path: string, holds: (answer: Awaited<ReturnType<typeof call>>) => boolean) {
  for (;;) {
    const answer = await call(path);
    if (holds(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const deletion = (requestId: string) => ({
  requestId,
  right: 'deletion',
  identifiers: [{ kind: 'user_id', value: requestId }],
});

test('without its database the host says that it is not ready; when it is back, so is the host, and the work goes on', async () => {
  const config = { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo', baseUrl: sandbox.url };
  expect((await call('/api/v1/connections', { connector: 'segment-config', name: 'Acme', config })).status).toBe(201);
  expect((await call('/readyz')).status).toBe(200);
  expect((await call('/api/v1/requests', deletion('before'))).status).toBe(202);

  await server.leave();
  const away = await until('/readyz', ({ status }) => status === 503);
  expect(away.body).toMatchObject({ ready: false, checks: { database: expect.not.stringMatching('^ok$') } });
  expect((await call('/healthz')).status).toBe(200);
  expect((await call('/api/v1/requests', deletion('during'))).body).toMatchObject({ status: 503, code: 'NOT_READY' });

  // Everybody who needs it has met the trouble by now, and more than once; it is told in one line.
  for (let asked = 0; asked < 30; asked += 1) {
    await call('/readyz');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const told = lines.map(({ msg }) => msg).filter((msg) => msg !== 'A call failed');
  expect(told).toEqual(['Trouble with the database: what fails is tried again']);

  server = await serve();
  const back = await until('/readyz', ({ status }) => status === 200);
  expect(back.body).toMatchObject({ ready: true, checks: { database: 'ok', engine: 'ok' } });
  expect((await call('/api/v1/requests', deletion('after'))).status).toBe(202);
  for (const requestId of ['before', 'after']) {
    await until(`/api/v1/requests/${requestId}`, ({ body }) => body['state'] === 'left_over');
  }
  expect((await call('/api/v1/requests/during')).status).toBe(404);
});
