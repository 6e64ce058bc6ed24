import { SegmentFault } from './errors.js';

const denied: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'PERMISSION_MISSING',
  'READ_ONLY_TOKEN',
  'PLAN_WITHOUT_API',
]);

const notAboutPermission: ReadonlySet<string> = new Set([
  'ABORTED',
  'CONFIG_INVALID',
  'ENDPOINT_NOT_ALLOWED',
  'CONNECTOR_BUG',
]);

/**
 * Tells from the answer to a creation about nobody whether the token may create. Segment refuses it as invalid only to those who
 * may; to the others it is forbidden. Should it be taken, it is a regulation about nobody, by a token that may.
 * @param attempt makes the request.
 * @throws SegmentFault where nothing was asked: the call was off, or the endpoint is not allowed.
 */
export async function permissionBy(attempt: () => Promise<unknown>): Promise<'granted' | 'denied' | 'unverifiable'> {
  try {
    await attempt();
    return 'granted';
  } catch (fault) {
    if (!(fault instanceof SegmentFault) || notAboutPermission.has(fault.code)) throw fault;
    if (fault.code === 'INPUT_REFUSED') return 'granted';
    return denied.has(fault.code) ? 'denied' : 'unverifiable';
  }
}
