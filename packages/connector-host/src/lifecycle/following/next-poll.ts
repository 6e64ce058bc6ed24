/** When an operation is looked at next. Pure. */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Status calls that all operations of a connection together may cost in a day. */
export const DAILY_BUDGET = 2_400;

/** What the next look depends on. Times in milliseconds since the epoch. */
export interface PollTerms {
  readonly acceptedAt: number;
  readonly now: number;
  /** Operations of the connection that are being followed, this one included. */
  readonly open: number;
  /** From 0 up to 1; spreads operations that were accepted together. */
  readonly random: number;
  /** Fixed interval for try-outs; overrides everything else. */
  readonly pollIntervalMs?: number | undefined;
}

/** Soon after submission, then hourly, then slower the older: a deletion takes hours to weeks. */
function interval(age: number): number {
  if (age < 2 * hour) return Math.max(2 * minute, age / 2);
  if (age < 7 * day) return hour;
  if (age < 14 * day) return 2 * hour;
  if (age < 30 * day) return 3 * hour;
  return age < 60 * day ? 6 * hour : 12 * hour;
}

/** No operation waits longer for its next look than the longer of these, in milliseconds: by its age, and by how many share the budget. */
export const longestWait = { byAge: 12 * hour * 1.2, forEachOpen: (day / DAILY_BUDGET) * 1.2 } as const;

/**
 * The time of the next look, in milliseconds since the epoch. Never sooner than lets all operations of the connection share
 * {@link DAILY_BUDGET}; the jitter only ever adds, up to a fifth.
 */
export function nextPoll({ acceptedAt, now, open, random, pollIntervalMs }: PollTerms): number {
  if (pollIntervalMs !== undefined) return now + pollIntervalMs;
  const fair = (Math.max(open, 1) * day) / DAILY_BUDGET;
  return Math.ceil(now + Math.max(interval(Math.max(now - acceptedAt, 0)), fair) * (1 + random / 5));
}
