/** What a dry run says of connections that somebody does not go to, or that cannot send just now. */
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningHost, runHost } from '../api/running-host.js';
import { fixture } from '../plugins/fixtures.js';

const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url));
let root: string;
let running: RunningHost;
let [segment, harbour] = ['', ''];

const by = (kind: string, value: string) => [{ kind, value }];
const request = (requestId: string, identifiers: object[]) => ({ requestId, right: 'deletion', identifiers });
const plan = async (body: object) => (await running.call('POST', '/api/v1/requests/plan', body)).body;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'dry-run-'));
  cpSync(fixture('harbour'), root, { recursive: true });
  symlinkSync(modules, join(root, 'node_modules'));
  running = await runHost({ isolation: 'process', work: false }, {}, [root]);
  segment = await running.connect('Segment');
  const config = { apiToken: 'right-token', account: 'north' };
  const made = await running.call('POST', '/api/v1/connections', { connector: 'harbour', name: 'Harbour', config });
  harbour = made.body.id;
});
afterAll(async () => {
  await running.stop();
  rmSync(root, { recursive: true });
});

test('somebody of whom a connection takes no identifier is not counted there', async () => {
  const dry = await plan({
    requests: [request('r1', by('user_id', 'u1')), request('r2', by('email', 'a@example.com'))],
  });
  const counts = (connections: Record<string, unknown>[]) =>
    Object.fromEntries(connections.map(({ connection, subjects, rejected }) => [connection, { subjects, rejected }]));
  expect(counts(dry.connections)).toEqual({
    [segment]: { subjects: 2, rejected: [] },
    [harbour]: { subjects: 1, rejected: [] },
  });
  const file = 'request_id,email,user_id\nr1,,u1\nr2,a@example.com,u2\n';
  const { body } = await running.call('POST', '/api/v1/requests/import/plan', file, { type: 'text/csv' });
  expect(body.plan.connections).toMatchObject([
    { connection: segment, subjects: 2, identifiers: 3 },
    { connection: harbour, subjects: 1, identifiers: 1 },
  ]);
});

test('a connection whose connector cannot be used sends nothing, and is not left out where it is gone', async () => {
  const person = request('r3', by('email', 'b@example.com'));
  expect((await running.call('POST', '/api/v1/requests', person)).status).toBe(202);
  writeFileSync(join(root, 'connector.js'), 'throw new Error("half written");');
  await running.host.reload();
  const waits = { connection: harbour, subjects: 1, waits: 'CONNECTOR_UNAVAILABLE' };
  const dry = await plan({ requests: [request('r4', by('email', 'c@example.com'))] });
  expect(dry.connections).toContainEqual(expect.objectContaining(waits));
  rmSync(join(root, 'package.json'));
  await running.host.reload();
  const { connections } = await plan({ filter: { connection: harbour } });
  expect(connections).toMatchObject([waits]);
});
