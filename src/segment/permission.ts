import { isFault } from './fault.js';

const denied = ['UNAUTHENTICATED', 'PERMISSION_MISSING', 'READ_ONLY_TOKEN'] as const;

// Segment has looked at the request and says something else than yes or no to it.
const tellsNeither = ['CONFLICT', 'NOT_FOUND', 'NOT_SUPPORTED', 'WORKSPACE_NOT_FOUND'] as const;

/**
 * Tells from the answer to a request that no reading of the API's schema can accept whether the token may make regulations: where Segment
 * refuses it as invalid, it has let the token through. Assumes that Segment looks at the permission first, which is not published.
 * Whatever else comes, an acceptance too, tells neither.
 * @param attempt makes the request.
 * @throws SegmentFault where it is not about the token (`PLAN_WITHOUT_API`), or where Segment gave no answer to the question: it could
 * not be reached, was busy or in trouble, or the call was off.
 */
export async function permissionBy(attempt: () => Promise<unknown>): Promise<'granted' | 'denied' | 'unverifiable'> {
  try {
    await attempt();
    return 'unverifiable';
  } catch (fault) {
    if (isFault(fault, 'INPUT_REFUSED')) return 'granted';
    if (isFault(fault, ...denied)) return 'denied';
    if (isFault(fault, ...tellsNeither)) return 'unverifiable';
    throw fault;
  }
}
