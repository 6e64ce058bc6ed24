/** Words of the list of requests, of new ones, imports and dry runs. */
import { capital, howMany } from './common.js';

/** What came of trying many again. */
export interface Retried {
  readonly retried: number;
  readonly unsettled: number;
  readonly unsendable: number;
}

export const requestsWords = {
  title: 'Requests',
  lead: 'Everyone who asked to be erased or to see their data.',
  all: 'All',
  states: 'State',
  search: 'Request id or identifier',
  searchPlain: 'Request id',
  searchHelp: 'An identifier has to be whole and to the letter. What you search for is not kept in the address.',
  connection: 'Connection',
  timing: 'In time',
  order: 'Order',
  orders: { newest: 'Newest first', due: 'Due first' },
  right: 'Right',
  any: 'Any',
  clear: 'Clear filters',
  columns: {
    id: 'Request',
    person: 'Person',
    state: 'State',
    where: 'Where',
    accepted: 'Accepted',
    due: 'Due or settled',
  },
  by: 'Due',
  ended: 'Settled',
  table: 'Requests',
  counted: (count: number, countedTo?: number) =>
    count === 1 ? '1 request' : capital(`${howMany(count, countedTo)} requests`),
  more: 'Loading more',
  newer: 'Things have changed since these rows were loaded.',
  showNewer: 'Show the newest',
  purged: 'Identifiers were purged',
  moreIdentifiers: (count: number) => `+${count}`,
  emptyTitle: 'No requests yet',
  empty: 'Enter one person, or import a file of many. Both can be tried out dry first.',
  noneTitle: 'Nothing fits these filters',
  none: 'Change or clear them.',
  newRequest: 'New request',
  importFile: 'Import a file',
  export: 'Export CSV',
  retryAll: 'Retry all in error',
  retryTitle: 'Retry everything that ended in error?',
  retried: ({ retried, unsettled, unsendable }: Retried) => {
    const again = retried === 1 ? 'One task is tried again' : `${retried.toLocaleString()} tasks are tried again`;
    const some = (count: number, one: string, many: string) =>
      count === 0 ? '' : `; ${count === 1 ? one : `${count.toLocaleString()} ${many}`}`;
    return `${again}${some(unsettled, 'one waits for a person’s decision first', 'wait for a person’s decision first')}${some(unsendable, 'one can only be closed', 'can only be closed')}`;
  },
} as const;

/** Words of trying many again. */
export const retryWords = {
  body: 'What ended in error is sent again; what waits for a person’s decision stays as it is. What was erased cannot be brought back.',
  cause: 'Which',
  all: 'All of them',
  people: (people: number, retryable: number) => {
    const all = people === 1 ? '1 person' : `${people.toLocaleString()} people`;
    return retryable === people ? all : `${all}, of whom ${retryable.toLocaleString()} can be tried again`;
  },
  cost: (identifiers: number, left: number | undefined) =>
    `${identifiers === 1 ? '1 identifier counts' : `${identifiers.toLocaleString()} identifiers count`} against the quota, ${left === undefined ? 'of which it is not known how much is left.' : `of which ${left.toLocaleString()} are left.`}`,
  missed: (missed: number | undefined) =>
    missed === undefined
      ? 'Which systems it does not reach is not known.'
      : missed === 0
        ? 'It reaches every system.'
        : missed === 1
          ? '1 system is not reached.'
          : `${missed.toLocaleString()} systems are not reached.`,
  action: (people: number) => (people === 1 ? 'Retry 1 person' : `Retry ${people.toLocaleString()} people`),
} as const;

/** Words of the form for one person. */
export const newRequestWords = {
  title: 'New request',
  id: 'Request id',
  idHelp: 'Your own id for it. The same id again gives the same request, so nothing is sent twice.',
  right: 'What the person asks for',
  deletion: 'Deletion',
  deletionHelp: 'Erase the person wherever a connection reaches.',
  access: 'Access',
  accessHelp: 'Give the person a copy of their data.',
  who: 'Known by',
  whoHelp: 'Everything the person is known by. More identifiers find more.',
  kind: 'Kind',
  value: 'Value',
  add: 'Add an identifier',
  remove: (at: number) => `Remove identifier ${at}`,
  where: 'Where',
  everywhere: 'Every connection that offers it',
  chosen: 'Only these connections',
  next: 'Continue',
  trying: 'Working out what it would do …',
  submitDeletion: 'Erase this person',
  submitToWait: 'Submit, to wait for a decision',
  submitAccess: 'Submit the request',
  sending: 'Handing in …',
  accepted: 'The request was accepted',
  stopped: (requestId: string) =>
    `Sending was stopped. If the host had already accepted “${requestId}”, you find it in the list and can take it back.`,
  noConnections: 'Nothing is connected yet. Connect a system first.',
} as const;

/** Words of the legal time in the form for one person. */
export const legalWords = {
  usual: (law: string) => `${law}, from today, unless you say otherwise.`,
  asBefore: 'As of the request that is corrected, unless you say otherwise.',
  received: 'The person asked on',
  receivedHelp: (zone: string | undefined) =>
    `Leave it empty for today. Days begin and end in ${zone === undefined ? 'the zone of the host' : `the zone ${zone}`}.`,
  lawAsSet: 'As this host is set',
  lawAsBefore: 'As before',
  days: 'Days that this law gives',
  daysHelp: 'Not needed where you say when it is due.',
  dueHelp: 'Leave it empty for what the law gives.',
} as const;

/** Words of confirming what erases. */
export const confirmWords = {
  title: 'Erase this person?',
  lead: (requestId: string) => `Nothing of “${requestId}” has been sent yet. What was erased cannot be brought back.`,
  type: (count: number) => `Type ${count.toLocaleString()} to confirm`,
  typeHelp: 'So many people at once are confirmed by their number.',
} as const;

/** Words about identifiers that nearly always are damage. */
export const doubtWords = {
  title: 'Doubtful: this may not name a person at all',
  means:
    'An identifier that is damage, such as “undefined” or “0”, can stand for everybody whose real one is missing. To suppress and delete under it cannot be undone.',
  meant: 'I have looked at it: it names this person, send it',
  goes: 'It is sent with the next batch, on your word.',
  waits: 'It is stored, and sent nowhere until somebody with the right to decide says that it is meant.',
  allow: 'It is meant: send it',
  allowTitle: 'Send the doubtful identifiers?',
  allowBody:
    'The request goes out with the next batch. It stands in the timeline and in the audit log that you said so.',
  allowed: 'The request goes on',
  allowedBy: 'Somebody has said that the doubtful identifiers are meant.',
} as const;

/** Words of a dry run. */
export const dryRunWords = {
  title: 'What would happen',
  nothing: 'Nothing would be sent.',
  sentence: (people: string, calls: string) => `${people} would go out in ${calls}.`,
  at: 'At',
  people: 'People',
  identifiers: 'Identifiers',
  calls: 'Calls to the vendor',
  quota: 'Quota left',
  quotaShort: (count: number) =>
    `More identifiers than the quota has left: ${count === 1 ? 'one waits' : `${count.toLocaleString()} wait`} for the next period.`,
  notKnown: (count: number) =>
    `${count === 1 ? '1 person has' : `${count.toLocaleString()} people have`} no identifier here by which the vendor knows people. They would be left over once the vendor is done.`,
  quotaResets: 'It starts anew on',
  waits: 'Nothing goes out now',
  waitsWhy: {
    paused: 'The connection is paused.',
    reconnect: 'The connection needs a new token.',
    CONNECTOR_UNAVAILABLE: 'Its connector cannot be used at the moment.',
  } as Readonly<Record<string, string>>,
  rejected: 'Could not be sent',
  missed: (count: number) => (count === 1 ? '1 system it would not reach' : `${count} systems it would not reach`),
  notLooked: 'Which systems it would not reach is not known: nobody has looked for them under the current settings.',
  estimated: 'Estimated from the batch limits',
} as const;

/** Words of an import. */
export const importWords = {
  title: 'Import requests from a file',
  lead: 'CSV with a header (request_id, right, received_at, due_at, jurisdiction, and a column for each kind of identifier: email, user_id, user_id.2 …) or NDJSON with one request a line. Any size.',
  drop: 'Drop a file here, or choose one',
  dropNow: 'Drop it here',
  choose: 'Choose a file',
  chosen: (name: string, size: string) => `${name}, ${size}`,
  another: 'Choose another file',
  check: 'Check the file',
  checked: 'Check of the file',
  nothingYet: 'Nothing has been taken in or sent yet. What was erased cannot be brought back.',
  nothingToTake: 'There is nothing in this file to take in.',
  start: (count: number) => (count === 1 ? 'Import 1 request' : `Import ${count.toLocaleString()} requests`),
  sendDoubtful: 'I have looked at what is doubtful, and it is meant: send it too',
  sharedDoubt:
    'Values that are the same for many people cannot be kept back by an import: take those lines out of the file, or say that they are meant.',
  mendings: 'What was mended while reading',
  times: (count: number) => (count === 1 ? '' : ` (${count.toLocaleString()} times)`),
  extraTitle: 'Columns that hold no identifier',
  extraBody: 'If they are of no use here, they can be skipped: nothing of them is stored.',
  skipColumns: 'Skip these columns',
  sending: (percent: number) => `${percent} % sent`,
  storing: 'Storing the last lines …',
  reading: 'Reading the file …',
  stop: 'Stop',
  checkStopped: 'The check was stopped. Nothing has been taken in.',
  stopped: 'The import was stopped. Lines that were stored before stay; the same file again adds only what is missing.',
  accepted: 'Accepted',
  acceptable: 'Would be accepted',
  duplicates: 'There already',
  rejected: 'Rejected',
  doubtful: 'Doubtful, kept back',
  done: 'The import is done',
  good: 'Every line was good.',
  badLines: 'Lines that were not taken',
  wouldNotTake: 'Lines that would not be taken',
  line: 'Line',
  why: 'Why',
  what: 'Result',
  heldLine: 'Doubtful',
  download: 'Download the bad lines',
  fileHolds: (count: number) => `The file holds the first ${count.toLocaleString()}.`,
  first: (count: number) => `The first ${count.toLocaleString()} are shown.`,
  again: 'Import another file',
  toRequests: 'See the requests',
} as const;
