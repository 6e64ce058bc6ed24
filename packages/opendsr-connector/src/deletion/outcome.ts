import {
  ConnectorFault,
  type FaultData,
  faultData,
  isConnectorFault,
  type NotAccepted,
  OperationState,
  type OperationStatus,
} from 'connector-contract';
import type { RequestRecord } from '../opendsr/answers.js';
import { type CallKind, unsound } from '../opendsr/errors.js';
import { OpenDsrFault } from '../opendsr/opendsr-fault.js';
import type { Settings } from '../settings.js';

const states: Readonly<Record<string, OperationState>> = {
  pending: OperationState.accepted,
  in_progress: OperationState.processing,
  completed: OperationState.completed,
  cancelled: OperationState.cancelled,
};

/** What a processor's record says about an operation. Pure. @throws OpenDsrFault where it has a status of its own making. */
export function operationStatus({ status, expectedBy }: RequestRecord): OperationStatus {
  const state = Object.hasOwn(states, status) ? states[status] : undefined;
  if (state === undefined) {
    throw unsound('VENDOR_ANSWER_UNREADABLE', 'The processor gives a status that OpenDSR does not know.', 'read');
  }
  return {
    state,
    vendorState: status,
    destinations: [],
    exceptions: [],
    ...(expectedBy === undefined ? {} : { expectedBy }),
  };
}

/** What is known of an operation that the processor has no record of any more. */
export const expired: OperationStatus = {
  state: OperationState.expired,
  vendorState: '',
  destinations: [],
  exceptions: [],
};

/** @throws OpenDsrFault `CONTROLLER_MISMATCH` where the record belongs to another controller than the one that was entered. */
export function assertController(
  { controllerId }: RequestRecord,
  settings: Pick<Settings, 'controllerId'>,
  call: CallKind,
): void {
  if (settings.controllerId === undefined || controllerId === settings.controllerId) return;
  throw unsound('CONTROLLER_MISMATCH', 'The processor answers for another controller ID than the one entered.', call);
}

/** Whether the processor says that there is no such request. */
export function isUnknownRequest(error: unknown): boolean {
  return isConnectorFault(error) && error.code === 'NOT_FOUND';
}

/**
 * The same, about a well-formed id of this connector's own making. The specification has no other word for errors than 400, and nothing
 * else can be wrong with such a question. Should it have meant something else, sending again under the id does no harm.
 */
export function isUnknownOwnRequest(error: unknown): boolean {
  const invalid = isConnectorFault(error) && error.code === 'INPUT_REFUSED' && error.httpStatus === 400;
  return invalid || isUnknownRequest(error);
}

/** Anything thrown, as a fault that may cross the boundary. */
export function faultOf(error: unknown): ConnectorFault {
  if (isConnectorFault(error)) return error;
  return ConnectorFault.of('CONNECTOR_BUG', 'The connector failed for a reason that it does not understand.');
}

/** A submission that did not end well. */
export function notAccepted(certain: NotAccepted['certain'], fault: FaultData): NotAccepted {
  return { accepted: false, certain, fault: faultData(fault) };
}

/**
 * What follows from whatever a submission met once it was on its way. Pure.
 *
 * An address below which the processor knows no requests means another version of the protocol, rather than a request it does
 * not know: one that is being made cannot be unknown.
 */
export function submissionFault(error: unknown): NotAccepted {
  if (!(error instanceof OpenDsrFault)) return notAccepted('unknown', faultOf(error));
  if (error.mayHaveArrived) return notAccepted('unknown', error);
  return notAccepted('not-taken', error.code === 'NOT_FOUND' ? noSuchPath(error.httpStatus) : error);
}

/** The fault of a processor that knows no requests where the chosen protocol has them. */
export function noSuchPath(httpStatus: number | undefined): ConnectorFault {
  const fault = unsound('PROTOCOL_MISMATCH', 'The processor takes no requests at this address.', 'probe');
  return new ConnectorFault({ ...fault.toJSON(), ...(httpStatus === undefined ? {} : { httpStatus }) });
}
