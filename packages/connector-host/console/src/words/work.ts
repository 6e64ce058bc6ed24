/** Words of work for people. */
import type { WorkItem } from '../api/model.js';

/** What work is about, as a heading over several pieces of it. */
const causes: Readonly<Record<WorkItem['kind'], string>> = {
  'erase-elsewhere': 'Erase people by hand',
  'direct-contact': 'Ask somebody for a person’s data',
  'decide-submission': 'Decide about a submission',
  reconnect: 'Reconnect',
  'decide-system': 'Decide about a system',
  'doubtful-identifiers': 'Look at identifiers that may be damage',
};

/** What brings a piece of work to its end. */
const ends: Readonly<Record<WorkItem['kind'], string>> = {
  'erase-elsewhere': 'Download the list of people, erase them in this system, and say how it ended.',
  'direct-contact': 'Ask whoever holds the data, and record what they answered.',
  'decide-submission': 'It ends once somebody has said whether the vendor has the batch.',
  reconnect: 'It ends by itself once the connection works again.',
  'decide-system': 'It ends once somebody has decided what becomes of people in this system.',
  'doubtful-identifiers': 'It ends once somebody has said of each request whether its identifiers are meant.',
};

const places: Readonly<Partial<Record<WorkItem['kind'], string>>> = {
  'erase-elsewhere': 'The system on the map',
  'direct-contact': 'The request',
  reconnect: 'Replace the token',
  'decide-system': 'Decide on the map',
  'doubtful-identifiers': 'Requests that wait for a person',
};

/** Words of the list of work, and of one piece of it. */
export const workWords = {
  title: 'Work',
  lead: 'What only people can do. What is due first comes first.',
  causes,
  ends,
  places,
  show: 'Which work',
  shown: { mine: 'Mine', all: 'All open', overdue: 'Overdue', ended: 'Ended' },
  group: 'Grouped by',
  groups: { cause: 'Cause', system: 'System' },
  anyCause: 'Any cause',
  cause: 'Cause',
  noSystem: 'Not about one connection',
  none: {
    mine: 'You have no work',
    all: 'There is no work',
    overdue: 'Nothing is overdue',
    ended: 'No work has ended yet',
  },
  noneBody:
    'What only people can do appears here by itself, such as erasing people in a system that a deletion does not reach.',
  /** @param more some of them may not be loaded. */
  total: (count: number, more: boolean) =>
    `${count === 1 ? '1 piece of work' : `${count.toLocaleString()} pieces of work`}${more ? ' so far' : ''}`,
  due: (day: string) => `Due ${day}`,
  overdue: (day: string) => `Overdue since ${day}`,
  nobody: 'Nobody has it',
  whose: (name: string) => `${name} has it`,
  states: { open: 'Open', done: 'Done', not_needed: 'Not needed', could_not: 'Could not be done' },
  missing: 'There is no such work',
  missingBody: 'The address may be mistyped.',
  toAll: 'All work',
  facts: 'What it is about',
  todo: 'What to do',
  instructions: 'How',
  noInstructions: 'Nobody has written down how. Whoever decides about the system on the map can.',
  history: 'What happened',
  connection: 'Connection',
  system: 'System',
  owner: 'Who has it',
  dueAt: 'Due',
  noDue: 'No date',
  people: 'People',
  opened: 'Opened',
  listed: 'List closed',
  request: 'Request',
  ended: 'How it ended',
  endedAt: 'Recorded',
  byItself: 'It ended by itself.',
} as const;

/** Words of what can be done with a piece of work. */
export const workActWords = {
  people: 'Download the people',
  peopleTitle: 'Close the list and download it?',
  peopleAgain: 'Download the list of people?',
  peopleBody: 'From now on nobody joins this work: people left over later go into the next one.',
  audited: 'The download is in the audit log, with your name.',
  download: 'Download',
  peopleDone: 'The list of people was downloaded',
  assign: 'Assign',
  assignTitle: 'Who is to do it?',
  me: 'Me',
  nobody: 'Nobody',
  name: 'A person or a group',
  nameHelp: 'Empty for nobody.',
  email: 'E-mail address',
  emailHelp: 'Whoever signs in with a token of this address sees the work as theirs, and may download the people.',
  earlier: 'Due earlier',
  earlierHelp: 'It can only be made due earlier, never later.',
  note: 'Note',
  noteHelp: 'Don’t name any of the people.',
  assigned: 'The work was assigned',
  addNote: 'Add a note',
  noted: 'The note was added',
  close: 'Close',
  closeTitle: 'How did it end?',
  closeBody: (people: string) => `This applies to everybody in it (${people}) and appears in their receipts.`,
  outcome: 'Outcome',
  outcomes: {
    done: 'Done: they were erased there',
    not_needed: 'Not needed: nothing of them is there',
    could_not: 'It could not be done',
  },
  unread: 'It can be done only once somebody has downloaded the list of people: without it nobody knows whom to erase.',
  how: 'How it was done',
  why: 'Why',
  doneBy: 'Who did it',
  doneByHelp: (name: string) => `Leave it empty for ${name}.`,
  doneAt: 'When',
  doneAtHelp: 'Leave it empty for now.',
  evidence: 'What shows it',
  evidenceHelp: 'Such as the number of a ticket. Don’t name any of the people.',
  link: 'A page that shows it',
  linkHelp: 'Begins with https:// or http://.',
  files: 'Files that show it.',
  filesHelp: 'Such as a screenshot. Purged with the first of the people in it.',
  closed: 'The work is closed; the requests follow within moments',
  reopen: 'Open again',
  reopenTitle: 'Open this work again?',
  reopenBody:
    'What it ended is left over again, and files that showed it are removed. Nobody joins it; people left over later go into the next one.',
  reopenWhy: 'Why',
  reopened: 'The work is open again',
} as const;
