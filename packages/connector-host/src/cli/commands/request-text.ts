import type { DestinationResult } from 'connector-contract';
import type { OperationView, RequestDetail, TaskView } from '../../requests/views.js';

/**
 * A request as a person reads it: where it stands, what happened to it and what the vendor says of each destination.
 * @param names of the connections by id.
 */
export function requestText(request: RequestDetail, names: ReadonlyMap<string, string>): string {
  const timeline = request.timeline.map(({ at, text }) => `  ${at.replace('T', ' ').slice(0, 19)}  ${text}`);
  const answered = request.operations.filter(
    ({ destinations, exceptions }) => destinations.length + exceptions.length > 0,
  );
  return [
    `${request.requestId}: ${request.right}, ${request.state}, ${request.lateness}`,
    ...request.tasks.flatMap((task) => taskLines(task, names)),
    ...request.operations.filter(({ state }) => state === 'undecided').flatMap(settleLines),
    'Timeline (UTC)',
    ...timeline,
    ...(answered.length > 0 ? ['What the vendor says', ...answered.flatMap(operationLines)] : []),
  ].join('\n');
}

function taskLines(task: TaskView, names: ReadonlyMap<string, string>): string[] {
  const { connection, state, accessStep, operation, error } = task;
  const step = accessStep === undefined ? '' : ` (${accessStep})`;
  const carrier = operation === undefined ? '' : `, operation ${operation}`;
  return [
    `  ${names.get(connection) ?? connection}: ${state}${step}${carrier}`,
    ...(error === undefined ? [] : [`    ${error.code}: ${error.message}`]),
    ...(error?.remedy === undefined ? [] : [`    What to do: ${error.remedy}`]),
  ];
}

/** The two decisions about an operation of which nobody could find out whether the vendor has it, as they are typed. */
function settleLines({ id }: OperationView): string[] {
  return [
    `  Whether the vendor has operation ${id} is for a person to decide:`,
    `    connector-host settle ${id} --confirm REFERENCE   # it has it, under this reference`,
    `    connector-host settle ${id} --resubmit            # it has it not, or a repeat does no harm`,
  ];
}

function operationLines({ id, reference, destinations, exceptions }: OperationView): string[] {
  const reasons = new Map(exceptions.map(({ system, reason }) => [system, reason]));
  const lines = [...byState(destinations.filter(({ name }) => !reasons.has(name)))].map(
    ([state, names]) => `    ${state}: ${[...names].join(', ')}`,
  );
  return [
    `  operation ${id}, ${reference ?? 'not submitted'}`,
    ...lines,
    ...[...reasons].map(([system, reason]) => `    except ${system}: ${reason}`),
  ];
}

/** Names by state. A vendor may list one destination for each of the streams that feed it; a person wants to read it once. */
function byState(destinations: readonly DestinationResult[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { state, name } of destinations) found.set(state, (found.get(state) ?? new Set()).add(name));
  return found;
}
