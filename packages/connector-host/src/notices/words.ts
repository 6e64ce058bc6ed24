/** How each kind of notice reads, in mail and in the console, and which of its facts go out. Nothing here names a person or a secret. */
import type { NoticeFacts, NoticeKind } from '../outbox.js';
import { type WorkKind, workNames } from '../work/kinds.js';

/** A notice as it is to be put into words. */
export interface Told {
  readonly facts: NoticeFacts;
  /** How many of the same came together. */
  readonly count: number;
  /** The connection's name, where it is about one. */
  readonly connection: string;
  /** A time as its reader has it. */
  readonly when: (iso: unknown) => string;
}

interface KindWords {
  /** In a list of kinds. */
  readonly label: string;
  readonly subject: (told: Told) => string;
  /** What happened, and what is to be done: a paragraph each. */
  readonly body: (told: Told) => readonly string[];
  /** Path of the console's page; `{connection}` stands for the connection's id. */
  readonly path?: string;
  /** The facts that a webhook is sent. */
  readonly facts: readonly string[];
}

const several = (n: unknown, one: string, many = `${one}s`): string => (n === 1 ? `1 ${one}` : `${n} ${many}`);
const coded = ({ facts }: Told): string => (facts['code'] === undefined ? '' : ` (${facts['code']})`);
const inSystem = ({ facts }: Told): string => (facts['system'] === undefined ? '' : ` in ${facts['system']}`);
const workNamed = (told: Told): string =>
  told.count === 1
    ? `${workNames[told.facts['what'] as WorkKind] ?? 'Work'}${inSystem(told)}`
    : `${told.count} pieces of work`;
const due = ({ facts, count, when }: Told): string =>
  facts['dueAt'] === undefined || count > 1 ? '' : ` It is due ${when(facts['dueAt'])}.`;
const notDone = ({ count }: Told): string => (count === 1 ? 'is' : 'are');

/** Of a work item: its number, its kind, the system, and when it is due. */
const workFacts = ['work', 'what', 'system', 'dueAt'];

/** The words of every kind, and of the test. */
export const words: Readonly<Record<NoticeKind | 'test', KindWords>> = {
  'connection.reconnect': {
    label: 'A connection needs to be reconnected',
    subject: ({ connection }) => `${connection} needs to be reconnected`,
    body: (told) => [
      `The connection ${told.connection} does not work any more${coded(told)}. Nothing more is sent there, and what the vendor has is not followed, until it does.`,
      'Open the connection and enter its credentials again. What waits goes on by itself.',
    ],
    path: '/connections/{connection}',
    facts: ['code'],
  },
  'requests.deadlines': {
    label: 'Requests are late or due soon (once a day)',
    subject: ({ facts }) => `Requests: ${facts['late']} late, ${facts['dueSoon']} due within a week`,
    body: ({ facts }) => [
      `${several(facts['late'], 'request is', 'requests are')} late by the law. ${several(facts['dueSoon'], 'more is', 'more are')} due within a week.`,
      'The list of requests shows which, and what each of them waits for.',
    ],
    path: '/requests?timing=late',
    facts: ['late', 'dueSoon'],
  },
  'quota.used_up': {
    label: 'A quota is used up',
    subject: ({ connection }) => `The quota of ${connection} is used up`,
    body: ({ connection, facts, when }) => [
      `The vendor takes no more deletions from ${connection} for now.${facts['until'] === undefined ? '' : ` They go on by themselves ${when(facts['until'])}.`}`,
      'Where people are due before that, ask the vendor for a larger quota.',
    ],
    path: '/connections/{connection}',
    facts: ['until'],
  },
  'submission.undecided': {
    label: 'A submission has to be decided about',
    subject: ({ connection, count }) =>
      `${connection}: ${several(count, 'submission needs', 'submissions need')} a decision`,
    body: (told) => [
      told.count === 1
        ? `Nobody can find out whether the vendor took operation ${told.facts['operation']} of ${told.connection}${coded(told)}. Its people wait.`
        : `Nobody can find out whether the vendor took ${told.count} operations of ${told.connection}, the first of them ${told.facts['operation']}${coded(told)}. Their people wait.`,
      'Look at the vendor, then say whether to submit again or under which reference it is there.',
    ],
    path: '/requests?status=waiting_for_person',
    facts: ['operation', 'code'],
  },
  'system.not_reached': {
    label: 'A new system is not reached by deletions',
    subject: ({ connection, facts }) =>
      `${connection}: deletions do not reach ${several(facts['unreached'], 'new system')}`,
    body: ({ connection, facts }) => [
      `${connection} feeds ${several(facts['unreached'], 'new system')} that a deletion is not known to reach: ${facts['systems']}.`,
      'Decide how people are treated there.',
    ],
    path: '/map',
    facts: ['unreached', 'systems'],
  },
  'system.asked_again': {
    label: 'A decision about a system is to be looked at again',
    subject: ({ connection, count }) =>
      `${connection}: look again at ${several(count, 'decision about a system', 'decisions about systems')}`,
    body: ({ connection, facts, count }) => [
      count === 1
        ? `What was decided about ${facts['system']} behind ${connection} is to be looked at again.`
        : `What was decided about ${count} systems behind ${connection} is to be looked at again, the first of them ${facts['system']}.`,
      'Until somebody decides anew, it counts as before, unless the connection that covers the system was removed.',
    ],
    path: '/work',
    facts: ['system'],
  },
  'import.ended': {
    label: 'A file was imported with bad or doubtful lines',
    subject: ({ facts }) => `Import: ${several(facts['rejected'], 'line')} with errors, ${facts['doubtful']} doubtful`,
    body: ({ facts, count }) => [
      `A file was taken in. Accepted: ${facts['accepted']}. With errors: ${facts['rejected']}. Doubtful: ${facts['doubtful']}.${count === 1 ? '' : ` ${several(count - 1, 'more file', 'more files')} ended so at the same time.`}`,
      'Nobody in those lines was taken in. The report of the import names each line; correct them and import them again.',
    ],
    path: '/requests',
    facts: ['accepted', 'rejected', 'doubtful'],
  },
  'disk.nearly_full': {
    label: 'The disk of the database is nearly full',
    subject: () => 'The disk of the database is nearly full',
    body: ({ facts }) => [
      `${facts['freeMegabytes']} MB are free. Where the disk is full, no requests are accepted.`,
      'Free some room, or give the database a larger disk.',
    ],
    facts: ['freeMegabytes'],
  },
  'work.assigned': {
    label: 'Work was assigned',
    subject: (told) => `Work for you: ${workNamed(told)}`,
    body: (told) => [
      `You were given ${told.count === 1 ? 'a piece of work: ' : ''}${workNamed(told)}.${due(told)}`,
      'Its page says what is to be done.',
    ],
    path: '/work',
    facts: workFacts,
  },
  'work.due_tomorrow': {
    label: 'Work is due tomorrow',
    subject: (told) => `Due tomorrow: ${workNamed(told)}`,
    body: (told) => [`${workNamed(told)} ${notDone(told)} not done yet.${due(told)}`],
    path: '/work',
    facts: workFacts,
  },
  'work.overdue': {
    label: 'Work is overdue',
    subject: (told) => `Overdue: ${workNamed(told)}`,
    body: (told) => [`${workNamed(told)} ${notDone(told)} overdue.${due(told)}`],
    path: '/work',
    facts: workFacts,
  },
  'contact.silent': {
    label: 'A contact did not answer in time, and the request stands still',
    subject: ({ connection, count }) =>
      `${connection}: ${several(count, 'access request stands', 'access requests stand')} still`,
    body: (told) => [
      told.count === 1
        ? `The contact of ${told.connection} did not answer in time about an access request (W-${told.facts['work']}).${told.facts['written'] === 0 ? ' No message reached them.' : ''}`
        : `The contact of ${told.connection} did not answer in time about ${told.count} access requests, the first of them W-${told.facts['work']}.`,
      'Ask them another way and write the answer down, or stop the request.',
    ],
    path: '/work',
    facts: ['work', 'dueAt'],
  },
  'notice.switched_off': {
    label: 'A webhook was switched off',
    subject: ({ facts }) => `The webhook to ${facts['to']} was switched off`,
    body: ({ facts }) => [
      facts['why'] === 'gone'
        ? `${facts['to']} says that the webhook is not wanted any more (410).`
        : `${facts['to']} took nothing for three days.`,
      'Mend the receiver, switch the webhook on again, and resend what it missed.',
    ],
    path: '/notices',
    facts: ['notice', 'to', 'why'],
  },
  test: {
    label: 'A test',
    subject: () => 'A test of your notices',
    body: () => ['This is a test. Whoever reads it gets the notices of this host.'],
    path: '/notices',
    facts: [],
  },
};
