/** Words of the connections. */
import { capital, howMany } from './common.js';
export const connectionWords = {
  title: 'Connections',
  lead: 'The accounts this host works with.',
  add: 'Connect a system',
  emptyTitle: 'Nothing is connected yet',
  empty: 'Connect a system to erase people from it and to see which systems stand behind it.',
  states: { active: 'Working', paused: 'Paused', reconnect: 'Needs a new token' },
  degraded: 'Something is missing',
  heldShort: 'Held back',
  columns: {
    name: 'Connection',
    health: 'Health',
    checked: 'Last check',
    account: 'Account',
    quota: 'Quota left this month',
  },
  held: (code: string) => `Submissions are held back (${code}) until`,
  quotaLeft: (left: number, of: number | undefined) =>
    of === undefined ? `${left.toLocaleString()} people` : `${left.toLocaleString()} of ${of.toLocaleString()} people`,
  quotaUnknown: 'Not told yet',
  quotaResets: 'Starts anew',
  neverChecked: 'Never',
  health: 'Health',
  account: 'Account',
  configuration: 'Configuration',
  set: 'Stored, never shown',
  notSet: 'Not set',
  facts: 'Found at the vendor',
  checkNow: 'Check now',
  checking: 'Checking …',
  checked: {
    ready: 'The connection was checked and works',
    degraded: 'The connection was checked: it is usable, with something missing',
    blocked: 'The check failed: the connection does not work as it is',
  },
  detect: 'Look for systems',
  pause: 'Pause',
  resume: 'Resume',
  paused: 'Paused: requests are accepted and wait',
  resumed: 'Resumed: what waits goes on',
  edit: 'Edit',
  editTitle: (name: string) => `Edit “${name}”`,
  replace: 'Replace token',
  replaceTitle: (name: string) => `Replace the credentials of “${name}”`,
  replaceLead:
    'The new credentials are checked before they take the place of the old ones. What waits then goes on by itself.',
  saveCheck: 'Check and save',
  saved: 'Saved and checked',
  remove: 'Remove',
  removeTitle: (name: string) => `Remove “${name}”?`,
  removeBody: 'Its credentials are destroyed at once. This cannot be taken back.',
  removeOpen: (open: number, countedTo?: number) =>
    open === 0
      ? 'No open request is affected.'
      : `${capital(howMany(open, countedTo))} open ${open === 1 ? 'request has' : 'requests have'} work here. What was not submitted is never sent, and what was submitted can no longer be followed: both end in error and say why.`,
  removeHistory: 'Finished requests, their timelines and receipts stay.',
  removeType: (name: string) => `Type “${name}” to confirm`,
  removed: 'The connection was removed',
  removedName: (name: string) => `${name} (removed)`,
  reconnectTitle: 'This connection no longer works',
  reconnectBody:
    'Its credential was refused. Requests are still accepted and wait; they go on as soon as a new credential passes the check.',
  activity: 'Latest looks for systems',
  missing: 'There is no such connection',
  missingBody: 'It may have been removed.',
  missingConnector:
    'The connector of this connection is not installed, or was refused: nothing is sent until it is back.',
  made: 'Connected',
  requests: 'Its requests',
  systems: 'Its systems',
} as const;

/** Words of what the host does with a connection otherwise than by default. */
export const settingsWords = {
  title: 'Settings',
  change: 'Change settings',
  editTitle: (name: string) => `Settings of “${name}”`,
  repeat: 'Send again when nobody can tell whether a deletion arrived',
  repeatHelp:
    'When an answer is lost and the vendor has no way to tell whether it took the deletion, a person decides. With this set, it is sent again by itself, three times at most. A repeated deletion does no harm, but counts against the quota again.',
  repeats: { true: 'Sent again by itself', false: 'A person decides' },
  uncertain: 'Lost answers',
  quota: 'People a month',
  quotaHelp: (usual: number) =>
    `How many people your plan allows in a calendar month. Empty for the usual ${usual.toLocaleString()}.`,
  quotaWrong: (most: number) => `A whole number from 1 to ${most.toLocaleString()}, or nothing.`,
  usual: (people: number) => `${people.toLocaleString()} (usual)`,
  save: 'Save',
  saved: 'The settings are saved',
} as const;
