/**
 * The timeline's vocabulary: every kind of event the host keeps, how events are written, and how one reads in plain words.
 *
 * What happens to an operation is one row, not one for each person in it. A person's timeline is put together from the rows of the
 * request, of its tasks and of the operations that carried them.
 */
import { type SQL, sql } from 'drizzle-orm';
import { appendAudit } from './audit/append.js';
import type { AuditEntry, AuditFacts } from './audit/chain.js';
import { noticesOf, tell } from './outbox.js';
import type { Queryable } from './store/database.js';
import { events } from './store/schema.js';
import { type WorkKind, workNames } from './work/kinds.js';

/** Every kind of event, with the words it reads in. `{name}` stands for `data.name`; a part in brackets is left out where its value is absent. */
const texts = {
  'request.accepted': 'The request was accepted',
  'request.concluded': 'The request is concluded',
  'request.imported': '{accepted} requests were taken in from a file',
  'request.import_ended':
    'A file was taken in with lines to look at: {accepted} accepted, {rejected} with errors, {doubtful} doubtful',
  'request.extended': 'The time that the law gives was extended to {until}: {reason}',
  'request.doubtful':
    'An identifier may be damage, so the request waits until a person says that it is meant[: {reasons}]',
  'request.doubtful_allowed': 'A person said that the doubtful identifiers are meant',
  'request.doubtful_imported': 'A person said that the doubtful identifiers of {doubtful} requests of a file are meant',
  'request.closed': 'The error was closed: {reason}',
  'request.corrected': 'The person was handed in again as {by}, with other identifiers',
  'request.reopened': 'The error is open again: the request {by}, which took its place, was taken back',
  'request.retried': 'A retry was asked for',
  'request.cancelled': 'The request was cancelled',
  'task.access_skipped': 'Access was skipped: this system holds whole records only',
  'task.direct_contact': 'Waits for an answer: whoever holds the data has to be asked',
  'task.contact_asked': 'The contact was written to[: reminder {reminder}]',
  'task.contact_silent': 'The contact did not answer in time; it waits for a person',
  'task.identifiers_shown': 'The contact was shown whom it is about',
  'task.answered': 'An answer was written down: {outcome}[, files: {files}][ (given {answeredAt})]',
  'task.skipped': 'Skipped: the contact did not answer in time',
  'task.file_received': 'A file of an answer was sent: number {file}',
  'task.files_read': 'A file of the answer was downloaded: number {file}',
  'task.not_applicable': 'Not applicable: none of the identifiers is of a kind that this system takes',
  'task.leftover_ended': 'That the vendor may not have known the person is settled: {outcome}[ ({reason})]',
  'task.leftover_reopened':
    'That the vendor may not have known the person is open again: the request {by} did nothing there',
  'task.pending': 'Waiting for the next batch',
  'task.planned': 'Put into a batch',
  'task.complete': 'Complete',
  'task.no_match': 'The vendor holds nobody by these identifiers: there was nothing to erase',
  'task.partial': 'Erased in part[: {message}][ ({code})]',
  'task.error': 'Could not be carried out[: {message}][ ({code})]',
  'task.retried': 'Will be tried again',
  'task.cancelled': 'Taken back before it was submitted',
  'task.withdrawn': 'Taken back at the vendor before it began',
  'operation.planned': 'A batch was planned: people {subjects}, identifiers {identifiers}',
  'operation.submitting': 'The batch is being submitted[ (attempt {attempt})]',
  'operation.accepted': 'The vendor accepted the batch as {reference}[; expected by {expectedBy}]',
  'operation.accepted_complete':
    'The vendor accepted the batch as {reference}; marked complete on submission, as the connection asks',
  'operation.done':
    'The vendor carried out the batch at once ({reference})[; erased {erased}][; not known there {unknown}][; erased in part {partial}][; refused {refused}]',
  'operation.processing': 'The vendor is working on the batch[ ({vendorState})]',
  'operation.completed': 'The vendor completed the batch[ ({vendorState})]',
  'operation.completed_with_exceptions': 'The vendor completed the batch, with exceptions[: {systems}]',
  'operation.silent':
    'The vendor has not said for a day how far the batch is[: {message}][ ({code})]; it is asked further',
  'operation.failed': 'The vendor could not carry out the batch[: {message}]',
  'operation.expired': 'The vendor no longer keeps a record of the batch, so its end cannot be known',
  'operation.cancelled': 'The batch was cancelled',
  'operation.refused': 'The vendor refused the batch[: {message}][ ({code})]',
  'operation.divided': 'The vendor refused a part of the batch, so it was divided into {parts}[: {message}]',
  'operation.leftover_ended': '{system} is not left over any more: {outcome}[ ({reason})]',
  'operation.leftover_reopened': '{system} is left over again: what had ended it was taken back',
  'operation.held': 'Not submitted yet[: {message}][ ({code})][; goes on by itself at {until}]',
  'operation.waiting': 'Waits until the connection works again[: {message}][ ({code})]',
  'operation.uncertain':
    'The answer to the submission was lost; looking for the batch at the vendor before anything is sent again',
  'operation.found': 'The lost submission had arrived: the vendor has the batch as {reference}',
  'operation.confirmed': 'A person said that the vendor has the batch as {reference}, and the vendor confirmed it',
  'operation.said':
    'A person says that the vendor has the batch as {reference}; the vendor could not be asked yet, and is asked from now on',
  'operation.said_complete':
    'A person says that the vendor has the batch as {reference}; the vendor was not asked, and it counts as complete on that word alone',
  'operation.absent': 'The lost submission had not arrived: the batch will be submitted again',
  'operation.undecided': 'A person has to resubmit or confirm the batch[: {message}][ ({code})]',
  'operation.repeated':
    'Whether the vendor has the batch cannot be found out; it will be sent again, as the connection allows[ (repeat {repeat})][; at {until}]',
  'operation.settled': 'A person decided: {decision}',
  'connection.created': 'The connection was made',
  'connection.updated': 'The connection was changed[: {fields}]',
  'connection.checked': 'The connection was checked and works[, with something to mend: {problems}]',
  'connection.check_failed': 'The check failed: the connection does not work as it is[. {problems}]',
  'connection.check_refused': 'The check refused what was entered, and nothing of it was kept[: {fields}][ ({code})]',
  'connection.reconnect':
    'The connection does not work any more and needs somebody to look at it[: {message}][ ({code})]',
  'connection.active': 'The connection works',
  'connection.paused': 'The connection was paused',
  'connection.held': 'The connection is held back[ ({code})][ until {until}]',
  'connection.removed': 'The connection was removed and its credentials destroyed',
  'detection.started': 'Looking for systems',
  'detection.complete':
    '{found} systems were found[, {added} new][, {changed} changed][, {gone} gone][; a deletion does not reach {unreached} of the new ones]',
  'detection.failed': 'Looking for systems failed[: {message}][ ({code})]',
  'system.archived': 'The system was archived[: {key}][ ({reason})]',
  'system.treated': 'Somebody decided about the system {key}: {treatment}[ ({reason})]',
  'system.asked_again': 'What was decided about the system {system} is to be looked at again[: {why}]',
  'system.treatment_withdrawn': 'The decision about the system {key} was taken back',
  'system.restored': 'The system was taken out of the archive[: {key}]',
  'work.opened': 'Work for a person was opened: {kind}[ ({system})]',
  'work.assigned': 'The work was given to {owner}[: {note}]',
  'work.unassigned': 'The work belongs to nobody now[: {note}]',
  'work.noted': '{note}',
  'work.people_read': 'The list of the people was downloaded; people in it: {people}',
  'work.file_received': 'A file that shows how the work was done was sent: number {file}',
  'work.files_read': 'A file that shows how the work was done was downloaded: number {file}',
  'work.closed': 'The work ended: {outcome}[, files: {files}][ ({reason})]',
  'work.reopened': 'The work was opened again: {reason}',
  'access.token_created': 'An access token was made[: {name}]',
  'access.token_revoked': 'An access token was revoked[: {name}]',
  'access.refused': 'An access token was refused ({reason})[, from {address}][; {times} in this minute]',
  'access.signed_in': 'Somebody signed in to the console',
  'access.signed_out': 'Somebody signed out of the console',
  'keys.rotated': 'The master key was replaced',
  'keys.data_rotated': 'The credentials were sealed under a new data key',
  'keys.people_rotated': "The key of people's identifiers was replaced; those of {people} people are sealed anew",
  'keys.people_destroyed':
    "The old key of people's identifiers was destroyed; everybody's are sealed under the new one",
  'keys.receipts_rotated': 'The key that signs receipts was replaced',
  'notice.created': 'Somebody is told of what happens, from now on: {channel}',
  'notice.changed': 'Who is told of what was changed: {fields}',
  'notice.removed': 'Somebody is not told of anything any more: {channel}',
  'notice.secret_replaced': 'A webhook got a new secret; the old one counts until {until}',
  'notice.tested': 'A test was sent: {channel}',
  'notice.resent': 'A message is sent once more: {kind}',
  'notice.switched_off': 'A webhook was switched off: {why}',
  'receipt.issued': 'A receipt was issued',
  'request.exported': 'The list of requests was downloaded',
  'leftovers.closed': '{closed} leftovers were closed: {code}, {outcome}[ ({reason})]',
  'request.purged': 'The identifiers of {purged} people were purged',
  'request.identifiers_purged': 'The identifiers were purged',
} as const;

/** The kind of an event. */
export type EventKind = keyof typeof texts;

/** Every {@link EventKind}. */
export const eventKinds = Object.keys(texts) as readonly EventKind[];

/** What an event may tell: plain facts; no secrets and no identifiers of people. */
export type EventData = Readonly<Record<string, string | number | boolean | undefined>>;

/** An event to be kept. The ids are those of the rows it is about. */
export interface NewEvent {
  readonly at: Date;
  readonly kind: EventKind;
  readonly request?: number;
  readonly task?: number;
  readonly operation?: number;
  readonly connection?: string;
  readonly work?: number;
  /** Id of who did it; absent for the host itself. */
  readonly actor?: string | undefined;
  readonly data?: EventData;
}

/** Events of one statement. A row takes a twentieth of this process's time as JSON of what it takes as parameters of its own. */
const AT_ONCE = 5_000;

/** Channel of `LISTEN`: after every commit that brought events, its payload is the highest id of them. */
export const EVENTS_CHANNEL = 'connector_host_events';

/** What the audit log is told of events: what somebody did, once, also where it was done to very many. */
export function auditOf(found: readonly NewEvent[]): AuditEntry[] {
  const groups = new Map<string, NewEvent[]>();
  for (const event of found) {
    if (event.actor === undefined) continue;
    const key = `${event.actor}\0${event.kind}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return [...groups.values()].map((group) => {
    const [first, last] = [group[0] as NewEvent, group.at(-1) as NewEvent];
    const { at, kind, actor = '', data = {} } = first;
    const one = targetOf(first);
    const target =
      group.length === 1
        ? one
        : { ...prefixed('first', one), ...prefixed('last', targetOf(last)), count: group.length };
    return { at, action: kind, actor, target, data: group.length === 1 ? present(data) : {} };
  });
}

function targetOf({ request, task, operation, connection, work }: NewEvent): AuditFacts {
  return present({ request, task, operation, connection, work });
}

function present(facts: EventData): AuditFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as AuditFacts;
}

function prefixed(word: string, facts: AuditFacts): AuditFacts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [`${word}${name[0]?.toUpperCase()}${name.slice(1)}`, value]),
  );
}

/**
 * Keeps events, in the transaction of what they tell of; what people are told of them goes to the outbox, and what an actor did to the
 * audit log. The last thing in a transaction
 * that holds other locks: the audit log puts its writers in order.
 * @param announce whether listeners are told; a writer of very many small transactions may leave that to a later one.
 */
export async function appendEvents(tx: Queryable, found: readonly NewEvent[], announce = true): Promise<void> {
  for (let from = 0; from < found.length; from += AT_ONCE) {
    const rows = found.slice(from, from + AT_ONCE).map(({ data = {}, ...event }) => ({ ...event, data }));
    const insert = sql`insert into ${events} (at, kind, request, task, operation, connection, work, actor, data)
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (at timestamptz, kind text, request bigint, task bigint,
        operation bigint, connection text, work bigint, actor text, data jsonb) returning id`;
    const last = announce && from + AT_ONCE >= found.length;
    await tx.execute(
      last ? sql`with kept as (${insert}) select pg_notify(${EVENTS_CHANNEL}, max(id)::text) from kept` : insert,
    );
  }
  await tell(tx, noticesOf(found));
  await appendAudit(tx, auditOf(found));
}

/**
 * Keeps an event for each row that a query finds, in the transaction of what they tell of: very many that nobody did by hand and nobody is
 * told of. Their data never leaves the database.
 * @param found selects at, kind, operation, connection and data.
 */
export async function appendFound(tx: Queryable, found: SQL): Promise<void> {
  await tx.execute(sql`with kept as (${keepFound(found)}) select ${announceKept} from kept`);
}

/** Of {@link appendFound} what keeps the events, for a statement that does more: it reads {@link announceKept} from what this returns. */
export function keepFound(found: SQL): SQL {
  return sql`insert into ${events} (at, kind, operation, connection, data) ${found} returning id`;
}

/** Announces the events that were kept. */
export const announceKept: SQL = sql`pg_notify(${EVENTS_CHANNEL}, max(id)::text)`;

/** Of a leftover that ended since nobody could do it: the person is where they were. By the kind of the event. */
const remains: Readonly<Record<string, string>> = {
  'operation.leftover_ended': 'The person may still be in {system}: it could not be done[ ({reason})]',
  'task.leftover_ended':
    'The vendor may still hold the person, whom it may not have known: it could not be done[ ({reason})]',
};

/** Of a batch that nobody follows any more, since its connection was removed: what the vendor does with it is not known. */
const notFollowed = 'The batch is not followed any more[: {message}]';

/** How something ended, in plain words. */
const outcomes: Readonly<Record<string, string>> = {
  done: 'done',
  not_needed: 'not needed',
  could_not: 'could not be done',
};

/** A time to the second, an outcome, and a kind of work, as people write them; anything else as it is. */
function readable(name: string, value: string): string {
  if (name === 'outcome') return outcomes[value] ?? value;
  if (name === 'kind') return workNames[value as WorkKind]?.toLowerCase() ?? value;
  return value.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})\.\d{3}Z$/, '$1 $2 UTC');
}

/**
 * An event in plain words, in English, without its time.
 * @param vendor whose name stands for "the vendor".
 */
export function timelineText(
  event: { readonly kind: string; readonly data?: unknown },
  vendor: string | undefined = undefined,
): string {
  const { outcome, code } = (event.data ?? {}) as EventData;
  const removed = event.kind === 'operation.failed' && code === 'CONNECTION_REMOVED';
  const usual: string | undefined = removed ? notFollowed : texts[event.kind as EventKind];
  const template = outcome === 'could_not' ? (remains[event.kind] ?? usual) : usual;
  if (template === undefined) return event.kind;
  const text = vendor === undefined ? template : template.replace(/\b[Tt]he vendor\b/g, () => vendor);
  const data = (event.data ?? {}) as EventData;
  const known = (name: string) => data[name] !== undefined && data[name] !== null && data[name] !== '';
  return text
    .replace(/\[([^[\]]*)\]/g, (all, part: string) => {
      const name = /\{(\w+)\}/.exec(part)?.[1];
      return name === undefined ? all : known(name) ? part : '';
    })
    .replace(/\{(\w+)\}/g, (_all, name: string) => (known(name) ? readable(name, String(data[name])) : '?'));
}
