import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Connector,
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorFault,
  connectionHosts,
  type DeletionCapability,
  type Operation,
  ServiceIdentifier,
} from 'connector-contract';
import { Container } from 'inversify';
import { testContext } from '../../../../test/check-context.js';
import { nock } from '../../../../test/nock.js';
import { manifest } from '../src/manifest.generated.js';
import { connectorModule } from '../src/module.js';
import { Auth0Stub } from './stub.js';

const stub = new Auth0Stub();
const container = new Container();
container.load(connectorModule);
const deletion = container.get<DeletionCapability>(ServiceIdentifier.deletion);
const connector = container.get<Connector>(ServiceIdentifier.connector);

let origin: string;
/** Tokens that the connector said were refused. */
let refused: (string | undefined)[];

beforeAll(async () => {
  origin = await stub.start();
});
afterAll(() => stub.stop());
beforeEach(() => {
  stub.reset();
  refused = [];
});

/** @param tokens what the host gives, one after the other, before those of the client. */
function context(clientSecret = 'stub-client-secret', tokens: readonly string[] = []): ConnectorContext {
  const config = { ...stub.config('valid', origin), clientSecret } as ConnectorConfig;
  const waiting = [...tokens];
  const token = async (bad?: string): Promise<string> => {
    refused.push(bad);
    const given = waiting.shift() ?? stub.token(config);
    if (given === undefined) throw ConnectorFault.of('UNAUTHENTICATED', 'The vendor does not know this client.');
    return given;
  };
  return { ...testContext({ config, allowedOrigins: [origin] }), auth: { token } };
}

function operationFor(...addresses: readonly string[]): Operation {
  const identifiers = addresses.map((value) => ({ kind: 'email', value }));
  const [operation] = deletion.plan([{ id: 'person', identifiers }], {}).operations;
  if (operation === undefined) throw new Error('not planned');
  return { ...operation, key: 'key-1' };
}

const deletions = (): number => stub.asked.filter((call) => call.startsWith('DELETE')).length;

describe('a person', () => {
  test('is erased with every user that has the address', async () => {
    stub.accounts.set('ada@people.example', 3);
    expect(await deletion.submit(operationFor('ada@people.example'), context())).toEqual({
      accepted: true,
      reference: 'auth0-key-1',
      result: [{ id: 'person', outcome: 'erased' }],
    });
    expect(deletions()).toBe(3);
    expect(stub.erased()).toEqual(['ada@people.example']);
  });

  test('is looked up as given and in lower case, once each', async () => {
    await deletion.submit(operationFor('Ada@People.example', 'bob@people.example'), context());
    expect(stub.asked.filter((call) => call.startsWith('GET'))).toHaveLength(3);
    expect(stub.erased()).toEqual(['Ada@People.example', 'bob@people.example']);
  });

  test('whom nobody knows is said to be nobody, and nothing is deleted', async () => {
    stub.unknown('ada@people.example');
    expect(await deletion.submit(operationFor('ada@people.example'), context())).toMatchObject({
      result: [{ outcome: 'no-match' }],
    });
    expect(deletions()).toBe(0);
  });

  test('of whom one user is deleted and another is refused is not said to be untouched', async () => {
    stub.refuse('bob@people.example');
    const outcome = await deletion.submit(operationFor('ada@people.example', 'bob@people.example'), context());
    expect(outcome).toMatchObject({ accepted: false, certain: 'unknown', fault: { code: 'INPUT_REFUSED' } });
    expect(outcome).not.toHaveProperty('instead');
    expect(stub.erased()).toEqual(['ada@people.example']);
  });
});

test('an answer that is not the one to a deletion, such as a page of something on the way, leaves it open', async () => {
  const tenant = 'https://acme.auth0.com';
  nock(tenant)
    .get('/api/v2/users-by-email')
    .query(true)
    .reply(200, [{ user_id: 'auth0|1' }]);
  nock(tenant).delete('/api/v2/users/auth0%7C1').reply(200, '<html>');
  const ctx = context();
  const outcome = await deletion.submit(operationFor('ada@people.example'), {
    ...ctx,
    config: { ...ctx.config, domain: tenant },
  });
  expect(outcome).toMatchObject({ certain: 'unknown', fault: { code: 'VENDOR_ANSWER_UNREADABLE' } });
});

describe('after a lost answer', () => {
  const lost = (ctx: ConnectorContext): string => new Date(ctx.clock.now()).toISOString();

  test('it is done where nobody is left, and nothing is said of the person', async () => {
    stub.unknown('ada@people.example');
    const ctx = context();
    expect(await deletion.reconcile(operationFor('ada@people.example'), lost(ctx), ctx)).toEqual({
      found: 'accepted',
      reference: 'auth0-key-1',
    });
  });

  test('it is sent again where somebody is left, once the lost request cannot arrive any more', async () => {
    const ctx = context();
    const attemptedAt = lost(ctx);
    const ask = () => deletion.reconcile(operationFor('ada@people.example'), attemptedAt, ctx);
    expect(await ask()).toEqual({ found: 'not-yet', retryAfterMs: 50_000 });
    await ctx.clock.sleep(50_000);
    expect(await ask()).toEqual({ found: 'absent' });
    expect(deletions()).toBe(0);
  });
});

describe('a token', () => {
  test('that is refused is got anew, once, before anything is changed', async () => {
    expect(await deletion.submit(operationFor('ada@people.example'), context(undefined, ['old-token']))).toMatchObject({
      accepted: true,
    });
    expect(refused).toEqual([undefined, 'old-token', undefined]);
    const twice = await deletion.submit(
      operationFor('bob@people.example'),
      context(undefined, ['old', 'older', 'oldest']),
    );
    expect(twice).toMatchObject({ certain: 'not-taken', fault: { code: 'UNAUTHENTICATED' } });
  });

  test('that the host cannot get leaves everything as it was', async () => {
    const outcome = await deletion.submit(operationFor('ada@people.example'), context('stub-no-secret'));
    expect(outcome).toMatchObject({ accepted: false, certain: 'not-taken', fault: { code: 'UNAUTHENTICATED' } });
    expect(stub.asked).toEqual([]);
  });
});

describe('a connection', () => {
  test.each([
    ['stub-client-secret', 'ready', ['granted', 'granted']],
    ['stub-reader-secret', 'blocked', ['granted', 'denied']],
    ['stub-deleter-secret', 'blocked', ['denied', 'granted']],
    ['stub-no-secret', 'blocked', ['skipped', 'skipped']],
  ])('of the client %s is %s', async (secret, status, outcomes) => {
    const report = await connector.check(context(secret));
    expect(report).toMatchObject({ status });
    expect(report.permissions.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(deletions()).toBe(0);
  });

  test.each([
    ['is no JWT', 'opaque'],
    ['holds no object', `e30.${Buffer.from('[1]').toString('base64url')}.stub`],
    ['names no scopes', `e30.${Buffer.from('{"scope":7}').toString('base64url')}.stub`],
  ])('whose token %s is degraded: whether it may delete is not known', async (_, token) => {
    const usual = stub.token(context().config) ?? '';
    expect(await connector.check(context(undefined, [usual, token]))).toMatchObject({
      status: 'degraded',
      permissions: [{ outcome: 'granted' }, { outcome: 'unverifiable' }],
    });
  });

  test.each([
    ['acme.auth0.com', true],
    ['acme.eu.auth0.com', true],
    ['evil.com', false],
    ['a.b.auth0.com', false],
    ['auth0.com', false],
    ['x.auth0.com.evil.com', false],
  ])('leads to %s: %s', async (host, allowed) => {
    const config = { domain: `https://${host}`, clientId: 'a', clientSecret: 'b' };
    expect(connectionHosts(manifest, config)).toEqual(allowed ? [host] : []);
  });

  test('to another host is refused before a token is asked for', async () => {
    const ctx = context();
    const elsewhere = { ...ctx, config: { ...ctx.config, domain: 'https://x.auth0.com.evil.com' } };
    expect(await connector.check(elsewhere)).toMatchObject({ problems: [{ code: 'ENDPOINT_NOT_ALLOWED' }] });
    expect(refused).toEqual([]);
  });
});

test('nobody can be asked how far a deletion is', async () => {
  await expect(deletion.status('auth0-key-1', context())).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
});
