import { afterEach, describe, expect, test } from '@jest/globals';
import { crowd, days, hours, minutes, Stage, type StageOptions } from './stage.js';

let stage: Stage;
const open = async (options?: StageOptions) => {
  stage = await Stage.open(options);
};
afterEach(() => stage.close());

describe('from waiting to concluded', () => {
  test('people who come within the plan window share one operation, and are processing once the vendor took it', async () => {
    await open();
    await stage.addPeople({ a: ['1', '2'], b: ['3'] });
    await stage.idle();
    expect(await stage.operations()).toEqual([]);
    await stage.addPeople({ c: ['4'] });
    await stage.pass(minutes);
    expect(await stage.operations()).toMatchObject([
      { state: 'accepted', subjects: 3, identifiers: 4, reference: 'ref-1' },
    ]);
    expect(await stage.task('a')).toMatchObject({ state: 'processing' });
    expect((await stage.task('a')).expectedBy).not.toBeNull();
    expect(await stage.request('a')).toMatchObject({ state: 'processing', concludedAt: null });
  });

  test('a full operation does not wait for the window', async () => {
    await open({ terms: { batch: { maxIdentifiers: 10 } } });
    await stage.addPeople(crowd(25));
    await stage.idle();
    expect((await stage.operations()).map(({ identifiers }) => identifiers)).toEqual([10, 10]);
    await stage.pass(minutes);
    expect((await stage.operations()).map(({ identifiers }) => identifiers)).toEqual([10, 10, 5]);
  });

  test('the most urgent are submitted first', async () => {
    await open({ terms: { batch: { maxIdentifiers: 2 } }, submitters: 1 });
    const soon = new Date(stage.clock.now() + 2 * days);
    await stage.addPeople({ a: ['1'], b: ['2'] });
    await stage.addPeople({ c: ['3'], d: ['4'] }, { dueAt: soon });
    await stage.pass(minutes);
    expect(stage.vendor.arrivals).toEqual([
      ['3', '4'],
      ['1', '2'],
    ]);
  });

  test.each([
    ['completed', 'complete', 'complete'],
    ['completed_with_exceptions', 'complete_with_exceptions', 'left_over'],
    ['failed', 'error', 'error'],
    ['cancelled', 'cancelled', 'cancelled'],
    ['expired', 'error', 'error'],
  ] as const)('an operation that ends %s makes its tasks %s and their requests %s', async (end, task, request) => {
    await open();
    await stage.addPeople({ a: ['1'], b: ['2'] });
    await stage.pass(minutes);
    await stage.pass(2 * days);
    stage.vendor.finishAll(end, { exceptions: [{ system: 'Braze', reason: 'no key' }] });
    await stage.pass(days);
    expect(await stage.operations()).toMatchObject([{ state: end }]);
    expect(await stage.task('b')).toMatchObject({ state: task });
    expect((await stage.task('b')).fault === null).toBe(task !== 'error');
    expect(await stage.request('b')).toMatchObject({ state: request });
    expect((await stage.request('b')).concludedAt).not.toBeNull();
    const calls = stage.vendor.calls.status;
    await stage.pass(2 * days);
    expect(stage.vendor.calls.status).toBe(calls);
  });

  test('complete-on-submit completes at submission, keeps the reference and is not followed', async () => {
    await open({ config: { behavior: 'complete-on-submit' } });
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    expect(await stage.task('a')).toMatchObject({ state: 'complete' });
    expect(await stage.request('a')).toMatchObject({ state: 'complete' });
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', reference: 'ref-1' }]);
    expect(await stage.kinds()).toContain('operation.accepted_complete');
    await stage.pass(2 * days);
    expect(stage.vendor.calls.status).toBe(0);
  });

  test('a request on two connections is concluded when both are, and the worse decides', async () => {
    await open();
    await stage.connections.add('c2', stage.vendor);
    await stage.addPeople({ a: ['1'] }, { on: ['c1', 'c2'] });
    await stage.pass(minutes);
    const [first, second] = [...stage.vendor.records.values()];
    if (!first || !second) throw new Error('two operations were expected');
    first.status = { ...first.status, state: 'completed' };
    await stage.pass(hours);
    expect(await stage.request('a')).toMatchObject({ state: 'processing' });
    second.status = { ...second.status, state: 'failed' };
    await stage.pass(2 * hours);
    expect(await stage.request('a')).toMatchObject({ state: 'error' });
  });

  test('somebody the connector cannot take ends in error with its reason, and the others go on', async () => {
    await open();
    await stage.addPeople({ a: ['a@x.example'], b: ['2'] });
    await stage.pass(minutes);
    expect(await stage.task('a')).toMatchObject({ state: 'error', fault: { code: 'IDENTIFIER_MISSING' } });
    expect(await stage.request('a')).toMatchObject({ state: 'error' });
    expect(await stage.task('b')).toMatchObject({ state: 'processing' });
  });
});
