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
let [segment, plain] = ['', ''];

function install(): void {
  cpSync(fixture('plain'), root, { recursive: true });
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
    connector: 'plain',
    name: 'Plain',
    config: { apiToken: 'secret-of-the-tests' },
  });
  plain = made.body.id;
});
afterAll(async () => {
  await running.stop();
  rmSync(root, { recursive: true });
});

test('a connection whose connector was refused takes requests as before: they wait for it', async () => {
  expect(await accept('r1')).toEqual([segment, plain].sort());
  writeFileSync(join(root, 'index.js'), 'throw new Error("half written");');
  await running.host.reload();
  expect(running.host.registry.list()).toContainEqual(expect.objectContaining({ id: 'plain', state: 'refused' }));
  expect(await accept('r2')).toEqual([segment, plain].sort());
});

test('what a connection takes whose connector is gone nobody knows: only requests that leave it out by name are accepted', async () => {
  rmSync(join(root, 'package.json'));
  await running.host.reload();
  expect(running.host.registry.list().map(({ id }) => id)).not.toContain('plain');
  expect(await accept('r3')).toMatchObject({
    status: 503,
    body: { code: 'NOT_READY', detail: expect.stringContaining(plain), remedy: expect.stringContaining('Install') },
  });
  expect((await running.call('GET', '/api/v1/requests/r3')).status).toBe(404);
  expect(await accept('r4', { connections: [segment] })).toEqual([segment]);
  const file = 'request_id,right,email\nr5,access,ada@example.com\n';
  const imported = await running.call('POST', '/api/v1/requests/import', file, { type: 'text/csv' });
  expect(imported.body).toMatchObject({
    accepted: 0,
    rejected: 1,
    errors: [{ line: 2, message: expect.stringContaining(plain) }],
  });
  install();
  await running.host.reload();
  expect(await accept('r3')).toEqual([segment, plain].sort());
});
