import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SQL } from 'drizzle-orm';
import pg from 'pg';
import type { JobHandler } from '../../src/engine/engine.js';
import { Leases } from '../../src/engine/leases.js';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';
import { VirtualClock } from '../virtual-clock.js';

let database: TestDatabase;
const engines: PgBossEngine[] = [];
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop(0);
  await database.drop();
});

function engine(clock?: VirtualClock): PgBossEngine {
  const made = new PgBossEngine({
    db: database.db,
    log: testLog,
    ...(clock === undefined ? {} : { clock: clock.engine }),
  });
  engines.push(made);
  return made;
}

/** A handler that counts, and a promise of its `n`-th run. */
function counter(n: number): { handler: JobHandler<'submit'>; seen: number[]; done: Promise<void> } {
  const seen: number[] = [];
  let tell: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const handler: JobHandler<'submit'> = async ({ operation }) => {
    seen.push(operation);
    if (seen.length === n) tell();
  };
  return { handler, seen, done };
}

describe('jobs', () => {
  test('are each done once, whichever process sent them', async () => {
    const sender = engine();
    const worker = engine();
    const { handler, seen, done } = counter(50);
    await worker.work('submit', 3, handler);
    await sender.start();
    await worker.start();
    await sender.sendMany(
      'submit',
      Array.from({ length: 50 }, (_, operation) => ({ data: { operation } })),
    );
    await done;
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  test('are there only if the transaction they were sent in commits', async () => {
    const one = engine();
    await one.start();
    await database.db.orm.transaction((tx) => one.send('submit', { operation: 1 }, {}, tx));
    const failing = database.db.orm.transaction(async (tx) => {
      await one.send('submit', { operation: 2 }, {}, tx);
      await one.sendMany('submit', [{ data: { operation: 3 } }], tx);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect((await one.depths()).submit).toEqual({ ready: 1, delayed: 0, active: 0 });
  });

  test('that waited before are not handed out until the transaction they were sent in again has ended', async () => {
    const one = engine();
    await one.start();
    await one.send('submit', { operation: 1 });
    const [first, both] = [counter(1), counter(2)];
    await database.db.orm.transaction(async (tx) => {
      await one.send('submit', { operation: 1 }, {}, tx);
      await one.send('submit', { operation: 2 });
      await one.work('submit', 1, async (data, run) => {
        await both.handler(data, run);
        await first.handler(data, run);
      });
      await first.done;
    });
    await both.done;
    expect(both.seen).toEqual([2, 1]);
  });

  test('that are taken while they are sent again run once more', async () => {
    const one = engine();
    await one.start();
    await one.send('submit', { operation: 1 });
    await database.db.orm.transaction(async (tx) => {
      let taken = false;
      const execute = async (query: SQL) => {
        const answer = await tx.execute(query);
        if (!taken) await database.db.pool.query(`update connector_host_jobs.job set state = 'active'`);
        taken = true;
        return answer;
      };
      await one.send('submit', { operation: 1 }, {}, Object.assign(Object.create(tx), { execute }));
    });
    expect((await one.depths()).submit).toEqual({ ready: 1, delayed: 0, active: 1 });
  });

  test('that wait are not doubled; sent again for an earlier time they go then, for a later one nothing changes', async () => {
    const clock = new VirtualClock();
    const one = engine(clock);
    await one.start();
    const at = (minutes: number) => ({ startAfter: new Date(clock.now() + minutes * 60_000) });
    await one.send('plan', { connection: 'c' }, at(60));
    await one.send('plan', { connection: 'c' }, at(90));
    await one.send('plan', { connection: 'c' }, at(10));
    expect((await one.depths()).plan).toEqual({ ready: 0, delayed: 1, active: 0 });
    await clock.engine.setTime(clock.now() + 11 * 60_000);
    expect((await one.depths()).plan).toEqual({ ready: 1, delayed: 0, active: 0 });
    await one.send('plan', { connection: 'd' }, at(60));
    await one.sendMany('plan', [{ data: { connection: 'd' } }]);
    expect((await one.depths()).plan).toEqual({ ready: 1, delayed: 1, active: 0 });
    await one.send('plan', { connection: 'd' });
    expect((await one.depths()).plan).toEqual({ ready: 2, delayed: 0, active: 0 });
  });

  test('wait for months without being dropped', async () => {
    const clock = new VirtualClock();
    const one = engine(clock);
    const { handler, seen } = counter(1);
    await one.work('submit', 1, handler);
    await one.start();
    await one.send('submit', { operation: 7 }, { startAfter: new Date(clock.now() + 120 * 86_400_000) });
    for (let day = 0; day < 121; day += 11) {
      expect(seen).toEqual([]);
      await clock.engine.setTime(clock.now() + 11 * 86_400_000);
      await clock.engine.tick(120_000);
    }
    while (seen.length === 0) await clock.engine.tick(2_000);
    expect(seen).toEqual([7]);
  });

  test('the most urgent goes first', async () => {
    const one = engine();
    const { handler, seen, done } = counter(3);
    await one.work('submit', 1, handler);
    const sender = engine();
    await sender.start();
    await sender.sendMany('submit', [
      { data: { operation: 1 }, priority: -5 },
      { data: { operation: 2 }, priority: -1 },
      { data: { operation: 3 }, priority: -3 },
    ]);
    await one.start();
    await done;
    expect(seen).toEqual([2, 3, 1]);
  });

  test('that fail come back', async () => {
    const one = engine();
    let runs = 0;
    let tell: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await one.work('submit', 1, async () => {
      runs += 1;
      if (runs === 1) throw new Error('not this time');
      tell();
    });
    await one.start();
    await one.send('submit', { operation: 1 });
    await done;
    expect(runs).toBe(2);
  });

  test('are not run by two processes at the same time', async () => {
    let running = 0;
    let most = 0;
    let ended = 0;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const handler: JobHandler<'submit'> = async () => {
      running += 1;
      most = Math.max(most, running);
      await gate;
      running -= 1;
      ended += 1;
    };
    const one = engine();
    const two = engine();
    for (const each of [one, two]) {
      await each.work('submit', 2, handler);
      await each.start();
    }
    await one.send('submit', { operation: 1 });
    while (running === 0) await one.depths();
    await two.send('submit', { operation: 1 });
    // The second job was fetched and put back when nothing is ready to be fetched.
    while ((await two.depths()).submit.delayed === 0) await two.depths();
    release();
    while (ended < 2) await two.depths();
    expect(most).toBe(1);
  });

  test('a stop waits for what runs, and calls it off after the grace', async () => {
    const one = engine();
    let aborted = false;
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    await one.work('submit', 1, async (_data, { signal }) => {
      begun();
      await once(signal, 'abort');
      aborted = true;
    });
    await one.start();
    await one.send('submit', { operation: 1 });
    await beginning;
    await one.stop(50);
    expect(aborted).toBe(true);
  });
});

describe('leases', () => {
  const leases = () => new Leases(database.db.connection, database.db.outage);

  test('are exclusive among processes and within one, and free once released', async () => {
    const one = leases();
    const two = leases();
    const lease = await one.take('a');
    expect(lease).toBeDefined();
    expect(await two.take('a')).toBeUndefined();
    expect(await one.take('a')).toBeUndefined();
    expect(await two.take('b')).toBeDefined();
    await lease?.release();
    expect(await two.take('a')).toBeDefined();
    await one.close();
    await two.close();
  });

  test('are let go of by the server where their process stands still, whatever the kernel keeps up', async () => {
    const still = new Leases(database.db.connection, database.db.outage, { pingEvery: 3_600_000, silence: 100 });
    const lease = await still.take('a');
    if (lease === undefined) throw new Error('the lease was free');
    const other = leases();
    let taken: Awaited<ReturnType<Leases['take']>>;
    while (taken === undefined) taken = await other.take('a');
    if (!lease.signal.aborted) await once(lease.signal, 'abort');
    await still.close();
    await other.close();
  });

  test('are lost with their connection: the holder is told, and others can take them', async () => {
    const one = leases();
    const two = leases();
    const lease = await one.take('a');
    if (lease === undefined) throw new Error('the lease was free');
    const lost = once(lease.signal, 'abort');
    const admin = new pg.Client(database.db.connection);
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'connector-host leases' and datname = current_database()",
    );
    await admin.end();
    await lost;
    expect(await two.take('a')).toBeDefined();
    expect(await one.take('c')).toBeDefined();
    await one.close();
    await two.close();
  });
});
