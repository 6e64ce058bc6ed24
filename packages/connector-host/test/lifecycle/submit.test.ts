import { afterEach, describe, expect, test } from '@jest/globals';
import { connections, events } from '../../src/store/schema.js';
import { timelineText } from '../../src/timeline.js';
import { fault } from './scripted-vendor.js';
import { crowd, days, hours, minutes, Stage, type StageOptions } from './stage.js';

let stage: Stage;
const open = async (options?: StageOptions) => {
  stage = await Stage.open(options);
};
afterEach(() => stage.close());

const held = async () => {
  const [row] = await stage.db.orm.select().from(connections);
  return { until: row?.heldUntil?.getTime() ?? 0, code: row?.heldCode, state: row?.state };
};

describe('a lost answer', () => {
  test('that arrived before it was lost is found, and nothing is sent twice', async () => {
    await open();
    stage.vendor.troubles.push('lost-after');
    await stage.addPeople(crowd(3));
    await stage.pass(minutes);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', reference: 'ref-1', attempts: 1 }]);
    expect(stage.vendor.calls).toMatchObject({ submit: 1, reconcile: 1 });
    expect(await stage.kinds()).toEqual(expect.arrayContaining(['operation.uncertain', 'operation.found']));
  });

  test('that never arrived is sent again, and is then there once', async () => {
    await open();
    stage.vendor.troubles.push('lost-before');
    await stage.addPeople(crowd(3));
    await stage.pass(minutes);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', attempts: 2 }]);
    expect([...stage.vendor.tally().values()]).toEqual([1, 1, 1]);
  });

  test('of a connector that throws counts as lost too', async () => {
    await open();
    stage.vendor.troubles.push('throws-after');
    await stage.addPeople(crowd(2));
    await stage.pass(minutes);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', attempts: 1 }]);
    expect(stage.vendor.records.size).toBe(1);
  });

  test('is not sent again while it may still arrive', async () => {
    await open();
    stage.vendor.troubles.push('lost-before');
    const until = stage.clock.now() + 10 * minutes;
    stage.vendor.mayArriveForMs = () => until - stage.clock.now();
    await stage.addPeople(crowd(1));
    await stage.pass(minutes);
    expect(await stage.operations()).toMatchObject([{ state: 'uncertain' }]);
    await stage.pass(5 * minutes);
    expect(stage.vendor.calls.submit).toBe(1);
    await stage.pass(5 * minutes);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', attempts: 2 }]);
  });

  test('is looked for from where the look before stopped, in whichever process, and a later one from the beginning', async () => {
    await open();
    stage.vendor.troubles.push('lost-before', 'lost-before');
    stage.vendor.reconcileAnswers.push(
      { found: 'not-yet', retryAfterMs: 5 * minutes, progress: 'page 7' },
      { found: 'not-yet', retryAfterMs: 0, progress: 'page 9' },
      { found: 'absent' },
    );
    await stage.addPeople(crowd(1));
    await stage.pass(minutes);
    await stage.restart();
    await stage.pass(10 * minutes);
    // The connection rests after each answer that was lost.
    await stage.pass(minutes);
    await stage.pass(minutes);
    // By chance of how long it rested, the vendor has been asked about it already.
    expect(await stage.operations()).toMatchObject([
      { state: expect.stringMatching(/^(accepted|processing)$/), attempts: 3 },
    ]);
    expect(stage.vendor.progress).toEqual([undefined, 'page 7', 'page 9', undefined]);
  });

  test('is looked for again after the vendor could not be asked', async () => {
    await open();
    stage.vendor.troubles.push('lost-after');
    stage.vendor.reconcileAnswers.push(fault('VENDOR_ERROR', 'Down.'));
    await stage.addPeople(crowd(1));
    await stage.pass(minutes);
    await stage.pass(minutes);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', attempts: 1 }]);
  });
});

describe('what cannot be decided', () => {
  const undecided = async (options?: StageOptions) => {
    await open(options);
    stage.vendor.troubles.push('lost-after');
    stage.vendor.reconcileAnswers.push({ found: 'undecidable', fault: fault('NOT_SUPPORTED', 'There is no list.') });
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    const [operation] = await stage.operations();
    return operation?.id ?? 0;
  };

  test('waits for a person, with the remedy, and nothing is sent by itself', async () => {
    await undecided();
    expect(await stage.operations()).toMatchObject([{ state: 'undecided' }]);
    const task = await stage.task('a');
    expect(task).toMatchObject({ state: 'waiting_for_person', fault: { code: 'SUBMISSION_UNCERTAIN' } });
    expect(task.fault).toHaveProperty('remedy', expect.stringMatching(/confirm.*resubmit/));
    expect(await stage.request('a')).toMatchObject({ state: 'waiting_for_person', concludedAt: null });
    await stage.pass(days);
    await expect(stage.lifecycle.retry('a')).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    expect(await stage.lifecycle.retryAll({})).toEqual({ retried: 0, unsettled: 1, unsendable: 0 });
    await stage.pass(days);
    expect(stage.vendor.calls).toMatchObject({ submit: 1, reconcile: 1 });
  });

  test('goes on under the reference that a person confirms', async () => {
    const operation = await undecided();
    await stage.lifecycle.settle(operation, { confirm: 'ref-1' });
    expect(await stage.task('a')).toMatchObject({ state: 'processing', fault: null, concludedAt: null });
    expect(await stage.request('a')).toMatchObject({ state: 'processing', concludedAt: null });
    stage.vendor.finishAll('completed');
    await stage.pass(hours);
    expect(await stage.request('a')).toMatchObject({ state: 'complete' });
    expect(stage.vendor.calls.submit).toBe(1);
  });

  const texts = async () => (await stage.db.orm.select().from(events)).map((event) => timelineText(event)).join('\n');

  test('is not confirmed under a reference that the vendor knows nothing of', async () => {
    const operation = await undecided();
    for (const trouble of [undefined, fault('NOT_FOUND', 'There is no such record.')]) {
      if (trouble !== undefined) stage.vendor.statusTroubles.push(trouble);
      const made = stage.lifecycle.settle(operation, { confirm: trouble === undefined ? 'made-up' : 'ref-1' });
      const errors = [
        expect.objectContaining({ field: 'reference', remedy: expect.stringContaining('send the batch again') }),
      ];
      await expect(made).rejects.toMatchObject({ code: 'REQUEST_INVALID', errors });
    }
    expect(await stage.operations()).toMatchObject([{ state: 'undecided', reference: null }]);
    expect(await stage.task('a')).toMatchObject({ state: 'waiting_for_person' });
  });

  test('that a person and the vendor both know of says so, and counts as submitted', async () => {
    const operation = await undecided({ config: { behavior: 'complete-on-submit' } });
    await stage.lifecycle.settle(operation, { confirm: 'ref-1' });
    expect(stage.vendor.calls.status).toBe(1);
    expect(await stage.task('a')).toMatchObject({ state: 'complete', basis: 'submission' });
    expect(await texts()).toContain(
      'A person said that the vendor has the batch as ref-1, and the vendor confirmed it',
    );
  });

  test.each(['trouble', 'pause'])(
    'is taken at the word of a person alone where the vendor cannot be asked: %s',
    async (why) => {
      const operation = await undecided({ config: { behavior: 'complete-on-submit' } });
      if (why === 'trouble') stage.vendor.statusTroubles.push(fault('VENDOR_ERROR', 'Down.'));
      else await stage.db.orm.update(connections).set({ state: 'paused', config: { behavior: 'complete-on-submit' } });
      await stage.lifecycle.settle(operation, { confirm: 'made-up' });
      expect(await stage.task('a')).toMatchObject({ state: 'complete', basis: 'person' });
      expect(await texts()).toMatch(/A person says that the vendor has the batch as made-up; the vendor was not asked/);
      expect(await texts()).not.toMatch(/had arrived|accepted the batch|confirmed/);
    },
  );

  test('that was taken at the word of a person is followed, and what the vendor says then counts', async () => {
    const operation = await undecided();
    stage.vendor.statusTroubles.push(fault('VENDOR_ERROR', 'Down.'));
    await stage.lifecycle.settle(operation, { confirm: 'ref-1' });
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', personSaid: true }]);
    expect(await texts()).not.toMatch(/had arrived|accepted the batch/);
    stage.vendor.finishAll('completed');
    await stage.pass(days);
    expect(await stage.task('a')).toMatchObject({ state: 'complete', basis: 'vendor' });
  });

  test('is sent again when a person says so', async () => {
    const operation = await undecided();
    await stage.lifecycle.settle(operation, 'resubmit');
    await stage.idle();
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', reference: 'ref-2' }]);
    await expect(stage.lifecycle.settle(operation, 'resubmit')).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    await expect(stage.lifecycle.settle(999, 'resubmit')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('limits', () => {
  test('a used-up quota holds operations visibly until the reset, and they go on by themselves', async () => {
    await open({ terms: { batch: { maxIdentifiers: 1 } } });
    const resetsAt = new Date(stage.clock.now() + 9 * days);
    const quota = { remaining: 0, consumed: 110_000, resetsAt: resetsAt.toISOString() };
    const trouble = { fault: fault('QUOTA_EXHAUSTED', 'Used up.'), quota };
    stage.vendor.troubles.push(trouble, trouble, trouble, trouble);
    await stage.addPeople(crowd(6));
    await stage.pass(minutes);
    expect((await stage.operations()).map(({ state }) => state)).toEqual(Array(6).fill('planned'));
    expect(await held()).toMatchObject({ until: resetsAt.getTime(), code: 'QUOTA_EXHAUSTED' });
    const [row] = await stage.db.orm.select().from(connections);
    expect(row?.quota).toMatchObject({ remaining: 0, consumed: 110_000 });
    stage.vendor.troubles.length = 0;
    const { submit } = stage.vendor.calls;
    await stage.pass(8 * days);
    expect(stage.vendor.calls.submit).toBe(submit);
    expect(await stage.task('u-0')).toMatchObject({ state: 'pending', fault: null });
    await stage.pass(days + minutes);
    expect((await stage.operations()).map(({ state }) => state)).toEqual(Array(6).fill('accepted'));
    expect([...stage.vendor.tally().values()]).toEqual(Array(6).fill(1));
  });

  test('a quota without a date is waited for until the next calendar month', async () => {
    await open();
    stage.vendor.troubles.push({ fault: fault('QUOTA_EXHAUSTED', 'Used up.') });
    await stage.addPeople(crowd(1));
    await stage.pass(minutes);
    const until = new Date((await held()).until);
    expect([until.getUTCDate(), until.getUTCHours(), until.getUTCMinutes()]).toEqual([1, 0, 0]);
    await stage.pass(32 * days);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted' }]);
  });

  test('operations that were accepted are followed while the quota holds the others', async () => {
    await open({ terms: { batch: { maxIdentifiers: 1 } }, submitters: 1 });
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    stage.vendor.troubles.push({ fault: fault('QUOTA_EXHAUSTED', 'Used up.', { retryAfterMs: 20 * days }) });
    await stage.addPeople({ b: ['2'] });
    await stage.pass(minutes);
    stage.vendor.finishAll('completed');
    await stage.pass(2 * hours);
    expect(await stage.request('a')).toMatchObject({ state: 'complete' });
    expect(await stage.request('b')).toMatchObject({ state: 'processing' });
  });

  test('Retry-After is honoured', async () => {
    await open();
    stage.vendor.troubles.push({ fault: fault('RATE_LIMITED', 'Slower.', { retryAfterMs: 10 * minutes }) });
    await stage.addPeople(crowd(1));
    await stage.pass(minutes);
    await stage.pass(8 * minutes);
    expect(stage.vendor.calls.submit).toBe(1);
    await stage.pass(3 * minutes);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', attempts: 2 }]);
  });

  test('a vendor that is down is asked by one operation at a time, more and more seldom, and all go through when it is back', async () => {
    await open({ terms: { batch: { maxIdentifiers: 1 } } });
    const down = { fault: fault('UNREACHABLE', 'Down.') };
    for (let i = 0; i < 1000; i += 1) stage.vendor.troubles.push(down);
    await stage.addPeople(crowd(12));
    for (let i = 0; i < 20; i += 1) await stage.pass(3 * minutes);
    // Without a breaker twelve operations that back off on their own would call more than a hundred times in this hour.
    expect(stage.vendor.calls.submit).toBeLessThan(30);
    stage.vendor.troubles.length = 0;
    for (let i = 0; i < 4; i += 1) await stage.pass(15 * minutes);
    expect([...stage.vendor.tally().values()]).toEqual(Array(12).fill(1));
  });
});

describe('a token that stops working', () => {
  test('turns the connection to reconnect while its operations wait; with a new one they go on', async () => {
    await open();
    stage.vendor.troubles.push({ fault: fault('UNAUTHENTICATED', 'No longer valid.') });
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    expect(await held()).toMatchObject({ state: 'reconnect' });
    expect(await stage.operations()).toMatchObject([{ state: 'planned', fault: { code: 'UNAUTHENTICATED' } }]);
    await stage.addPeople({ b: ['2'] });
    await stage.pass(5 * days);
    expect(stage.vendor.calls.submit).toBe(1);
    expect(await stage.task('b')).toMatchObject({ state: 'pending', operation: null });
    await stage.connections.setState('c1', 'active');
    await stage.lifecycle.resume('c1');
    await stage.idle();
    expect((await stage.operations()).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
  });

  test('while an operation is followed lets it wait as well, and go on', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    stage.vendor.statusTroubles.push(fault('UNAUTHENTICATED', 'No longer valid.'));
    await stage.pass(hours);
    expect(await held()).toMatchObject({ state: 'reconnect' });
    const { status } = stage.vendor.calls;
    await stage.pass(3 * days);
    expect(stage.vendor.calls.status).toBe(status);
    stage.vendor.finishAll('completed');
    await stage.connections.setState('c1', 'active');
    // Nobody tells the lifecycle: the sweep finds it.
    await stage.pass(2 * minutes);
    expect(await stage.request('a')).toMatchObject({ state: 'complete' });
  });
});

describe('division', () => {
  test('a request refused because of one identifier is divided until that one is alone; all others are erased once', async () => {
    await open();
    stage.vendor.refuses.add('u5');
    await stage.addPeople(crowd(16));
    await stage.pass(minutes);
    expect(await stage.task('u-5')).toMatchObject({ state: 'error', fault: { code: 'IDENTIFIER_REFUSED' } });
    expect(await stage.request('u-5')).toMatchObject({ state: 'error' });
    stage.vendor.finishAll('completed');
    await stage.pass(3 * hours);
    for (let i = 0; i < 16; i += 1) {
      expect(await stage.request(`u-${i}`)).toMatchObject({ state: i === 5 ? 'error' : 'complete' });
    }
    expect(stage.vendor.tally()).toEqual(
      new Map(Array.from({ length: 16 }, (_, i) => [`u${i}`, 1] as const).filter(([id]) => id !== 'u5')),
    );
  });

  test('somebody whose identifiers were divided is concluded when the last part is, and the worst part decides', async () => {
    await open();
    stage.vendor.refuses.add('bad');
    await stage.addPeople({ a: ['good', 'bad'], b: ['fine'] });
    await stage.pass(minutes);
    expect(await stage.request('a')).toMatchObject({ state: 'processing' });
    stage.vendor.finishAll('completed');
    await stage.pass(3 * hours);
    expect(await stage.task('a')).toMatchObject({ state: 'error', fault: { code: 'IDENTIFIER_REFUSED' } });
    expect(await stage.request('b')).toMatchObject({ state: 'complete' });
    expect(stage.vendor.tally()).toEqual(
      new Map([
        ['good', 1],
        ['fine', 1],
      ]),
    );
  });
});

describe('a refusal for good', () => {
  test('ends everybody in error with the reason, and a retry sends them again', async () => {
    await open();
    stage.vendor.troubles.push({ fault: fault('INPUT_REFUSED', 'Not like this.', { remedy: 'Do otherwise.' }) });
    await stage.addPeople({ a: ['1'], b: ['2'] });
    await stage.pass(minutes);
    expect(await stage.task('a')).toMatchObject({
      state: 'error',
      fault: { code: 'INPUT_REFUSED', remedy: 'Do otherwise.' },
    });
    await stage.lifecycle.retry('a');
    await stage.idle();
    expect(await stage.task('a')).toMatchObject({ state: 'processing', fault: null });
    expect(await stage.request('a')).toMatchObject({ state: 'processing', concludedAt: null });
    expect(await stage.task('b')).toMatchObject({ state: 'error' });
    await expect(stage.lifecycle.retry('a')).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    await expect(stage.lifecycle.retry('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('can be retried for all who fit a filter', async () => {
    await open();
    stage.vendor.troubles.push({ fault: fault('INPUT_REFUSED', 'Not like this.') });
    await stage.addPeople({ ...crowd(20), x: ['x@x.example'] });
    await stage.pass(minutes);
    expect(await stage.lifecycle.retryAll({ connection: 'other' })).toEqual({
      retried: 0,
      unsettled: 0,
      unsendable: 0,
    });
    expect(await stage.lifecycle.retryAll({ connection: 'c1', code: 'INPUT_REFUSED' })).toEqual({
      retried: 20,
      unsettled: 0,
      unsendable: 0,
    });
    await stage.idle();
    expect(stage.vendor.tally().size).toBe(20);
    expect(await stage.task('x')).toMatchObject({ state: 'error', fault: { code: 'IDENTIFIER_MISSING' } });
  });
});
