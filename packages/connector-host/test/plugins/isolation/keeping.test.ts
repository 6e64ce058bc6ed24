/** When a connector whose process failed is started again, and when it is left be. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Operation } from 'connector-contract';
import { importLimitOf } from 'connector-contract/loading';
import { standingOf, usualRestarts } from '../../../src/plugins/isolation/limits.js';
import { testContext } from '../context.js';
import { how, openScene, type Scene } from './rampant.js';

const second = 1_000;
const minute = 60 * second;

test.each([
  ['fast', 200, 10_000],
  ['slow', 2_000, 24_000],
])('an import on a %s machine may take as long as it needs there', (_, startedInMs, limit) => {
  expect(importLimitOf(10_000, startedInMs)).toBe(limit);
});

describe('the standing of a connector', () => {
  const terms = { firstMs: second, mostMs: 3 * second, failures: 5, withinMs: 10 * minute, restMs: 5 * minute };
  test.each([
    ['never failed', [], 0, { state: 'sound' }],
    ['failed once', [0], 0, { state: 'sound' }],
    ['failed twice', [0, 100], 100, { state: 'waiting', until: 1_100 }],
    ['failed twice, a while ago', [0, 100], 1_100, { state: 'sound' }],
    ['failed three times', [0, 100, 200], 200, { state: 'waiting', until: 2_200 }],
    ['failed four times: waits no longer than the most', [0, 1, 2, 200], 200, { state: 'waiting', until: 3_200 }],
    ['failed five times', [0, 1, 2, 3, 4], 4, { state: 'suspended', until: 4 + 5 * minute, failures: 5 }],
    ['failed five times, and has rested', [0, 1, 2, 3, 4], 4 + 5 * minute, { state: 'sound' }],
    [
      'failed in its one try after the rest',
      [1, 2, 3, 4, 5 * minute],
      5 * minute,
      { state: 'suspended', until: 10 * minute, failures: 5 },
    ],
    [
      'failed five times, far apart',
      [0, 20 * minute, 40 * minute, 60 * minute, 80 * minute],
      80 * minute,
      { state: 'sound' },
    ],
  ] as const)('that %s', (_which, failures, now, standing) => {
    expect(standingOf(failures, now, terms)).toEqual(standing);
  });
});

describe('a connector that fails', () => {
  let scene: Scene | undefined;
  afterEach(async () => {
    await scene?.registry.close();
    scene = undefined;
  });
  const whole: Operation = {
    subjects: [{ id: 'a', identifiers: [{ kind: 'email', value: 'ada@example.org' }] }],
    identifierCount: 1,
    bytes: 1,
  };

  test('again waits longer before it is started again; a submission meanwhile was certainly not taken', async () => {
    let now = 0;
    scene = await openScene({ restarts: { ...usualRestarts, firstMs: 10 * second }, now: () => now });
    const { rampant } = scene;
    await rampant.check(how('exits'));
    await rampant.check(how('exits'));
    expect(await rampant.submit(whole, how('behaves'))).toMatchObject({
      accepted: false,
      certain: 'not-taken',
      fault: { code: 'CONNECTOR_CRASHED', retryable: true, retryAfterMs: 10 * second },
    });
    now = 10 * second;
    expect(await rampant.check(how('behaves'))).toMatchObject({ status: 'ready' });
  });

  test('again and again is listed as refused for a while, with the reason and the time of its next try', async () => {
    let now = Date.UTC(2025, 0, 1);
    scene = await openScene({ restarts: { failures: 2, restMs: 5 * minute }, now: () => now });
    const { registry, rampant, neighbour } = scene;
    await rampant.check(how('exits'));
    expect(registry.list()).toContainEqual(expect.objectContaining({ id: 'rampant', state: 'ready' }));
    await rampant.check(how('exits'));
    expect(registry.list()).toContainEqual(
      expect.objectContaining({
        id: 'rampant',
        state: 'refused',
        code: 'CRASHED_REPEATEDLY',
        reason: expect.stringMatching(/2 times.*ended by itself with code 0.*2025-01-01T00:05:00/),
        remedy: expect.any(String),
      }),
    );
    expect(registry.runner('rampant')).toBeUndefined();
    expect(await neighbour.check(testContext({}))).toMatchObject({ status: 'ready' });
    // Whoever had it in hand before does not reach it either.
    expect(await rampant.submit(whole, how('behaves'))).toMatchObject({ certain: 'not-taken' });
    now += 5 * minute;
    expect(await registry.runner('rampant')?.check(how('behaves'))).toMatchObject({ status: 'ready' });
    expect(registry.list()).toContainEqual(expect.objectContaining({ id: 'rampant', state: 'ready' }));
  });

  test('has no more calls at a time than it may', async () => {
    scene = await openScene({ limits: { calls: 1 } });
    const { rampant } = scene;
    const controller = new AbortController();
    const first = rampant.check(how('hangs for ever', { signal: controller.signal }));
    expect(await rampant.submit(whole, how('behaves'))).toMatchObject({
      certain: 'not-taken',
      fault: { code: 'CONNECTOR_BUSY', retryable: true },
    });
    const next = rampant.check(how('behaves'));
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await next).toMatchObject({ status: 'ready' });
  });
});
