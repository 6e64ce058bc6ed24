const outcomeWords = {
  erased: 'erased',
  'no-match': 'not known there',
  partial: 'erased in part',
  refused: 'refused',
} as const;

/** Words of one request. */
export const requestWords = {
  parents: 'Requests',
  missing: 'There is no such request',
  missingBody: 'Request ids are compared to the letter.',
  expected: 'The vendor expects to be done by',
  concluded: 'Concluded',
  basis: 'On whose word',
  bases: {
    submission: 'The submission alone: the vendor took it, and nobody has confirmed that it was carried out',
    vendor: 'The vendor says that it is done',
    person: 'Somebody recorded it: a person’s word alone',
    'nobody-known': 'The vendor knows nobody by these identifiers',
  },
  vendor: 'the vendor',
  doneIn: (
    { done, submitted, said, unknown }: Readonly<Record<'done' | 'submitted' | 'said' | 'unknown', string>>,
    systems: number,
    idMissing: boolean,
  ) => {
    const parts = [
      ...(done === '' ? [] : [`Done in ${done}`]),
      ...(submitted === '' ? [] : [`Submitted to ${submitted}, which has not confirmed it`]),
      ...(said === '' ? [] : [`At ${said}, as a person says, which was not asked`]),
      ...(unknown === '' ? [] : [`Not known in ${unknown}`]),
    ];
    const left = [
      ...(systems === 0 ? [] : [systems === 1 ? '1 system left' : `${systems.toLocaleString()} systems left`]),
      ...(idMissing ? ['the person’s user id was not known there'] : []),
    ];
    return `${parts.join('. ')}; ${left.join(', and ')}.`;
  },
  person: 'Person',
  purged: 'The identifiers were purged; the record of what was done stays.',
  masked: 'Your role sees identifiers masked.',
  right: 'Asked for',
  work: 'Where it stands',
  batch: 'Batch',
  batchOf: (id: number, people: string) => `No. ${id}, with ${people}`,
  reference: 'Reference at the vendor',
  vendorState: 'In the vendor’s words',
  results: 'What became of its people',
  resultsOf: (counts: Partial<Readonly<Record<keyof typeof outcomeWords, number>>>) =>
    Object.entries(outcomeWords)
      .flatMap(([outcome, word]) => {
        const people = counts[outcome as keyof typeof outcomeWords];
        return people === undefined ? [] : [`${people.toLocaleString()} ${word}`];
      })
      .join(', '),
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
  exceptions: 'What the vendor did not do',
  timeline: 'Timeline',
  byHost: 'the host',
  retry: 'Try again',
  retried: 'It is tried again',
  cancel: 'Take back',
  cancelTitle: 'Take this request back?',
  cancelBody:
    'What was not submitted yet is never sent. What the vendor has already goes on, unless the vendor can take it back.',
  cancelled: 'The request was taken back',
  cancelledInPart: (why: readonly string[]) => `Taken back in part. ${[...new Set(why)].join(' ')}`,
  keep: 'Keep it',
  receipt: 'Download the receipt',
  receiptHelp: 'A signed receipt (JWS): anyone can check it against the keys this host publishes.',
  noTasks: 'Nothing had to be done anywhere.',
  waitsFor: {
    pending: 'Waits for the next batch.',
    reconnect: 'Waits until the connection has a new token.',
    paused: 'Waits until the connection goes on.',
    connector: 'Waits until its connector can be used: it is not installed, or was refused.',
  },
} as const;

/** Words of the legal clock. */
export const clockWords = {
  title: 'Legal deadline',
  due: 'Due',
  dueBefore: 'Due before the extension',
  extendedFor: 'Reason for the extension',
  law: 'Law',
  laws: {
    gdpr: () => 'GDPR: one calendar month',
    ccpa: () => 'CCPA: 45 days',
    other: (days: number | undefined) =>
      days === undefined ? 'Another law' : `Another law: ${days === 1 ? '1 day' : `${days.toLocaleString()} days`}`,
  } as Readonly<Record<'gdpr' | 'ccpa' | 'other', (days: number | undefined) => string>>,
  received: 'The person asked',
  accepted: 'Accepted here',
  concluded: 'Concluded',
  settledOn: 'Settled',
  settled: { inTime: 'Settled in time.', late: 'Settled late.' },
  extendOpen: 'Extend the deadline',
  extendTitle: 'Extend the deadline?',
  extendBody: (due: string) =>
    `The request is due on ${due}. It can be extended once, before that day has passed; the person has to be told why.`,
  extensions: {
    gdpr: 'The GDPR allows two more months.',
    ccpa: 'The CCPA allows 45 more days.',
    other: 'How far depends on the law that applies.',
  },
  until: 'New due date',
  extensionReason: 'Reason',
  noNames: 'Don’t name the person: it stays in the timeline when the identifiers are purged.',
  extend: 'Extend',
  extended: 'The deadline was extended',
} as const;

/** Words of the ends of an error. */
export const errorWords = {
  title: 'This request ended in error',
  body: 'It stays open, and its deadline runs, until it is tried again, corrected or closed.',
  correct: 'Correct it and send again',
  correctTitle: 'Correct this request?',
  correctBody: (requestId: string) =>
    `A new request hands the person of “${requestId}” in again: with the identifiers below, and only where that one failed or the vendor could not know the person.`,
  corrects: 'Corrects',
  correctedBy: 'Its place was taken by',
  close: 'Close it',
  closeTitle: 'Close this error?',
  closeBody: 'The request stays in error, and nothing more is done about it. Say why that is right.',
  reason: 'Reason',
  closed: 'The error is closed',
  closedTitle: 'This error is closed',
} as const;

/** Words of what a deletion left over. */
export const leftoverWords = {
  title: 'Left over',
  lead: (open: number) =>
    open === 0 ? 'Nothing of it is open any more.' : `${open.toLocaleString()} still to be decided or done.`,
  handIn: 'Hand in with an id',
  notNeeded: 'Not needed',
  notNeededTitle: 'Nobody to be found there?',
  notNeededBody:
    'The vendor knows people by another kind of identifier than the ones given. Say why this person need not be handed in with it.',
  notNeededSave: 'It is not needed',
  notNeededDone: 'Recorded as not needed',
  work: (open: boolean, owner: string | undefined) =>
    !open ? 'The work that it was in' : owner === undefined ? 'Nobody has it yet' : `${owner} has it`,
  states: { open: 'Open', done: 'Done', not_needed: 'Not needed', could_not: 'Could not be done' },
  notRecorded:
    'What was left over was not recorded when this deletion ended. That nothing is listed here says nothing.',
} as const;

/** Words of asking a contact, and of what they sent. */
export const askWords = {
  contact: 'The contact',
  nobody: 'No contact was named when the request came, so nobody is asked by mail.',
  unwritten: (name: string) => `${name} is to be asked; the mail server has taken no message yet.`,
  asked: (name: string, day: string, reminders: number) =>
    `${name} was asked on ${day}${reminders === 0 ? '' : reminders === 1 ? ', with 1 reminder since' : `, with ${reminders} reminders since`}.`,
  due: (when: string) => `The answer is due ${when}.`,
  silent: (when: string) => `Nobody answered in time: the answer was due ${when}.`,
  reference: (reference: string) => `Reference: ${reference}`,
  stop: 'Stop asking',
  stopTitle: 'Stop asking for an answer?',
  stopBody: 'The contact gets no more mail, their link stops working, and this part of the request is cancelled.',
  stopped: 'Nobody is asked any more',
  files: 'Files of the answer.',
} as const;

/** Words of writing down what somebody answered. */
export const answerWords = {
  awaited: 'Waits for somebody’s answer',
  body: 'No system answers this by itself: somebody who looks after the data has to be asked. Write down what they answered.',
  record: 'Record the answer',
  save: 'Record',
  recorded: 'The answer is recorded',
  outcome: 'Outcome',
  outcomes: {
    done: 'Done: the person was served',
    not_needed: 'Not needed: nothing is held about the person',
    could_not: 'It could not be done',
  },
  by: 'Who answered',
  byHelp: 'A colleague, a team, a contact at the vendor.',
  at: 'Answered on',
  atHelp: 'Leave it empty for today.',
  said: 'What they said',
  saidHelp: 'Without the person’s identifiers. It is purged with them.',
  filesHelp: 'What they sent; purged with the person.',
  recordedAt: 'Recorded',
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
      `${batch(people)} The vendor is asked once whether it knows the reference that you enter. Where it cannot be asked just now, that stands as a person’s word alone. Nothing is sent.`,
  },
  reference: 'Reference at the vendor',
  referenceHelp: 'The id under which the vendor keeps the deletion, as shown there.',
  done: { resubmit: 'The batch is sent again', confirm: 'The batch is followed from now on' },
} as const;
