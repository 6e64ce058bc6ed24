import { halfJitterGenerator } from 'cockatiel';

const SHORTEST = 1_000;
const LONGEST = 15 * 60_000;

/** After this many failures in a row a connection's circuit is open: one call at a time tries whether it works again. */
export const CIRCUIT_OPENS_AT = 3;

/**
 * How long a connection rests after its `failures`-th failure in a row, in milliseconds: one second, doubled each time, at most 15
 * minutes, with half of it random, and never less than the vendor asked for.
 */
export function backOff(failures: number, retryAfterMs = 0): number {
  const terms = {
    initialDelay: SHORTEST,
    maxDelay: LONGEST,
    exponent: 2,
    generator: halfJitterGenerator,
    maxAttempts: 1,
  };
  const [delay] = halfJitterGenerator(Math.min(Math.max(failures, 1), 20) - 1, terms);
  return Math.max(delay, retryAfterMs);
}
