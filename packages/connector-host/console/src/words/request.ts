/** Words of one request. */
export const requestWords = {
  parents: 'Requests',
  missing: 'There is no such request',
  missingBody: 'Request ids are compared to the letter.',
  accepted: 'Accepted',
  expected: 'Expected by',
  concluded: 'Concluded',
  person: 'Person',
  purged: 'The identifiers were purged; the record of what was done stays.',
  masked: 'Your role sees identifiers masked.',
  right: 'Asked for',
  work: 'Where it stands',
  due: 'Due',
  batch: 'Batch',
  batchOf: (id: number, people: string) => `No. ${id}, with ${people}`,
  reference: 'Reference at the vendor',
  vendorState: 'In the vendor’s words',
  nextLook: 'Next look',
  attempts: 'Attempts',
  access: {
    access_skipped: 'Access skipped: this system holds whole records only',
    direct_contact: 'A person has to be asked: direct contact',
  },
  accessStep: 'Access step',
  destinations: 'What the vendor says per destination',
  destinationStates: {
    pending: 'Pending',
    completed: 'Done',
    failed: 'Failed',
    'not-supported': 'Not supported',
    unknown: 'Not known',
  },
  columns: { name: 'Destination', state: 'Result', message: 'What was said', at: 'When' },
  times: (count: number) => ` × ${count}`,
  exceptions: 'Exceptions: erase here by other means',
  timeline: 'Timeline',
  byHost: 'the host',
  retry: 'Try again',
  retried: 'It is tried again',
  cancel: 'Take back',
  cancelTitle: 'Take this request back?',
  cancelBody:
    'What was not submitted yet is never sent. What the vendor has already goes on, unless the vendor can take it back.',
  cancelled: 'The request was taken back, as far as that was possible',
  keep: 'Keep it',
  receipt: 'Download the receipt',
  receiptHelp: 'A signed receipt (JWS): anyone can check it against the keys this host publishes.',
  noTasks: 'Nothing had to be done anywhere.',
  waitsFor: {
    pending: 'Waits for the next batch.',
    reconnect: 'Waits until the connection has a new token.',
    paused: 'Waits until the connection goes on.',
  },
} as const;

const batch = (people: number) =>
  people === 1 ? 'The batch holds this person alone.' : `The batch holds ${people.toLocaleString()} people.`;

/** Words of deciding about a batch of which nobody can tell whether the vendor has it. */
export const settleWords = {
  title: 'Somebody has to decide',
  body: 'The answer to the submission was lost, and the vendor offers no way to find out whether it took the batch. Look there, if you can, before you decide.',
  resubmit: 'Send it again',
  confirm: 'It arrived',
  titles: { resubmit: 'Send the batch again?', confirm: 'The vendor has the batch' },
  bodies: {
    resubmit: (people: number) =>
      `${batch(people)} If the first submission did arrive, the same people are erased a second time: that does no harm, but counts against the quota again.`,
    confirm: (people: number) =>
      `${batch(people)} From now on it is followed under the reference that the vendor gave it. Nothing is sent.`,
  },
  reference: 'Reference at the vendor',
  referenceHelp: 'The id under which the vendor keeps the deletion, as shown there.',
  done: { resubmit: 'The batch is sent again', confirm: 'The batch is followed from now on' },
} as const;
