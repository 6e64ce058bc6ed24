import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from 'connector-contract';

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};

/** The clock's present as a `Date`, for a row. */
export function present(clock: Clock): Date {
  return new Date(clock.now());
}

/**
 * Starts a stopwatch; what it answers are milliseconds of real time, whatever clock the host has. The longer of what the wall clock and
 * the monotonic one say: the one can be set back, the other stands still while the machine sleeps.
 */
export function stopwatch(): () => number {
  const wall = Date.now();
  const monotonic = performance.now();
  return () => Math.max(Date.now() - wall, performance.now() - monotonic);
}
