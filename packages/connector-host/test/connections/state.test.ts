/** What is kept with a connection, and the tokens that the host gets for it: with a real authorization server, and a connector in a process of its own. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ConnectorManifest, SECRET_LIMITS } from 'connector-contract';
import { eq } from 'drizzle-orm';
import { ClientTokens } from '../../src/connections/client-tokens.js';
import type { Connections } from '../../src/connections/connections.js';
import { KeptSecrets } from '../../src/connections/kept-secrets.js';
import { Vault } from '../../src/connections/vault.js';
import type { ConnectorRegistry } from '../../src/plugins/registry.js';
import { connectionSecrets, connections as connectionTable } from '../../src/store/schema.js';
import { loadFixtures } from '../plugins/fixtures.js';
import { type AuthorizationServer, client, startAuthorizationServer } from './authorization-server.js';
import { actors, clearDesk, type Desk, openDesk } from './desk.js';

let desk: Desk;
let registry: ConnectorRegistry;
let vendor: AuthorizationServer;
let connections: Connections;

beforeAll(async () => {
  desk = await openDesk();
  registry = await loadFixtures(['keeper'], { isolation: 'process' });
  vendor = await startAuthorizationServer();
  connections = desk.other([vendor.origin], registry);
});
afterAll(async () => {
  await registry.close();
  await vendor.close();
  await desk.close();
});
beforeEach(async () => {
  await clearDesk(desk);
  await desk.database.db.orm.delete(connectionSecrets);
  vendor.issued.length = 0;
  vendor.revoked.clear();
  vendor.broken = undefined;
});

const config = () => ({ baseUrl: vendor.origin, ...client });
const create = async () =>
  (await connections.create({ connector: 'keeper', name: 'Kept', config: config() }, actors.connecting)).connection;
const rows = () => desk.database.db.orm.select().from(connectionSecrets);
const manifest = (): ConnectorManifest => {
  const found = registry.runner('keeper')?.manifest;
  if (found === undefined) throw new Error('The fixture is not there');
  return found;
};

describe('what a connector keeps with its connection', () => {
  test('is there in the next call, also by another process, and only for whoever saw it last', async () => {
    const made = await create();
    expect(made.facts).toMatchObject({ connection: made.id, rounds: 1, version: 1, overtaken: true });
    expect((await connections.check(made.id, actors.connecting)).connection.facts).toMatchObject({
      rounds: 2,
      version: 2,
    });
    const other = desk.other([vendor.origin], registry);
    expect((await other.check(made.id, actors.connecting)).connection.facts).toMatchObject({ rounds: 3 });
  });

  test('stands sealed in the database, is sealed anew with new keys, and is gone with the connection', async () => {
    const { id } = await create();
    const before = await rows();
    expect(before.map(({ name }) => name).sort()).toEqual(['oauth.token', 'rounds']);
    for (const { sealed } of before) {
      expect(sealed.includes(vendor.issued[0] as string)).toBe(false);
    }
    expect(await connections.replaceKeys(actors.admin)).toEqual({ dataKeys: 1, failed: [] });
    for (const row of await rows()) {
      expect(before.some(({ sealed }) => sealed.equals(row.sealed))).toBe(false);
    }
    expect((await connections.check(id, actors.connecting)).connection.facts).toMatchObject({ rounds: 2 });
    expect(vendor.issued).toHaveLength(1);
    await connections.remove(id, actors.connecting);
    expect(await rows()).toEqual([]);
  });

  test('does not stay where nothing of a connection was kept', async () => {
    const bad = { ...config(), clientSecret: 'a-wrong-secret-of-the-client' };
    const making = connections.create({ connector: 'keeper', name: 'Kept', config: bad }, actors.connecting);
    await expect(making).rejects.toMatchObject({
      code: 'CONNECTION_BLOCKED',
      report: { problems: [{ code: 'UNAUTHENTICATED', field: 'clientSecret' }] },
    });
    expect(await rows()).toEqual([]);
  });

  test('is not there for another place', async () => {
    const elsewhere = await startAuthorizationServer();
    try {
      const wide = desk.other([vendor.origin, elsewhere.origin], registry);
      const { connection } = await wide.create(
        { connector: 'keeper', name: 'Kept', config: config() },
        actors.connecting,
      );
      const change = { config: { ...config(), baseUrl: elsewhere.origin } };
      const moved = await wide.update(connection.id, change, actors.connecting);
      expect(moved.connection.facts).toMatchObject({ rounds: 1 });
      expect(elsewhere.issued).toHaveLength(1);
      expect(new Set((await rows()).map(({ place }) => place)).size).toBe(1);
    } finally {
      await elsewhere.close();
    }
  });

  test('has bounds', async () => {
    const { id } = await create();
    const kept = new KeptSecrets(desk.database.db, new Vault(desk.keyring));
    const own = kept.forConnector({ connection: id, place: 'here' }, () => undefined);
    for (let n = 0; n < SECRET_LIMITS.names; n += 1) expect(await own.put(`name-${n}`, 'x')).toBe(1);
    await expect(own.put('one-more', 'x')).rejects.toMatchObject({ code: 'CONNECTOR_BUG' });
    expect(await own.get('one-more')).toBeUndefined();
    await expect(own.put('name-1', 'x'.repeat(SECRET_LIMITS.characters + 1), 1)).rejects.toMatchObject({
      code: 'CONNECTOR_BUG',
    });
    // The host's own names are nobody else's.
    await expect(own.get('oauth.token')).rejects.toMatchObject({ code: 'CONNECTOR_BUG' });
    const [first, second] = await Promise.all([own.put('name-1', 'one', 1), own.put('name-1', 'two', 1)]);
    expect([first, second].sort()).toEqual([2, undefined]);
  });

  test('is kept by no connection that was removed', async () => {
    const { id } = await create();
    await desk.database.db.orm.update(connectionTable).set({ state: 'removed' }).where(eq(connectionTable.id, id));
    const kept = new KeptSecrets(desk.database.db, new Vault(desk.keyring));
    expect(await kept.put({ connection: id, place: 'here' }, 'late', 'x')).toBeUndefined();
  });
});

describe('a token that the host gets', () => {
  const tokens = () => new ClientTokens(new KeptSecrets(desk.database.db, new Vault(desk.keyring)));
  const of = (connection: string, over: object = {}) => ({
    at: { connection, place: 'here' },
    manifest: manifest(),
    config: { ...config(), ...over },
    origins: [vendor.origin],
    now: () => desk.clock.now(),
  });

  test('reaches the connector, whose secret does not, and stands in nothing that it says', async () => {
    const made = await create();
    expect(made.facts).toMatchObject({ hasSecret: false });
    expect(vendor.issued).toHaveLength(1);
    expect(made.check?.permissions).toMatchObject([{ message: 'Granted to [redacted].' }]);
  });

  test('is got once for all that ask at the same time, and by another process not at all', async () => {
    const own = tokens();
    const all = await Promise.all(Array.from({ length: 10 }, () => own.token(of('c1'))));
    expect(new Set(all).size).toBe(1);
    expect(await tokens().token(of('c1'))).toBe(all[0]);
    expect(vendor.issued).toHaveLength(1);
  });

  test('is renewed before it expires, and for another client', async () => {
    const own = tokens();
    const first = await own.token(of('c1'));
    const before = of('c1').now();
    expect(await own.token({ ...of('c1'), now: () => before + 530_000 })).toBe(first);
    const second = await own.token({ ...of('c1'), now: () => before + 545_000 });
    expect(second).not.toBe(first);
    await expect(own.token(of('c1', { clientSecret: 'another-secret-of-the-client' }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('is got anew where the vendor refuses the one that was kept', async () => {
    const { id } = await create();
    vendor.revoked.add(vendor.issued[0] as string);
    expect((await connections.check(id, actors.connecting)).connection).toMatchObject({ state: 'active' });
    expect(vendor.issued).toHaveLength(2);
  });

  test('that is refused turns the connection to reconnect', async () => {
    const { id } = await create();
    await desk.database.db.orm.delete(connectionSecrets);
    vendor.broken = { status: 401 };
    expect((await connections.check(id, actors.connecting)).connection).toMatchObject({ state: 'reconnect' });
  });

  test.each([
    [429, { 'retry-after': '7' }, { code: 'RATE_LIMITED', retryAfterMs: 7_000 }],
    [503, {}, { code: 'VENDOR_ERROR' }],
    [403, {}, { code: 'PERMISSION_MISSING' }],
    [200, {}, { code: 'VENDOR_ANSWER_UNREADABLE' }],
    [302, { location: 'http://127.0.0.1:1/' }, { code: 'VENDOR_ANSWER_UNREADABLE' }],
  ])('that is answered with status %i is a fault', async (status, headers, fault) => {
    vendor.broken = { status, headers };
    await expect(tokens().token(of('c1'))).rejects.toMatchObject(fault);
  });

  test('is asked for at no place but those of the connection, and by no private address', async () => {
    const own = tokens();
    await expect(own.token({ ...of('c1'), origins: [] })).rejects.toMatchObject({ code: 'ENDPOINT_NOT_ALLOWED' });
    const localhost = { ...of('c1', { baseUrl: 'https://127.0.0.1' }), origins: [] };
    await expect(own.token(localhost)).rejects.toMatchObject({ code: 'ENDPOINT_NOT_ALLOWED' });
    expect(vendor.issued).toEqual([]);
  });
});
