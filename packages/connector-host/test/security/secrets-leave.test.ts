import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSandbox } from 'segment-sandbox';
import type { AuditView } from '../../src/audit/chain.js';
import { type RunningHost, runHost } from '../api/running-host.js';

/** A place that writes down which credentials it is sent. */
const received: string[] = [];
let thief: Server;
let running: RunningHost;
let connection: string;
let place: string;

const audit = async (): Promise<AuditView[]> =>
  (await running.call('GET', '/api/v1/audit?after=0&limit=1000')).body.items;

beforeAll(async () => {
  thief = createServer((request, response) => {
    received.push(String(request.headers.authorization));
    response
      .writeHead(401, { 'content-type': 'application/json' })
      .end('{"errors":[{"type":"unauthorized","message":"no"}]}');
  });
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  place = `http://127.0.0.1:${(thief.address() as AddressInfo).port}`;
  const sandbox = await startSandbox({ rateLimit: 'off' });
  running = await runHost({ isolation: 'process', allowEndpoints: [place, sandbox.url] });
  const made = await running.call('POST', '/api/v1/connections', {
    connector: 'segment-config',
    name: 'Acme',
    config: { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo', baseUrl: sandbox.url },
  });
  expect(made.status).toBe(201);
  connection = made.body.id;
  closeSandbox = () => sandbox.close();
});
let closeSandbox: () => Promise<void>;
afterAll(async () => {
  await running.stop();
  await closeSandbox();
  await new Promise((resolve) => thief.close(resolve));
});

test.each([
  ['an address', () => ({ baseUrl: place })],
  ['an address, with the secret as it is shown', () => ({ baseUrl: place, apiToken: { set: true } })],
  ['a region', () => ({ region: 'eu', baseUrl: null })],
])('who changes %s without knowing the secrets gets none of them sent there', async (_what, config) => {
  const manager = await running.tokenOf('connections-manager');
  const { status, body } = await running.call(
    'PATCH',
    `/api/v1/connections/${connection}`,
    { config: config() },
    { token: manager },
  );
  expect([status, body.code]).toEqual([422, 'CONNECTION_INVALID']);
  expect(body.errors).toEqual([
    expect.objectContaining({ field: 'apiToken', code: 'SECRET_NEEDED_ANEW', remedy: expect.any(String) }),
  ]);
  expect(received).toEqual([]);
});

test('who gives the secret anew may change where it goes; a check that refuses it is in the audit log, without it', async () => {
  const config = { baseUrl: place, apiToken: 'sgp_a_token_of_my_own' };
  const { status, body } = await running.call('PATCH', `/api/v1/connections/${connection}`, { config });
  expect([status, body.code]).toEqual([422, 'CONNECTION_BLOCKED']);
  expect(new Set(received)).toEqual(new Set(['Bearer sgp_a_token_of_my_own']));
  const entries = await audit();
  expect(entries.filter(({ action }) => action === 'connection.check_refused')).toEqual([
    expect.objectContaining({
      target: { connection },
      data: { fields: 'apiToken, baseUrl', status: 'blocked', code: 'UNAUTHENTICATED' },
    }),
  ]);
  expect(JSON.stringify(entries)).not.toContain('sgp_a_token');
});

test('a connection that is refused when it is made is in the audit log, too', async () => {
  await running.call('POST', '/api/v1/connections', {
    connector: 'segment-config',
    name: 'Elsewhere',
    config: { apiToken: 'sgp_wrong', workspaceName: 'acme-demo', baseUrl: place },
  });
  expect((await audit()).at(-1)).toMatchObject({
    action: 'connection.check_refused',
    data: { connector: 'segment-config', name: 'Elsewhere', code: 'UNAUTHENTICATED' },
  });
});
