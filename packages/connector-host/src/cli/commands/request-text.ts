import type { SubjectOutcome } from 'connector-contract';
import type { ListedResult, OperationView } from '../../reading/operation-view.js';
import type { RequestDetail, RequestSummary, TaskView } from '../../reading/views.js';
import type { Basis } from '../../requests/states.js';
import type { Timing } from '../../requests/timing.js';

/**
 * A request as a person reads it: where it stands, what happened to it and what the vendor says of each destination.
 * @param names of the connections by id.
 * @param waits what has to happen before the work of a connection goes on, by its id; empty where nothing has to.
 */
export function requestText(
  request: RequestDetail,
  names: ReadonlyMap<string, string>,
  waits: ReadonlyMap<string, string> = new Map(),
): string {
  const several = request.tasks.length > 1;
  const timeline = request.timeline.map(({ at, text, connection }) => {
    const where = several && connection !== undefined ? `${names.get(connection) ?? connection}: ` : '';
    return `  ${at.replace('T', ' ').slice(0, 19)}  ${where}${text}`;
  });
  const answered = request.operations.filter(
    ({ destinations, exceptions }) => destinations.length + exceptions.length > 0,
  );
  return [
    `${request.requestId}: ${request.right}, ${request.state}${request.openLeftovers === 0 ? '' : ` (${leftText(request.openLeftovers)})`}`,
    `  ${dueText(request)}`,
    ...(request.corrects === undefined ? [] : [`  It corrects ${request.corrects}`]),
    ...(request.closed === undefined ? [] : [`  ${closedText(request.closed)}`]),
    ...request.tasks.flatMap((task) => [...taskLines(task, request, names), ...waitLines(task, waits)]),
    ...leftoverLines(request),
    ...request.operations.filter(({ state }) => state === 'undecided').flatMap(settleLines),
    'Timeline (UTC)',
    ...timeline,
    ...(answered.length > 0
      ? ['What the vendor says', ...answered.flatMap((one) => operationLines(one, request.leftovers))]
      : []),
  ].join('\n');
}

const timingWords: Readonly<Record<Timing, string>> = { on_time: 'in time', due_soon: 'due soon', late: 'late' };

/** By when the law wants it, and how it stands by that. */
export function dueText({ dueAt, timing, extension, jurisdiction, receivedAt }: RequestSummary): string {
  const extended = extension === undefined ? '' : `, extended from ${shown(extension.from)}: ${extension.reason}`;
  return `Due ${shown(dueAt)} (${jurisdiction}, received ${shown(receivedAt)}), ${timingWords[timing]}${extended}`;
}

function closedText({ at, reason, correctedBy }: NonNullable<RequestSummary['closed']>): string {
  return `The error was closed ${shown(at)}: ${correctedBy === undefined ? reason : `${correctedBy} took its place`}`;
}

/** A time as it is read in a terminal: in UTC, to the second. */
function shown(time: string): string {
  return `${time.replace('T', ' ').slice(0, 19)} UTC`;
}

/** On whose word a task is concluded. */
const basisWords: Readonly<Record<Exclude<Basis, 'person'>, string>> = {
  submission: ' on submission, which the connection counts as the end',
  vendor: ', as the vendor says',
  'nobody-known': ': the vendor holds nobody by these identifiers',
};

function basisText({ basis, answer }: TaskView): string {
  if (basis === undefined) return '';
  if (basis !== 'person') return basisWords[basis];
  return answer === undefined ? ', as a person said; the vendor was not asked' : `, as ${answer.answeredBy} answered`;
}

function leftText(count: number): string {
  return count === 1 ? '1 thing is left over' : `${count} things are left over`;
}

/** What the deletion did not do: what is open first. */
function leftoverLines({ requestId, leftovers, leftoversRecorded }: RequestDetail): string[] {
  if (!leftoversRecorded) return ['  What was left over was not recorded when this was concluded.'];
  if (leftovers.length === 0) return [];
  const open = leftovers.filter(({ state }) => state === 'open');
  const remains = leftovers.filter(({ state }) => state === 'could_not');
  const ended = leftovers.filter(({ state }) => state !== 'open' && state !== 'could_not');
  return [
    ...(open.length === 0
      ? []
      : [
          'Left over',
          ...open.flatMap(({ name, code, reason }) => [
            `  ${name} (${code}): ${reason}`,
            ...(code === 'NO_KNOWN_USER_ID'
              ? [`    Where you find the identifier that it knows: connector-host correct ${requestId} NEW_ID`]
              : []),
          ]),
        ]),
    ...(remains.length === 0
      ? []
      : [
          'Could not be done: the person may still be there',
          ...remains.map(({ name, ended }) => `  ${name}. ${ended?.why ?? ''}`),
        ]),
    ...(ended.length === 0
      ? []
      : ['No longer left over', ...ended.map(({ name, state, ended }) => `  ${name}: ${state}. ${ended?.why ?? ''}`)]),
  ];
}

function taskLines(
  task: TaskView,
  { requestId, operations, tasks }: RequestDetail,
  names: ReadonlyMap<string, string>,
): string[] {
  const { connection, state, accessStep, error, expectedBy, slow } = task;
  const vendor = state !== 'processing' || expectedBy === undefined ? '' : `, expected by ${shown(expectedBy)}`;
  const step = accessStep === undefined ? '' : ` (${accessStep})`;
  const severalWait = tasks.filter(({ waitsFor }) => waitsFor === 'answer').length > 1;
  const carriers = carriersOf(task, operations);
  const carrier = carriers.length === 0 ? '' : `, operation ${carriers.join(' and ')}`;
  return [
    `  ${names.get(connection) ?? connection}: ${state}${basisText(task)}${step}${carrier}${vendor}${slow ? ', slower than expected' : ''}`,
    ...(error === undefined ? [] : [`    ${error.code}: ${error.message}`]),
    ...(error?.remedy === undefined ? [] : [`    What to do: ${error.remedy}`]),
    ...(task.ways === undefined || task.ways.length === 0 ? [] : [`    Ways out: ${task.ways.join(', ')}`]),
    ...(task.answer?.said === undefined ? [] : [`    ${task.answer.answeredBy} said: ${task.answer.said}`]),
    ...(task.waitsFor === 'identifier'
      ? [`    An identifier may be damage. Where it is meant: connector-host allow ${requestId}`]
      : []),
    ...(task.waitsFor === 'answer'
      ? [
          '    Whoever holds the data has to be asked. Once they have answered:',
          `    connector-host answer ${requestId} --by WHO --said TEXT${severalWait ? ` --task ${task.id}` : ''}`,
        ]
      : []),
  ];
}

/** Why nothing goes on there for now. */
function waitLines({ connection, state }: TaskView, waits: ReadonlyMap<string, string>): string[] {
  const reason = state === 'pending' || state === 'processing' ? waits.get(connection) : undefined;
  return reason === undefined || reason === '' ? [] : [`    The connection waits for: ${reason}`];
}

/** The operation that carries a task; where that was divided, the parts of it that the person is in. */
function carriersOf({ operation }: Pick<TaskView, 'operation'>, operations: readonly OperationView[]): number[] {
  if (operation === undefined) return [];
  const parts = operations
    .filter(({ parent }) => parent === operation)
    .flatMap(({ id }) => carriersOf({ operation: id }, operations));
  return parts.length === 0 ? [operation] : parts;
}

/** The two decisions about an operation of which nobody could find out whether the vendor has it, as they are typed. */
function settleLines({ id }: OperationView): string[] {
  return [
    `  Whether the vendor has operation ${id} is for a person to decide:`,
    `    connector-host settle ${id} --confirm REFERENCE   # it has it, under this reference`,
    `    connector-host settle ${id} --resubmit            # it does not have it, or a repeat does no harm`,
  ];
}

const resultWords: Readonly<Record<SubjectOutcome, string>> = {
  erased: 'erased',
  'no-match': 'not known there',
  partial: 'erased in part',
  refused: 'refused',
};

function operationLines(
  { id, connection, reference, destinations, exceptions, results = {} }: OperationView,
  leftovers: RequestDetail['leftovers'],
): string[] {
  const stays = leftovers.filter(({ state }) => state === 'open' || state === 'could_not');
  const left = new Set(stays.filter((one) => one.connection === connection).map(({ system }) => system));
  const excepted = new Set(exceptions.map(({ key, system }) => key ?? system));
  const said = destinations.filter(({ key, name }) => !excepted.has(key ?? name));
  const lines = [...byState(said, left)].map(([state, names]) => `    ${state}: ${[...names].join(', ')}`);
  return [
    `  operation ${id}, ${reference ?? 'not submitted'}`,
    ...Object.entries(resultWords).flatMap(([outcome, word]) => {
      const people = results[outcome as SubjectOutcome];
      return people === undefined ? [] : [`    ${word}: ${people === 1 ? '1 person' : `${people} people`}`];
    }),
    ...lines,
    ...exceptions.map(({ system, reason }) => `    except ${system}: ${reason}`),
  ];
}

/** Names by state. A vendor may list one destination for each of the streams that feed it; a person wants to read it once. */
function byState(
  destinations: readonly ListedResult[],
  left: ReadonlySet<string | undefined>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { state, key, name } of destinations) {
    // A vendor's word for the call is no word for the person where the map says otherwise.
    const shown =
      state === 'completed' && key !== undefined && left.has(key) ? 'completed, and left over all the same' : state;
    found.set(shown, (found.get(shown) ?? new Set()).add(name));
  }
  return found;
}
