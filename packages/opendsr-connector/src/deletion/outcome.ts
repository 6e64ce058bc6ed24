import { OperationState, type OperationStatus } from 'connector-contract';
import { present, ShapeError } from 'connector-kit';
import type { RequestRecord } from '../opendsr/answers.js';

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
