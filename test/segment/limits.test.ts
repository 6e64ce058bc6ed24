import { describe, expect, test } from '@jest/globals';
import { quotaReading, waitAdvised } from '../../src/segment/limits.js';
import { NOW } from './harness.js';

const inFiveMinutes = 'Thu, 15 Jan 2026 12:05:00 GMT';

describe('the wait that is asked for', () => {
  test.each([
    ['Retry-After before all', { 'retry-after': '7', 'x-ratelimit-reset': inFiveMinutes }, 57_647, 7_000],
    ['msBeforeNext before the reset', { 'x-ratelimit-reset': inFiveMinutes }, 57_647, 57_647],
    ['the reset where there is nothing else', { 'x-ratelimit-reset': inFiveMinutes }, undefined, 300_000],
    ['the next best where Retry-After is nonsense', { 'retry-after': 'soon' }, 57_647, 57_647],
    ['the next best where msBeforeNext is nonsense', { 'x-ratelimit-reset': inFiveMinutes }, 'soon', 300_000],
    ['a reset in ISO 8601', { 'x-ratelimit-reset': '2026-01-15T12:05:00Z' }, undefined, 300_000],
    [
      'the reset under its other name',
      { 'x-regulation-ratelimit-quota-reset': '2026-01-15T12:05:00.5+00:00' },
      undefined,
      300_500,
    ],
    ['a reset that is past as no wait', { 'x-ratelimit-reset': 'Thu, 15 Jan 2026 11:00:00 GMT' }, undefined, 0],
    ['never more than a month', {}, 1e15, 31 * 86_400_000],
    ['whole milliseconds', {}, 10.2, 11],
  ])('is %s', (_, headers, msBeforeNext, ms) => {
    expect(waitAdvised(headers as Record<string, string>, msBeforeNext, NOW)).toBe(ms);
  });

  test.each([
    ['nothing is said', {}, undefined],
    ['it is negative', {}, -1],
    ['it is not a number', {}, Number.NaN],
    ['the reset is a day without a time', { 'x-ratelimit-reset': '2026-01-15' }, undefined],
    ['the reset is of no zone', { 'x-ratelimit-reset': '2026-01-15T12:05:00' }, undefined],
    ['the reset is no date', { 'x-ratelimit-reset': '1768478700' }, undefined],
  ])('is unknown where %s', (_, headers, msBeforeNext) => {
    expect(waitAdvised(headers as Record<string, string>, msBeforeNext, NOW)).toBeUndefined();
  });
});

describe('the quota of a creation', () => {
  test('is read from the three headers', () => {
    const headers = {
      'x-ratelimit-remaining': '109500',
      'x-ratelimit-consumed': '500',
      'x-ratelimit-reset': inFiveMinutes,
    };
    expect(quotaReading(headers)).toEqual({ remaining: 109_500, consumed: 500, resetsAt: '2026-01-15T12:05:00.000Z' });
  });

  test('is read from the headers under their other names, which speak of nothing else', () => {
    const headers = {
      'x-regulation-ratelimit-remaining': '7',
      'x-regulation-ratelimit-quota-reset': '2026-02-01T00:00:00.000Z',
      'x-ratelimit-remaining': '599',
      'x-ratelimit-reset': inFiveMinutes,
    };
    expect(quotaReading(headers)).toEqual({ remaining: 7, resetsAt: '2026-02-01T00:00:00.000Z' });
  });

  test('holds only what was said in a readable way', () => {
    expect(quotaReading({ 'x-ratelimit-remaining': 'many', 'x-ratelimit-consumed': '3' })).toEqual({ consumed: 3 });
  });

  test('is absent where nothing was said', () => {
    expect(quotaReading({ 'content-type': 'application/json' })).toBeUndefined();
  });
});
