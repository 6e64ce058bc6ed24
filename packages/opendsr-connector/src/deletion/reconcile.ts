import { CALL_BEGINS_WITHIN_MS, ConnectorFault, faultData, type ReconcileOutcome } from 'connector-contract';
import type { RequestRecord } from '../opendsr/answers.js';
import { TIMEOUT_MS } from '../opendsr/http.js';

/** A request leaves within this time after the call began, or not at all. */
export const SENDING_WINDOW_MS = TIMEOUT_MS;

/**
 * Until then, counted from the attempt, a lost call can still arrive: the time until the call began, the time it had for leaving, and
 * as long again for being taken.
 */
export const IN_FLIGHT_MS = CALL_BEGINS_WITHIN_MS + SENDING_WINDOW_MS + TIMEOUT_MS;

/**
 * What follows from what the processor knows under the operation's own id. Pure.
 * @param record the processor's, or `undefined` where it has none.
 * @param attemptedAt when the lost call began; both in milliseconds since the epoch.
 */
export function reconciled(record: RequestRecord | undefined, attemptedAt: number, now: number): ReconcileOutcome {
  if (record !== undefined) {
    const { id, expectedBy } = record;
    return { found: 'accepted', reference: id, ...(expectedBy === undefined ? {} : { expectedBy }) };
  }
  const over = attemptedAt + IN_FLIGHT_MS;
  return now < over ? { found: 'not-yet', retryAfterMs: over - now } : { found: 'absent' };
}

/** Where the host gave the operation no key: then nobody knows the id it was sent under. */
export function undecidable(): ReconcileOutcome {
  const fault = ConnectorFault.of(
    'SUBMISSION_UNCERTAIN',
    'The answer to a submission was lost, and the host keeps no key by which the processor could be asked for it.',
    { remedy: 'Look at the processor, or submit again: erasing the same person twice does no harm.' },
  );
  return { found: 'undecidable', fault: faultData(fault) };
}
