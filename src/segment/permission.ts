import { SegmentFault } from './errors.js';

const denied: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'PERMISSION_MISSING', 'READ_ONLY_TOKEN']);

// Segment has looked at the request and says something else than yes or no to it.
const tellsNeither: ReadonlySet<string> = new Set(['CONFLICT', 'NOT_FOUND', 'NOT_SUPPORTED', 'WORKSPACE_NOT_FOUND']);

/**
 * Tells from the answer to a creation about nobody whether the token may create. Segment refuses it as invalid only to those who
 * may; to the others it is forbidden. Should it be taken, it is a regulation about nobody, by a token that may.
 * @param attempt makes the request.
 * @throws SegmentFault where it is not about the token (`PLAN_WITHOUT_API`), or where Segment gave no answer to the question: it could
 * not be reached, was busy or in trouble, or the call was off.
 */
export async function permissionBy(attempt: () => Promise<unknown>): Promise<'granted' | 'denied' | 'unverifiable'> {
  try {
    await attempt();
    return 'granted';
  } catch (fault) {
    if (!(fault instanceof SegmentFault)) throw fault;
    if (fault.code === 'INPUT_REFUSED') return 'granted';
    if (denied.has(fault.code)) return 'denied';
    if (tellsNeither.has(fault.code)) return 'unverifiable';
    throw fault;
  }
}
