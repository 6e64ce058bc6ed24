import { segmentFault } from './errors.js';

/** Identifiers that one regulation takes at most. */
const maxSubjects = 5_000;

/** @throws SegmentFault before anything is sent, where there are none or more than {@link maxSubjects}. */
export function assertSubjects(subjectIds: readonly string[]): void {
  if (subjectIds.length === 0) throw segmentFault('INPUT_REFUSED', 'There is no identifier to delete.');
  if (subjectIds.length > maxSubjects) {
    throw segmentFault('TOO_LARGE', `A regulation takes at most ${maxSubjects} identifiers.`);
  }
}
