/** What a connector does to its process does nothing to the operations it was given, nor to those of its neighbours. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import type { ConnectorRegistry } from '../../src/plugins/registry.js';
import { events } from '../../src/store/schema.js';
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
    limits: { heapMiB: 64, memoryMiB: 250, watchMs: 20, ...(how.includes('hangs') ? { unresponsiveMs: 1_000 } : {}) },
    restarts: { firstMs: 10_000 },
    ...(how.includes('hangs') ? { patience: { single: 0.5, several: 0.5, searching: 0.5, graceMs: 20 } } : {}),
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

/** Everybody is erased everywhere. Answers what was known each time before the connector's operation was handed over once more. */
async function allDone(): Promise<readonly string[]> {
  for (let round = 0; round < 10 && (await operationOf('c2'))?.state !== 'completed'; round += 1) {
    await stage.pass(10 * minutes);
  }
  const operation = await operationOf('c2');
  expect(operation).toMatchObject({ state: 'completed', reference: 'r-1' });
  for (const id of Object.keys(people)) {
    for (const connection of ['c1', 'c2'])
      expect(await stage.task(id, connection)).toMatchObject({ state: 'complete' });
  }
  const told = await stage.db.orm
    .select()
    .from(events)
    .where(eq(events.operation, operation?.id ?? 0))
    .orderBy(events.id);
  const kinds = told.map(({ kind }) => kind);
  const before = kinds.map((_, index) => kinds[index - 1] ?? 'nothing');
  return before.filter((_, index) => kinds[index] === 'operation.submitting').slice(1);
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
      // However often the machine was too busy to let it answer in time.
      expect(new Set(await allDone())).toEqual(new Set(['operation.absent']));
    });
  },
);

describe.each(['leaves timers behind', 'rejects in the background'])(
  'an operation that is submitted by a connector that %s',
  (how) => {
    test('is done all the same', async () => {
      await open(how);
      await submit();
      expect(await allDone()).toEqual([]);
    });
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
  expect(await allDone()).toEqual(['operation.settled']);
});
