/** When a connection is looked through next. Pure. */

const hourMs = 3_600_000;

/** The last detection that came to an end; times in milliseconds since the epoch. */
export interface LastDetection {
  readonly state: 'complete' | 'failed';
  readonly startedAt: number;
  readonly finishedAt: number;
  /** The connection has been set otherwise since, or it is not known how it was set. */
  readonly outdated: boolean;
}

/**
 * When the next detection is due, in milliseconds since the epoch: at once where there was none, or the connection has been set otherwise since; the cadence after the beginning of a
 * complete one; an hour after one that failed, or the cadence where that is shorter. One in the future counts as one of now.
 */
export function nextDetection(last: LastDetection | undefined, cadenceHours: number, now: number): number {
  if (last === undefined || last.outdated) return now;
  if (last.state === 'complete') return Math.min(last.startedAt, now) + cadenceHours * hourMs;
  return Math.min(last.finishedAt, now) + Math.min(cadenceHours, 1) * hourMs;
}
