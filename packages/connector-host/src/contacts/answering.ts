/** What a contact does by their link: looks whom it is about, and answers. */
import type { Identifier } from 'connector-contract';
import { and, eq } from 'drizzle-orm';
import type { Contact } from '../connections/contact.js';
import type { Answer } from '../requests/answer.js';
import { answerIssues, CONTACT, concludeWith } from '../requests/answer.js';
import { attachFiles } from '../requests/files.js';
import { openIdentifiers } from '../requests/identifiers.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { referenceOf } from '../work/reference.js';
import { answerable, type Linked, linkedTo } from './links.js';

/** What the page of a link shows. */
export interface Asked {
  readonly linked: Linked;
  /** By which the contact knows the request. */
  readonly reference: string;
  readonly connection: string;
  readonly contact: Contact;
  readonly answerBy: Date;
  /** Of the one person whom it is about. */
  readonly identifiers: readonly Identifier[];
}

/** What a token leads to, opened; `undefined` where it leads nowhere. */
export async function askedBy(db: Database, people: PeopleKeys, token: string): Promise<Asked | undefined> {
  const linked = await linkedTo(db, token);
  if (linked === undefined) return undefined;
  await people.prepare([linked.identifiers]);
  return {
    linked,
    reference: referenceOf(linked.work),
    connection: linked.connectionName,
    contact: linked.contact as Contact,
    answerBy: linked.answerBy,
    identifiers: openIdentifiers(people, linked.requestId, linked.identifiers),
  };
}

/** Keeps that the contact was shown whom a request is about, in its timeline and the audit log. */
export async function noteLook(db: Database, { task, work }: Linked, at: Date): Promise<void> {
  await db.orm.transaction((tx) =>
    appendEvents(tx, [{ at, kind: 'task.identifiers_shown', task, work, actor: CONTACT }]),
  );
}

/** An answer by a link. */
export interface LinkAnswer {
  readonly outcome: Answer['outcome'];
  /** Why not; or what is to be said with it. */
  readonly said: string;
  /** Files that were taken in. */
  readonly files: readonly number[];
}

/** What is wrong with what a contact wrote, in words for them; `undefined` where nothing is. */
export function wrongWith({ outcome, said, files }: LinkAnswer, asked: Asked): string | undefined {
  if (outcome === 'done' && files.length === 0) return 'Choose at least one file.';
  if (outcome === 'could_not' && said.trim() === '') return 'Say why you cannot answer.';
  if (said.trim() === '') return undefined;
  const wish = { outcome, said, answeredBy: asked.contact.name };
  const named = answerIssues(wish, asked.identifiers, 0).some(({ field }) => field === 'said');
  return named ? 'Leave the identifiers of the person out of the text.' : undefined;
}

/** Writes an answer down. @returns whether it was: the link may have ended meanwhile. */
export async function answerByLink(db: Database, asked: Asked, given: LinkAnswer, at: Date): Promise<boolean> {
  const { request, task } = asked.linked;
  return db.orm.transaction(async (tx) => {
    const [person] = await tx
      .select({ identifiers: requests.identifiers })
      .from(requests)
      .where(eq(requests.id, request))
      .for('update');
    const [open] = await tx
      .select({ id: tasks.id })
      .from(tasks)
      .where(and(eq(tasks.id, task), answerable))
      .for('update');
    if (open === undefined || !person?.identifiers) return false;
    await attachFiles(tx, { request, task }, given.files, at);
    const said = given.said.trim();
    const answer: Answer = {
      outcome: given.outcome,
      answeredBy: asked.contact.name,
      answeredAt: at.toISOString(),
      ...(said === '' ? {} : { said }),
      ...(given.files.length === 0 ? {} : { files: given.files.length }),
      recordedBy: CONTACT,
      recordedAt: at.toISOString(),
    };
    await concludeWith(tx, { request, task }, answer, at);
    return true;
  });
}
