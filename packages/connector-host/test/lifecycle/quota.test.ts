import { afterEach, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import {
  monthOf,
  nextMonth,
  quotaOf,
  quotaTermsOf,
  usedIn,
  vendorStanding,
  waitsForQuota,
} from '../../src/connections/quota.js';
import { connections, quotaCounts } from '../../src/store/schema.js';
import { fault } from './scripted-vendor.js';
import { crowd, days, hours, minutes, Stage } from './stage.js';

let stage: Stage;
afterEach(() => stage?.close());

/** A stage in the middle of a month, whose vendor publishes a quota of so many identifiers. */
async function open(subjects: number, maxIdentifiers = 2): Promise<void> {
  stage = await Stage.open({ terms: { batch: { maxIdentifiers } }, submitters: 1 });
  Object.assign(stage.vendor.manifest.limits, { quota: { subjects, per: 'calendar-month' } });
  await stage.pass(nextMonth(stage.clock.now()).getTime() + 10 * days - stage.clock.now());
}

const states = async () => (await stage.operations()).map(({ state }) => state);
const sent = () => stage.vendor.calls.submit;
const counted = async () =>
  (await stage.db.orm.select().from(quotaCounts).orderBy(quotaCounts.month)).map(({ used }) => used);
const held = async () => {
  const [row] = await stage.db.orm.select().from(connections);
  return { until: row?.heldUntil?.toISOString(), code: row?.heldCode };
};

describe('a quota of which the vendor says nothing', () => {
  test('is counted: past it operations wait, visibly, for the next month in UTC, and go on by themselves', async () => {
    await open(5);
    const reset = nextMonth(stage.clock.now());
    await stage.addPeople(crowd(8));
    await stage.pass(minutes);
    expect(await states()).toEqual(['accepted', 'accepted', 'planned', 'planned']);
    expect(await held()).toEqual({ until: reset.toISOString(), code: 'QUOTA_EXHAUSTED' });
    expect(await stage.task('u-7')).toMatchObject({ state: 'pending', fault: null });
    expect((await stage.operations())[2]).toMatchObject({ fault: { code: 'QUOTA_EXHAUSTED' }, attempts: 0 });
    expect(await stage.kinds()).toEqual(expect.arrayContaining(['connection.held', 'operation.held']));
    await stage.pass(reset.getTime() - stage.clock.now() - hours);
    expect(sent()).toBe(2);
    await stage.pass(hours + minutes);
    expect((await states()).filter((state) => state === 'planned')).toEqual([]);
    expect([...stage.vendor.tally().values()]).toEqual(Array(8).fill(1));
    expect(await counted()).toEqual([4, 4]);
  });

  test('counts what the vendor has, or may have, and not what it has not taken', async () => {
    await open(100);
    stage.vendor.troubles.push(
      { fault: fault('RATE_LIMITED', 'Slower.', { retryAfterMs: minutes }) },
      'lost-before',
      'lost-after',
    );
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    expect(await counted()).toEqual([0]);
    await stage.pass(5 * minutes);
    expect(stage.vendor.records.size).toBe(1);
    expect(await counted()).toEqual([1]);
    stage.vendor.troubles.push({ fault: fault('INPUT_REFUSED', 'Not like this.') });
    await stage.addPeople({ b: ['2'] });
    await stage.pass(minutes);
    expect(await counted()).toEqual([1]);
  });

  test('lets an operation that is larger than a whole month go where nothing was used yet', async () => {
    await open(1, 3);
    await stage.addPeople(crowd(3));
    await stage.pass(minutes);
    expect(stage.vendor.records.size).toBe(1);
  });

  test('is the number in the settings where there is one', async () => {
    await open(100);
    await stage.db.orm
      .update(connections)
      .set({ settings: { monthlyQuota: 2 } })
      .where(eq(connections.id, 'c1'));
    await stage.addPeople(crowd(4));
    await stage.pass(minutes);
    expect(await states()).toEqual(['accepted', 'planned']);
  });
});

describe('two connections', () => {
  const account = async (id: string, name: string) =>
    stage.db.orm
      .update(connections)
      .set({ facts: { account: name } })
      .where(eq(connections.id, id));
  const beside = async (first: string, second: string) => {
    await open(5);
    await stage.connections.add('c2', stage.vendor);
    await account('c1', first);
    await account('c2', second);
  };

  test('to one account of the vendor spend one quota, by the count of the host', async () => {
    await beside('ws1', 'ws1');
    await stage.addPeople(crowd(4, 'a'));
    await stage.pass(minutes);
    expect(await states()).toEqual(['accepted', 'accepted']);
    await stage.addPeople(crowd(4, 'b'), { on: ['c2'] });
    await stage.pass(minutes);
    expect(await states()).toEqual(['accepted', 'accepted', 'planned', 'planned']);
    const used = await usedIn(stage.db.orm, ['c1', 'c2'], stage.clock.now());
    expect([used('c1', ''), used('c2', '')]).toEqual([4, 4]);
    await stage.connections.setState('c1', 'removed');
    expect((await usedIn(stage.db.orm, ['c2'], stage.clock.now()))('c2', '')).toBe(4);
  });

  test('to one account know what the vendor said to either', async () => {
    await beside('ws1', 'ws1');
    await stage.connections.noteQuota('c2', { remaining: 0 });
    await stage.addPeople(crowd(2));
    await stage.pass(minutes);
    expect(await states()).toEqual(['planned']);
  });

  test('to two accounts each have their own', async () => {
    await beside('ws1', 'ws2');
    await stage.connections.noteQuota('c2', { remaining: 0 });
    await stage.addPeople(crowd(4));
    await stage.pass(minutes);
    expect(await states()).toEqual(['accepted', 'accepted']);
  });
});

describe('a quota of which the vendor counts kinds of deletions apart', () => {
  const set = async (mode: string) => {
    stage.connections.config = { mode };
    await stage.db.orm.update(connections).set({ config: { mode } });
  };
  const openGrouped = async (subjects: number) => {
    await open(subjects);
    const groups = ['wide', 'narrow'].map((id) => ({ id, label: `The ${id} ones`, field: 'mode', in: [id] }));
    Object.assign(stage.vendor.manifest.limits, { quota: { subjects, per: 'calendar-month', groups } });
    await set('wide');
  };
  const byGroup = async () =>
    Object.fromEntries((await stage.db.orm.select().from(quotaCounts)).map(({ group, used }) => [group, used]));
  const standing = async () => {
    const [row] = await stage.db.orm.select().from(connections);
    if (row === undefined) throw new Error('There is no connection');
    const terms = quotaTermsOf(stage.vendor.manifest, stage.connections.config);
    const now = stage.clock.now();
    return quotaOf(row, terms, await usedIn(stage.db.orm, [row.id], now), now);
  };

  test('is counted for each kind by itself: one that is used up does not keep the other waiting', async () => {
    await openGrouped(4);
    await stage.addPeople(crowd(4, 'w'));
    await stage.pass(minutes);
    expect(await standing()).toMatchObject({ source: 'host', group: 'The wide ones', consumed: 4, remaining: 0 });
    await set('narrow');
    expect(await standing()).toMatchObject({ group: 'The narrow ones', consumed: 0, remaining: 4 });
    await stage.addPeople(crowd(2, 'n'));
    await stage.pass(minutes);
    expect(await states()).toEqual(['accepted', 'accepted', 'accepted']);
    expect(await byGroup()).toEqual({ wide: 4, narrow: 2 });
    await set('wide');
    await stage.addPeople(crowd(2, 'more'));
    await stage.pass(minutes);
    expect((await states()).filter((state) => state === 'planned')).toHaveLength(1);
    expect(await held()).toMatchObject({ code: 'QUOTA_EXHAUSTED' });
  });

  test('takes what was not taken out of the count that it was in, whatever the connection is set to by then', async () => {
    await openGrouped(100);
    stage.vendor.onSubmit = () => set('narrow');
    stage.vendor.troubles.push({ fault: fault('RATE_LIMITED', 'Slower.', { retryAfterMs: hours }) });
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    expect(await byGroup()).toEqual({ wide: 0 });
    await stage.pass(2 * hours);
    expect(await byGroup()).toEqual({ wide: 0, narrow: 1 });
  });

  test('what the vendor said of one kind says nothing of the other', async () => {
    await openGrouped(4);
    await stage.connections.noteQuota('c1', { remaining: 0 }, 'wide');
    expect(await standing()).toMatchObject({ source: 'vendor', remaining: 0, group: 'The wide ones' });
    await set('narrow');
    expect(await standing()).toMatchObject({ source: 'host', remaining: 4 });
  });

  test('counts for every kind what was sent before the kinds were told apart', async () => {
    await openGrouped(4);
    await stage.db.orm.insert(quotaCounts).values({ connection: 'c1', month: monthOf(stage.clock.now()), used: 3 });
    expect(await standing()).toMatchObject({ consumed: 3, remaining: 1 });
    await stage.addPeople(crowd(2));
    await stage.pass(minutes);
    expect(await states()).toEqual(['planned']);
  });
});

test('what waits for its quota goes on at once where a person lets go of the hold', async () => {
  await open(2);
  await stage.addPeople(crowd(6));
  await stage.pass(minutes);
  expect((await states()).filter((state) => state === 'planned')).toHaveLength(2);
  const settings = { monthlyQuota: 100 };
  await stage.db.orm.update(connections).set({ heldUntil: null, heldCode: null, settings });
  await stage.lifecycle.resume('c1');
  await stage.idle();
  expect(stage.vendor.records.size).toBe(3);
});

describe('a quota of which the vendor tells', () => {
  test('counts as it says, whatever the host counted', async () => {
    await open(2);
    await stage.connections.noteQuota('c1', { remaining: 50 });
    await stage.addPeople(crowd(6));
    await stage.pass(minutes);
    expect(stage.vendor.records.size).toBe(3);
  });

  test('is waited for until the time it names, without a call, and counts no longer after that', async () => {
    await open(1_000);
    const resetsAt = new Date(stage.clock.now() + 3 * days).toISOString();
    await stage.connections.noteQuota('c1', { remaining: 0, resetsAt });
    await stage.addPeople(crowd(4));
    await stage.pass(minutes);
    expect(await held()).toEqual({ until: resetsAt, code: 'QUOTA_EXHAUSTED' });
    expect(sent()).toBe(0);
    await stage.pass(3 * days + minutes);
    expect(stage.vendor.records.size).toBe(2);
  });

  test('of an earlier month, or without an amount, says nothing', () => {
    const now = Date.UTC(2026, 4, 3);
    const readAt = new Date(Date.UTC(2026, 3, 30)).toISOString();
    expect(vendorStanding({ remaining: 5, readAt }, 10, now)).toBeUndefined();
    expect(vendorStanding({ readAt: new Date(now).toISOString() }, 10, now)).toBeUndefined();
    expect(vendorStanding({ consumed: 4, readAt: new Date(now).toISOString() }, 10, now)).toMatchObject({
      remaining: 6,
    });
  });

  test('waits for nothing where there is room to the last one', () => {
    const standing = { source: 'vendor', remaining: 3, readAt: '' } as const;
    expect(waitsForQuota(standing, 3, 0)).toBeUndefined();
    expect(waitsForQuota(standing, 4, 0)).toEqual(nextMonth(0));
  });
});

test('a used-up quota keeps nobody from looking for what was lost', async () => {
  await open(2, 2);
  stage.vendor.troubles.push('lost-after');
  // Who looks more often than once is told the same.
  const notYet = { found: 'not-yet', retryAfterMs: hours } as const;
  stage.vendor.reconcileAnswers.push(notYet, notYet, notYet);
  await stage.addPeople(crowd(2, 'a'));
  await stage.pass(minutes);
  await stage.addPeople(crowd(2, 'b'));
  await stage.pass(minutes);
  expect(await states()).toEqual(['uncertain', 'planned']);
  expect(await held()).toMatchObject({ code: 'QUOTA_EXHAUSTED' });
  stage.vendor.reconcileAnswers.length = 0;
  await stage.pass(hours);
  expect(await states()).toEqual(['accepted', 'planned']);
  expect(sent()).toBe(1);
});

describe('a submission of which nobody can find out', () => {
  const lost = async (times: number, repeatUncertain: boolean) => {
    await open(100);
    await stage.db.orm.update(connections).set({ settings: { repeatUncertain } }).where(eq(connections.id, 'c1'));
    const answer = { found: 'undecidable', fault: fault('NOT_SUPPORTED', 'There is no list.') } as const;
    for (let i = 0; i < times; i += 1) {
      stage.vendor.troubles.push('lost-after');
      stage.vendor.reconcileAnswers.push(answer);
    }
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    for (let i = 0; i < 6; i += 1) await stage.pass(5 * minutes);
  };

  test('is sent again where the connection allows it; both count against the quota', async () => {
    await lost(1, true);
    expect(await stage.operations()).toMatchObject([{ reference: 'ref-2', repeats: 1 }]);
    expect(await stage.task('a')).toMatchObject({ state: 'processing', fault: null });
    expect(await stage.kinds()).toContain('operation.repeated');
    expect(await counted()).toEqual([2]);
  });

  test('waits for a person where the connection does not', async () => {
    await lost(1, false);
    expect(await stage.task('a')).toMatchObject({
      state: 'waiting_for_person',
      fault: { code: 'SUBMISSION_UNCERTAIN' },
    });
    expect(sent()).toBe(1);
  });

  test('waits for a person after three repeats, since each may have used up quota', async () => {
    await lost(9, true);
    expect(await stage.operations()).toMatchObject([{ state: 'undecided', repeats: 3 }]);
    expect(sent()).toBe(4);
    expect(await counted()).toEqual([4]);
  });
});
