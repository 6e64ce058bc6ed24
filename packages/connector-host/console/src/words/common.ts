/** Words that more than one view uses. */
import type { CoverageState } from 'connector-contract';
import type { RequestState, Role, TaskState, Timing } from '../api/model.js';

/** States of requests and tasks, as people read them. */
const stateWords: Readonly<Record<RequestState | TaskState, string>> = {
  pending: 'Waiting for a batch',
  processing: 'Processing',
  waiting_for_person: 'Waiting for a person',
  left_over: 'Systems left over',
  complete: 'Complete',
  complete_with_exceptions: 'Complete, with exceptions',
  error: 'Error',
  skipped: 'Skipped: nobody answered',
  cancelled: 'Cancelled',
  not_applicable: 'Not applicable: no identifier that it takes',
};

/** Short names of the same, for chips and filters. */
export const shortStateWords: Readonly<Record<RequestState | TaskState, string>> = {
  ...stateWords,
  pending: 'Waiting',
  left_over: 'Left over',
  complete_with_exceptions: 'With exceptions',
  skipped: 'Skipped',
  not_applicable: 'Not applicable',
};

/** Complete, and nobody has said so but the submission itself. */
export const onSubmissionWord = 'Complete on submission';

/** An error about which nothing is to be done any more. */
export const closedErrorWord = 'Error, closed';

/** A request by the time that the law gives. */
export const timingWords: Readonly<Record<Timing, string>> = { on_time: 'On time', due_soon: 'Due soon', late: 'Late' };

/** A vendor that has not kept its own estimate. */
export const slowWord = 'Slow';

export const roleWords: Readonly<Record<Role, string>> = {
  'super-admin': 'Super Admin',
  'connections-manager': 'Connections Manager',
  'privacy-manager': 'Privacy Manager',
  auditor: 'Auditor',
  viewer: 'Viewer',
};

export const rightWords = { deletion: 'Deletion', access: 'Access' } as const;

/** What a deletion does to a system. */
export const coverageWords: Readonly<Record<CoverageState, string>> = {
  reached: 'Deleted',
  forwarded: 'Forwarded',
  'needs-setup': 'Needs setup',
  'not-reached': 'Not reached',
  unknown: 'Not known',
};

/** Coverage from best to worst. */
export const coverageOrder: readonly CoverageState[] = [
  'reached',
  'forwarded',
  'needs-setup',
  'not-reached',
  'unknown',
];

export const coverageMeaning: Readonly<Record<CoverageState, string>> = {
  reached: 'The vendor deletes there itself.',
  forwarded: 'The deletion is passed on; the system is expected to act on it.',
  'needs-setup': 'It would be reached if a set-up step were finished.',
  'not-reached': 'The deletion does not get there: erase by other means.',
  unknown: 'No rule knows this system yet.',
};

export const kindWords = {
  source: 'Source',
  destination: 'Destination',
  warehouse: 'Warehouse',
  model: 'Model',
  function: 'Function',
  space: 'Space',
} as const;
export const kindsWords = {
  source: 'Sources',
  destination: 'Destinations',
  warehouse: 'Warehouses',
  model: 'Models',
  function: 'Functions',
  space: 'Spaces',
} as const;

/** `3,000`; `over 10,000` where nobody counted further than that. */
export function howMany(count: number, countedTo = Number.POSITIVE_INFINITY): string {
  return count > countedTo ? `over ${countedTo.toLocaleString()}` : count.toLocaleString();
}

/** A text as it begins a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `3 people`, `1 person`. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

export const words = {
  product: 'Privacy Console',
  close: 'Close',
  cancel: 'Cancel',
  done: 'Done',
  save: 'Save',
  retry: 'Try again',
  reload: 'Reload',
  back: 'Back',
  more: 'More',
  loading: 'Loading',
  never: 'Never',
  copied: 'Copied',
  copy: 'Copy',
  searchWhat: 'Search',
  clearSearch: 'Clear the search',
  remedy: 'What to do',
  opensNewTab: '(opens in a new tab)',
  failed: 'This could not be loaded',
  actionFailed: 'That did not work',
  noAccess: 'Your role may not do this',
  notFound: 'There is no such page',
  notFoundBody: 'The address may be mistyped, or what was here is gone.',
  toStart: 'Go to the overview',
} as const;
