import { appendFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import fc from 'fast-check';

/**
 * How many cases an entrance is tried with: its share of all, by hundredths. `npm test` tries some hundred each; `npm run test:security`
 * sets SECURITY_CASES to the number of all.
 */
export function casesOf(percent: number, short = 200): number {
  const all = Number(process.env['SECURITY_CASES'] ?? 0);
  return all > 0 ? Math.ceil((all * percent) / 100) : short;
}

/** Tries an entrance, and tells the run how often that was; fails with the smallest case that gets through, and its seed. */
export async function tries<T>(
  entrance: string,
  cases: number,
  input: fc.Arbitrary<T>,
  holds: (input: T) => Promise<void> | void,
  regressions: readonly T[] = [],
): Promise<void> {
  // The short form tries the same cases each time, so that it fails for a change and not by chance; the long one looks for new ones.
  const seed = process.env['SECURITY_SEED'] ?? (process.env['SECURITY_CASES'] === undefined ? '20261123' : undefined);
  const found = await fc.check(
    fc.asyncProperty(input, async (value) => holds(value)),
    {
      numRuns: cases,
      examples: regressions.map((one): [T] => [one]),
      // A case that hangs is a case that got through.
      interruptAfterTimeLimit: 20 * 60_000,
      timeout: 15_000,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
    },
  );
  const tally = process.env['SECURITY_TALLY'];
  if (tally !== undefined) {
    const through = found.failed ? 1 : 0;
    appendFileSync(tally, `${JSON.stringify({ entrance, cases: found.numRuns, through, seed: found.seed })}\n`);
  }
  expect(found.failed ? `${fc.defaultReportMessage(found)}\n${String(found.errorInstance)}` : '').toBe('');
  expect(found.interrupted).toBe(false);
}
