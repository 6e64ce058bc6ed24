/** Whom an access request goes to that no program can answer. The host's own part of a connection: its connector knows nothing of it. */
import type { FieldIssue } from 'connector-contract';
import { isAddress, oneLine } from '../address.js';

/** What becomes of an access request that nobody answers in time: it goes on without the answer, or it stands still until a person decides. */
export const silences = ['skip', 'pause'] as const;

/** Longest texts that are kept, in characters. */
export const contactLimits = { name: 100, email: 254, accountId: 200, notes: 2_000 } as const;

/** Whom a connection asks. */
export interface Contact {
  readonly name: string;
  readonly email: string;
  /** By which the contact knows the account. */
  readonly accountId?: string;
  /** What the contact is told with each request. */
  readonly notes?: string;
  readonly whenSilent: (typeof silences)[number];
}

/** A change of the contact: what is left out stays; `null` takes a value away. */
export interface ContactChange {
  readonly name?: string;
  readonly email?: string;
  readonly accountId?: string | null;
  readonly notes?: string | null;
  readonly whenSilent?: Contact['whenSilent'];
}

/** Lays a change over a contact; `null` takes it away. Judge the change with {@link contactIssues} first. */
export function changeContact(present: Contact | null, change: ContactChange | null | undefined): Contact | null {
  if (change === undefined) return present;
  if (change === null) return null;
  const laid = { whenSilent: 'pause', ...present, ...tidy(change) };
  return Object.fromEntries(Object.entries(laid).filter(([, value]) => value !== null)) as unknown as Contact;
}

/** Without white space around the texts; an empty one that need not be there is none. */
function tidy({ name, email, accountId, notes, whenSilent }: ContactChange): Partial<ContactChange> {
  const optional = (text: string | null | undefined) => (text === undefined ? undefined : text?.trim() || null);
  const all = {
    name: name?.trim(),
    email: email?.trim(),
    accountId: optional(accountId),
    notes: optional(notes),
    whenSilent,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/**
 * What is wrong with a change of the contact. Pure.
 * @param asks whether the connector's access requests go to a person.
 */
export function contactIssues(
  present: Contact | null,
  change: ContactChange | null | undefined,
  asks: boolean,
): FieldIssue[] {
  if (change === undefined || change === null) return [];
  if (!asks) {
    const message = 'Access requests of this connector are not answered by a contact.';
    return [{ field: 'contact', code: 'NOT_OFFERED', message, remedy: 'Leave the contact out.' }];
  }
  const { name, email, accountId, notes } = changeContact(present, change) as Partial<Contact>;
  const issues: FieldIssue[] = [];
  const say = (field: string, code: string, message: string, remedy: string) =>
    issues.push({ field: `contact.${field}`, code, message, remedy });
  if (!name) say('name', 'REQUIRED', 'The contact needs a name.', 'Give the name of a person or of a team.');
  if (!email) say('email', 'REQUIRED', 'The contact needs an e-mail address.', 'Give the address that requests go to.');
  else if (!isAddress(email))
    say('email', 'INVALID', 'This is not an e-mail address.', 'Write one address alone, such as a@example.com.');
  for (const [field, text] of Object.entries({ name, accountId })) {
    if (text !== undefined && oneLine(text) !== text)
      say(field, 'INVALID', 'This is more than one line.', 'Write one line.');
  }
  for (const [field, text] of Object.entries({ name, accountId, notes })) {
    const most = contactLimits[field as 'name'];
    if ((text?.length ?? 0) > most) say(field, 'TOO_LONG', `This is longer than ${most} characters.`, 'Shorten it.');
  }
  return issues;
}

/** The fields of a contact as a change of the connection names them. */
export function contactFields(contact: Contact | null): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(contact ?? {}).map(([field, text]) => [`contact.${field}`, text]));
}
