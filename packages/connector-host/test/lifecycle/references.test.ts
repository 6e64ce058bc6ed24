/** A reference that two operations have, and an answer that cannot be written down: a person is told, and decides. */
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { minutes, Stage, type StageOptions } from './stage.js';

let stage: Stage;
const open = async (options?: StageOptions) => {
  stage = await Stage.open(options);
};
afterEach(() => stage.close());

/** Two people in operations of their own, of which the vendor answers the second with the reference of the first. */
async function repeated(): Promise<void> {
  stage.vendor.references.push('deleted-1', 'deleted-1');
  await stage.addPeople({ a: ['1'] });
  await stage.pass(minutes);
  await stage.addPeople({ b: ['2'] });
  await stage.pass(minutes);
}

describe('a reference that another operation has', () => {
  test('sets the operation aside until a person has decided, and leaves the first one alone', async () => {
    await open();
    await repeated();
    expect((await stage.operations()).map(({ state, reference }) => [state, reference])).toEqual([
      ['accepted', 'deleted-1'],
      ['undecided', null],
    ]);
    expect(await stage.task('a')).toMatchObject({ state: 'processing' });
    expect(await stage.task('b')).toMatchObject({
      fault: { code: 'REFERENCE_REPEATED', message: expect.stringContaining('deleted-1'), remedy: expect.any(String) },
    });
    const calls = stage.vendor.calls.submit;
    await stage.pass(60 * minutes);
    expect(stage.vendor.calls.submit).toBe(calls);
  });

  test('is followed to its end under the reference that a person confirms, be it the repeated one', async () => {
    await open({ pollIntervalMs: minutes });
    await repeated();
    const [first, second] = await stage.operations();
    await stage.lifecycle.settle(second?.id ?? 0, { confirm: 'deleted-1' });
    expect((await stage.operations()).map(({ reference }) => reference)).toEqual(['deleted-1', 'deleted-1']);
    stage.vendor.finishAll('completed');
    await stage.pass(5 * minutes);
    expect([await stage.request('a'), await stage.request('b')]).toEqual([
      expect.objectContaining({ state: 'complete' }),
      expect.objectContaining({ state: 'complete' }),
    ]);
    expect(first?.id).not.toBe(second?.id);
  });

  test('is sent again where a person says so', async () => {
    await open();
    await repeated();
    await stage.lifecycle.settle((await stage.operations())[1]?.id ?? 0, 'resubmit');
    await stage.pass(minutes);
    expect((await stage.operations())[1]).toMatchObject({ state: 'accepted', reference: 'ref-3' });
  });

  test('is no trouble where the connector asks for shared references', async () => {
    await open();
    Object.assign(stage.vendor.manifest.contract, { features: ['shared-references'] });
    await repeated();
    expect((await stage.operations()).map(({ state, reference }) => [state, reference])).toEqual([
      ['accepted', 'deleted-1'],
      ['accepted', 'deleted-1'],
    ]);
  });

  test('that a look for a lost submission finds is set aside in the same way', async () => {
    await open();
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    stage.vendor.troubles.push('lost-after');
    stage.vendor.reconcileAnswers.push({ found: 'accepted', reference: 'ref-1' });
    await stage.addPeople({ b: ['2'] });
    await stage.pass(minutes);
    expect(await stage.task('b')).toMatchObject({ fault: { code: 'REFERENCE_REPEATED' } });
  });
});

test('an answer that the database does not take is told to a person, at once and once', async () => {
  await open();
  // Too long for the index, and no two parts of it alike.
  stage.vendor.references.push(randomBytes(6_000).toString('hex'));
  await stage.addPeople({ a: ['1'] });
  await stage.pass(minutes);
  expect(await stage.task('a')).toMatchObject({ fault: { code: 'OUTCOME_UNRECORDED', remedy: expect.any(String) } });
  expect(await stage.operations()).toMatchObject([{ state: 'undecided', attempts: 1 }]);
  expect(stage.vendor.calls.submit).toBe(1);
});
