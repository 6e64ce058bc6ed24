/** What calls about work for people answer. */
import { treatments } from '../../requests/treatment.js';
import { workLimits } from '../../work/assign.js';
import { workKinds, workOutcomes, workStates } from '../../work/kinds.js';
import { dueWords } from '../../work/view.js';
import {
  countedTo,
  fileIds,
  type JsonSchema,
  list,
  object,
  oneOf,
  page,
  ref,
  text,
  time,
  whole,
} from './json-schema.js';

const upTo = (maxLength: number, description: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength,
  description,
});

/** What work is about. */
export const workKind = oneOf(
  workKinds,
  '`erase-elsewhere`: a system that deletions left over. `direct-contact`: an access request waits for an answer. ' +
    '`decide-submission`: nobody knows whether the vendor has a batch. `reconnect`: a connection stopped working. ' +
    '`decide-system`: nobody decided about a system that a deletion is not known to reach. ' +
    '`doubtful-identifiers`: requests wait for a word about their identifiers.',
);

const owner = object(
  { name: upTo(workLimits.name, 'A person or a group.'), email: upTo(workLimits.email, 'Theirs.') },
  'email',
);

const evidenceFields = {
  text: upTo(workLimits.text, 'Such as the number of a ticket. Must not name any of the people in it.'),
  link: upTo(workLimits.link, 'Address of a page.'),
};

/** What shows that work was done. */
export const evidence: JsonSchema = object(
  { ...evidenceFields, files: whole('How many files were sent with it.') },
  'text',
  'link',
  'files',
);

/** Who is to do some work, as it is handed in. */
export const assignment: JsonSchema = object(
  {
    owner: { anyOf: [owner, { type: 'null' }], description: '`null`: nobody.' },
    note: upTo(workLimits.note, 'Stands in the history. Must not name any of the people in it.'),
    dueAt: time('Only ever earlier than it is due now.'),
  },
  'note',
  'dueAt',
);

/** How work ended, as it is handed in. */
export const workEnd: JsonSchema = object(
  {
    outcome: oneOf(workOutcomes),
    reason: upTo(workLimits.why, 'How it was done, or why it was not. Must not name any of the people in it.'),
    doneBy: upTo(workLimits.name, 'For `done`: who did it. The owner where absent; needed for `direct-contact`.'),
    doneAt: time('For `done`: when. Now where absent.'),
    evidence: object(evidenceFields, 'text', 'link'),
    files: fileIds('Sent before by `POST /api/v1/work/{id}/files`: evidence, or what was answered with.'),
  },
  'doneBy',
  'doneAt',
  'evidence',
  'files',
);

const item = {
  id: whole(),
  kind: workKind,
  state: oneOf(workStates),
  text: text('What is to be done, in plain words.'),
  connection: text(),
  connectionName: text(),
  system: text('Key in the inventory, or the name that the vendor gives one that is not there.'),
  systemName: text(),
  operation: whole('For `decide-submission`.'),
  requestId: text('For `direct-contact`.'),
  task: whole('For `direct-contact`: the task of the request that waits.'),
  ask: object(
    {
      reference: text('What the contact knows the request by.'),
      contact: ref('Contact'),
      askedAt: time(),
      answerBy: time('14 days later, or the legal date where that is earlier.'),
      messages: whole('That were made for the contact: the first, and its reminders.'),
      taken: whole('How many of them the mail server took.'),
      writtenAt: time('When the mail server first took one.'),
      nextAt: time('When the next one, or the end of the wait, is due.'),
      silentAt: time('When the time was over without an answer.'),
    },
    'contact',
    'writtenAt',
    'nextAt',
    'silentAt',
  ),
  owner,
  dueAt: time('Never after the earliest legal date of the people in it.'),
  due: oneOf(dueWords, 'Past, within a week, or later.'),
  people: whole('Of the deletions in it: somebody in several of them counts in each.'),
  openedAt: time(),
  listedAt: time('When its list of people was first downloaded, or it was ended before: nothing joins it any more.'),
  readAt: time(
    'When its list of people was first downloaded. Absent: nobody has seen whom it is about, so it cannot be `done`.',
  ),
  instructions: text('How people are erased there, as was decided about the system. Markdown.'),
  treatment: oneOf(treatments),
  ended: object(
    {
      at: time('When it was written down.'),
      by: text('Id of who wrote it down; absent where it ended by itself.'),
      why: text(),
      doneBy: text(),
      doneAt: time(),
      evidence,
      treatment: oneOf(treatments, 'The decision about the system that ended it.'),
    },
    'by',
    'why',
    'doneBy',
    'doneAt',
    'evidence',
    'treatment',
  ),
} as const;

const optional = [
  ...[
    'connection',
    'connectionName',
    'system',
    'systemName',
    'operation',
    'requestId',
    'task',
    'ask',
    'owner',
    'dueAt',
    'due',
  ],
  ...['listedAt', 'readAt', 'instructions', 'treatment', 'ended'],
];

/** Schemas of work items, by name. */
export const workSchemas: Readonly<Record<string, JsonSchema>> = {
  WorkItem: object(item, ...optional),
  WorkPage: page('WorkItem'),
  WorkDetail: object(
    {
      ...item,
      history: list(
        object({ at: time(), kind: text(), text: text('Plain words.'), actor: text('Id of who did it.') }, 'actor'),
      ),
      may: { ...list(oneOf(['people', 'assign', 'close', 'reopen'])), description: 'What the caller may do with it.' },
    },
    ...optional,
  ),
  WorkCounts: object(
    { open: whole(), overdue: whole('Of those.'), mine: whole("Of those: the caller's."), countedTo },
    'countedTo',
  ),
};
