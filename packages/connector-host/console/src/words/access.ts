/** Words of the view of access tokens. */
import type { AccessToken, Role } from '../api/model.js';

const states: Readonly<Record<AccessToken['state'], string>> = {
  active: 'Works',
  expired: 'Expired',
  revoked: 'Revoked',
};

const meanings: Readonly<Record<Role, string>> = {
  'super-admin': 'May do everything, and gives others access.',
  'connections-manager': 'Connects systems and changes connections.',
  'privacy-manager': 'Hands in requests, sees the people in them, and decides about them.',
  auditor: 'Looks at everything but people: also at receipts and the audit log.',
  viewer: 'Looks at everything but people.',
};

export const accessWords = {
  title: 'Access',
  lead: 'Who may come in, and what they may do here. A token is for one person or one program.',
  make: 'New token',
  tokens: 'Access tokens',
  list: 'List of access tokens',
  columns: {
    name: 'Name',
    role: 'Role',
    made: 'Made',
    expires: 'Expires',
    state: 'State',
    actions: 'What can be done',
  },
  states,
  meanings,
  never: 'Never',
  forbidden: 'Your role does not give access to others',
  forbiddenBody: 'A Super Admin makes and revokes access tokens.',
  nameLabel: 'Name',
  nameHelp: 'Whose it is. The audit log names it with everything that is done with it.',
  nameMissing: 'Enter a name.',
  roleLabel: 'Role',
  emailLabel: 'E-mail address',
  emailHelp: 'Work that is given to this address is theirs, and notices to their role reach it. Empty for none.',
  expiresLabel: 'Last day it works',
  expiresHelp: 'Empty for a token that does not expire.',
  expiresPast: 'This day has passed.',
  create: 'Make the token',
  madeTitle: (name: string) => `The token of “${name}”`,
  madeBody: 'Copy it now. The host keeps only its hash, and it is never shown again.',
  token: 'Access token',
  revoke: 'Revoke',
  revokeOne: (name: string) => `Revoke the token of ${name}`,
  revokeTitle: (name: string) => `Revoke the token of “${name}”?`,
  revokeBody:
    'It stops working at once, and whoever is signed in with it is signed out. This cannot be taken back; what was done with it stays in the audit log.',
  revokeOwn: 'This is the token you are signed in with: you will be signed out.',
  revoked: 'The token was revoked',
} as const;

export const sessionWords = {
  title: 'Signed in',
  list: 'List of sessions',
  columns: { name: 'Token', address: 'Address', began: 'Since', active: 'Last active', end: 'End' },
  own: 'This is you',
  end: 'Sign out',
  ended: 'The session was ended',
} as const;
