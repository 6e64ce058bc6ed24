/** Longer than a month no wait is believed: the quota of a calendar month is the longest thing that vendors count. */
const MAX_WAIT_MS = 31 * 24 * 60 * 60 * 1000;

/** Longer waits than this are not about a request rate. */
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

/** A wait that can be believed: whole milliseconds, none below 0, at most {@link MAX_WAIT_MS}. */
export function believable(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms)), MAX_WAIT_MS);
}

/** Reads `Retry-After` (RFC 9110): whole seconds, or a date. Milliseconds from `now`; nonsense is passed over. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d{1,10}\s*$/.test(value)) return believable(Number(value) * 1000);
  const at = parseMailDate(value);
  return at === undefined ? undefined : believable(at - now);
}
