/** Words of the view of notices. */
import type { Delivery, Notice } from '../api/model.js';

const states: Readonly<Record<Delivery['state'], string>> = {
  waiting: 'Waits',
  delivered: 'Delivered',
  failed: 'Not delivered',
};

const offs: Readonly<Record<NonNullable<Notice['switchedOff']>['why'], string>> = {
  silent: 'The host switched it off: it took nothing for three days.',
  gone: 'The host switched it off: it answered that it wants nothing any more.',
};

/** What goes to nobody by a rule. */
const others: Readonly<Partial<Record<Delivery['kind'], string>>> = {
  test: 'A test',
  'contact.asked': 'A question to a contact',
  'contact.reminded': 'A reminder to a contact',
};

export const noticeWords = {
  title: 'Notices',
  lead: 'Who is told what, by mail or webhook. No message names a person.',
  forbidden: 'Your role does not set up notices',
  forbiddenBody: 'A Connections Manager or a Super Admin says who is told what.',
  add: 'New notice',
  rules: 'Who is told',
  list: 'List of who is told',
  none: 'Nobody is told anything yet',
  noneBody: 'Have somebody told when a connection needs to be reconnected, requests are late, or a file had bad lines.',
  noMail: 'This host has no mail server, so only webhooks can be told. Start it with --smtp-server and --mail-from.',
  columns: { to: 'To', what: 'What', quiet: 'Quiet hours', state: 'State', actions: 'What can be done' },
  everything: 'Everything',
  everythingBut: 'Everything but:',
  quietNone: 'None',
  quietText: (from: string, until: string, zone: string) => `${from} to ${until}, ${zone}`,
  on: 'On',
  off: 'Off',
  offs,
  owner: 'Whoever owns the work',
  everybody: (role: string) => `Each ${role} with an address`,
  webhook: (origin: string) => `Webhook at ${origin}`,
  test: 'Test',
  testOf: (to: string) => `Send a test to: ${to}`,
  tested: (count: number) => (count === 1 ? 'The test was delivered' : `${count} tests were delivered`),
  testedNobody: 'There is nobody to send a test to: nobody of this role has an address, or it goes to owners of work.',
  testFailed: (why: string) => `The test was not delivered. ${why}`,
  change: 'Change',
  changeOf: (to: string) => `Change: ${to}`,
  secret: 'New secret',
  secretOf: (to: string) => `New secret: ${to}`,
  secretTitle: (to: string) => `A new secret for ${to}?`,
  secretBody:
    'Messages carry a signature by the old secret as well for a day, so that the receiver can be changed meanwhile.',
  remove: 'Remove',
  removeOf: (to: string) => `Remove: ${to}`,
  removeTitle: (to: string) => `Tell nobody by this any more: ${to}?`,
  removeBody: 'What still waits for it is not sent. The list of what was sent stays.',
  removed: 'The notice was removed',
  changed: 'The notice was changed',
  added: 'The notice was added',
  way: 'How',
  ways: {
    address: 'Mail to an address',
    role: 'Mail to everybody of a role',
    owner: 'Mail to whoever owns the work',
    url: 'Webhook',
  },
  address: 'E-mail address',
  role: 'Role',
  roleHelp: 'Reaches those whose access token carries an e-mail address.',
  url: 'Address of the webhook',
  urlHelp: 'https and public. Messages are signed by the Standard Webhooks scheme.',
  missing: 'Fill this in.',
  kinds: 'What to tell',
  kindsMissing: 'Choose at least one.',
  active: 'Send',
  quietFrom: 'Quiet from',
  quietUntil: 'Quiet until',
  quietHelp: 'Nothing is sent in these hours; it goes out when they end. Empty for none.',
  quietHalf: 'Fill in both, or neither.',
  zone: 'Zone',
  zoneHelp: "Of the quiet hours and of times in messages. Empty for the host's.",
  secretMade: (to: string) => `The secret of ${to}`,
  secretMadeBody: 'Copy it now, for checking signatures. It is never shown again.',
  secretLabel: 'Secret',
} as const;

export const deliveryWords = {
  title: 'What was sent',
  list: 'List of what was sent',
  none: 'Nothing was sent yet.',
  columns: { at: 'When', what: 'What', to: 'To', state: 'State', actions: 'What can be done' },
  states,
  others,
  tries: (count: number) => (count === 1 ? '1 try' : `${count} tries`),
  resend: 'Resend',
  resendOne: (what: string, to: string) => `Resend to ${to}: ${what}`,
  resent: 'It is sent once more',
  all: 'All',
  show: 'Show',
} as const;
