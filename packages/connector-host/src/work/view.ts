/** Work items as they are shown. */
import type { Contact } from '../connections/contact.js';
import { filled } from '../given.js';
import type { TreatmentKind } from '../requests/treatment.js';
import type { EndOfWork, Owner, WorkKind, WorkState } from './kinds.js';
import { referenceOf } from './reference.js';

/** How far a due date is away: past, within a week, or later. */
export const dueWords = ['overdue', 'soon', 'later'] as const;

/** One of {@link dueWords}. */
export type DueWord = (typeof dueWords)[number];

/** A week, in milliseconds. */
export const SOON_MS = 7 * 24 * 3_600_000;

/** A work item. Times are ISO 8601. */
export interface WorkView {
  readonly id: number;
  readonly kind: WorkKind;
  readonly state: WorkState;
  /** What is to be done, in plain words. */
  readonly text: string;
  readonly connection?: string;
  readonly connectionName?: string;
  /** Key of the system in the inventory, or the vendor's name for one that is not there. */
  readonly system?: string;
  readonly systemName?: string;
  /** For `decide-submission`. */
  readonly operation?: number;
  /** For `direct-contact`: the request, and its task that waits. */
  readonly requestId?: string;
  readonly task?: number;
  /** For `direct-contact`: who was asked; absent where the connection named nobody when the request came. */
  readonly ask?: AskView;
  readonly owner?: Owner;
  readonly dueAt?: string;
  /** For one that is open and due some day. */
  readonly due?: DueWord;
  /** People of the deletions in it; somebody in several of them counts in each. */
  readonly people: number;
  readonly openedAt: string;
  /** When its list of people was first downloaded, or it was ended before: nothing joins it any more. */
  readonly listedAt?: string;
  /** When its list of people was first downloaded to its end; absent where nobody has seen whom it is about, so that it cannot be `done`. */
  readonly readAt?: string;
  /** How somebody is to erase people there, as was decided about the system. Markdown. */
  readonly instructions?: string;
  readonly treatment?: TreatmentKind;
  readonly ended?: EndOfWork;
}

/** How far the asking of a contact is. Times are ISO 8601. */
export interface AskView {
  /** What the contact knows the request by. */
  readonly reference: string;
  /** Absent once the contact is forgotten. */
  readonly contact?: Contact;
  readonly askedAt: string;
  readonly answerBy: string;
  /** Messages that were made: the first, and its reminders. */
  readonly messages: number;
  /** How many of them the mail server took. */
  readonly taken: number;
  /** When the mail server first took one. */
  readonly writtenAt?: string;
  /** When the next one, or the end of the wait, is due. */
  readonly nextAt?: string;
  /** When the time was over without an answer. */
  readonly silentAt?: string;
}

/** What of an ask a row holds. Times are milliseconds since the epoch. */
export interface AskRow {
  readonly contact: Contact | null;
  readonly asked: number;
  readonly by: number;
  readonly messages: number;
  readonly taken: number;
  readonly written: number | null;
  readonly next: number | null;
  readonly silent: number | null;
}

/** A row of the list. */
export interface WorkRow extends Record<string, unknown> {
  readonly id: number;
  readonly kind: WorkKind;
  readonly state: WorkState;
  readonly connection: string;
  readonly system: string;
  readonly about: number;
  readonly name: string;
  readonly owner_name: string | null;
  readonly owner_email: string | null;
  /** Milliseconds since the epoch, as are the others. */
  readonly due: number | null;
  readonly people: number;
  readonly opened: number;
  readonly listed: number | null;
  readonly read: number | null;
  readonly ended: EndOfWork | null;
  readonly connection_name: string | null;
  readonly request_id: string | null;
  readonly ask: AskRow | null;
  readonly treatment: TreatmentKind | null;
  readonly instructions: string | null;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** People in words. */
function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

/** What is to be done, in plain words. Pure. */
function workText(
  row: Pick<WorkRow, 'kind' | 'state' | 'system' | 'name' | 'people' | 'connection_name' | 'about' | 'treatment'>,
): string {
  const there = row.connection_name ?? 'the connection';
  switch (row.kind) {
    case 'erase-elsewhere':
      if (row.system === '')
        return `Find out where ${people(row.people)} may still be behind ${there}, and erase them there`;
      return `Erase ${people(row.people)} in ${row.name}`;
    case 'direct-contact':
      return `Ask whoever holds the data at ${there} for one person's data, and write the answer down`;
    case 'decide-submission':
      return `Find out whether ${there} has batch ${row.about} with ${people(row.people)}, and say so`;
    case 'reconnect':
      return `Give ${there} a credential that works`;
    case 'decide-system':
      if (row.state === 'open' && row.treatment !== null)
        return `Look again at what was decided about people in ${row.name}`;
      return `Decide how people are treated in ${row.name}, which a deletion is not known to reach`;
    case 'doubtful-identifiers':
      return 'Look at requests whose identifiers may be damage, and say whether they are meant';
  }
}

/** How far away it is due. */
function dueWord(due: number, now: number): DueWord {
  if (due <= now) return 'overdue';
  return due <= now + SOON_MS ? 'soon' : 'later';
}

function askView(work: number, { contact, asked, by, messages, taken, written, next, silent }: AskRow): AskView {
  return {
    reference: referenceOf(work),
    ...filled({ contact }),
    askedAt: iso(asked),
    answerBy: iso(by),
    messages,
    taken,
    ...(written === null ? {} : { writtenAt: iso(written) }),
    ...(next === null ? {} : { nextAt: iso(next) }),
    ...(silent === null ? {} : { silentAt: iso(silent) }),
  };
}

/** A row as it is shown. @param now milliseconds since the epoch. */
export function workView(row: WorkRow, now: number): WorkView {
  const { id, kind, state } = row;
  return {
    id,
    kind,
    state,
    text: workText(row),
    ...(row.connection === '' ? {} : { connection: row.connection }),
    ...filled({ connectionName: row.connection_name }),
    ...(row.system === '' ? {} : { system: row.system, systemName: row.name }),
    ...(kind === 'decide-submission' ? { operation: row.about } : {}),
    ...(row.request_id === null ? {} : { requestId: row.request_id, task: row.about }),
    ...(row.ask === null ? {} : { ask: askView(id, row.ask) }),
    ...(row.owner_name === null ? {} : { owner: { name: row.owner_name, ...filled({ email: row.owner_email }) } }),
    ...(row.due === null ? {} : { dueAt: iso(row.due) }),
    ...(row.due === null || state !== 'open' ? {} : { due: dueWord(row.due, now) }),
    people: row.people,
    openedAt: iso(row.opened),
    ...(row.listed === null ? {} : { listedAt: iso(row.listed) }),
    ...(row.read === null ? {} : { readAt: iso(row.read) }),
    ...filled({ instructions: row.instructions, treatment: row.treatment, ended: row.ended }),
  };
}
