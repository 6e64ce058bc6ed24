/** What a clock that is wrong, or was, may not do. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { takeTurn } from '../../src/connections/pace.js';
import { admits, noteFailure } from '../../src/lifecycle/holds/circuit.js';
import { Retention } from '../../src/retention/retention.js';
import { circuits, connections, operations, tasks } from '../../src/store/schema.js';
import { testLog } from '../postgres.js';
import { fault } from './scripted-vendor.js';
import { crowd, days, hours, minutes, Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const doubt = "This machine's clock is 3600 s ahead of the database's.";
const states = async () => (await stage.operations()).map(({ state }) => state);
/** How far ahead the jobs of a kind start, in milliseconds. */
const ahead = async (name: string): Promise<number[]> => {
  const { rows } = await stage.db.pool.query<{ at: Date }>(
    "select start_after as at from connector_host_jobs.job where name = $1 and state = 'created'",
    [name],
  );
  return rows.map(({ at }) => at.getTime() - stage.clock.now());
};
const putOff = (name: string, by: string) =>
  stage.db.pool.query(
    "update connector_host_jobs.job set start_after = start_after + $2::interval where name = $1 and state = 'created'",
    [name, by],
  );

describe('while the clocks are apart', () => {
  test('nothing is submitted; what waits is sent once they agree', async () => {
    stage.clock.doubts.all = doubt;
    await stage.addPeople(crowd(3));
    // The job is kept from others for a while, and then sent anew.
    for (const kept of [true, false, true]) {
      while (stage.clock.sleepers > 0 !== kept) await stage.clock.engine.tick(2_000);
    }
    expect(await states()).toEqual(['planned']);
    expect(stage.vendor.calls).toMatchObject({ submit: 0, reconcile: 0 });
    delete stage.clock.doubts.all;
    await stage.pass(minutes);
    expect(await states()).toEqual(['accepted']);
    expect([...stage.vendor.tally().values()]).toEqual([1, 1, 1]);
  });

  test('by the word of one vendor, nothing is submitted there, and nothing sent again; others go on', async () => {
    await stage.connections.add('c2', stage.vendor);
    stage.clock.doubts.of.set('c1', doubt);
    await stage.addPeople(crowd(2), { on: ['c1', 'c2'] });
    await stage.pass(2 * minutes);
    const found = (await stage.operations()).map(({ connection, state }) => [connection, state]);
    expect(Object.fromEntries(found)).toEqual({ c1: 'planned', c2: 'accepted' });
  });

  test('nothing expires, however long ago it was taken by them', async () => {
    await stage.addPeople(crowd(2));
    await stage.pass(minutes);
    stage.vendor.records.clear();
    stage.clock.doubts.of.set('c1', doubt);
    await stage.pass(91 * days);
    expect((await states())[0]).toMatch(/accepted|processing/);
    stage.vendor.statusTroubles.push(fault('NOT_FOUND', 'Unknown.'));
    await stage.pass(days);
    expect((await states())[0]).toMatch(/accepted|processing/);
    stage.clock.doubts.of.clear();
    await stage.pass(2 * days);
    expect(await states()).toEqual(['expired']);
  });

  test('nobody is purged, neither by the job nor by a person', async () => {
    const retention = new Retention({ db: stage.db, engine: stage.engine, clock: stage.clock, log: testLog });
    await stage.connections.setState('c1', 'paused');
    await stage.addPeople(crowd(1));
    await stage.db.pool.query('update connector_host.requests set settled_at = $1', [
      new Date(stage.clock.now() - days),
    ]);
    stage.clock.doubts.all = doubt;
    await expect(retention.purge({ retentionDays: 0 })).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(await retention.purge({ retentionDays: 0, dryRun: true })).toMatchObject({ purged: 1 });
    await stage.pass(60 * days);
    await retention.work();
    await retention.schedule(0);
    await stage.idle();
    expect((await stage.request('u-0')).identifiers).not.toBeNull();
    delete stage.clock.doubts.all;
    await stage.pass(hours);
    expect((await stage.request('u-0')).identifiers).toBeNull();
  });
});

describe('what a clock that was ahead has left behind', () => {
  test('is no turn of a request that stops those after it', async () => {
    const rate = [{ id: 'api', label: 'API', requests: 60, perSeconds: 60 }];
    const place = { connection: 'c1', limit: 'api' };
    const turn = () =>
      takeTurn(stage.db.orm, stage.clock, { rate, share: 1, timeoutMs: 1 }, place, new AbortController().signal);
    await turn();
    await stage.db.pool.query('update connector_host.paces set arrival = arrival + $1', [hours]);
    await turn();
    const { rows } = await stage.db.pool.query('select arrival from connector_host.paces');
    expect(rows[0].arrival).toBeLessThan(stage.clock.now() + 5_000);
  });

  test('is no look that comes months late, and no sweep that does', async () => {
    await stage.addPeople(crowd(2));
    await stage.pass(minutes);
    await stage.db.orm.update(operations).set({ nextPollAt: new Date(stage.clock.now() + 91 * days) });
    await putOff('follow', '91 days');
    await putOff('sweep', '91 days');
    expect(await ahead('sweep')).toEqual([expect.any(Number)]);
    await stage.restart();
    expect((await ahead('sweep')).every((ms) => ms <= minutes)).toBe(true);
    const before = stage.vendor.calls.status;
    await stage.pass(2 * minutes);
    expect(stage.vendor.calls.status).toBeGreaterThan(before);
    const [row] = await stage.operations();
    expect(row?.nextPollAt?.getTime()).toBeLessThan(stage.clock.now() + days);
  });

  test('is no submission that waits for what was never to be waited for, and no hold', async () => {
    stage.clock.doubts.of.set('c1', doubt);
    await stage.addPeople(crowd(2));
    await stage.pass(2 * minutes);
    stage.clock.doubts.of.clear();
    await putOff('submit', '91 days');
    await stage.db.orm
      .update(connections)
      .set({ heldUntil: new Date(stage.clock.now() + 91 * days), heldCode: 'RATE_LIMITED' });
    await stage.pass(2 * minutes);
    expect(await states()).toEqual(['accepted']);
  });

  test('is nobody who has to wait since they came in the future', async () => {
    await stage.addPeople(crowd(2));
    await stage.db.orm.update(tasks).set({ createdAt: new Date(stage.clock.now() + 91 * days) });
    await stage.pass(minutes);
    expect(await states()).toEqual(['accepted']);
  });

  test('is no failure that hides those after it, and no try that bars every other', async () => {
    const { orm } = stage.db;
    const then = new Date(stage.clock.now() + 91 * days);
    const now = new Date(stage.clock.now());
    for (const n of [1, 2, 3]) expect(await noteFailure(orm, 'c1', then, then)).toBe(n);
    for (const at of [then, now]) {
      const [circuit = null] = await orm.select().from(circuits);
      expect(await admits(orm, circuit, at)).toBe(true);
    }
    expect(await noteFailure(orm, 'c1', now, now)).toBe(4);
  });
});

test('sweeps come a minute apart by the clock of the database, whatever that of the process says', async () => {
  const now = stage.clock.now.bind(stage.clock);
  stage.clock.now = () => now() - 2 * minutes;
  await stage.restart();
  const done = async () =>
    (await stage.db.pool.query("select 1 from connector_host_jobs.job where name = 'sweep' and state = 'completed'"))
      .rowCount ?? 0;
  const before = await done();
  await stage.clock.engine.tick(50_000);
  expect((await done()) - before).toBe(0);
});
