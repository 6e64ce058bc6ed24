/** The faults that the host itself gives for a connection, beside those that connectors answer. */
import { ConnectorFault, type FaultData } from 'connector-contract';

/** Codes of faults that only the host gives about connections, with their causes. */
export const connectionFaultCodes = {
  CONNECTION_REMOVED: 'The connection was removed while a task was open.',
  CONNECTION_NOT_ACTIVE: 'The connection is paused, needs a new credential, or its connector is not loaded.',
  ACCOUNT_CHANGED: 'A check found the connection at another account of the vendor than before.',
  CONNECTOR_UNAVAILABLE: 'The connector of the connection is not installed, or this host refused it.',
} as const;

const removed = { code: 'CONNECTION_REMOVED', kind: 'config', retryable: false } as const;

/** For tasks that the vendor never heard of. */
export const notSubmitted: FaultData = {
  ...removed,
  message: 'The connection was removed before this was submitted; nothing was sent to the vendor.',
  remedy:
    'Connect the system again, send a new request that names the new connection, and close this error with a reason.',
};

/** For tasks that the vendor has, or may have. */
export const notFollowed: FaultData = {
  ...removed,
  message:
    'The connection was removed after this was submitted; the vendor may carry it out, but it can no longer be followed.',
  remedy:
    'Look the operation up at the vendor by its reference, or connect the system again and send a new request; then close this error with a reason.',
};

/** What is known of the connection, and what is on its way, is about the account that it was made for. */
export const accountChanged: FaultData = {
  code: 'ACCOUNT_CHANGED',
  kind: 'config',
  retryable: false,
  message:
    'This leads to another account of the vendor than the one that the connection was made for. The systems that are known here and the deletions on their way belong to that one.',
  remedy:
    'Connect the other account as a new connection, and pause or remove this one where it is no longer used. Else enter what leads to the account that this connection was made for.',
};

/** Its plugin is not there; it may be when the host looks again. */
export function connectorUnavailable(connector: string): ConnectorFault {
  return new ConnectorFault({
    code: 'CONNECTOR_UNAVAILABLE',
    kind: 'config',
    retryable: true,
    message: `The connector ${connector} is not installed, or this host refused it.`,
    remedy:
      'Look at the list of connectors for the reason, repair it, then reload the connectors or start the host again.',
  });
}

/** Nothing can be done with it at the moment. */
export function connectionNotActive(): ConnectorFault {
  return new ConnectorFault({
    code: 'CONNECTION_NOT_ACTIVE',
    kind: 'config',
    retryable: true,
    message: 'The connection cannot be used now: it is paused, needs a new credential, or its connector is not loaded.',
    remedy: 'Look at the connection, put it right, and try again.',
  });
}
