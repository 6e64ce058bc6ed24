import { describe, expect, test } from '@jest/globals';
import { parseMailDate, parseRetryAfter } from '../src/index.js';
import { NOW } from './harness.js';

const inFiveMinutes = 'Thu, 15 Jan 2026 12:05:00 GMT';

describe('a date of RFC 5322', () => {
  test.each([
    ['Thu, 15 Jan 2026 12:05:00 GMT', NOW + 300_000],
    ['Thu, 15 Jan 2026 12:05:00 +0000', NOW + 300_000],
    ['15 Jan 2026 14:05:00 +0200', NOW + 300_000],
    ['Thu, 15 Jan 2026 12:05 UT', NOW + 300_000],
    ['  Thu, 15 Jan 2026 12:05:00 GMT ', NOW + 300_000],
  ])('is read: %s', (text, at) => {
    expect(parseMailDate(text)).toBe(at);
  });

  test.each([
    '',
    '60',
    '1768478700',
    '2026-01-15T12:05:00Z',
    'soon',
    'Thu, 99 Jan 2026 12:05:00 GMT',
    '15 Foo 2026 12:05:00 GMT',
  ])('is not guessed at: %p', (text) => {
    expect(parseMailDate(text)).toBeUndefined();
  });
});

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['12', 12_000],
    [' 12 ', 12_000],
    [inFiveMinutes, 300_000],
    ['Thu, 15 Jan 2026 11:00:00 GMT', 0],
    ['9999999999', 31 * 86_400_000],
  ])('%p is %d ms', (value, ms) => {
    expect(parseRetryAfter(value, NOW)).toBe(ms);
  });

  test.each([undefined, '', '-5', '1.5', '12s', 'soon', '99999999999'])('%p is nothing', (value) => {
    expect(parseRetryAfter(value, NOW)).toBeUndefined();
  });
});
