import { expect, test } from '@jest/globals';
import { ConnectorFault } from 'connector-contract';
import { nock } from '../../../test/nock.js';
import { type ConfigOf, settingsOf, VendorClient, type VendorFault } from '../src/index.js';
import { acme, faultOf, origin, recordedContext, TOKEN } from './harness.js';
import { manifest } from './manifest.js';

const read = { path: ['people'], limit: 'api' } as const;
const change = { ...read, method: 'POST', body: {} } as const;
const json = ({ json }: { json: () => unknown }): unknown => json();

/** A client whose host gives these tokens one after the other. */
function clientWith(tokens: readonly string[], refused: (string | undefined)[] = []) {
  const waiting = [...tokens];
  const token = async (bad?: string): Promise<string> => {
    refused.push(bad);
    const given = waiting.shift();
    if (given === undefined) throw ConnectorFault.of('UNAUTHENTICATED', 'The vendor gives no token to this client.');
    return given;
  };
  return new VendorClient(recordedContext().ctx, { base: origin, headers: {}, token }, acme);
}

const bearing = (token: string) => nock(origin, { reqheaders: { authorization: `Bearer ${token}` } });

test('a token is sent as bearer, and another is got where a read was refused with it', async () => {
  const refused: (string | undefined)[] = [];
  bearing('old').get('/people').reply(401, {});
  bearing('new').get('/people').reply(200, '{"ok":1}');
  expect(await clientWith(['old', 'new'], refused).ask(read, json)).toEqual({ ok: 1 });
  expect(refused).toEqual([undefined, 'old']);
});

test('a token is renewed once for a read, and not for a change', async () => {
  const refused: (string | undefined)[] = [];
  bearing('one').get('/people').reply(401, {});
  bearing('two').get('/people').reply(401, {});
  expect(await faultOf(clientWith(['one', 'two', 'three'], refused).ask(read, json))).toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  bearing('one').post('/people').reply(401, {});
  expect(await faultOf(clientWith(['one', 'two'], refused).ask(change, json))).toMatchObject({ mayHaveArrived: false });
  expect(refused).toEqual([undefined, 'one', undefined]);
});

test('where no token can be got nothing is sent, and an address of its own gets none', async () => {
  expect(await faultOf(clientWith([]).ask(change, json))).toMatchObject({
    code: 'UNAUTHENTICATED',
    mayHaveArrived: false,
  });
  nock(origin, { badheaders: ['authorization'] })
    .get('/elsewhere')
    .reply(200, '{}');
  expect(await clientWith([TOKEN]).ask({ ...read, path: new URL(`${origin}/elsewhere`) }, json)).toEqual({});
});

test('no token is asked for where the address is not allowed', async () => {
  const refused: (string | undefined)[] = [];
  const elsewhere = new VendorClient(
    recordedContext().ctx,
    { base: 'https://evil.example', headers: {}, token: async (bad) => String(refused.push(bad)) },
    acme,
  );
  expect(await faultOf(elsewhere.ask(read, json))).toMatchObject({ code: 'ENDPOINT_NOT_ALLOWED' });
  expect(refused).toEqual([]);
});

test('a call that fails after a change leaves it half-way, whatever failed', async () => {
  const failing = async (first: 200 | 403): Promise<VendorFault> => {
    const client = clientWith(['one', 'one', 'one']);
    nock(origin).post('/people').reply(first, {}).post('/people').reply(403, {});
    await client.ask(change, json).catch(() => undefined);
    return faultOf(client.ask(change, json));
  };
  expect(await failing(200)).toMatchObject({ code: 'PERMISSION_MISSING', mayHaveArrived: true });
  expect(await failing(403)).toMatchObject({ code: 'PERMISSION_MISSING', mayHaveArrived: false });
});

const withAuth = {
  ...manifest,
  auth: {
    type: 'oauth2-client-credentials',
    tokenEndpoint: { url: `${origin}/token` },
    clientId: 'baseUrl',
    clientSecret: 'apiToken',
  },
} as const;

test('settings are read without the secret of the client, which is for the host alone', () => {
  expect(() => settingsOf(manifest, {})).toThrow(expect.objectContaining({ field: 'apiToken' }));
  expect(settingsOf(withAuth, {})).toEqual({});
  const held: ConfigOf<typeof withAuth> = settingsOf(withAuth, { apiToken: TOKEN });
  expect(JSON.stringify(held)).not.toContain(TOKEN);
});
