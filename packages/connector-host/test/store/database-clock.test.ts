import { afterEach, describe, expect, test } from '@jest/globals';
import { DatabaseClock } from '../../src/store/database-clock.js';
import { testLog } from '../postgres.js';

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const hour = 60 * minute;

/** A database, a machine and the lines of log that it writes; every clock can be set. */
class World {
  wall = start;
  steady = 5_000;
  database = start;
  /** How long a reading takes each way, in milliseconds. */
  way = 0;
  readings = 0;
  readonly told: string[] = [];

  pass(ms: number): void {
    this.wall += ms;
    this.steady += ms;
    this.database += ms;
  }

  async clock(): Promise<DatabaseClock> {
    const query = async () => {
      this.readings += 1;
      this.pass(this.way);
      const rows = [{ now: this.database }];
      this.pass(this.way);
      return { rows };
    };
    const tell = (level: string) => () => void this.told.push(level);
    const log = Object.assign(Object.create(testLog), { error: tell('error'), warn: tell('warn'), info: tell('info') });
    opened = await DatabaseClock.open({
      pool: { connect: async () => ({ query, release: () => undefined }) } as never,
      outage: { met: () => undefined },
      log,
      machine: { wall: () => this.wall, steady: () => this.steady },
    });
    return opened;
  }
}

let opened: DatabaseClock | undefined;
afterEach(() => opened?.close());

describe('the clock of the host', () => {
  test.each([-hour, -2 * minute, 0, hour, 91 * 24 * hour])(
    'is that of the database on a machine that is %d ms off',
    async (off) => {
      const world = new World();
      world.wall += off;
      const clock = await world.clock();
      expect(clock.now()).toBe(world.database);
      world.pass(3_000);
      expect(clock.now()).toBe(world.database);
    },
  );

  test('does not move when the clock of the machine is set', async () => {
    const world = new World();
    const clock = await world.clock();
    world.wall += hour;
    expect(clock.now()).toBe(world.database);
    world.wall -= 2 * hour;
    expect(clock.now()).toBe(world.database);
  });

  test('follows the database where that is set, at the next reading', async () => {
    const world = new World();
    const clock = await world.clock();
    world.database -= hour;
    await clock.read();
    expect(clock.now()).toBe(world.database);
  });

  test('runs on evenly where a reading says no more than that it agrees', async () => {
    const world = new World();
    const clock = await world.clock();
    world.way = 2_000;
    await clock.read();
    expect(clock.now()).toBe(world.database);
    expect(world.told).toEqual([]);
  });
});

describe('two clocks that are apart', () => {
  test('by seconds are told once, and again when they agree', async () => {
    const world = new World();
    const clock = await world.clock();
    world.wall += 6_000;
    expect(await clock.doubt()).toBeUndefined();
    await clock.read();
    expect(world.told).toEqual(['warn']);
    world.wall -= 6_000;
    await clock.doubt();
    expect(world.told).toEqual(['warn', 'info']);
  });

  test.each([
    [hour, 'ahead of'],
    [-2 * minute, 'behind'],
  ])('by %d ms are in doubt at once, without a wait for the next reading, and say which', async (off, how) => {
    const world = new World();
    const clock = await world.clock();
    expect(await clock.doubt()).toBeUndefined();
    world.wall += off;
    expect(await clock.doubt()).toBe(`This machine's clock is ${Math.abs(off) / 1000} s ${how} the database's.`);
    expect(clock.standing().aheadMs).toBe(off);
    expect(world.told).toEqual(['error']);
    world.wall -= off;
    expect(await clock.doubt()).toBeUndefined();
  });

  test('are no more in doubt than the reading is fine: a busy machine raises no alarm', async () => {
    const world = new World();
    world.way = 40_000;
    world.wall += 70_000;
    const clock = await world.clock();
    expect(await clock.doubt()).toBeUndefined();
  });
});

describe('what a vendor says of the time', () => {
  test('more than a minute off puts in doubt what is sent to this one; and everything where nobody agrees', async () => {
    const world = new World();
    const clock = await world.clock();
    clock.heardFrom('con_1', world.database - 6 * minute);
    expect(await clock.doubt('con_1')).toBe("The clock of the vendor of con_1 is 360 s behind the database's.");
    expect(await clock.doubt('con_2')).toBeUndefined();
    expect(await clock.doubt()).toBe(await clock.doubt('con_1'));
    clock.heardFrom('con_2', world.database + 1_000);
    expect(await clock.doubt()).toBeUndefined();
    expect(await clock.doubt('con_1')).toBeDefined();
  });

  test('is held against the clock for a quarter of an hour, and no longer where that is set right', async () => {
    const world = new World();
    const clock = await world.clock();
    world.database += hour;
    world.wall += hour;
    await clock.read();
    clock.heardFrom('con_1', world.database - hour);
    expect(await clock.doubt()).toBeDefined();
    world.database -= hour;
    world.wall -= hour;
    expect(await clock.doubt()).toBeUndefined();
    clock.heardFrom('con_1', world.database - hour);
    world.pass(16 * minute);
    expect(await clock.doubt('con_1')).toBeUndefined();
  });
});
