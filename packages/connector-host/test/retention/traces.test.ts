/** The store after a purge, searched byte by byte: every table and every file of a server of the test's own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type Sandbox, startSandbox } from 'segment-sandbox';
import { hostActor } from '../../src/access/roles.js';
import { type Host, startHost } from '../../src/host.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import { joinServer } from '../../src/store/embedded/server.js';
import { ADMIN } from '../api/running-host.js';
import { testLog } from '../postgres.js';
import { dump, filesBelow, filesWith, tracesIn } from '../security/traces.js';
import { unhurriedProject } from '../unhurried.mjs';

const people = Array.from({ length: 40 }, (_, n) => ({
  requestId: `req-${n}`,
  identifiers: [
    { kind: 'email', value: `jane.purged-${n}@canary-mail.example` },
    { kind: 'user_id', value: `purged-user-${n}-日本` },
  ],
}));
const names = people.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
const searched = [...names, 'canary-mail.example', 'purged-user-'];

let dataDir: string;
let sandbox: Sandbox;
let host: Host;
let db: Database;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'purge-'));
  sandbox = await startSandbox({ speed: 86_400_000, rateLimit: 'off' });
  host = await startHost({
    dataDir,
    roots: [unhurriedProject],
    isolation: 'none',
    port: 0,
    adminToken: ADMIN,
    allowEndpoints: [sandbox.url],
    // All are to go in a few submissions: the vendor takes so many calls in a minute.
    planWindowMs: 2_000,
    pollIntervalMs: 20,
    log: testLog,
  });
  db = await openDatabase({ dataDir, log: testLog });
});
afterAll(async () => {
  await db.close();
  await host.close(0);
  await sandbox.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('after a purge no byte of the store names a person or holds what was sealed; before it, the search does find what lies in clear', async () => {
  const config = { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo', baseUrl: sandbox.url };
  await host.connections.create({ connector: 'segment-config', name: 'Acme', config }, hostActor);
  for (const person of people) await host.requests.accept({ right: 'deletion', ...person }, hostActor);
  while ((await host.requests.list({})).counts.left_over < people.length) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { rows } = await db.pool.query<{ identifiers: Buffer }>('select identifiers from connector_host.requests');
  const sealed = rows.map(({ identifiers }) => identifiers.subarray(9));
  expect(sealed).toHaveLength(people.length);
  const asText = sealed.map((bytes) => bytes.toString('latin1'));
  const holdingSealed = (tables: ReadonlyMap<string, string>) =>
    [...tables].filter(([, text]) => asText.some((one) => text.includes(one))).map(([name]) => name);
  // The planner's samples of the table hold sealed values, too.
  await db.pool.query('analyze connector_host.requests');
  expect(holdingSealed(await dump(db.pool))).toEqual(['connector_host.requests', 'pg_stats']);

  expect((await host.retention.purge({ retentionDays: 0, longestRetentionDays: 0 })).purged).toBe(people.length);
  const tables = await dump(db.pool);
  expect(tables.size).toBeGreaterThan(15);
  expect([...tables].filter(([, text]) => tracesIn(text, searched).length > 0).map(([name]) => name)).toEqual([]);
  expect(holdingSealed(tables)).toEqual([]);
  expect(tracesIn(tables.get('connector_host.requests') ?? '', ['req-0'])).toEqual(['req-0']);

  // Old versions of rows leave the files when the server rewrites them; the write-ahead log is another matter (docs/threat-model.md).
  const server = await joinServer({ dataDir, log: testLog });
  const maker = new pg.Client(server.connection);
  await maker.connect();
  await maker.query('vacuum full');
  await maker.query('checkpoint');
  await maker.end();
  await server.leave();
  const writeAhead = /pg_wal/;
  // In clear, neither person nor secret ever was in any file: not in the write-ahead log either, nor in the server's own log.
  const nothing = /^$/;
  expect(filesWith(dataDir, [...searched, sandbox.tokens.publicOwner, ADMIN], nothing)).toEqual([]);
  expect(filesWith(dataDir, ['req-0'], writeAhead).length).toBeGreaterThan(0);
  const left = filesBelow(dataDir, writeAhead).filter((path) => {
    const content = readFileSync(path).toString('latin1');
    return asText.some((one) => content.includes(one));
  });
  expect(left).toEqual([]);
});
