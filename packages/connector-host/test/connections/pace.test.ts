import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Rhythm, rhythmOf, takeTurn } from '../../src/connections/pace.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { VirtualClock } from '../virtual-clock.js';

const limits = { rate: [{ id: 'api', label: 'API', requests: 200, perSeconds: 60 }], share: 0.75, timeoutMs: 1000 };

/** When requests go that ask as early as they can. */
function times({ intervalMs, burst }: Rhythm, asked: readonly number[]): number[] {
  let arrival = Number.NEGATIVE_INFINITY;
  return asked.map((at) => {
    arrival = Math.max(arrival, at) + intervalMs;
    return Math.max(at, arrival - intervalMs * burst);
  });
}

describe('rhythmOf', () => {
  test('spreads 200 a minute at a share of 75 %', () => {
    expect(rhythmOf({ requests: 200, perSeconds: 60 }, 0.75)).toEqual({ intervalMs: 60_000 / 144, burst: 7 });
  });

  test.each([
    [1, 1, 1000],
    [0.5, 1, 2000],
    [2, 1, 500],
  ])('spreads %d a second evenly', (requests, burst, intervalMs) => {
    expect(rhythmOf({ requests, perSeconds: 1 }, 1)).toEqual({ intervalMs, burst });
  });

  test('leaves at least 96 % of the rate for the long run', () => {
    for (const requests of [25, 100, 600, 5000]) {
      const { intervalMs } = rhythmOf({ requests, perSeconds: 60 }, 1);
      expect(60_000 / intervalMs / requests).toBeGreaterThanOrEqual(0.96 - 1e-9);
    }
  });

  test('never lets a window hold more than its share, however requests come', () => {
    const asks = fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 60 }),
        asks,
        (requests, perSeconds, gaps) => {
          const share = 0.75;
          let now = 0;
          const asked = gaps.map((gap) => {
            now += gap > 3600 ? gap * 50 : gap / 100;
            return now;
          });
          const went = times(rhythmOf({ requests, perSeconds }, share), asked);
          const most = Math.max(1, Math.floor(requests * share));
          return went.every(
            (from) => went.filter((at) => at >= from && at < from + perSeconds * 1000 - 1e-6).length <= most,
          );
        },
      ),
    );
  });
});

describe('takeTurn', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  const turn = (clock: VirtualClock, connection: string, signal = new AbortController().signal) =>
    takeTurn(database.db.orm, clock, limits, { connection, limit: 'api' }, signal);
  const arrival = async (connection: string) => {
    const { rows } = await database.db.pool.query('select arrival from connector_host.paces where connection = $1', [
      connection,
    ]);
    return rows[0]?.arrival as number | undefined;
  };

  test('lets a burst go at once', async () => {
    const clock = new VirtualClock();
    for (let n = 0; n < 7; n += 1) await turn(clock, 'burst');
    expect(await arrival('burst')).toBeCloseTo(clock.now() + (7 * 60_000) / 144, 3);
  });

  test('makes the next one wait, and lets it go when its time has come', async () => {
    const clock = new VirtualClock();
    for (let n = 0; n < 7; n += 1) await turn(clock, 'wait');
    let gone = false;
    const waiting = turn(clock, 'wait').then(() => {
      gone = true;
    });
    while (((await arrival('wait')) ?? 0) < clock.now() + (7.5 * 60_000) / 144) await new Promise(setImmediate);
    await clock.engine.tick(400);
    expect(gone).toBe(false);
    await clock.engine.tick(20);
    await waiting;
    expect(gone).toBe(true);
  });

  test('is shared by all who ask at the same time: no place is given twice', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const asked = Array.from({ length: 40 }, () => turn(clock, 'many', controller.signal));
    while (((await arrival('many')) ?? 0) < clock.now() + (39.5 * 60_000) / 144) await new Promise(setImmediate);
    controller.abort();
    const ends = await Promise.allSettled(asked);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await arrival('many')).toBeCloseTo(clock.now() + (40 * 60_000) / 144, 2);
  });

  test('called off throws ABORTED', async () => {
    await expect(turn(new VirtualClock(), 'off', AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('of a limit that the manifest does not have is a defect of the connector', async () => {
    const asked = takeTurn(
      database.db.orm,
      new VirtualClock(),
      limits,
      { connection: 'c', limit: 'x' },
      new AbortController().signal,
    );
    await expect(asked).rejects.toMatchObject({ code: 'CONNECTOR_BUG' });
  });
});
