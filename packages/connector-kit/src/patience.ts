import type { VendorFault } from './fault.js';

/** How long and how often a read is tried. */
export interface Patience {
  /** Requests at most, the first included. */
  readonly attempts: number;
  /** Milliseconds of the first pause; doubled each time. */
  readonly pauseMs: number;
  /** A longer wait than this, in milliseconds, is the host's to plan: the fault is thrown with its `retryAfterMs`. */
  readonly maxPauseMs: number;
  /** 0 (inclusive) to 1 (exclusive): the jitter. */
  readonly random: () => number;
}

/** Each read once: what to repeat, and when, is the host's to say. */
export const once: Patience = { attempts: 1, pauseMs: 500, maxPauseMs: 10_000, random: Math.random };

const passing: ReadonlySet<string> = new Set([
  'RATE_LIMITED',
  'UNREACHABLE',
  'TIMEOUT',
  'VENDOR_ERROR',
  'VENDOR_ANSWER_UNREADABLE',
]);

/**
 * Milliseconds to wait before a read is tried again, or `undefined` where it should not be. Pure but for the jitter: up to a
 * half is added, so that many clients that were turned away together do not come back together.
 * @param attempt how many requests there have been.
 */
export function pauseBefore(fault: VendorFault, attempt: number, patience: Patience): number | undefined {
  if (!fault.retryable || !passing.has(fault.code) || attempt >= patience.attempts) return undefined;
  const least = fault.retryAfterMs ?? patience.pauseMs * 2 ** (attempt - 1);
  if (least > patience.maxPauseMs) return undefined;
  return Math.ceil(least + (patience.random() * Math.max(least, patience.pauseMs)) / 2);
}
