/** Words of the list of requests, of new ones, imports and dry runs. */
export const requestsWords = {
  title: 'Requests',
  lead: 'Everyone who asked to be erased or to see their data, newest first.',
  all: 'All',
  states: 'State',
  search: 'Request id or identifier',
  searchPlain: 'Request id',
  searchHelp: 'An identifier has to be whole and to the letter. What you search for is not kept in the address.',
  connection: 'Connection',
  lateness: 'In time',
  right: 'Right',
  any: 'Any',
  clear: 'Clear filters',
  columns: {
    id: 'Request',
    person: 'Person',
    state: 'State',
    where: 'Where',
    accepted: 'Accepted',
    due: 'Expected or ended',
  },
  by: 'By',
  ended: 'Ended',
  table: 'Requests',
  counted: (count: number) => (count === 1 ? '1 request' : `${count.toLocaleString()} requests`),
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
  retryBody: (where: string | undefined) =>
    where === undefined
      ? 'Every task in error, at every connection, is tried again. What was never submitted is sent; what a person has to decide stays as it is.'
      : `Every task in error at “${where}” is tried again. What was never submitted is sent; what a person has to decide stays as it is.`,
  retried: (count: number, unsettled: number) => {
    const again = count === 1 ? 'One task is tried again' : `${count.toLocaleString()} tasks are tried again`;
    if (unsettled === 0) return again;
    return `${again}; ${unsettled === 1 ? 'one waits' : `${unsettled.toLocaleString()} wait`} for a person’s decision first`;
  },
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
  dryRun: 'Dry run',
  trying: 'Trying out …',
  submitDeletion: 'Erase this person',
  submitAccess: 'Submit the request',
  sending: 'Handing in …',
  accepted: 'The request was accepted',
  noConnections: 'Nothing is connected yet. Connect a system first.',
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
  waits: 'Nothing goes out now',
  waitsWhy: { paused: 'The connection is paused.', reconnect: 'The connection needs a new token.' } as Readonly<
    Record<string, string>
  >,
  rejected: 'Could not be sent',
  missed: (count: number) => (count === 1 ? '1 system it would not reach' : `${count} systems it would not reach`),
  estimated: 'Estimated from the batch limits',
} as const;

/** Words of an import. */
export const importWords = {
  title: 'Import requests from a file',
  lead: 'CSV with a header (request_id, right, and a column for each kind of identifier: email, user_id, user_id.2 …) or NDJSON with one request a line. Any size.',
  drop: 'Drop a file here, or choose one',
  dropNow: 'Drop it here',
  choose: 'Choose a file',
  chosen: (name: string, size: string) => `${name}, ${size}`,
  another: 'Choose another file',
  dryRun: 'Dry run',
  start: 'Import',
  sending: (percent: number) => `${percent} % sent`,
  storing: 'Storing the last lines …',
  reading: 'Reading the file …',
  stop: 'Stop',
  stopped: 'The import was stopped. Lines that were stored before stay; the same file again adds only what is missing.',
  accepted: 'Accepted',
  acceptable: 'Would be accepted',
  duplicates: 'There already',
  rejected: 'Rejected',
  done: 'The import is done',
  good: 'Every line was good.',
  badLines: 'Lines that were not taken',
  line: 'Line',
  why: 'Why',
  download: 'Download the bad lines',
  fileHolds: (count: number) => `The file holds the first ${count.toLocaleString()}.`,
  first: (count: number) => `The first ${count.toLocaleString()} are shown.`,
  again: 'Import another file',
  toRequests: 'See the requests',
} as const;
