/** How large the answer to a call may be. Pure. */
import { type FrameSize, LARGEST_FRAME } from './frames.js';

/** What any message may hold: far above a page of a detection, and in memory some ten MiB at worst. */
export const ORDINARY_SIZE: FrameSize = { bytes: 4 * 1024 * 1024, parts: 250_000 };

/**
 * How large an answer may be. One that is large tells of the people it was asked about: in the largest, each identifier of each stands
 * in an operation of its own (19 parts for 2 that were sent), or everybody is rejected with a fault that fills a page (21 for 4).
 * @param asked the size of the call as it was sent.
 */
export function largestAnswer(asked: FrameSize): FrameSize {
  return {
    bytes: Math.min(LARGEST_FRAME, ORDINARY_SIZE.bytes + 2 * asked.bytes + 256 * asked.parts),
    parts: ORDINARY_SIZE.parts + 10 * asked.parts,
  };
}
