/** What a start that does not succeed leaves behind, and what it tells. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHost } from '../../src/host.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'start-'));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

test('a start on a port that is used makes no token, so that the next one can show it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const options = { dataDir: folder, databaseUrl: database.url, roots: [folder], log: testLog };
  await expect(startHost({ ...options, port })).rejects.toThrow();
  other.close();
  const host = await startHost({ ...options, port: 0 });
  expect(host.newToken).toMatch(/^cht_/);
  expect(await host.tokens.verify(host.newToken ?? '')).toMatchObject({ role: 'super-admin' });
  await host.close(1_000);
});
