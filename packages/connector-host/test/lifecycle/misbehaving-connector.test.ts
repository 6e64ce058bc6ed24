/** What a connector does to its process does nothing to the operations it was given, nor to those of its neighbours. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { ConnectorRegistry } from '../../src/plugins/registry.js';
import { loadFixtures } from '../plugins/fixtures.js';
import { minutes, Stage } from './stage.js';

let stage: Stage;
let registry: ConnectorRegistry;
afterEach(async () => {
  await stage.close();
  await registry.close();
});

/** A stage with a connection `c2` beside the usual one, whose connector runs in a process of its own and misbehaves so. */
async function open(how: string): Promise<void> {
  stage = await Stage.open();
  registry = await loadFixtures(['rampant'], {
    isolation: 'process',
    limits: { heapMiB: 64, memoryMiB: 250, watchMs: 20, unresponsiveMs: 1_000 },
    restarts: { firstMs: 10_000 },
    patience: { single: 0.5, several: 0.5, searching: 0.5, graceMs: 20 },
    now: () => stage.clock.now(),
  });
  const runner = registry.runner('rampant');
  if (runner === undefined) throw new Error(JSON.stringify(registry.list()));
  await stage.connections.add('c2', runner);
  behave(how);
}

function behave(how: string): void {
  stage.connections.config = { how, apiToken: 'a' };
}

const operationOf = async (connection: string) =>
  (await stage.operations()).find((operation) => operation.connection === connection);

/** Two people, each to be erased on both connections. */
const people = { ada: ['1', 'ada@people.example'], bob: ['2', 'bob@people.example'] };

const submit = async () => {
  await stage.addPeople(people, { on: ['c1', 'c2'] });
  await stage.pass(minutes);
  stage.vendor.finishAll('completed');
};

/** Everybody is erased everywhere, and the connector's operation was handed over so many times. */
async function allDone(attempts: number): Promise<void> {
  for (let round = 0; round < 10 && (await operationOf('c2'))?.state !== 'completed'; round += 1) {
    await stage.pass(10 * minutes);
  }
  expect(await operationOf('c2')).toMatchObject({ state: 'completed', reference: 'r-1', attempts });
  for (const id of Object.keys(people)) {
    for (const connection of ['c1', 'c2'])
      expect(await stage.task(id, connection)).toMatchObject({ state: 'complete' });
  }
}

describe.each(['hangs for ever', 'hangs and lets nothing else run', 'fills the heap', 'exits', 'replaces globals'])(
  'an operation that is submitted by a connector that %s',
  (how) => {
    test('is kept as uncertain, looked for, and sent once the connector behaves; its neighbour is done meanwhile', async () => {
      await open(how);
      await submit();
      await stage.pass(10 * minutes);
      expect(await operationOf('c2')).toMatchObject({ state: 'uncertain', attempts: 1 });
      expect(await stage.task('ada', 'c2')).toMatchObject({ state: 'pending' });
      expect(await operationOf('c1')).toMatchObject({ state: 'completed' });
      behave('behaves');
      await allDone(2);
    }, 60_000);
  },
);

describe.each(['leaves timers behind', 'rejects in the background'])(
  'an operation that is submitted by a connector that %s',
  (how) => {
    test('is done all the same', async () => {
      await open(how);
      await submit();
      await allDone(1);
    }, 60_000);
  },
);

test('an operation whose connector throws when it is looked for is kept for a person to decide', async () => {
  await open('throws');
  await submit();
  expect(await operationOf('c2')).toMatchObject({ state: 'undecided', attempts: 1 });
  expect(await stage.task('ada', 'c2')).toMatchObject({
    state: 'waiting_for_person',
    fault: { code: 'SUBMISSION_UNCERTAIN' },
  });
  behave('behaves');
  await stage.lifecycle.settle((await operationOf('c2'))?.id ?? 0, 'resubmit');
  await allDone(2);
}, 60_000);
