/** Words of the frame and of signing in. */
import { capital } from './common.js';
export const frameWords = {
  skip: 'Skip to the content',
  navigation: 'Main',
  openMenu: 'Open the menu',
  overview: 'Overview',
  work: 'Work',
  requests: 'Requests',
  map: 'Live data map',
  connections: 'Connections',
  connect: 'Connect',
  notices: 'Notices',
  access: 'Access',
  scheme: 'Colours',
  light: 'Light',
  dark: 'Dark',
  systemScheme: 'As the system',
  account: 'Account',
  signOut: 'Sign out',
  live: 'Live',
  liveHelp: 'Changes appear by themselves.',
  waiting: 'Reconnecting',
  waitingHelp: 'The stream of changes broke off and is being taken up again. What you see may be old.',
  reconnectOne: (name: string) =>
    `“${name}” no longer works: its credential was refused. Deletions wait until you replace it.`,
  reconnectMany: (count: number) =>
    `${count} connections no longer work: their credentials were refused. Deletions wait until you replace them.`,
  notReady: 'The host cannot do all of its work; what waits goes on once this is mended.',
  amiss: (part: string, check: string) => `${capital(part)}: ${check}`,
  fix: 'Replace the token',
  crashed: 'This view stopped working',
  crashedBody: 'Reload the page. What the host does goes on regardless.',
} as const;

export const signInWords = {
  title: 'Sign in',
  lead: 'Erase people from connected systems, follow each deletion to its end, and see which systems it reaches.',
  token: 'Access token',
  tokenHelp: 'A super-admin gives you one. The first is printed when the host starts for the first time.',
  show: 'Show the token',
  hide: 'Hide the token',
  submit: 'Sign in',
  busy: 'Signing in …',
  wrong: 'This token is not known here, or it has expired or been revoked.',
  needed: 'Enter your access token.',
  expired: 'Your session ended: the token expired or was revoked. Sign in again to go on where you were.',
  kept: 'The token is exchanged for a session cookie that scripts cannot read, and is not kept in this page.',
} as const;
