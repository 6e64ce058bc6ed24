import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from 'connector-contract';

/** The longest time that a timer of Node counts, in milliseconds; a longer one would be over at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A clock that is held against others, so that a wrong one does no harm. */
export interface HostClock extends Clock {
  /**
   * Why nothing that cannot be undone may follow from the time, in words for people; `undefined` where nothing speaks against it.
   * @param connection weighs what the vendor of this one says, too.
   */
  doubt?(connection?: string): Promise<string | undefined>;
  /** The vendor of a connection says what time it is, in milliseconds since the epoch. */
  heardFrom?(connection: string, time: number): void;
}

/** Sleeps by the timers of this machine, however long. Rejects with the signal's reason when it aborts first. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    for (let left = ms; left > 0; left -= LONGEST_TIMER_MS) {
      await delay(Math.min(left, LONGEST_TIMER_MS), undefined, signal === undefined ? {} : { signal });
    }
    signal?.throwIfAborted();
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}

/** The clock of this machine. */
export const systemClock: Clock = { now: () => Date.now(), sleep };

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
