/** What requests and tasks can be, and how the one follows from the other. Pure; `roll-up.ts` says the same to the database. */

/** States of a request; they follow from its tasks. */
export const requestStates = [
  'pending',
  'processing',
  'waiting_for_person',
  'left_over',
  'complete',
  'complete_with_exceptions',
  'error',
  'skipped',
  'cancelled',
] as const;

/** One of {@link requestStates}. */
export type RequestState = (typeof requestStates)[number];

/** States in which a task is not concluded. `waiting_for_person`: only a person can bring it on. */
export const openTaskStates = ['pending', 'processing', 'waiting_for_person'] as const;

/** States of a task. `not_applicable`: the person has no identifier of a kind that the connection takes. */
export const taskStates = [
  ...openTaskStates,
  'complete',
  'complete_with_exceptions',
  'error',
  'cancelled',
  'skipped',
  'not_applicable',
] as const;

/** One of {@link taskStates}. */
export type TaskState = (typeof taskStates)[number];

/**
 * On whose word a task is concluded. `submission`: the vendor took it, and the connection counts that as the end. `vendor`: the vendor
 * says that it is done. `person`: somebody recorded it: an answer, or that a vendor
 * has it which could not be asked. `nobody-known`: the vendor holds nobody by these identifiers.
 */
export const bases = ['submission', 'vendor', 'person', 'nobody-known'] as const;

/** One of {@link bases}. */
export type Basis = (typeof bases)[number];

/** States of a leftover: something that a deletion did not do. */
export const leftoverStates = ['open', 'done', 'not_needed', 'could_not'] as const;

/** One of {@link leftoverStates}. */
export type LeftoverState = (typeof leftoverStates)[number];

/** How the leftovers of a task stand, taken together. */
export type LeftOver = 'none' | 'open' | 'could_not';

/** What a request's state depends on. */
export interface TaskStanding {
  readonly state: TaskState;
  /** `null` for a task that is not complete, and where leftovers were not recorded. */
  readonly leftOver: LeftOver | null;
}

/** How several leftovers stand together. */
export function leftOverOf(states: readonly LeftoverState[]): LeftOver {
  if (states.includes('open')) return 'open';
  return states.includes('could_not') ? 'could_not' : 'none';
}

/** The state of a request with these tasks. */
export function requestStateOf(tasks: readonly TaskStanding[]): RequestState {
  const counted = tasks.filter(({ state }) => state !== 'not_applicable');
  const some = (holds: (task: TaskStanding) => boolean) => counted.some(holds);
  if (some(({ state }) => state === 'waiting_for_person')) return 'waiting_for_person';
  if (some(({ state }) => state === 'pending' || state === 'processing')) {
    return counted.every(({ state }) => state === 'pending') ? 'pending' : 'processing';
  }
  if (some(({ state }) => state === 'error')) return 'error';
  if (some(({ leftOver }) => leftOver === 'open')) return 'left_over';
  // What was taken back at one connection was not done there, whatever the others did.
  const takenBack = some(({ state }) => state === 'cancelled');
  if (some(endedWithExceptions) || (takenBack && some(isComplete))) return 'complete_with_exceptions';
  if (some(({ state }) => state === 'skipped')) return 'skipped';
  return takenBack ? 'cancelled' : 'complete';
}

function isComplete({ state }: TaskStanding): boolean {
  return state === 'complete' || state === 'complete_with_exceptions';
}

// Where leftovers were recorded, they tell how the vendor's exceptions ended.
function endedWithExceptions({ state, leftOver }: TaskStanding): boolean {
  return leftOver === 'could_not' || (leftOver === null && state === 'complete_with_exceptions');
}

/** Whether work on a request in this state is not over: some task is open. */
function isOpen(state: RequestState): boolean {
  return state === 'pending' || state === 'processing' || state === 'waiting_for_person';
}

/**
 * Whether nothing is to be done about a request any more: every task is concluded, nothing is left over, and an error is closed.
 * @param closed whether somebody closed its error.
 */
export function isSettled(tasks: readonly TaskStanding[], closed: boolean): boolean {
  const state = requestStateOf(tasks);
  if (isOpen(state) || tasks.some(({ leftOver }) => leftOver === 'open')) return false;
  return state !== 'error' || closed;
}

/** What a task that waits for a person waits for. */
export const waitsFor = ['answer', 'decision', 'identifier'] as const;

/** One of {@link waitsFor}. */
export type WaitsFor = (typeof waitsFor)[number];

/** How the request ends where a person was asked. */
export const answerOutcomes = ['done', 'not_needed', 'could_not'] as const;

/** One of {@link answerOutcomes}. */
export type AnswerOutcome = (typeof answerOutcomes)[number];
