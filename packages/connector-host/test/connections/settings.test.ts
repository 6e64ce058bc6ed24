import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { monthOf } from '../../src/connections/quota.js';
import { changeSettings, settingsOf } from '../../src/connections/settings.js';
import { quotaCounts } from '../../src/store/schema.js';
import { actors, clearDesk, type Desk, openDesk } from './desk.js';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());
beforeEach(() => clearDesk(desk));

const config = { apiToken: 'right-token', account: 'north' };
const create = async (settings = {}, name = 'North') =>
  (await desk.connections.create({ connector: 'harbour', name, config, settings }, actors.admin)).connection;

describe('settings of a connection', () => {
  test('are the careful ones unless somebody says otherwise', async () => {
    expect((await create()).settings).toEqual({ repeatUncertain: false });
  });

  test('can be given with it and changed later, one by one', async () => {
    const { id, settings } = await create({ repeatUncertain: true });
    expect(settings).toEqual({ repeatUncertain: true });
    const change = async (wish: object) =>
      (await desk.connections.update(id, { settings: wish }, actors.admin)).connection.settings;
    expect(await change({ monthlyQuota: 500 })).toEqual({ repeatUncertain: true, monthlyQuota: 500 });
    expect(await change({ repeatUncertain: false })).toEqual({ repeatUncertain: false, monthlyQuota: 500 });
    expect(await change({ monthlyQuota: null })).toEqual({ repeatUncertain: false });
    const { rows } = await desk.database.db.pool.query(
      `select data ->> 'fields' as fields from connector_host.events where kind = 'connection.updated' order by id`,
    );
    expect(rows.map(({ fields }) => fields)).toEqual(['monthlyQuota', 'repeatUncertain', 'monthlyQuota']);
  });

  test('stay as they are where something else changes', async () => {
    const { id } = await create({ repeatUncertain: true, monthlyQuota: 5 });
    const { connection } = await desk.connections.update(id, { name: 'South' }, actors.admin);
    expect(connection.settings).toEqual({ repeatUncertain: true, monthlyQuota: 5 });
  });

  test('are read from a row of any age', () => {
    expect(settingsOf({})).toEqual({ repeatUncertain: false });
    expect(settingsOf({ repeatUncertain: 'yes', old: 1 })).toEqual({ repeatUncertain: false });
    expect(changeSettings(settingsOf({ monthlyQuota: 3 }), {})).toEqual({ repeatUncertain: false, monthlyQuota: 3 });
  });
});

describe('a hold', () => {
  test.each(['QUOTA_EXHAUSTED', 'RATE_LIMITED'])('for %s is let go by a resumption, and that is told', async (code) => {
    const { id } = await create();
    await desk.connections.hold(id, new Date(desk.clock.now() + 86_400_000), code);
    const { connection } = await desk.connections.update(id, { state: 'active' }, actors.admin);
    expect(connection.held).toBeUndefined();
    const { rows } = await desk.database.db.pool.query(
      `select data ->> 'fields' as fields, actor from connector_host.events where kind = 'connection.updated'`,
    );
    expect(rows).toEqual([{ fields: 'hold', actor: actors.admin.id }]);
  });
});

describe('a quota', () => {
  test('is shown by the setting and the own count, and by the vendor once it says something', async () => {
    const { id, quota } = await create({ monthlyQuota: 500 });
    expect(quota).toMatchObject({ source: 'host', limit: 500, consumed: 0, remaining: 500 });
    await desk.connections.noteQuota(id, { remaining: 7 });
    expect((await desk.connections.get(id))?.quota).toMatchObject({ source: 'vendor', limit: 500, remaining: 7 });
  });

  test('is listed for each connection with its own count, in as few looks at the database as for one', async () => {
    const names = ['North', 'South', 'East'];
    for (const [n, name] of names.entries()) {
      const { id } = await create({ monthlyQuota: 500 }, name);
      // Connections to one account spend one quota; each of these has its own.
      await desk.database.db.pool.query('update connector_host.connections set facts = facts || $2 where id = $1', [
        id,
        JSON.stringify({ account: name }),
      ]);
      const row = { connection: id, month: monthOf(desk.clock.now()), used: 10 * n };
      await desk.database.db.orm.insert(quotaCounts).values([row, { ...row, month: '2000-01' }]);
    }
    const { orm } = desk.database.db;
    const looks = [jest.spyOn(orm, 'select'), jest.spyOn(orm, 'execute')];
    const found = (await desk.connections.list()).map(({ name, quota }) => [name, quota?.consumed]);
    expect(looks.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    expect(Object.fromEntries(found)).toEqual({ North: 0, South: 10, East: 20 });
  });

  test('that the vendor enlarged is used again when a person resumes the connection or sets the number', async () => {
    const { id } = await create();
    const resumed: string[] = [];
    desk.connections.whenActive(async (one) => {
      resumed.push(one);
    });
    const until = new Date(desk.clock.now() + 86_400_000);
    for (const change of [{ state: 'active' }, { settings: { monthlyQuota: 1_000 } }] as const) {
      await desk.connections.hold(id, until, 'QUOTA_EXHAUSTED');
      await desk.connections.noteQuota(id, { remaining: 0, resetsAt: until.toISOString() });
      const { connection } = await desk.connections.update(id, change, actors.admin);
      expect(connection.held).toBeUndefined();
      expect(connection.quota?.source).not.toBe('vendor');
    }
    expect(resumed).toEqual([id, id]);
  });

  test('that is set anew is not what a hold for another reason is about: that one stays', async () => {
    const { id } = await create();
    await desk.connections.hold(id, new Date(desk.clock.now() + 60_000), 'RATE_LIMITED');
    const { connection } = await desk.connections.update(id, { settings: { monthlyQuota: 9 } }, actors.admin);
    expect(connection.held).toMatchObject({ code: 'RATE_LIMITED' });
  });
});
