import { type Command, Option } from 'commander';
import { type ContactChange, silences } from '../connections/contact.js';

/** What the command line says of a connection's contact. */
export interface ContactFlags {
  readonly contactName?: string;
  readonly contactEmail?: string;
  readonly contactAccount?: string;
  readonly contactNotes?: string;
  readonly whenSilent?: NonNullable<ContactChange['whenSilent']>;
}

/** Adds the flags of a contact to a command. */
export function withContact(command: Command): Command {
  return command
    .option('--contact-name <name>', 'who answers access requests that no program can answer')
    .option('--contact-email <address>', 'where they are written to')
    .option('--contact-account <id>', 'by which they know the account')
    .option('--contact-notes <text>', 'what they are told with each request; nothing about a person')
    .addOption(
      new Option(
        '--when-silent <what>',
        'where they do not answer in time: go on without, or wait for a person',
      ).choices(silences),
    );
}

/** The change that the flags ask for; `undefined` where they ask for none. An empty text takes a value away. */
export function contactOf(flags: ContactFlags): ContactChange | undefined {
  const { contactName: name, contactEmail: email, contactAccount, contactNotes, whenSilent } = flags;
  const optional = (text: string | undefined) => (text === '' ? null : text);
  const all = { name, email, accountId: optional(contactAccount), notes: optional(contactNotes), whenSilent };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
