import { describe, expect, test } from '@jest/globals';
import type { CoverageState } from 'connector-contract';
import { nextDetection } from '../../src/systems/cadence.js';
import { summaryOf } from '../../src/systems/summary.js';

const hour = 3_600_000;

describe('the next detection', () => {
  test.each([
    ['at once where there was none', undefined, 24, 1000],
    [
      'at once where the connection has been set otherwise since',
      { state: 'complete', startedAt: 5, finishedAt: 50, outdated: true },
      24,
      1000,
    ],
    [
      'a cadence after the beginning of a complete one',
      { state: 'complete', startedAt: 5, finishedAt: 50, outdated: false },
      24,
      5 + 24 * hour,
    ],
    [
      'an hour after one that failed',
      { state: 'failed', startedAt: 5, finishedAt: 50, outdated: false },
      24,
      50 + hour,
    ],
    [
      'sooner where the cadence is shorter',
      { state: 'failed', startedAt: 5, finishedAt: 50, outdated: false },
      0.5,
      50 + hour / 2,
    ],
  ] as const)('is %s', (_rule, last, cadence, due) => {
    expect(nextDetection(last, cadence, 1000)).toBe(due);
  });
});

describe('the summary', () => {
  test('counts what keeps records, archived or not: event sources do not, and what was decided needs nobody', () => {
    const row = (
      kind: 'source' | 'destination' | 'warehouse',
      coverage: CoverageState,
      count: number,
      more: { gone?: boolean; archived?: boolean; decided?: boolean } = {},
    ) => ({ kind, coverage, count, gone: false, archived: false, decided: false, ...more });
    const summary = summaryOf([
      row('destination', 'reached', 9),
      row('destination', 'forwarded', 3),
      row('destination', 'needs-setup', 2),
      row('source', 'not-reached', 4),
      row('warehouse', 'reached', 2),
      row('warehouse', 'unknown', 5),
      row('destination', 'not-reached', 3, { archived: true }),
      row('destination', 'not-reached', 2, { decided: true }),
      row('warehouse', 'unknown', 1, { decided: true }),
      row('destination', 'reached', 7, { gone: true }),
      row('source', 'reached', 8),
    ]);
    expect(summary).toMatchObject({ total: 31, reached: 14, needYou: 9, decided: 3, unknown: 5, gone: 7, archived: 3 });
    expect(summary.byKind.destination).toEqual({ total: 19, reached: 12, needYou: 5 });
    expect(summary.byKind.source).toEqual({ total: 12, reached: 0, needYou: 4 });
    expect(summary.byCoverage).toEqual({ reached: 11, forwarded: 3, 'needs-setup': 2, 'not-reached': 9, unknown: 6 });
  });

  test('of nothing is all zero', () => {
    expect(summaryOf([])).toMatchObject({ total: 0, reached: 0, needYou: 0, gone: 0 });
  });
});
