/** Words of whoever answers access requests that no program can answer. */
export const contactWords = {
  title: 'Who answers access requests',
  fold: 'Optional now; needed before the first access request.',
  none: 'Nobody is named, so nobody is asked: what somebody answers is recorded by hand.',
  lead: 'No program answers access requests here: this contact is asked by mail. A change goes for requests that are still to come.',
  add: 'Name a contact',
  change: 'Change',
  dialogTitle: (name: string) => `Who answers access requests for “${name}”?`,
  fields: {
    name: 'Contact’s name',
    email: 'Contact’s e-mail address',
    accountId: 'Account id',
    notes: 'Notes for the contact',
  },
  help: {
    name: 'A person or a team.',
    email: 'Where the messages go.',
    accountId: 'By which the contact knows your account.',
    notes: 'What the contact is told with each request. Nothing about a person.',
  },
  whenSilent: 'When nobody answers',
  silences: {
    pause: 'Pause: it stands still until a person decides',
    skip: 'Skip: the request goes on without the answer',
  },
  save: 'Save',
  saved: 'The contact is saved',
} as const;
