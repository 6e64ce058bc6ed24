import type { QuotaReading } from 'connector-contract';

/** Headers of an answer, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** Longer than a month no wait is believed: the quota of a calendar month is the longest thing Segment counts. */
export const MAX_WAIT_MS = 31 * 24 * 60 * 60 * 1000;

/** Longer waits than this are not about the request rate, which Segment counts by the minute. */
export const MAX_RATE_WAIT_MS = 60 * 60 * 1000;

const months = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const mailDate = new RegExp(
  `^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\\s*)?\\d{1,2}\\s+(?:${months})\\s+\\d{4}\\s+\\d{2}:\\d{2}(?::\\d{2})?\\s+(?:GMT|UTC|UT|Z|[+-]\\d{4})$`,
  'i',
);

/**
 * Reads a date of RFC 5322 (which the HTTP dates of RFC 9110 are as well).
 * Checked by pattern first, because `Date.parse` makes a date of almost anything (`"60"` is the year 1960).
 * @returns milliseconds since the epoch, or `undefined`.
 */
export function parseMailDate(text: string): number | undefined {
  const trimmed = text.trim();
  if (!mailDate.test(trimmed)) return undefined;
  const at = Date.parse(trimmed.replace(/\s(?:UT|Z)$/i, ' GMT'));
  return Number.isNaN(at) ? undefined : at;
}

const isoDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;

/** When a quota or window begins anew: a date of RFC 5322, or of ISO 8601 with its zone. Milliseconds since the epoch, or `undefined`. */
function parseReset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  const at = isoDate.test(trimmed) ? Date.parse(trimmed) : parseMailDate(trimmed);
  return at === undefined || Number.isNaN(at) ? undefined : at;
}

// What speaks of the regulation quota: Segment's clients are generated from two spellings.
const resetHeaders = ['x-regulation-ratelimit-quota-reset', 'x-ratelimit-reset'] as const;
const remainingHeaders = ['x-regulation-ratelimit-remaining', 'x-ratelimit-remaining'] as const;

function firstOf<T>(
  headers: AnswerHeaders,
  names: readonly string[],
  read: (value: string | undefined) => T | undefined,
) {
  return names.map((name) => read(headers[name])).find((value) => value !== undefined);
}

function bounded(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms)), MAX_WAIT_MS);
}

/** Reads `Retry-After`: whole seconds, or a date. Milliseconds from `now`, at most {@link MAX_WAIT_MS}. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d{1,10}\s*$/.test(value)) return bounded(Number(value) * 1000);
  const at = parseMailDate(value);
  return at === undefined ? undefined : bounded(at - now);
}

/**
 * How long Segment asks to wait, by the best of what it says: `Retry-After`, else `msBeforeNext` of the body, else
 * the header of the reset. Nonsense is passed over; a moment already past is 0.
 * @param msBeforeNext as it came in the body; nothing about it is certain.
 * @param now milliseconds since the epoch.
 */
export function waitAdvised(headers: AnswerHeaders, msBeforeNext: unknown, now: number): number | undefined {
  const retryAfter = parseRetryAfter(headers['retry-after'], now);
  if (retryAfter !== undefined) return retryAfter;
  if (typeof msBeforeNext === 'number' && Number.isFinite(msBeforeNext) && msBeforeNext >= 0) {
    return bounded(msBeforeNext);
  }
  const at = firstOf(headers, resetHeaders, parseReset);
  return at === undefined ? undefined : bounded(at - now);
}

function count(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d{1,12}\s*$/.test(value) ? Number(value) : undefined;
}

/**
 * What the headers of a creation say about the regulation quota, in either spelling. On any other call `X-RateLimit-...` speaks of the
 * request window and is none of this.
 */
export function quotaReading(headers: AnswerHeaders): QuotaReading | undefined {
  const remaining = firstOf(headers, remainingHeaders, count);
  const consumed = count(headers['x-ratelimit-consumed']);
  const resetsAt = firstOf(headers, resetHeaders, parseReset);
  if (remaining === undefined && consumed === undefined && resetsAt === undefined) return undefined;
  return {
    ...(remaining === undefined ? {} : { remaining }),
    ...(consumed === undefined ? {} : { consumed }),
    ...(resetsAt === undefined ? {} : { resetsAt: new Date(resetsAt).toISOString() }),
  };
}
