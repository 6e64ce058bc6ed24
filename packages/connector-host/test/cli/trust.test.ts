/** The commands for tokens, keys, purging, the audit log and receipts, as processes of their own against a running host. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase } from '../../src/store/database.js';
import { ADMIN, type RunningHost, runHost } from '../api/running-host.js';
import { testLog } from '../postgres.js';
import { connectorHost } from './run.js';

let running: RunningHost;
let folder: string;
const run = (...args: string[]) =>
  connectorHost(args, { CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: ADMIN });
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out);
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trust-'));
  running = await runHost();
  await running.connect('Acme');
  const identifiers = [{ kind: 'email', value: 'ada@example.com' }];
  await running.call('POST', '/api/v1/requests', { requestId: 'r-1', right: 'deletion', identifiers });
  await running.until('/api/v1/requests/r-1', ({ state }) => state === 'left_over');
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true });
});

test('a token is made, works with its role alone, is listed without itself, and is revoked', async () => {
  const { out, err, code } = await run('tokens', 'create', '--name', 'Auditor', '--role', 'viewer', '--days', '1');
  const token = out.trim();
  expect([code, token]).toEqual([0, expect.stringMatching(/^cht_/)]);
  expect(err).toContain('cannot be shown again');
  const as = (...args: string[]) =>
    connectorHost(args, { CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: token });
  expect((await as('connections')).code).toBe(0);
  expect((await as('tokens', 'list')).code).toBe(4);
  const listed = await run('tokens', 'list', '--json');
  expect(listed.out).not.toContain(token);
  const { id } = JSON.parse(listed.out).find(({ name }: { name: string }) => name === 'Auditor');
  expect((await run('tokens', 'revoke', id)).out).toContain('revoked');
  expect((await as('connections')).code).toBe(3);
  expect((await run('tokens', 'create', '--name', 'x', '--role', 'king')).code).toBe(2);
});

describe('receipts', () => {
  test('a receipt is verified without a host, also after its key was replaced', async () => {
    const receipt = file('receipt.jws', (await run('receipt', 'r-1')).out);
    expect((await run('keys', 'rotate', '--receipts')).code).toBe(0);
    const jwks = file('jwks.json', JSON.stringify((await running.call('GET', '/.well-known/jwks.json')).body));
    const later = file('later.jws', (await run('receipt', 'r-1')).out);
    for (const each of [receipt, later]) {
      // No address and no token: nothing but the two files.
      const { code, out } = await connectorHost(['receipt', 'verify', each, '--jwks', jwks, '--json']);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({
        valid: true,
        receipt: { requestId: 'r-1', state: 'left_over', standing: 'interim' },
      });
    }
  });

  test('a receipt that was altered, is signed by somebody else, or is none, does not hold', async () => {
    const jws = (await run('receipt', 'r-1')).out.trim();
    const jwks = file('jwks.json', JSON.stringify((await running.call('GET', '/.well-known/jwks.json')).body));
    const [header = '', payload = '', signature = ''] = jws.split('.');
    const content = Buffer.from(payload, 'base64url').toString().replace('"r-1"', '"r-2"');
    const altered = [header, Buffer.from(content).toString('base64url'), signature].join('.');
    const unsigned = [Buffer.from('{"alg":"none"}').toString('base64url'), payload, ''].join('.');
    for (const wrong of [altered, unsigned, 'nothing', '']) {
      const { code, err } = await connectorHost(['receipt', 'verify', file('wrong', wrong), '--jwks', jwks]);
      expect([code, err]).toEqual([5, expect.stringMatching(/receipt/)]);
    }
    const none = file('none.json', '{"keys":[]}');
    expect((await connectorHost(['receipt', 'verify', file('right', jws), '--jwks', none])).code).toBe(5);
  });
});

test('the master key is replaced, and everything sealed still opens', async () => {
  const done = await json('keys', 'rotate');
  expect(done).toMatchObject({ key: 'master', dataKeys: expect.any(Number) });
  const { body } = await running.call('GET', '/api/v1/requests/r-1');
  expect(body.identifiers).toEqual([{ kind: 'email', value: 'ada@example.com' }]);
});

test('a master key in the file of the host stays there, also where the new one is given: nothing is to be started with it', async () => {
  const given = file('new.key', `${randomBytes(32).toString('base64')}\n`);
  for (const done of [await run('keys', 'rotate'), await run('keys', 'rotate', '--key-file', given)]) {
    expect([done.code, done.out]).toEqual([0, expect.stringMatching(/master\.key in the data folder.* back it up/)]);
  }
});

test('a master key that comes from outside has to be given, and then to every process', async () => {
  const [first, second] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  const other = await runHost({ masterKey: first });
  const rotate = (...args: string[]) =>
    connectorHost(['keys', 'rotate', ...args], { CONNECTOR_HOST_URL: other.url, CONNECTOR_HOST_TOKEN: ADMIN });
  expect((await rotate()).code).toBe(4);
  const { code, out } = await rotate('--key-file', file('second.key', second));
  await other.stop();
  expect([code, out]).toEqual([0, expect.stringContaining('Start every process of the host with it')]);
});

test('a file that holds no key is named, and blamed on nothing else', async () => {
  const bad = file('bad.key', 'sesame');
  const { code, err } = await run('keys', 'rotate', '--key-file', bad);
  expect([code, err]).toEqual([2, expect.stringContaining(`--key-file: ${bad} does not hold a key of 32 bytes.`)]);
  expect(err).not.toMatch(/sesame|environment/);
  const { body } = await running.call('POST', '/api/v1/keys/rotate', { key: 'master', masterKey: 'sesame' });
  expect(body).toMatchObject({ code: 'INPUT_INVALID', errors: [{ field: 'masterKey' }] });
  expect(JSON.stringify(body)).not.toMatch(/sesame|environment/);
});

test('the data keys of connections are replaced, and their credentials still open', async () => {
  expect(await json('keys', 'rotate', '--data')).toEqual({ key: 'data', dataKeys: 1, failed: [] });
  expect((await run('keys', 'rotate', '--data')).out).toContain('Credentials of 1 connections are sealed under new');
  const { body } = await running.call('GET', '/api/v1/connections');
  const checked = await running.call('POST', `/api/v1/connections/${body.items[0].id}/check`);
  expect(checked.body.status).toBe('ready');
  expect((await run('audit', 'list', '--limit', '20')).out).toContain('keys.data_rotated');
  const { code, err } = await run('keys', 'rotate', '--data', '--receipts');
  expect([code, err]).toEqual([2, expect.stringContaining('--receipts')]);
});

test('the key of people is replaced in the background, and whoever was there still opens', async () => {
  expect((await run('keys', 'rotate', '--people')).out).toContain('Those of 1 people are being sealed anew');
  expect(await json('keys', 'rotate', '--people')).toEqual({ key: 'people', id: expect.any(String), people: 1 });
  const { body } = await running.call('GET', '/api/v1/requests/r-1');
  expect(body.identifiers).toEqual([{ kind: 'email', value: 'ada@example.com' }]);
  expect((await run('audit', 'list', '--limit', '20')).out).toContain('keys.people_rotated');
  const { code, err } = await run('keys', 'rotate', '--people', '--data');
  expect([code, err]).toEqual([2, expect.stringContaining('--people')]);
});

test('a connection whose credentials do not open is named when data keys are replaced, with exit code 5', async () => {
  const db = await openDatabase({ url: running.databaseUrl, dataDir: '', log: testLog });
  await db.pool.query(`update connector_host.connections set secrets = secrets || '\\x00'`);
  const { code, out } = await run('keys', 'rotate', '--data');
  await db.pool.query('update connector_host.connections set secrets = substr(secrets, 1, length(secrets) - 1)');
  await db.close();
  expect([code, out]).toEqual([5, expect.stringContaining('Not replaced: Acme.')]);
  expect((await run('keys', 'rotate', '--data')).code).toBe(0);
});

test('purge tells how many it would purge, and then purges them', async () => {
  expect(await json('purge', '--dry-run', '--retention-days', '0')).toMatchObject({ dryRun: true, purged: 0 });
  const all = ['--retention-days', '0', '--longest-retention-days', '0'];
  expect(await json('purge', '--dry-run', ...all)).toMatchObject({ dryRun: true, purged: 1 });
  expect(await json('purge')).toMatchObject({ dryRun: false, purged: 0 });
  expect((await run('purge', ...all)).out).toContain('1 people were purged');
});

test('audit verify follows the chain by itself, holds it against an end noted before, and names the first broken entry', async () => {
  const noted = await json('audit', 'verify');
  expect(noted).toMatchObject({ intact: true });
  expect((await run('audit', 'list', '--limit', '5')).out).toContain('request.purged');
  await run('keys', 'rotate', '--receipts');
  expect((await run('audit', 'verify', '--head', noted.head)).code).toBe(0);
  const wrong = noted.head.replace(/.$/, (last: string) => (last === '0' ? '1' : '0'));
  expect((await run('audit', 'verify', '--head', wrong)).code).toBe(5);
  const db = await openDatabase({ url: running.databaseUrl, dataDir: '', log: testLog });
  await db.pool.query('alter table connector_host.audit_log disable trigger all');
  await db.pool.query(`update connector_host.audit_log set actor = 'nobody' where seq = 2`);
  await db.close();
  const { code, out } = await run('audit', 'verify');
  expect([code, out]).toEqual([5, expect.stringContaining('Entry 2 is changed')]);
});
