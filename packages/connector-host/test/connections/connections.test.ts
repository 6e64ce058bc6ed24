import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ConnectorFault } from 'connector-contract';
import { Connections } from '../../src/connections/connections.js';
import { openLog } from '../../src/log.js';
import { loadFixtures } from '../plugins/fixtures.js';
import { actors, clearDesk, type Desk, harbour, openDesk } from './desk.js';

const token = 'right-token/1+2';
const config = { apiToken: token, account: 'north' };
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());
beforeEach(async () => {
  await clearDesk(desk);
  harbour().calls.length = 0;
});

const create = (over: object = {}, name = 'North') =>
  desk.connections.create({ connector: 'harbour', name, config: { ...config, ...over } }, actors.connecting);
const signal = new AbortController().signal;
const events = async () => {
  const { rows } = await desk.database.db.pool.query('select kind from connector_host.events order by id');
  return rows.map(({ kind }) => kind as string);
};
const count = async (table: string) => {
  const { rows } = await desk.database.db.pool.query(`select count(*)::int as n from connector_host.${table}`);
  return rows[0]?.n as number;
};

describe('a new connection', () => {
  test('is checked, kept and shown without its secrets', async () => {
    const { connection, report } = await create();
    expect(report.status).toBe('ready');
    expect(connection).toMatchObject({
      connector: 'harbour',
      name: 'North',
      state: 'active',
      capabilities: ['deletion', 'system-detection'],
      config: { apiToken: { set: true }, account: 'north', completion: 'wait-for-completion', archive: false },
      facts: { account: 'north', generation: 2 },
      check: { status: 'ready', checkedAt: new Date(desk.clock.now()).toISOString() },
    });
    expect(await desk.connections.list()).toEqual([connection]);
    expect(await desk.connections.get(connection.id)).toEqual(connection);
    expect(await events()).toEqual(['connection.created']);
  });

  test('leaves its credential nowhere in the database in clear', async () => {
    await create();
    const { rows } = await desk.database.db.pool.query(`
      select (select string_agg(to_jsonb(c)::text, '') from connector_host.connections c)
          || (select string_agg(to_jsonb(e)::text, '') from connector_host.events e) as text,
             (select secrets from connector_host.connections) as secrets`);
    expect(rows[0].text).not.toContain(token);
    expect((rows[0].secrets as Buffer).includes(token)).toBe(false);
  });

  test('that is blocked is refused with the report, and nothing of it is kept but that it was tried', async () => {
    await expect(create({ apiToken: 'wrong-token' })).rejects.toMatchObject({
      code: 'CONNECTION_BLOCKED',
      detail: 'Harbour does not accept the token.',
      report: { status: 'blocked', problems: [{ code: 'UNAUTHENTICATED', field: 'apiToken' }] },
    });
    for (const table of ['connections', 'paces']) expect(await count(table)).toBe(0);
    expect(await events()).toEqual(['connection.check_refused']);
  });

  test('that lacks a required permission is blocked even where the connector calls it ready', async () => {
    await expect(create({ apiToken: 'reader-token' })).rejects.toMatchObject({ code: 'CONNECTION_BLOCKED' });
  });

  test('without the capability that needs the permission is not', async () => {
    const made = await desk.connections.create(
      {
        connector: 'harbour',
        name: 'Reading',
        config: { ...config, apiToken: 'reader-token' },
        capabilities: ['system-detection'],
      },
      actors.connecting,
    );
    expect(made).toMatchObject({ report: { status: 'degraded' }, connection: { capabilities: ['system-detection'] } });
  });

  test.each([
    ['a missing field', { account: undefined }, ['account', 'REQUIRED']],
    ['an unknown field', { colour: 'blue' }, ['colour', 'UNKNOWN_FIELD']],
    ["a value that the connector's own rules refuse", { account: 'nobody' }, ['account', 'ACCOUNT_UNUSABLE']],
    ['an endpoint that is not allowed', { baseUrl: 'http://127.0.0.1:1' }, ['baseUrl', 'ENDPOINT_NOT_ALLOWED']],
  ])('with %s is refused before the vendor is asked', async (_what, over, [field, code]) => {
    await expect(create(over)).rejects.toMatchObject({ code: 'CONNECTION_INVALID', errors: [{ field, code }] });
    expect(harbour().calls).toEqual([]);
    const judged = await desk.connections.validate('harbour', { ...config, ...over });
    expect(judged).toMatchObject({ valid: false, issues: [{ field, code }] });
  });

  test('is judged by its own connector alone: another one is shown nothing of it', async () => {
    const { connection } = await create();
    const judged = desk.connections.validate('plain', {}, connection.id);
    await expect(judged).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each(['', ' padded', 'x'.repeat(101), 'line\nbreak'])('with the name %j is refused', async (name) => {
    await expect(create({}, name)).rejects.toMatchObject({ errors: [{ field: 'name', code: 'NAME_INVALID' }] });
  });

  test('needs a name of its own, whatever the case, also against one made in the same moment', async () => {
    await create();
    await expect(create({}, 'north')).rejects.toMatchObject({ errors: [{ field: 'name', code: 'NAME_TAKEN' }] });
    const both = await Promise.allSettled([create({}, 'South'), create({}, 'SOUTH')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await count('connections')).toBe(2);
  });

  test.each([
    ['viewer', 'ROLE_MISSING'],
    ['privacy', 'ROLE_MISSING'],
  ] as const)('cannot be made by a %s', async (who, code) => {
    const made = desk.connections.create({ connector: 'harbour', name: 'N', config }, actors[who]);
    await expect(made).rejects.toMatchObject({ code });
  });

  test.each([
    ['nothing', 'CONNECTOR_UNKNOWN'],
    ['import-throws', 'CONNECTOR_REFUSED'],
  ])('of connector %s is refused: %s', async (connector, code) => {
    const made = desk.connections.create({ connector, name: 'N', config }, actors.admin);
    await expect(made).rejects.toMatchObject({ code, remedy: expect.any(String) });
  });

  test('tells those who wait for it', async () => {
    const told: string[] = [];
    desk.connections.whenActive(async (id) => {
      told.push(id);
    });
    const { connection } = await create();
    expect(told).toEqual([connection.id]);
  });
});

describe('an open connection', () => {
  test('has its secrets, facts, allowed origins and a runner', async () => {
    const connections = desk.other(['http://127.0.0.1:4700']);
    const { connection } = await connections.create(
      { connector: 'harbour', name: 'Sandbox', config: { ...config, baseUrl: 'http://127.0.0.1:4700/v1' } },
      actors.admin,
    );
    const open = await connections.open(connection.id, signal);
    expect(open?.config).toMatchObject({ apiToken: token, baseUrl: 'http://127.0.0.1:4700/v1' });
    expect(open?.ctx).toMatchObject({
      facts: { generation: 2 },
      capabilities: ['deletion', 'system-detection'],
      allowedOrigins: ['http://127.0.0.1:4700'],
    });
    expect(open?.runner.manifest.id).toBe('harbour');
  });

  test('turns to reconnect where its endpoint is no longer allowed, and never goes elsewhere', async () => {
    const { connection } = await desk
      .other(['http://127.0.0.1:4700'])
      .create(
        { connector: 'harbour', name: 'S', config: { ...config, baseUrl: 'http://127.0.0.1:4700' } },
        actors.admin,
      );
    expect(await desk.connections.open(connection.id, signal)).toBeUndefined();
    expect((await desk.connections.get(connection.id))?.state).toBe('reconnect');
  });

  test('is not to be had while its connector is missing, and waits as it is', async () => {
    const { connection } = await create();
    const registry = await loadFixtures(['plain']);
    expect(await desk.other([], registry).open(connection.id, signal)).toBeUndefined();
    expect((await desk.connections.get(connection.id))?.state).toBe('active');
    expect(await desk.connections.open(connection.id, signal)).toBeDefined();
  });

  test('writes no secret to the log, whatever the connector logs', async () => {
    const lines: string[] = [];
    const to = new Writable({
      write: (chunk, _encoding, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    const { db } = desk.database;
    const { keyring, registry, clock } = desk;
    const connections = new Connections({ db, keyring, registry, clock, log: openLog({ level: 'debug', to }) });
    await connections.create({ connector: 'harbour', name: 'Logged', config }, actors.admin);
    expect(lines.join('')).toContain('asking with [redacted]');
    expect(lines.join('')).toContain('"account":"north"');
    expect(lines.join('')).not.toContain(token);
  });
});

describe('a change', () => {
  test('keeps a secret that is not given, and checks before it is kept', async () => {
    const { connection } = await create();
    const { connection: changed, report } = await desk.connections.update(
      connection.id,
      { name: 'Far north', config: { completion: 'complete-on-submit', apiToken: { set: true } } },
      actors.connecting,
    );
    expect(report?.status).toBe('ready');
    expect(changed).toMatchObject({
      name: 'Far north',
      config: { completion: 'complete-on-submit' },
      facts: { account: 'north' },
    });
    expect((await desk.connections.open(connection.id, signal))?.config['apiToken']).toBe(token);
    expect(await events()).toEqual(['connection.created', 'connection.updated', 'connection.checked']);
  });

  test('that leads to another account is refused, says what to do instead, and changes nothing', async () => {
    const { connection } = await create();
    const change = { name: 'South', config: { account: 'south' } };
    await expect(desk.connections.update(connection.id, change, actors.admin)).rejects.toMatchObject({
      code: 'CONNECTION_BLOCKED',
      detail: expect.stringContaining('another account'),
      remedy: expect.stringContaining('as a new connection'),
      report: { problems: [{ code: 'ACCOUNT_CHANGED' }] },
    });
    expect(await desk.connections.get(connection.id)).toEqual(connection);
  });

  test('that is blocked changes nothing', async () => {
    const { connection } = await create();
    const change = { name: 'Other', config: { apiToken: 'wrong-token' } };
    await expect(desk.connections.update(connection.id, change, actors.admin)).rejects.toMatchObject({
      code: 'CONNECTION_BLOCKED',
    });
    expect(await desk.connections.get(connection.id)).toEqual(connection);
    expect((await desk.connections.open(connection.id, signal))?.config['apiToken']).toBe(token);
  });

  test('pauses and resumes without asking the vendor; a paused connection opens for nobody', async () => {
    const { connection } = await create();
    harbour().calls.length = 0;
    await desk.connections.update(connection.id, { state: 'paused' }, actors.admin);
    expect(await desk.connections.open(connection.id, signal)).toBeUndefined();
    await desk.connections.update(connection.id, { state: 'active' }, actors.admin);
    expect(await desk.connections.open(connection.id, signal)).toBeDefined();
    expect(harbour().calls).toEqual([]);
    expect(await events()).toEqual(['connection.created', 'connection.paused', 'connection.active']);
  });

  test('is for the roles of the manifest', async () => {
    const { connection } = await create();
    for (const who of [actors.viewer, actors.privacy]) {
      const refused = { code: 'ROLE_MISSING' };
      await expect(desk.connections.update(connection.id, { name: 'X' }, who)).rejects.toMatchObject(refused);
      await expect(desk.connections.remove(connection.id, who)).rejects.toMatchObject(refused);
    }
  });

  test('of a connection that does not exist is NOT_FOUND', async () => {
    await expect(desk.connections.update('none', { name: 'X' }, actors.admin)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a credential that stops working', () => {
  const fault = ConnectorFault.of('UNAUTHENTICATED', 'The token was revoked.').toJSON();

  test('while a new one is being saved says nothing against the new one', async () => {
    const { connection } = await create();
    const open = await desk.connections.open(connection.id, signal);
    await desk.connections.update(connection.id, { config: { apiToken: 'new-token-1' } }, actors.admin);
    expect(await open?.reconnect(fault)).toBe(false);
    expect((await desk.connections.get(connection.id))?.state).toBe('active');
  });

  test('turns the connection to reconnect once, and a new one turns it back and tells those who wait', async () => {
    const { connection } = await create();
    const open = await desk.connections.open(connection.id, signal);
    expect(await open?.reconnect(fault)).toBe(true);
    expect(await open?.reconnect(fault)).toBe(false);
    expect((await desk.connections.get(connection.id))?.state).toBe('reconnect');
    expect(await desk.connections.open(connection.id, signal)).toBeUndefined();
    const told: string[] = [];
    desk.connections.whenActive(async (id) => {
      told.push(id);
    });
    const { connection: repaired } = await desk.connections.update(
      connection.id,
      { config: { apiToken: 'new-token-1' } },
      actors.admin,
    );
    expect(repaired.state).toBe('active');
    expect(told).toEqual([connection.id]);
    expect(await events()).toEqual([
      'connection.created',
      'connection.reconnect',
      'work.opened',
      'work.closed',
      'connection.updated',
      'connection.checked',
      'connection.active',
    ]);
  });

  test('is found by a check, and found to work again by the next', async () => {
    const { connection } = await create({ account: 'flaky' });
    await setToken(connection.id, 'wrong-token');
    const { connection: broken, report } = await desk.connections.check(connection.id);
    expect(broken).toMatchObject({ state: 'reconnect', facts: { account: 'flaky' }, check: { status: 'blocked' } });
    expect(report.problems[0]?.code).toBe('UNAUTHENTICATED');
    expect(await events()).toEqual([
      'connection.created',
      'work.opened',
      'connection.check_failed',
      'connection.reconnect',
    ]);
    await setToken(connection.id, token);
    expect((await desk.connections.check(connection.id, actors.privacy)).connection.state).toBe('active');
  });

  test('is what a check finds that sees another account, of which the facts keep nothing', async () => {
    const { connection } = await create();
    const lead = (account: string) =>
      desk.database.db.pool.query(
        `update connector_host.connections set config = config || jsonb_build_object('account', $2::text) where id = $1`,
        [connection.id, account],
      );
    await lead('south');
    expect(await desk.connections.check(connection.id)).toMatchObject({
      connection: { state: 'reconnect', facts: { account: 'north' } },
      report: { status: 'blocked', problems: [{ code: 'ACCOUNT_CHANGED' }] },
    });
    await lead('north');
    expect((await desk.connections.check(connection.id)).connection.state).toBe('active');
  });

  test('is not concluded from a vendor that is out of reach', async () => {
    const { connection } = await create();
    await setToken(connection.id, 'down-token');
    const { connection: same, report } = await desk.connections.check(connection.id);
    expect(same.state).toBe('active');
    expect(report).toMatchObject({
      status: 'blocked',
      problems: [{ code: 'UNREACHABLE', message: 'No answer for [redacted].' }],
    });
  });

  async function setToken(id: string, apiToken: string): Promise<void> {
    const sealed = await desk.keyring.seal(
      `connection:${id}`,
      Buffer.from(JSON.stringify({ apiToken })),
      `connections/${id}`,
    );
    await desk.database.db.pool.query('update connector_host.connections set secrets = $1 where id = $2', [sealed, id]);
  }
});

describe('a hold', () => {
  test('is shown until it ends, and a longer one stays', async () => {
    const { connection } = await create();
    const at = (ms: number) => new Date(desk.clock.now() + ms);
    await desk.connections.hold(connection.id, at(60_000), 'QUOTA_EXHAUSTED');
    await desk.connections.hold(connection.id, at(1000), 'RATE_LIMITED');
    expect((await desk.connections.get(connection.id))?.held).toEqual({
      until: at(60_000).toISOString(),
      code: 'QUOTA_EXHAUSTED',
    });
    await desk.clock.engine.tick(60_000);
    expect(await desk.connections.get(connection.id)).not.toHaveProperty('held');
  });

  test('can be taken away', async () => {
    const { connection } = await create();
    await desk.connections.hold(connection.id, new Date(desk.clock.now() + 60_000), 'RATE_LIMITED');
    await desk.connections.release(connection.id);
    expect(await desk.connections.get(connection.id)).not.toHaveProperty('held');
  });
});

test('a quota reading is kept with its time', async () => {
  const { connection } = await create();
  await desk.connections.noteQuota(connection.id, { remaining: 5 });
  expect((await desk.connections.get(connection.id))?.quota).toEqual({
    source: 'vendor',
    remaining: 5,
    readAt: new Date(desk.clock.now()).toISOString(),
  });
});
