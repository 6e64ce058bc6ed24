/** What a connector's process may use, and how often it may fail. */

/** Limits of a connector's process. */
export interface ProcessLimits {
  /** MiB of JavaScript objects. */
  readonly heapMiB: number;
  /** MiB of memory in all; where it takes more, it is ended. */
  readonly memoryMiB: number;
  /** Milliseconds without a sign of life, while it has work, after which it counts as stuck and is ended. */
  readonly unresponsiveMs: number;
  /** Milliseconds between two looks at its memory. */
  readonly watchMs: number;
  /** Calls at a time; more wait. */
  readonly calls: number;
  /** Lines that one call may log. */
  readonly lines: number;
  /** Lines a minute about what it does outside of its answers: rejections that nobody handles; and as many about refused connections. */
  readonly strayLines: number;
  /** Messages a minute that no call waits for: of refused connections, of rejections, of calls that are over. More end it. */
  readonly strayMessages: number;
  /** What its calls together may wait for at a time: turns and sleeps. */
  readonly asks: number;
  /** Milliseconds from its start until it can load a connector. */
  readonly startMs: number;
  /** Milliseconds it has to end by itself when the host lets go of it. */
  readonly farewellMs: number;
}

/** The usual limits. */
export const usualLimits: ProcessLimits = {
  heapMiB: 256,
  memoryMiB: 512,
  unresponsiveMs: 10_000,
  watchMs: 250,
  calls: 32,
  lines: 1_000,
  strayLines: 20,
  strayMessages: 20_000,
  asks: 2_048,
  startMs: 60_000,
  farewellMs: 1_000,
};

/** When a process that ended by itself is started again. */
export interface RestartTerms {
  /** Milliseconds before the second start after failures that follow each other; doubled each time. */
  readonly firstMs: number;
  readonly mostMs: number;
  /** So many failures within `withinMs` suspend the connector for `restMs`; then it gets one more try. */
  readonly failures: number;
  readonly withinMs: number;
  readonly restMs: number;
}

/** The usual terms. */
export const usualRestarts: RestartTerms = {
  firstMs: 500,
  mostMs: 30_000,
  failures: 5,
  withinMs: 10 * 60_000,
  restMs: 5 * 60_000,
};

/** Whether a connector may be started: at once, not before a time, or not at all until then. */
export type Standing =
  | { readonly state: 'sound' }
  | { readonly state: 'waiting'; readonly until: number }
  | { readonly state: 'suspended'; readonly until: number; readonly failures: number };

/**
 * What follows from a connector's failures. The first of a row costs nothing, since it may be an accident.
 * @param failures milliseconds since the epoch, oldest first.
 */
export function standingOf(failures: readonly number[], now: number, terms: RestartTerms): Standing {
  const last = failures.at(-1);
  if (last === undefined) return { state: 'sound' };
  // Counted back from the last one: resting must not by itself wipe out what led to the rest.
  const row = failures.filter((at) => at > last - terms.withinMs).length;
  if (row >= terms.failures) {
    const until = last + terms.restMs;
    return until > now ? { state: 'suspended', until, failures: row } : { state: 'sound' };
  }
  const until = row === 1 ? last : last + Math.min(terms.mostMs, terms.firstMs * 2 ** (row - 2));
  return until > now ? { state: 'waiting', until } : { state: 'sound' };
}
