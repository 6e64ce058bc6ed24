/** A connector cannot be used for a while, or is gone: nobody is left out of it in silence. */
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

function install(): void {
  cpSync(fixture('harbour'), root, { recursive: true });
}

/** The connections that a request went to. */
async function accept(requestId: string, more: object = {}) {
  const identifiers = [{ kind: 'email', value: 'ada@example.com' }];
  const { status, body } = await running.call('POST', '/api/v1/requests', {
    requestId,
    right: 'access',
    identifiers,
    ...more,
  });
  if (status >= 300) return { status, body };
  return body.tasks.map(({ connection }: { connection: string }) => connection).sort();
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'connector-away-'));
  install();
  symlinkSync(modules, join(root, 'node_modules'));
  running = await runHost({ isolation: 'process', work: false }, {}, [root]);
  segment = await running.connect('Segment');
  const made = await running.call('POST', '/api/v1/connections', {
    connector: 'harbour',
    name: 'Harbour',
    config: { apiToken: 'secret-of-the-tests', account: 'north', completion: 'wait-for-completion' },
  });
  harbour = made.body.id;
});
afterAll(async () => {
  await running.stop();
  rmSync(root, { recursive: true });
});

test('a connection whose connector was refused takes requests as before: they wait for it', async () => {
  expect(await accept('r1')).toEqual([segment, harbour].sort());
  writeFileSync(join(root, 'connector.js'), 'throw new Error("half written");');
  await running.host.reload();
  expect(running.host.registry.list()).toContainEqual(expect.objectContaining({ id: 'harbour', state: 'refused' }));
  expect(await accept('r2')).toEqual([segment, harbour].sort());
});

test('what waits for a connector is not said to wait for the next batch', async () => {
  const before = (await running.call('GET', '/api/v1/overview')).body.waiting;
  expect(await accept('d1', { right: 'deletion' })).toEqual([segment, harbour].sort());
  const { waiting } = (await running.call('GET', '/api/v1/overview')).body;
  expect(waiting).toEqual({ ...before, batch: before.batch + 1, connector: before.connector + 1 });
});

test('what a connection takes whose connector is gone nobody knows: only requests that leave it out by name are accepted', async () => {
  rmSync(join(root, 'package.json'));
  await running.host.reload();
  expect(running.host.registry.list().map(({ id }) => id)).not.toContain('harbour');
  expect(await accept('r3')).toMatchObject({
    status: 503,
    body: { code: 'NOT_READY', detail: expect.stringContaining(harbour), remedy: expect.stringContaining('Install') },
  });
  expect((await running.call('GET', '/api/v1/requests/r3')).status).toBe(404);
  expect(await accept('r4', { connections: [segment] })).toEqual([segment]);
  const file = 'request_id,right,email\nr5,access,ada@example.com\n';
  const imported = await running.call('POST', '/api/v1/requests/import', file, { type: 'text/csv' });
  expect(imported.body).toMatchObject({
    accepted: 0,
    rejected: 1,
    errors: [{ line: 2, message: expect.stringContaining(harbour) }],
  });
  install();
  await running.host.reload();
  expect(await accept('r3')).toEqual([segment, harbour].sort());
});
