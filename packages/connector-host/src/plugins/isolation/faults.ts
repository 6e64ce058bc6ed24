/** The faults that the host gives where a connector's process fails. */
import { ConnectorFault } from 'connector-contract';
import { given } from '../../given.js';

/** Codes of faults that only the host gives about a connector's process, with their causes. */
export const processFaultCodes = {
  CONNECTOR_CRASHED: 'The process of the connector ended before the call was done, or is not up again yet.',
  CONNECTOR_BUSY: 'The connector has as many calls as it may have at a time, and none ended soon enough.',
} as const;

const remedy = 'It is tried again by itself. Where it comes back, update the connector or report this to its author.';

/** The process ended, or is down. `what` is a whole sentence. */
export function connectorCrashed(what: string, retryAfterMs?: number): ConnectorFault {
  return new ConnectorFault({
    code: 'CONNECTOR_CRASHED',
    kind: 'bug',
    retryable: true,
    message: what,
    remedy,
    ...given({ retryAfterMs }),
  });
}

/** No call may be added. */
export function connectorBusy(): ConnectorFault {
  return new ConnectorFault({
    code: 'CONNECTOR_BUSY',
    kind: 'timeout',
    retryable: true,
    message: 'The connector has as many calls as it may have at a time, and none of them ended soon enough.',
    remedy,
  });
}
