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

/** ISO 8601 of a time as Segment gave it, or `undefined` where it is absent or no time. */
export function isoTime(text: string | undefined): string | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
