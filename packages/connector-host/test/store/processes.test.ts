/** What every process tells of the clocks of the others. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { readinessOf } from '../../src/api/readiness.js';
import { DatabaseClock } from '../../src/store/database-clock.js';
import { Processes } from '../../src/store/processes.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';

const hour = 3_600_000;
const steady = () => performance.now();

let database: TestDatabase;
const undo: (() => unknown)[] = [];
beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});
afterAll(() => database.drop());

async function processOf(does: 'serve' | 'worker', aheadMs: number): Promise<Processes> {
  const machine = { wall: () => Date.now() + aheadMs, steady };
  const clock = await DatabaseClock.open({ ...database.db, log: testLog, machine });
  const one = new Processes({ ...database.db, clock, does });
  undo.push(
    () => clock.close(),
    () => one.stop(),
  );
  await one.start();
  return one;
}

async function readyBy(processes: Processes) {
  const engine = { depths: async () => ({}) } as never;
  const registry = { list: () => [], isolated: { isolation: 'none' } } as never;
  return readinessOf({ db: database.db, engine, registry, processes });
}

test('of a worker whose clock is wrong, the process that is asked tells why it does nothing, and is ready itself', async () => {
  const serving = await processOf('serve', 0);
  expect((await readyBy(serving)).checks.processes).toBe('ok');
  const worker = await processOf('worker', hour);
  const { ready, checks } = await readyBy(serving);
  expect(ready).toBe(true);
  expect(checks.processes).toMatch(
    /^The worker of .* submits, follows and purges nothing: This machine's clock is \d+ s ahead of the database's\.$/,
  );
  expect(await serving.list()).toMatchObject([
    { own: true, aheadMs: expect.closeTo(0, -4) },
    { aheadMs: expect.closeTo(hour, -5) },
  ]);
  await worker.stop();
  expect((await readyBy(serving)).checks.processes).toBe('ok');
});

test('one that is gone without a word is forgotten after a minute', async () => {
  const serving = await processOf('serve', 0);
  await processOf('worker', hour);
  await database.db.pool.query(
    `update connector_host.processes set at = at - interval '61 seconds' where doubt is not null`,
  );
  expect((await readyBy(serving)).checks.processes).toBe('ok');
  await processOf('worker', 0);
  const { rows } = await database.db.pool.query('select 1 from connector_host.processes');
  expect(rows).toHaveLength(2);
});
