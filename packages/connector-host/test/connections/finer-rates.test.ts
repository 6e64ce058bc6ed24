/** Rates that count in windows, within each other, and by what the vendor's answers say is left. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RateLimit } from 'connector-contract';
import { keepLeft, takeTurn } from '../../src/connections/pace.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { VirtualClock } from '../virtual-clock.js';

const second = 1_000;
const byHeader = { remaining: 'x-left', reset: 'x-reset', resetIs: 'seconds' } as const;
const rate = (id: string, requests: number, perSeconds: number, more: Partial<RateLimit> = {}): RateLimit => ({
  id,
  label: id,
  requests,
  perSeconds,
  ...more,
});
const limits = {
  rate: [
    rate('account', 1, 1),
    rate('people', 1, 10, { within: 'account' }),
    rate('reports', 4, 60, { spread: 'window' }),
    rate('seldom', 1, 60, { spread: 'window' }),
    rate('told', 100, 10, { byHeader }),
  ],
  share: 0.75,
  timeoutMs: 1_000,
};

let database: TestDatabase;
let clock: VirtualClock;
let ended: AbortController;
let connections = 0;
let connection: string;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

function begin(): void {
  clock = new VirtualClock();
  ended = new AbortController();
  connections += 1;
  connection = `connection-${connections}`;
}

/** Takes a turn: answers how many milliseconds it waits, and goes on waiting. */
async function waitOf(limit: string): Promise<number> {
  const asked = clock.now();
  const before = clock.sleepers;
  let gone = false;
  const turn = takeTurn(database.db.orm, clock, limits, { connection, limit }, ended.signal).then(
    () => {
      gone = true;
    },
    () => undefined,
  );
  while (!gone && clock.sleepers === before) await new Promise(setImmediate);
  if (gone) return 0;
  const { rows } = await database.db.pool.query(
    'select arrival from connector_host.paces where connection = $1 and limit_id = $2',
    [connection, limit],
  );
  turns.push(turn);
  return (rows[0]?.arrival as number) - asked;
}

const turns: Promise<void>[] = [];

async function end(): Promise<void> {
  ended.abort();
  await Promise.all(turns.splice(0));
}

const hear = (requests: number, aheadMs: number, limit = 'told') =>
  keepLeft(database.db.orm, clock, limits, { connection, limit }, { requests, resetsAt: clock.now() + aheadMs });

describe('a rate that counts in windows', () => {
  test('lets a window out at once, and the next one when a whole window has passed since', async () => {
    begin();
    expect(await waitOf('reports')).toBe(0);
    expect(await waitOf('reports')).toBe(0);
    await clock.engine.tick(20 * second);
    expect(await waitOf('reports')).toBe(0);
    for (let n = 0; n < 3; n += 1) expect(await waitOf('reports')).toBeCloseTo(60 * second, 2);
    for (let n = 0; n < 3; n += 1) expect(await waitOf('reports')).toBeCloseTo(120 * second, 2);
    await clock.engine.tick(60 * second);
    expect(clock.sleepers).toBe(3);
    await end();
  });

  test('begins anew after a rest', async () => {
    begin();
    for (let n = 0; n < 2; n += 1) await waitOf('reports');
    await clock.engine.tick(61 * second);
    for (let n = 0; n < 3; n += 1) expect(await waitOf('reports')).toBe(0);
    expect(await waitOf('reports')).toBeGreaterThan(0);
    await end();
  });

  test('never lets a window hold more, however requests come', async () => {
    begin();
    const went: number[] = [];
    for (let n = 0; n < 80; n += 1) {
      await clock.engine.tick((n * 7919) % 40_000);
      went.push(clock.now() + (await waitOf('reports')));
    }
    for (const from of went) {
      expect(went.filter((at) => at >= from && at < from + 60 * second - 1)).not.toHaveLength(4);
      expect(went.filter((at) => at >= from && at < from + 60 * second - 1).length).toBeLessThanOrEqual(3);
    }
    await end();
  });

  test('of less than one request lasts the longer', async () => {
    begin();
    expect(await waitOf('seldom')).toBe(0);
    expect(await waitOf('seldom')).toBeCloseTo(80 * second, 2);
    await end();
  });

  test('is not held up by a clock that was wrong', async () => {
    begin();
    for (let n = 0; n < 4; n += 1) await waitOf('reports');
    await database.db.pool.query('update connector_host.paces set resets_at = resets_at + 1e12 where connection = $1', [
      connection,
    ]);
    expect(await waitOf('reports')).toBe(0);
    await end();
  });
});

describe('a rate that counts within another', () => {
  test('takes a turn of both, each in its own pace', async () => {
    begin();
    expect(await waitOf('people')).toBe(0);
    const { rows } = await database.db.pool.query(
      'select limit_id from connector_host.paces where connection = $1 order by limit_id',
      [connection],
    );
    expect(rows.map(({ limit_id }) => limit_id)).toEqual(['account', 'people']);
    // The account has been asked as well.
    expect(await waitOf('account')).toBeGreaterThan(second);
    await end();
  });

  test('waits for the other even where it has turns left itself', async () => {
    begin();
    for (let n = 0; n < 30; n += 1) await waitOf('account');
    let gone = false;
    const turn = takeTurn(database.db.orm, clock, limits, { connection, limit: 'people' }, ended.signal).then(() => {
      gone = true;
    });
    while (clock.sleepers < 30) await new Promise(setImmediate);
    await clock.engine.tick(30 * second);
    expect(gone).toBe(false);
    await clock.engine.tick(15 * second);
    await turn;
    await end();
  });
});

describe('a rate by what answers say', () => {
  test('holds everybody until the reset where nothing is left, and then goes on in its pace', async () => {
    begin();
    await waitOf('told');
    await hear(0, 30 * second);
    const wait = await waitOf('told');
    // The row stands a burst and an interval further than the turn.
    const interval = (10 * second) / 72;
    expect(wait - interval * 4).toBeCloseTo(30 * second, 1);
    expect((await waitOf('told')) - interval * 4).toBeCloseTo(30 * second + interval, 1);
    await clock.engine.tick(30 * second);
    while (clock.sleepers > 1) await new Promise(setImmediate);
    await clock.engine.tick(second);
    expect(await waitOf('told')).toBe(0);
    await end();
  });

  test('lets out what is left', async () => {
    begin();
    await waitOf('told');
    await hear(2, 30 * second);
    expect(await waitOf('told')).toBe(0);
    expect(await waitOf('told')).toBe(0);
    expect(await waitOf('told')).toBeGreaterThan(29 * second);
    await end();
  });

  test('is not given back by an older answer what was taken since', async () => {
    begin();
    await waitOf('told');
    await hear(1, 30 * second);
    expect(await waitOf('told')).toBe(0);
    await hear(1, 30 * second);
    expect(await waitOf('told')).toBeGreaterThan(29 * second);
    await end();
  });

  test('believes a newer reset', async () => {
    begin();
    await waitOf('told');
    await hear(0, 30 * second);
    await hear(0, 5 * second);
    expect(await waitOf('told')).toBeLessThan(6 * second);
    await end();
  });

  test('is believed a minute ahead at most', async () => {
    begin();
    await waitOf('told');
    await hear(0, 3_600 * second);
    expect(await waitOf('told')).toBeLessThan(61 * second);
    await end();
  });

  test.each<readonly [string, number, number, string]>([
    ['more is left than the pace lets out', 100, 10 * second, 'told'],
    ['the reset is past', 0, -1, 'told'],
    ['it is no number', Number.NaN, 10 * second, 'told'],
    ['the rate has no such headers', 0, 10 * second, 'account'],
    ['there is no such rate', 0, 10 * second, 'elsewhere'],
  ])('changes nothing where %s', async (_, requests, aheadMs, limit) => {
    begin();
    await waitOf('told');
    await waitOf('account');
    await hear(requests, aheadMs, limit);
    const { rows } = await database.db.pool.query(
      'select 1 from connector_host.paces where connection = $1 and resets_at is not null',
      [connection],
    );
    expect(rows).toEqual([]);
    await end();
  });
});
