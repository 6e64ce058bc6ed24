import { afterEach, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { concludeTasks } from '../../src/lifecycle/conclusion/conclude.js';
import { requestRows } from '../../src/reading/detail.js';
import { timelineOf } from '../../src/reading/timeline-of.js';
import { isSlow, timingOf } from '../../src/requests/timing.js';
import { operations } from '../../src/store/schema.js';
import { fault } from './scripted-vendor.js';
import { crowd, days, hours, minutes, Stage, type StageOptions } from './stage.js';

let stage: Stage;
const open = async (options?: StageOptions) => {
  stage = await Stage.open(options);
};
afterEach(() => stage.close());

describe('following', () => {
  test('looks soon after submission and ever more seldom, one call an operation whatever the number of people', async () => {
    await open();
    await stage.addPeople(crowd(500));
    await stage.pass(minutes);
    const during = async (span: number, step: number): Promise<number> => {
      const before = stage.vendor.calls.status;
      for (let passed = 0; passed < span; passed += step) await stage.pass(step);
      return stage.vendor.calls.status - before;
    };
    const firstHour = await during(hours, 6 * minutes);
    expect(firstHour).toBeGreaterThanOrEqual(4);
    await stage.pass(23 * hours);
    const sixHours = await during(6 * hours, 30 * minutes);
    expect(sixHours).toBeGreaterThanOrEqual(4);
    expect(sixHours).toBeLessThanOrEqual(6);
  });

  test('a vendor that is not done by its own estimate is slow, the person is late by the law, and it is followed all the same', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    await stage.pass(32 * days);
    const task = await stage.task('a');
    expect(task).toMatchObject({ state: 'processing' });
    expect(isSlow(task, stage.clock.now())).toBe(true);
    expect(timingOf(await stage.request('a'), stage.clock.now())).toBe('late');
    stage.vendor.finishAll('completed');
    await stage.pass(days);
    expect(await stage.request('a')).toMatchObject({ state: 'complete' });
  });

  test('the date that the vendor names becomes the date of everybody in the operation', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    const expectedBy = new Date(stage.clock.now() + 3 * days).toISOString();
    stage.vendor.finishAll('processing', { expectedBy });
    await stage.pass(hours);
    expect((await stage.task('a')).expectedBy?.toISOString()).toBe(expectedBy);
  });

  test('a record that the vendor no longer keeps makes the operation expired, and ends the looking', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    await stage.pass(2 * days);
    stage.vendor.records.clear();
    await stage.pass(days);
    expect(await stage.operations()).toMatchObject([{ state: 'expired', nextPollAt: null }]);
    expect(await stage.task('a')).toMatchObject({ state: 'error', fault: { code: 'RECORD_EXPIRED' } });
  });

  test('a vendor that does not know an operation which it just accepted is asked again', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    const records = new Map(stage.vendor.records);
    stage.vendor.records.clear();
    await stage.pass(hours);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', finishedAt: null }]);
    for (const [reference, record] of records) stage.vendor.records.set(reference, record);
    stage.vendor.finishAll('completed');
    await stage.pass(hours);
    expect(await stage.request('a')).toMatchObject({ state: 'complete' });
  });

  test('what the vendor still answers about is followed to its end, also after the days that it keeps its records', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    await stage.pass(100 * days);
    expect(await stage.operations()).toMatchObject([{ state: 'processing' }]);
    stage.vendor.finishAll('completed');
    await stage.pass(2 * days);
    expect(await stage.request('a')).toMatchObject({ state: 'complete' });
  });

  test('a vendor that cannot be asked is asked again', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    stage.vendor.statusTroubles.push(fault('VENDOR_ERROR', 'Down.'), fault('CONNECTOR_BUG', 'A defect.'));
    stage.vendor.finishAll('completed');
    for (let i = 0; i < 5; i += 1) await stage.pass(hours);
    expect(await stage.request('a')).toMatchObject({ state: 'complete' });
  });

  test('a vendor that does not answer for a day is told of, once, with what to do, and is asked further', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    const silent = () => stage.eventsOf('operation.silent');
    stage.vendor.statusTroubles.push(...Array(1_000).fill(fault('UNREACHABLE', 'No connection.')));
    await stage.pass(20 * hours);
    expect(await silent()).toHaveLength(0);
    for (let passed = 0; passed < 3; passed += 1) await stage.pass(days);
    expect(await silent()).toMatchObject([{ data: { code: 'UNREACHABLE', message: 'No connection.' } }]);
    expect(await stage.operations()).toMatchObject([
      { state: 'accepted', fault: { code: 'VENDOR_SILENT', message: expect.stringContaining('UNREACHABLE') } },
    ]);
    stage.vendor.statusTroubles.length = 0;
    stage.vendor.finishAll('completed');
    await stage.pass(days);
    expect(await stage.operations()).toMatchObject([{ state: 'completed', fault: null }]);
  });

  test('a record that the vendor says it does not know is lost after a day, and people are told', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    stage.vendor.statusTroubles.push(...Array(1_000).fill(fault('NOT_FOUND', 'No such deletion.')));
    await stage.pass(20 * hours);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted' }]);
    await stage.pass(days);
    expect(await stage.task('a')).toMatchObject({ state: 'error', fault: { code: 'RECORD_EXPIRED' } });
    const { status } = stage.vendor.calls;
    await stage.pass(10 * days);
    expect(stage.vendor.calls.status).toBe(status);
  });

  test('an answer that cannot be written down counts as none', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    // Later than any time that the database knows.
    stage.vendor.finishAll('completed', { finishedAt: '+275760-09-13T00:00:00.000Z' });
    for (let passed = 0; passed < 3; passed += 1) await stage.pass(days);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', fault: { code: 'VENDOR_SILENT' } }]);
  });

  test('a fixed interval serves try-outs', async () => {
    await open({ pollIntervalMs: 30_000, planWindowMs: 100 });
    await stage.addPeople({ a: ['1'] });
    await stage.pass(1_000);
    const { status } = stage.vendor.calls;
    for (let i = 0; i < 5; i += 1) await stage.pass(30_000);
    expect(stage.vendor.calls.status - status).toBeGreaterThanOrEqual(5);
  });
});

describe('cancelling', () => {
  test('a person who waits is cancelled, and never planned', async () => {
    await open();
    await stage.addPeople({ a: ['1'], b: ['2'] });
    await stage.lifecycle.cancel('a');
    expect(await stage.request('a')).toMatchObject({ state: 'cancelled' });
    await stage.pass(minutes);
    expect(stage.vendor.tally()).toEqual(new Map([['2', 1]]));
    await expect(stage.lifecycle.cancel('a')).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    await expect(stage.lifecycle.cancel('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a deletion that the vendor has is not said to be final where only its connection cannot be used now', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    await stage.connections.setState('c1', 'paused');
    await expect(stage.lifecycle.cancel('a')).rejects.toThrow('cannot be used now');
    await stage.connections.setState('c1', 'active');
    expect(await stage.lifecycle.cancel('a')).toMatchObject({ cancelled: 1 });
  });

  test('a person in a planned operation leaves it, and what goes out is without them', async () => {
    await open();
    stage.vendor.troubles.push({ fault: fault('RATE_LIMITED', 'Slower.', { retryAfterMs: hours }) });
    await stage.addPeople({ a: ['1', '1b'], b: ['2'] });
    await stage.pass(minutes);
    await stage.lifecycle.cancel('a');
    expect(await stage.task('a')).toMatchObject({ state: 'cancelled', operation: null });
    await stage.pass(2 * hours);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', subjects: 1, identifiers: 1 }]);
    expect(stage.vendor.tally()).toEqual(new Map([['2', 1]]));
    stage.vendor.finishAll('completed');
    await stage.pass(3 * hours);
    expect(await stage.request('a')).toMatchObject({ state: 'cancelled' });
    expect(await stage.request('b')).toMatchObject({ state: 'complete' });
  });

  test('who left an operation before it was submitted has nothing to do with what becomes of it', async () => {
    await open();
    stage.vendor.troubles.push({ fault: fault('RATE_LIMITED', 'Slower.', { retryAfterMs: hours }) }, 'lost-after');
    stage.vendor.reconcileAnswers.push({ found: 'undecidable', fault: fault('NOT_SUPPORTED', 'There is no list.') });
    await stage.addPeople({ a: ['1'], b: ['2'] });
    await stage.pass(minutes);
    await stage.lifecycle.cancel('a');
    await stage.pass(2 * hours);
    const [operation] = await stage.operations();
    expect(operation).toMatchObject({ state: 'undecided' });
    expect(await stage.task('b')).toMatchObject({
      state: 'waiting_for_person',
      fault: { code: 'SUBMISSION_UNCERTAIN' },
    });
    expect(await stage.task('a')).toMatchObject({ state: 'cancelled', fault: null });
    await stage.lifecycle.settle(operation?.id ?? 0, { confirm: 'ref-1' });
    expect(await stage.lifecycle.retryAll({})).toEqual({ retried: 0, unsettled: 0, unsendable: 0 });
    stage.vendor.finishAll('completed');
    await stage.pass(3 * hours);
    expect(stage.vendor.tally()).toEqual(new Map([['2', 1]]));
    expect(await stage.request('b')).toMatchObject({ state: 'complete' });
    const rows = await requestRows(stage.db, 'a');
    expect(rows?.operations).toEqual([]);
    const ids = { carried: [], left: rows?.left ?? new Map() };
    const told = await timelineOf(stage.db, await stage.request('a'), rows?.tasks ?? [], ids, new Map());
    expect(told.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['operation.held', 'task.cancelled']));
    expect(told.map(({ kind }) => kind)).not.toContain('operation.completed');
  });

  test('a person of whom a part is at the vendor is not told that all was taken back', async () => {
    await open({ config: { behavior: 'complete-on-submit' }, submitters: 1 });
    stage.vendor.refuses.add('bad');
    stage.vendor.onSubmit = async () => {
      // The third submission is that of the part with the identifier that was refused.
      if (stage.vendor.calls.submit !== 3) return;
      stage.vendor.refuses.clear();
      stage.vendor.troubles.push({ fault: fault('RATE_LIMITED', 'Slower.', { retryAfterMs: hours }) });
    };
    await stage.addPeople({ a: ['good', 'bad'] });
    await stage.pass(minutes);
    expect((await stage.operations()).map(({ state }) => state)).toEqual(['divided', 'accepted', 'planned']);
    await expect(stage.lifecycle.cancel('a')).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    await stage.pass(2 * hours);
    expect(await stage.request('a')).toMatchObject({ state: 'complete' });
    expect(stage.vendor.tally()).toEqual(
      new Map([
        ['good', 1],
        ['bad', 1],
      ]),
    );
  });

  test('an operation that everybody left is not sent at all', async () => {
    await open();
    stage.vendor.troubles.push({ fault: fault('RATE_LIMITED', 'Slower.', { retryAfterMs: hours }) });
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    await stage.lifecycle.cancel('a');
    await stage.pass(2 * hours);
    expect(await stage.operations()).toMatchObject([{ state: 'cancelled' }]);
    expect(stage.vendor.records.size).toBe(0);
  });

  test('a submitted operation of this person alone is cancelled at the vendor', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    await stage.lifecycle.cancel('a');
    expect(stage.vendor.calls.cancel).toBe(1);
    expect(await stage.request('a')).toMatchObject({ state: 'cancelled' });
    expect(await stage.operations()).toMatchObject([{ state: 'cancelled' }]);
  });

  test('a submitted operation that others are in is not, and says why', async () => {
    await open();
    await stage.addPeople({ a: ['1'], b: ['2'] });
    await stage.pass(minutes);
    await expect(stage.lifecycle.cancel('a')).rejects.toMatchObject({
      code: 'STATE_FORBIDS',
      detail: expect.stringContaining('other people'),
    });
    expect(stage.vendor.calls.cancel).toBe(0);
  });
});

describe('the parts of a divided operation', () => {
  test('tell only the people in them when they are expected', async () => {
    await open({ pollIntervalMs: hours });
    stage.vendor.refuses.add('u1');
    await stage.addPeople(crowd(4));
    await stage.pass(minutes);
    const expectedBy = new Date(stage.clock.now() + 300 * days);
    for (const record of stage.vendor.records.values()) {
      if (record.values.includes('u0')) record.status = { ...record.status, expectedBy: expectedBy.toISOString() };
    }
    const before = (await stage.task('u-2')).expectedBy;
    await stage.pass(hours);
    expect((await stage.task('u-0')).expectedBy).toEqual(expectedBy);
    expect((await stage.task('u-2')).expectedBy).toEqual(before);
  });

  test('keep nobody from a retry whose own part is at its end', async () => {
    await open();
    stage.vendor.refuses.add('u1');
    await stage.addPeople(crowd(4));
    await stage.pass(minutes);
    expect(await stage.task('u-1')).toMatchObject({ state: 'error' });
    stage.vendor.refuses.clear();
    expect(await stage.lifecycle.retry('u-1')).toEqual({ retried: 1, unsettled: 0, unsendable: 0 });
    await stage.pass(minutes);
    expect([...stage.vendor.tally().values()]).toEqual([1, 1, 1, 1]);
  });
});

describe('two parts of a divided operation', () => {
  test('that end in the same moment conclude whoever is in both', async () => {
    await open({ pollIntervalMs: hours });
    stage.vendor.refuses.add('bad');
    await stage.addPeople({ a: ['good', 'bad', 'fine'] });
    await stage.pass(minutes);
    const parts = (await stage.operations()).filter(({ state }) => state === 'accepted');
    expect(parts).toHaveLength(2);
    expect(await stage.task('a')).toMatchObject({ state: 'processing' });
    const now = new Date(stage.clock.now());
    const end = (part: (typeof parts)[number] | undefined, meanwhile?: () => Promise<unknown>) =>
      stage.db.orm.transaction(async (tx) => {
        const [row] = await tx
          .update(operations)
          .set({ state: 'completed', finishedAt: now })
          .where(eq(operations.id, part?.id ?? 0))
          .returning();
        if (row !== undefined) await concludeTasks(tx, row, now, undefined);
        await meanwhile?.();
      });
    let second: Promise<void> | undefined;
    await end(parts[0], async () => {
      second = end(parts[1]);
      // As far as it comes while the first is not committed.
      await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 300))]);
    });
    await second;
    expect(await stage.task('a')).toMatchObject({ state: 'error', fault: { code: 'IDENTIFIER_REFUSED' } });
  });
});

describe('many people', () => {
  test('20,000 people cost as many operations as their identifiers fill, each submitted once', async () => {
    await open();
    await stage.addPeople(crowd(20_000));
    await stage.idle();
    await stage.pass(minutes);
    const made = await stage.operations();
    expect(made.map(({ reference }) => reference !== null)).toEqual(Array(4).fill(true));
    expect(stage.vendor.calls.submit).toBe(4);
    expect(stage.vendor.tally().size).toBe(20_000);
    stage.vendor.finishAll('completed');
    await stage.pass(3 * hours);
    const { rows } = await stage.db.pool.query(
      'select state, count(*)::int as many from connector_host.requests group by state',
    );
    expect(rows).toEqual([{ state: 'complete', many: 20_000 }]);
  });

  test('people of several identifiers are packed across the chunks they are read in', async () => {
    await open();
    const people = Object.fromEntries(
      Array.from({ length: 23_000 }, (_, i) => [`p-${i}`, [`${i}a`, `${i}b`].slice(0, 1 + (i % 2))]),
    );
    await stage.addPeople(people);
    await stage.idle();
    await stage.pass(minutes);
    const made = await stage.operations();
    const identifiers = made.reduce((sum, one) => sum + one.identifiers, 0);
    expect(identifiers).toBe(34_500);
    expect(made).toHaveLength(Math.ceil(34_500 / 5_000));
  });
});
