import { type ConnectorFault, isConnectorFault, OperationState, type OperationStatus } from 'connector-contract';
import { present, ShapeError, type VendorFault } from 'connector-kit';
import type { RequestRecord } from '../opendsr/answers.js';
import { fault } from '../opendsr/fault-codes.js';

const states: Readonly<Record<string, OperationState>> = {
  pending: OperationState.accepted,
  in_progress: OperationState.processing,
  completed: OperationState.completed,
  cancelled: OperationState.cancelled,
};

/** What a processor's record says about an operation. Pure. @throws ShapeError where it has a status of its own making. */
export function operationStatus({ status, expectedBy }: RequestRecord): OperationStatus {
  const state = Object.hasOwn(states, status) ? states[status] : undefined;
  if (state === undefined) throw new ShapeError('it gives a status that OpenDSR does not know');
  return { state, vendorState: status, destinations: [], exceptions: [], ...present({ expectedBy }) };
}

/** Whether the processor calls the request invalid. */
export function isInvalid(error: unknown): error is ConnectorFault {
  return isConnectorFault(error) && error.code === 'INPUT_REFUSED';
}

/** Whether the processor says that there is no such request. */
export function isUnknownRequest(error: unknown): error is ConnectorFault {
  return isConnectorFault(error) && error.code === 'NOT_FOUND';
}

/**
 * The same, about a well-formed id of this connector's own making. The specification has no other word for errors than 400, and nothing
 * else can be wrong with such a question. Should it have meant something else, sending again under the id does no harm.
 */
export function isUnknownOwnRequest(error: unknown): boolean {
  return isUnknownRequest(error) || (isInvalid(error) && error.httpStatus === 400);
}

/**
 * The fault of a processor that knows no requests where the chosen protocol has them: it speaks another version, for a request that is
 * being made cannot be unknown.
 */
export function noSuchPath(httpStatus: number | undefined): VendorFault {
  return fault('PROTOCOL_MISMATCH', 'The processor takes no requests at this address.', present({ httpStatus }));
}
