import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ConnectorFault } from 'connector-contract';
import { lookedAsSet } from '../../src/connections/look-settings.js';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import { unreached } from '../../src/requests/unreached.js';
import { beginDetection, endDetection } from '../../src/systems/detections.js';
import { runDetection } from '../../src/systems/run-detection.js';
import { Systems } from '../../src/systems/systems.js';
import { actors, clearDesk, type Desk, harbour, openDesk } from '../connections/desk.js';
import { testLog } from '../postgres.js';

let desk: Desk;
let engine: PgBossEngine;
let systems: Systems;
let id = '';
const hour = 3_600_000;

beforeAll(async () => {
  desk = await openDesk();
  const { database, registry, clock, connections } = desk;
  engine = new PgBossEngine({ db: database.db, log: testLog, clock: clock.engine });
  systems = new Systems({ db: database.db, connections, registry, engine, clock, zone: 'UTC', log: testLog });
  await systems.work();
  await engine.start();
});
afterAll(async () => {
  await engine.stop(1000);
  await desk.close();
});
beforeEach(async () => {
  // A job of the test before may still be writing.
  for (let left = 1; left > 0; ) {
    const { ready, active } = (await engine.depths()).detect;
    left = ready + active;
    if (left > 0) await desk.clock.engine.tick(1000);
  }
  await clearDesk(desk);
  harbour().breakAfter.clear();
  id = await connect('north');
});

async function connect(account: string): Promise<string> {
  harbour().systems.set(account, [
    ['k1', 'Amplify'],
    ['k2', 'braze', 'forwarded'],
    ['k3', 'Customer 100%', 'not-reached'],
  ]);
  const config = { apiToken: 'right-token', account };
  const { connection } = await desk.connections.create({ connector: 'harbour', name: account, config }, actors.admin);
  return connection.id;
}

const holds = (...found: [string, string, string?][]) => harbour().systems.set('north', found);
const detect = async () => {
  await desk.clock.engine.tick(1000);
  const ended = systems.detect(id, 'manual', { actor: actors.admin });
  // A job that meets the end of the one before is put off by a second, which passes only if somebody lets it.
  const passing = setInterval(() => void desk.clock.engine.tick(1000), 5000);
  return ended.finally(() => clearInterval(passing));
};
const shown = async () =>
  (await systems.list()).items.map(({ key, name, state, change, changes }) => [key, name, state, change, ...changes]);
const kinds = async () => {
  const { rows } = await desk.database.db.pool.query('select kind from connector_host.events order by id');
  return rows.map(({ kind }) => kind as string);
};

describe('a detection', () => {
  test('fills the inventory and counts what it found', async () => {
    const detection = await detect();
    expect(detection).toMatchObject({ state: 'complete', trigger: 'manual', found: 3, added: 3, changed: 0, gone: 0 });
    expect(await systems.detections(id)).toEqual([detection]);
    expect(await systems.detection(detection.id)).toEqual(detection);
    const { items, total } = await systems.list();
    expect(total).toBe(3);
    expect(items[1]).toMatchObject({
      connection: id,
      key: 'k2',
      name: 'braze',
      kind: 'destination',
      coverage: { state: 'forwarded', reason: 'A rule.' },
      seenIn: ['Harbour'],
      firstSeen: new Date(desk.clock.now()).toISOString(),
      state: 'active',
    });
    const told = ['connection.created', 'detection.started', 'detection.complete', 'work.opened'];
    expect(await kinds()).toEqual(told);
  });

  test('tells what is new, changed and gone since the one before; of the very first nothing is new', async () => {
    await detect();
    expect(await shown()).toEqual([
      ['k1', 'Amplify', 'active', undefined],
      ['k2', 'braze', 'active', undefined],
      ['k3', 'Customer 100%', 'active', undefined],
    ]);
    holds(['k1', 'Amplify'], ['k3', 'Customer', 'reached'], ['k4', 'Drift']);
    expect(await detect()).toMatchObject({ found: 3, added: 1, changed: 1, gone: 1 });
    expect(await shown()).toEqual([
      ['k1', 'Amplify', 'active', undefined],
      ['k2', 'braze', 'gone', 'gone'],
      ['k3', 'Customer', 'active', 'changed', 'name', 'vendor', 'coverage'],
      ['k4', 'Drift', 'active', 'new'],
    ]);
    expect(await detect()).toMatchObject({ found: 3, added: 0, changed: 0, gone: 0 });
    expect((await shown()).map(([, , state, change]) => [state, change])).toEqual([
      ['active', undefined],
      ['gone', undefined],
      ['active', undefined],
      ['active', undefined],
    ]);
    holds(['k1', 'Amplify'], ['k2', 'braze', 'forwarded'], ['k3', 'Customer', 'reached'], ['k4', 'Drift']);
    expect(await detect()).toMatchObject({ changed: 1 });
    expect((await shown())[1]).toEqual(['k2', 'braze', 'active', 'changed', 'state']);
  });

  test('that does not see a system any more takes it for a place that no deletion reaches, until somebody decides about it or it is back', async () => {
    await detect();
    const braze = async () => (await systems.list({ search: 'braze' })).items[0];
    const asked = async () => (await systems.list({ treatment: 'undecided' })).items.map(({ key }) => key);
    expect(await asked()).not.toContain('k2');
    holds(['k1', 'Amplify']);
    await detect();
    expect(await braze()).toMatchObject({
      state: 'gone',
      coverage: { state: 'not-reached', reason: expect.stringContaining('connected no longer') },
    });
    expect(await asked()).toContain('k2');
    expect(await systems.summary()).toMatchObject({ total: 3, gone: 2, needYou: 2 });
    const { rows } = await desk.database.db.pool.query(
      "select system, state from connector_host.work_items where kind = 'decide-system' order by system",
    );
    expect(rows).toContainEqual({ system: 'k2', state: 'open' });
    holds(['k1', 'Amplify'], ['k2', 'braze', 'forwarded']);
    await detect();
    expect(await braze()).toMatchObject({ state: 'active', coverage: { state: 'forwarded' } });
    expect(await asked()).not.toContain('k2');
  });

  test('to which the vendor refused a list calls nothing of that kind gone, until it is told again', async () => {
    await detect();
    holds(['k1', 'Amplify'], ['refused', 'Destinations (not listed)', 'unlisted']);
    expect(await detect()).toMatchObject({ state: 'complete', found: 2, gone: 0 });
    expect((await systems.list()).items.map(({ key, state, unlisted }) => [key, state, unlisted])).toEqual([
      ['k1', 'active', undefined],
      ['k2', 'active', undefined],
      ['k3', 'active', undefined],
      ['refused', 'active', true],
    ]);
    holds(['k1', 'Amplify']);
    expect(await detect()).toMatchObject({ found: 1, gone: 3 });
  });

  test('that breaks off keeps what it saw and calls nothing gone', async () => {
    await detect();
    holds(['k9', 'New'], ['k1', 'Amplify']);
    harbour().breakAfter.set('north', { after: 1, fault: ConnectorFault.of('VENDOR_ERROR', 'Down.') });
    expect(await detect()).toMatchObject({ state: 'failed', gone: 0, error: { code: 'VENDOR_ERROR' } });
    expect((await shown()).map(([key, , state]) => [key, state])).toEqual([
      ['k1', 'active'],
      ['k2', 'active'],
      ['k3', 'active'],
      ['k9', 'active'],
    ]);
    expect((await kinds()).at(-1)).toBe('detection.failed');
  });

  describe('after one that broke off', () => {
    const breakOff = async (after: number) => {
      harbour().breakAfter.set('north', { after, fault: ConnectorFault.of('VENDOR_ERROR', 'Down.') });
      expect(await detect()).toMatchObject({ state: 'failed' });
      harbour().breakAfter.clear();
    };
    const changed = async () =>
      (await shown()).flatMap(([key, , , change, ...changes]) => (change ? [[key, change, ...changes]] : []));

    test('tells what is new and changed since the last complete one, not since the one that broke off', async () => {
      await detect();
      await detect();
      holds(['k9', 'New'], ['k1', 'Amplify', 'not-reached'], ['k2', 'braze', 'forwarded'], ['k3', 'Customer 100%']);
      await breakOff(2);
      await breakOff(2);
      const told = [
        ['k1', 'changed', 'coverage'],
        ['k9', 'new'],
      ];
      expect(await changed()).toEqual(told);
      expect(await detect()).toMatchObject({ state: 'complete', added: 1, changed: 2, gone: 0 });
      expect(await changed()).toEqual([told[0], ['k3', 'changed', 'coverage'], told[1]]);
      expect(await detect()).toMatchObject({ added: 0, changed: 0 });
      expect(await changed()).toEqual([]);
    });

    test('adds what it finds changed to what the other had found', async () => {
      await detect();
      holds(['k1', 'Amplify', 'not-reached'], ['k2', 'braze', 'forwarded'], ['k3', 'Customer 100%', 'not-reached']);
      await breakOff(1);
      holds(['k1', 'Amplitude', 'not-reached'], ['k2', 'braze', 'forwarded'], ['k3', 'Customer 100%', 'not-reached']);
      expect(await detect()).toMatchObject({ added: 0, changed: 1 });
      expect(await changed()).toEqual([['k1', 'changed', 'name', 'vendor', 'coverage']]);
    });

    test('tells of what was gone and is there again, whichever saw it first', async () => {
      await detect();
      holds(['k1', 'Amplify'], ['k2', 'braze', 'forwarded']);
      expect(await detect()).toMatchObject({ gone: 1 });
      holds(['k3', 'Customer 100%', 'not-reached'], ['k1', 'Amplify'], ['k2', 'braze', 'forwarded']);
      await breakOff(1);
      expect(await detect()).toMatchObject({ added: 0, changed: 1, gone: 0 });
      expect(await changed()).toEqual([['k3', 'changed', 'state']]);
    });

    test('counts all that it found as added where none was complete before, and calls nothing new', async () => {
      await breakOff(2);
      expect(await changed()).toEqual([]);
      expect(await detect()).toMatchObject({ found: 3, added: 3, changed: 0 });
      expect(await changed()).toEqual([]);
    });
  });

  test('whose credential is refused turns the connection to reconnect', async () => {
    harbour().breakAfter.set('north', { after: 0, fault: ConnectorFault.of('UNAUTHENTICATED', 'Revoked.') });
    expect(await detect()).toMatchObject({ state: 'failed', error: { code: 'UNAUTHENTICATED' } });
    expect((await desk.connections.get(id))?.state).toBe('reconnect');
    await expect(detect()).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
  });

  test('asked for while one is running joins it', async () => {
    const both = await Promise.all([systems.detect(id), systems.detect(id)]);
    expect(both[0]?.id).toBe(both[1]?.id);
    expect(await systems.detections(id)).toHaveLength(1);
  });

  test('answers at once where nobody wants to wait', async () => {
    const begun = await systems.detect(id, 'manual', { waitMs: 0 });
    expect(begun.state).toBe('running');
    let latest = begun;
    while (latest.state === 'running') latest = (await systems.detection(begun.id)) ?? latest;
    expect(latest).toMatchObject({ id: begun.id, state: 'complete' });
  });

  test('that a process left unfinished is run again from its beginning, and counts every system once', async () => {
    const { database, clock, connections } = desk;
    const parts = { db: database.db, connections, clock, log: testLog };
    const begun = await beginDetection(database.db.orm, id, 'manual', new Date(clock.now()));
    if (begun === undefined) throw new Error('It was not begun.');
    const controller = new AbortController();
    controller.abort();
    await expect(runDetection(parts, begun.row, controller.signal)).rejects.toBeDefined();
    expect((await systems.detection(begun.row.id))?.state).toBe('running');
    expect(await detect()).toMatchObject({ id: begun.row.id, state: 'complete', found: 3, added: 3 });
  });

  test('that another process ended meanwhile writes nothing more', async () => {
    await detect();
    const at = new Date(desk.clock.now());
    const begun = await beginDetection(desk.database.db.orm, id, 'manual', at);
    if (begun === undefined) throw new Error('It was not begun');
    await endDetection(desk.database.db.orm, begun.row.id, { state: 'complete', finishedAt: at, found: 3 });
    const before = await shown();
    holds(['k1', 'Amplitude'], ['k9', 'New']);
    const { database, connections, clock } = desk;
    const parts = { db: database.db, connections, clock, log: testLog };
    await runDetection(parts, begun.row, new AbortController().signal);
    expect(await shown()).toEqual(before);
    expect((await systems.detection(begun.row.id))?.found).toBe(3);
  });

  test('writes more systems than fit one batch, and a thousand of them again without a change', async () => {
    holds(...Array.from({ length: 1203 }, (_, n): [string, string] => [`k${n}`, `System ${n}`]));
    expect(await detect()).toMatchObject({ found: 1203, added: 1203 });
    expect(await detect()).toMatchObject({ found: 1203, added: 0, changed: 0, gone: 0 });
  });

  test('of a connection without the capability, or of none, is refused', async () => {
    const { connection } = await desk.connections.create(
      { connector: 'plain', name: 'Plain', config: { apiToken: 'right-token' } },
      actors.admin,
    );
    await expect(systems.detect(connection.id)).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    await expect(systems.detect('none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the schedule', () => {
  // A jump, as if the process had slept: to tick through a day would poll for jobs all day long.
  const jump = async (ms: number) => {
    await desk.clock.engine.setTime(desk.clock.now() + ms);
    await desk.clock.engine.tick(5000);
  };
  const finished = async (many: number) => {
    for (;;) {
      const found = (await systems.detections(id)).filter(({ state }) => state !== 'running');
      if (found.length >= many) return found;
      await desk.clock.engine.tick(2000);
      await new Promise(setImmediate);
    }
  };

  test('looks through a connection as soon as it is made, and again when its cadence has passed', async () => {
    await systems.schedule(id);
    expect(await finished(1)).toMatchObject([{ trigger: 'connected', state: 'complete' }]);
    await jump(23 * hour);
    expect(await systems.detections(id)).toHaveLength(1);
    await jump(1.1 * hour);
    expect(await finished(2)).toMatchObject([{ trigger: 'scheduled', state: 'complete' }, {}]);
  });

  test('looks again at once where the connection is set otherwise, and not for when deletions count as complete', async () => {
    const connections = desk.other();
    connections.whenActive((one) => systems.schedule(one));
    const set = (config: object) => connections.update(id, { config }, actors.admin);
    const counts = async () => {
      const manifest = desk.registry.runner('harbour')?.manifest;
      const [view, { looked }] = [await desk.connections.get(id), await unreached(desk.database.db.orm, id)];
      return manifest && view && lookedAsSet(manifest, looked?.settings ?? null, view.config);
    };
    await systems.schedule(id);
    await finished(1);
    expect(await counts()).toBe(true);
    await jump(hour);
    await set({ completion: 'complete-on-submit' });
    await jump(hour);
    expect(await systems.detections(id)).toHaveLength(1);
    expect(await counts()).toBe(true);
    await set({ archive: true, archiveKey: 'a-key-of-the-archive' });
    expect(await counts()).toBe(false);
    await jump(1000);
    expect(await finished(2)).toMatchObject([{ trigger: 'scheduled', state: 'complete' }, {}]);
    expect(await counts()).toBe(true);
    const { rows } = await desk.database.db.pool.query('select settings from connector_host.detections order by id');
    const plain = { account: 'north', archive: false };
    expect(rows.map(({ settings }) => settings)).toEqual([plain, { ...plain, archive: true, archiveDays: 30 }]);
    await jump(hour);
    expect(await systems.detections(id)).toHaveLength(2);
  });

  test('looks again at once where it was not kept how the connection was set', async () => {
    await systems.schedule(id);
    await finished(1);
    await desk.database.db.pool.query('update connector_host.detections set settings = null');
    await systems.schedule(id);
    await jump(1000);
    expect(await finished(2)).toMatchObject([{ state: 'complete' }, {}]);
  });

  test('does not look through a connection that is paused', async () => {
    await desk.connections.update(id, { state: 'paused' }, actors.admin);
    await systems.schedule();
    await jump(48 * hour);
    expect(await systems.detections(id)).toEqual([]);
  });
});

describe('the inventory', () => {
  test('is paged by name, whatever the case', async () => {
    await detect();
    const first = await systems.list({ limit: 2 });
    expect(first.items.map(({ key }) => key)).toEqual(['k1', 'k2']);
    expect(first.total).toBe(3);
    const second = await systems.list({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ key }) => key)).toEqual(['k3']);
    expect(second).not.toHaveProperty('nextCursor');
  });

  test.each(['', 'x', Buffer.from('[1,2,3]').toString('base64url'), Buffer.from('["a"]').toString('base64url')])(
    'refuses a cursor that is none: %s',
    async (cursor) => {
      await expect(systems.list({ cursor })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    },
  );

  test.each([
    [{ search: 'AMPL' }, ['k1']],
    [{ search: '100%' }, ['k3']],
    [{ search: '%' }, ['k3']],
    [{ search: 'analyt' }, ['k1', 'k2', 'k3']],
    [{ search: "'; drop table x" }, []],
    [{ coverage: 'forwarded' as const }, ['k2']],
    [{ kind: 'source' as const }, []],
    [{ kind: 'destination' as const, state: 'active' as const }, ['k1', 'k2', 'k3']],
    [{ connection: 'none' }, []],
  ])('is filtered by %j', async (filter, keys) => {
    await detect();
    const page = await systems.list(filter);
    expect(page.items.map(({ key }) => key)).toEqual(keys);
    expect(page.total).toBe(keys.length);
  });

  test('keeps an archived system archived, whatever detections see, until a person takes it out', async () => {
    await detect();
    const reason = 'Not in use.';
    const archive = (key: string, archived: boolean) => systems.archive(id, key, { archived, reason }, actors.admin);
    expect(await archive('k1', true)).toMatchObject({ key: 'k1', state: 'archived', archiving: { reason } });
    await detect();
    expect((await systems.list({ state: 'archived' })).items.map(({ key }) => key)).toEqual(['k1']);
    expect((await systems.list({ state: 'active' })).items.map(({ key }) => key)).toEqual(['k2', 'k3']);
    expect(await systems.summary(id)).toMatchObject({ total: 3, reached: 2, needYou: 1, archived: 1 });
    expect(await archive('k1', false)).toMatchObject({ state: 'active' });
    expect(await systems.summary()).toMatchObject({ total: 3, reached: 2, needYou: 1, archived: 0 });
    await expect(archive('none', true)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('shows nothing of a connection that was removed', async () => {
    await detect();
    await desk.connections.remove(id, actors.admin);
    expect(await systems.list()).toEqual({ items: [], total: 0 });
    expect((await systems.summary()).total).toBe(0);
  });
});

describe('what a deletion does not reach', () => {
  const known = () => unreached(desk.database.db.orm, id);

  test('is not known before somebody looked to the end', async () => {
    expect(await known()).toEqual({ systems: [] });
    harbour().breakAfter.set('north', { after: 1, fault: ConnectorFault.of('VENDOR_ERROR', 'Down.') });
    expect(await detect()).toMatchObject({ state: 'failed' });
    expect(await known()).toEqual({ systems: [] });
  });

  test('is what the last whole detection found, with its time: archived systems and those connected no longer too, but not those that hold nobody', async () => {
    await detect();
    const at = new Date(desk.clock.now());
    const gull = { key: 'k3', name: 'Customer 100%', kind: 'destination' };
    const coverage = { state: 'not-reached', reason: 'A rule.' };
    expect(await known()).toMatchObject({ systems: [{ ...gull, coverage }], looked: { at } });
    await systems.archive(id, 'k3', { archived: true, reason: 'Not in use.' }, actors.admin);
    expect(await known()).toMatchObject({ systems: [{ ...gull, coverage }], looked: { at } });
    await systems.treat(id, 'k3', { kind: 'holds-nobody', reason: 'Only totals.' }, actors.admin);
    expect(await known()).toMatchObject({ systems: [], looked: { at } });
    holds(['k1', 'Amplify']);
    await detect();
    const braze = { key: 'k2', coverage: { state: 'not-reached', reason: expect.stringContaining('no longer') } };
    expect(await known()).toMatchObject({ systems: [braze], looked: { at: new Date(desk.clock.now()) } });
  });
});
