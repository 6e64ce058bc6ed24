/** How a message to a contact reads. Nothing in it names the person that it is about. Pure. */
import type { ContactKind, NoticeFacts } from '../outbox.js';

/** What a message is made of. */
export interface ContactMessage {
  readonly kind: ContactKind;
  readonly facts: NoticeFacts;
  /** The connection's name. */
  readonly connection: string;
  readonly link: string;
  /** A time as its reader has it. */
  readonly when: (iso: unknown) => string;
}

/** A message in words: its subject, and a paragraph each. */
export function contactWords({ kind, facts, connection, link, when }: ContactMessage): {
  readonly subject: string;
  readonly body: readonly string[];
} {
  const { reference, name, answerBy, accountId, notes } = facts;
  const reminded = kind === 'contact.reminded';
  return {
    subject: `${reminded ? 'Reminder: ' : ''}${reference}: a person asks for their data`,
    body: [
      `Hello ${name},`,
      reminded
        ? `we wrote to you about a person who asks for all data about them that is held in ${connection}. We have no answer yet.`
        : `a person asks for all data about them that is held in ${connection}. You are named as the one who can tell.`,
      `Please answer ${when(answerBy)} at the latest: send the data, say that you hold none, or say why you cannot.`,
      [`Reference: ${reference}`, ...(accountId === undefined ? [] : [`Account: ${accountId}`])].join(' · '),
      ...(notes === undefined ? [] : [String(notes)]),
      'This link shows whom it is about, and takes your answer. It is yours alone and needs no account; it ends with your answer.',
      link,
    ],
  };
}
