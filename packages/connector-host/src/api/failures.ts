/**
 * The brute-force limit: how often an address may come with a wrong token. Past that, no token from there is even looked at for the
 * rest of the minute, except one that was right before: guessing goes on for nobody, and working goes on for everybody else.
 */
import type { Clock } from 'connector-contract';

/** Wrong tokens from one address in {@link FAILURE_WINDOW_MS} before it has to wait. */
export const MOST_FAILURES = 30;

/** Most refused tokens that a minute brings into the audit log. */
const MOST_TOLD = 60;

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
  private told: Window = { count: 0, ends: 0 };
  /** Tokens that are being looked at, by address, each with how often: they may all turn out wrong. */
  private readonly inQuestion = new Map<string, Map<string, number>>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /**
   * Whether a token from this address has to wait, and how many seconds; where it need not, it is in question until {@link passed} or
   * {@link failed} is told of it: a burst of guesses is no more than one after the other.
   * @param fingerprint of the token, not the token.
   */
  waits(address: string, fingerprint: string): number | undefined {
    if (this.proven.has(fingerprint)) return undefined;
    const window = this.windows.get(address);
    const now = this.clock.now();
    const ends = window !== undefined && window.ends > now ? window.ends : now + FAILURE_WINDOW_MS;
    const wrong = window !== undefined && window.ends > now ? window.count : 0;
    const asked = this.inQuestion.get(address) ?? new Map<string, number>();
    const others = asked.size - (asked.has(fingerprint) ? 1 : 0);
    if (wrong + others >= MOST_FAILURES) return Math.ceil((ends - now) / 1000);
    asked.set(fingerprint, (asked.get(fingerprint) ?? 0) + 1);
    this.inQuestion.set(address, asked);
    return undefined;
  }

  /** Notes that a token could not be looked at. */
  unsettled(address: string, fingerprint: string): void {
    const asked = this.inQuestion.get(address);
    const times = asked?.get(fingerprint);
    if (asked === undefined || times === undefined) return;
    if (times > 1) asked.set(fingerprint, times - 1);
    else asked.delete(fingerprint);
    if (asked.size === 0) this.inQuestion.delete(address);
  }

  /** Notes a wrong token. @returns how many came from the address in this window. */
  failed(address: string, fingerprint: string): number {
    this.unsettled(address, fingerprint);
    this.proven.delete(fingerprint);
    const now = this.clock.now();
    const window = this.windows.get(address);
    if (window !== undefined && window.ends > now) {
      window.count += 1;
      return window.count;
    }
    this.windows.delete(address);
    this.windows.set(address, { count: 1, ends: now + FAILURE_WINDOW_MS });
    trim(this.windows);
    return 1;
  }

  /**
   * Whether a wrong token goes into the audit log: the first of an address in its window, and the one after which it has to wait. However
   * many addresses there are, a minute brings no more than {@link MOST_TOLD}: the log is not the guesser's to fill.
   * @param times as {@link failed} answered.
   */
  tells(times: number): boolean {
    if (times !== 1 && times !== MOST_FAILURES) return false;
    const now = this.clock.now();
    if (this.told.ends <= now) this.told = { count: 0, ends: now + FAILURE_WINDOW_MS };
    this.told.count += 1;
    return this.told.count <= MOST_TOLD;
  }

  /** Notes a right token. */
  passed(address: string, fingerprint: string): void {
    this.unsettled(address, fingerprint);
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
