/** A message as it is kept, and as mail and webhooks carry it. Pure: the same at every try. */
import { oneLine } from '../address.js';
import { contactWords } from '../contacts/mail.js';
import { given } from '../given.js';
import { type ContactKind, contactKinds, type NoticeFacts, type NoticeKind } from '../outbox.js';
import { type Told, words } from './words.js';

/** What a message says. */
export interface Message {
  readonly kind: NoticeKind | 'test';
  /** When it happened, ISO 8601. */
  readonly at: string;
  readonly facts: NoticeFacts;
  /** How many of the same came together. */
  readonly count: number;
  readonly connection?: { readonly id: string; readonly name: string };
}

/** A message to a contact, who is no reader of the console. */
export type MessageToContact = Omit<Message, 'kind'> & { readonly kind: ContactKind };

/** Whether a message goes to a contact. */
export function isToContact(message: Message | MessageToContact): message is MessageToContact {
  return (contactKinds as readonly string[]).includes(message.kind);
}

/** A message as mail. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Longest subject, in characters. */
const LONGEST_SUBJECT = 150;

function toldOf({ facts, count, connection }: Omit<Message, 'kind'>, zone: string): Told {
  const when = (iso: unknown): string => {
    const time = new Date(String(iso));
    if (Number.isNaN(time.getTime())) return '';
    const day = { day: 'numeric', month: 'long', year: 'numeric' } as const;
    const hour = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
    return `on ${time.toLocaleString('en-GB', { timeZone: zone, ...day, ...hour })}`;
  };
  return { facts, count, connection: oneLine(connection?.name ?? 'A connection'), when };
}

function linkOf({ kind, connection }: Message, base: string | undefined): string | undefined {
  const { path } = words[kind];
  if (base === undefined || path === undefined) return undefined;
  return base + path.replace('{connection}', () => encodeURIComponent(connection?.id ?? ''));
}

/**
 * A message as mail.
 * @param zone of the times in it.
 * @param base address of the console; absent where nobody said it.
 */
export function mailOf(message: Message, zone: string, base: string | undefined): MailText {
  const told = toldOf(message, zone);
  const { subject, body } = words[message.kind];
  const paragraphs = body(told).map(oneLine);
  const link = linkOf(message, base);
  const end = `This happened ${told.when(message.at)}. The message names nobody on purpose.`;
  return asMail(subject(told), [...paragraphs, ...(link === undefined ? [] : [link]), end], link);
}

/** A message to a contact as mail. @param link of this message alone. */
export function contactMailOf(message: MessageToContact, zone: string, link: string): MailText {
  const { kind, facts } = message;
  const { subject, body } = contactWords({ kind, ...toldOf(message, zone), facts, link });
  return asMail(subject, body.map(tidy), link);
}

/** Line by line: what a person wrote in several lines stays so. */
function tidy(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map(oneLine)
    .join('\n');
}

/** @param link the paragraph that is an address. */
function asMail(subject: string, paragraphs: readonly string[], link: string | undefined): MailText {
  const html = paragraphs.map((one) => {
    const shown = escaped(one).replaceAll('\n', '<br>');
    return `<p>${one === link ? `<a href="${shown}">${shown}</a>` : shown}</p>`;
  });
  return {
    subject: oneLine(subject).slice(0, LONGEST_SUBJECT),
    text: `${paragraphs.join('\n\n')}\n`,
    html: `<!doctype html><html lang="en"><body>${html.join('')}</body></html>`,
  };
}

/** A message as the body of a webhook: JSON with `type`, `timestamp` and `data`, as the Standard Webhooks scheme has it. */
export function payloadOf(message: Message, zone: string, base: string | undefined): string {
  const { kind, at, facts, count, connection } = message;
  const link = linkOf(message, base);
  const sent = words[kind].facts.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]] as const]));
  return JSON.stringify({
    type: kind,
    timestamp: at,
    data: {
      ...Object.fromEntries(sent),
      ...(connection === undefined ? {} : { connection: connection.id, connectionName: connection.name }),
      count,
      text: oneLine(words[kind].subject(toldOf(message, zone))),
      ...given({ link }),
    },
  });
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (sign) => names[sign] ?? sign);
}
