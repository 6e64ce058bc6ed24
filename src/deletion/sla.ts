const dayMs = 24 * 60 * 60 * 1000;

/** Segment means to be done 30 days after it took a regulation (https://segment.com/docs/privacy/user-deletion-and-suppression/). */
export const SLA_DAYS = 30;

/** Segment keeps regulations for 90 days; after that it neither tells nor lists them. */
export const RECORD_KEPT_DAYS = 90;

/** ISO 8601: by when Segment means to be done with what it took at `takenAt` (milliseconds since the epoch). */
export function expectedBy(takenAt: number): string {
  return new Date(takenAt + SLA_DAYS * dayMs).toISOString();
}

/** Whether Segment still has the records of that time, both in milliseconds since the epoch. */
export function isRecordKept(at: number, now: number): boolean {
  return now - at < RECORD_KEPT_DAYS * dayMs;
}

/**
 * A time as Segment gave it, in milliseconds since the epoch; `undefined` where it is absent or no time. One without a zone is
 * in UTC: the zone of the machine that reads it has nothing to do with it.
 */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const zoneless = /^\s*\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*$/.test(text);
  const at = Date.parse(zoneless ? `${text.trim().replace(' ', 'T')}Z` : text);
  return Number.isNaN(at) ? undefined : at;
}

/** ISO 8601 of a time as Segment gave it, or `undefined` where it is absent or no time. */
export function isoTime(text: string | undefined): string | undefined {
  const at = timeOf(text);
  return at === undefined ? undefined : new Date(at).toISOString();
}
