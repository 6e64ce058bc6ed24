/**
 * The brute-force limit: how often an address may come with a wrong token. Past that, no token from there is even looked at for the
 * rest of the minute, except one that was right before: guessing goes on for nobody, and working goes on for everybody else.
 */
import type { Clock } from 'connector-contract';

/** Wrong tokens from one address in {@link FAILURE_WINDOW_MS} before it has to wait. */
export const MOST_FAILURES = 30;

/** Length of a window, in milliseconds. */
export const FAILURE_WINDOW_MS = 60_000;

/** Most addresses, and most right tokens, that are remembered; the oldest are forgotten. */
const mostKept = 10_000;

interface Window {
  count: number;
  /** Milliseconds since the epoch. */
  readonly ends: number;
}

/** Counts wrong tokens by address. */
export class Failures {
  private readonly windows = new Map<string, Window>();
  private readonly proven = new Set<string>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /**
   * Whether a token from this address has to wait, and how many seconds.
   * @param fingerprint of the token, not the token.
   */
  waits(address: string, fingerprint: string): number | undefined {
    const window = this.windows.get(address);
    const now = this.clock.now();
    if (window === undefined || window.ends <= now || window.count < MOST_FAILURES) return undefined;
    return this.proven.has(fingerprint) ? undefined : Math.ceil((window.ends - now) / 1000);
  }

  /** Notes a wrong token. */
  failed(address: string, fingerprint: string): void {
    this.proven.delete(fingerprint);
    const now = this.clock.now();
    const window = this.windows.get(address);
    if (window !== undefined && window.ends > now) window.count += 1;
    else {
      this.windows.delete(address);
      this.windows.set(address, { count: 1, ends: now + FAILURE_WINDOW_MS });
      trim(this.windows);
    }
  }

  /** Notes a right token. */
  passed(fingerprint: string): void {
    if (this.proven.has(fingerprint)) return;
    this.proven.add(fingerprint);
    trim(this.proven);
  }
}

function trim(kept: Map<string, Window> | Set<string>): void {
  if (kept.size <= mostKept) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}
