/** A process works for a host without having every connector: others of it have them. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import type { ConnectorRegistry } from '../../src/plugins/registry.js';
import { Systems } from '../../src/systems/systems.js';
import { actors, type Desk, harbour, openDesk } from '../connections/desk.js';
import { loadFixtures } from '../plugins/fixtures.js';
import { testLog } from '../postgres.js';

let desk: Desk;
let engine: PgBossEngine;
let bare: ConnectorRegistry;

const systemsWith = (registry: ConnectorRegistry) => {
  const { database, clock } = desk;
  const connections = desk.other([], registry);
  return new Systems({ db: database.db, connections, registry, engine, clock, zone: 'UTC', log: testLog });
};
const waiting = async () => {
  const { ready, active } = (await engine.depths()).detect;
  return ready + active;
};
const pass = async (ms: number) => {
  await desk.clock.engine.setTime(desk.clock.now() + ms);
  do await desk.clock.engine.tick(1000);
  while ((await waiting()) > 0);
};

beforeAll(async () => {
  desk = await openDesk();
  bare = await loadFixtures(['plain']);
  engine = new PgBossEngine({ db: desk.database.db, log: testLog, clock: desk.clock.engine });
  await systemsWith(bare).work(1);
  await engine.start();
});
afterAll(async () => {
  await engine.stop(1000);
  await bare.close();
  await desk.close();
});

test('a detection that a process without the connector is given waits for one that has it', async () => {
  harbour().systems.set('north', [['k1', 'Amplify']]);
  const config = { apiToken: 'right-token', account: 'north' };
  const { connection } = await desk.connections.create({ connector: 'harbour', name: 'North', config }, actors.admin);
  const whole = systemsWith(desk.registry);
  await whole.schedule(connection.id);
  await pass(1000);
  expect(await whole.detections(connection.id)).toEqual([]);
  // One that was refused here and says what it is can do no more.
  const refused = jest.spyOn(bare, 'manifest').mockImplementation((id) => desk.registry.manifest(id));
  await pass(31_000);
  expect(await whole.detections(connection.id)).toEqual([]);
  refused.mockRestore();
  await whole.detect(connection.id, 'manual', { actor: actors.admin, waitMs: 0 });
  await pass(60_000);
  expect(await whole.detections(connection.id)).toMatchObject([{ state: 'running' }]);
  await whole.work(4);
  for (let tries = 0; tries < 20; tries += 1) await pass(31_000);
  expect(await whole.detections(connection.id)).toMatchObject([{ state: 'complete', found: 1 }]);
  // The next one comes, whoever of them is given it.
  await pass(25 * 3_600_000);
  for (let tries = 0; tries < 20; tries += 1) await pass(31_000);
  expect((await whole.detections(connection.id)).map(({ state }) => state)).toEqual(['complete', 'complete']);
});
