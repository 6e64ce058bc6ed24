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
