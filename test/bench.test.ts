/** The regression check of the benchmark: what it calls worse, in either direction. */
import { expect, test } from '@jest/globals';

interface Line {
  readonly number: number;
  readonly title: string;
  readonly what: string;
  readonly size: number;
  readonly goal: { readonly least?: number; readonly most?: number };
  readonly ratio: { readonly median: number };
}

const { compare, MARGIN } = (await import(new URL('../bench/regression.mjs', import.meta.url).href)) as {
  compare(before: readonly Line[], now: readonly Line[]): string[];
  MARGIN: number;
};

const line = (goal: Line['goal'], median: number, size = 10): Line => ({
  number: 3,
  title: 'Intake',
  what: 'embedded',
  size,
  goal,
  ratio: { median },
});

test.each<[string, Line['goal'], number, number]>([
  ['a rate that is to be high', { least: 0.5 }, 0.6, 0.6 / MARGIN],
  ['a cost that is to be low', { most: 2 }, 1.4, 1.4 * MARGIN],
])('%s is worse beyond the margin, and not within it', (_name, goal, before, border) => {
  const [within, beyond] = goal.least === undefined ? [border - 0.01, border + 0.01] : [border + 0.01, border - 0.01];
  expect(compare([line(goal, before)], [line(goal, within)])).toEqual([]);
  expect(compare([line(goal, before)], [line(goal, beyond)])).toEqual([
    `3. Intake, embedded, 10: ${beyond.toFixed(3)}, and it was ${before.toFixed(3)}`,
  ]);
});

test('a line that was not measured before is compared with nothing', () => {
  expect(compare([line({ most: 2 }, 1)], [line({ most: 2 }, 100, 20)])).toEqual([]);
});
