/** Sends a message to a contact, with a link that is made for this try alone: what is kept of it leads nowhere. */
import { stillAsked } from '../contacts/asking.js';
import { newLink } from '../contacts/links.js';
import type { Database } from '../store/database.js';
import type { Failure } from './failure.js';
import type { Mailer } from './mail.js';
import { contactMailOf, type MessageToContact } from './message.js';

/** What it needs. */
export interface ToContactParts {
  readonly db: Database;
  readonly mailer?: Mailer;
  /** The public address of the host. */
  readonly site?: string;
  /** The host's zone. */
  readonly zone: string;
}

/** Answers why it was not taken; `undefined` where it was. */
export async function sendToContact(
  { db, mailer, site, zone }: ToContactParts,
  { key, address }: { readonly key: string; readonly address: string },
  message: MessageToContact,
  now: Date,
): Promise<Failure | undefined> {
  if (mailer === undefined || site === undefined) {
    const lacks = mailer === undefined ? 'no mail server (--smtp-server)' : 'no public address (--public-url)';
    return { code: 'MAIL_NOT_SET', message: `This process of the host knows ${lacks}.` };
  }
  const task = Number(message.facts['task']);
  if (!(await stillAsked(db, task)))
    return { code: 'CONTACT_DONE', message: 'The contact is not asked any more.', final: true, alone: true };
  const link = await newLink(db, task, site, now);
  return mailer({ key, to: address, ...contactMailOf(message, zone, link) });
}
