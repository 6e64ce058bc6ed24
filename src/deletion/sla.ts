import { ownManifest } from '../manifest.js';

const dayMs = 24 * 60 * 60 * 1000;

/** ISO 8601: by when Segment means to be done with what it took at `takenAt` (milliseconds since the epoch). */
export function expectedBy(takenAt: number): string {
  return new Date(takenAt + (ownManifest().deletion?.slaDays ?? 0) * dayMs).toISOString();
}

/** Whether Segment still has the records of that time, both in milliseconds since the epoch: after a while it neither tells nor lists them. */
export function isRecordKept(at: number, now: number): boolean {
  return now - at < (ownManifest().deletion?.recordKeptDays ?? 0) * dayMs;
}
