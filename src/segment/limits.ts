import type { QuotaReading } from 'connector-contract';
import { type AnswerHeaders, believable, parseMailDate, parseRetryAfter, present } from 'connector-kit';

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
    return believable(msBeforeNext);
  }
  const at = firstOf(headers, resetHeaders, parseReset);
  return at === undefined ? undefined : believable(at - now);
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
  return present({
    remaining,
    consumed,
    resetsAt: resetsAt === undefined ? undefined : new Date(resetsAt).toISOString(),
  });
}
