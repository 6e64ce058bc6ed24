/**
 * Links by which a contact answers for one person without an account. A token stands nowhere but in the message that carries it: each
 * message, and each try to send it, has one of its own, of which the hash alone is kept. All of them lead to the same task.
 */
import { eq, sql } from 'drizzle-orm';
import { newSecretText, tokenHash } from '../access/token-text.js';
import type { Database } from '../store/database.js';
import { answerLinks, connections, contactAsks, requests, tasks } from '../store/schema.js';

/** Where the page is, before the token. */
export const ANSWER_PATH = '/answer/';

const form = /^[\w-]{43}$/;

/** Makes a link to a task, as an address. @param base the public address of the host, without a slash at its end. */
export async function newLink(db: Database, task: number, base: string, now: Date): Promise<string> {
  const token = newSecretText();
  await db.orm.insert(answerLinks).values({ hash: tokenHash(token), task, createdAt: now });
  return `${base}${ANSWER_PATH}${token}`;
}

/** What a link leads to. */
export interface Linked {
  readonly task: number;
  readonly request: number;
  readonly requestId: string;
  readonly identifiers: Buffer;
  /** Id of the work item: by which the contact knows the request. */
  readonly work: number;
  readonly contact: unknown;
  readonly answerBy: Date;
  readonly connectionName: string;
}

/** A task that a contact may still answer: it waits for that, or went on without an answer. */
export const answerable = sql`${tasks.accessStep} = 'direct_contact' and ${tasks.state} in ('waiting_for_person', 'skipped')`;

/** What a token leads to; `undefined` for one that is unknown, used or over: which of them, nobody is told. */
export async function linkedTo(db: Database, token: string): Promise<Linked | undefined> {
  if (!form.test(token)) return undefined;
  const [found] = await db.orm
    .select({
      task: tasks.id,
      request: requests.id,
      requestId: requests.requestId,
      identifiers: requests.identifiers,
      work: contactAsks.work,
      contact: contactAsks.contact,
      answerBy: contactAsks.answerBy,
      connectionName: connections.name,
    })
    .from(answerLinks)
    .innerJoin(tasks, eq(tasks.id, answerLinks.task))
    .innerJoin(requests, eq(requests.id, tasks.request))
    .innerJoin(contactAsks, eq(contactAsks.task, tasks.id))
    .innerJoin(connections, eq(connections.id, tasks.connection))
    .where(sql`${answerLinks.hash} = ${tokenHash(token)} and ${answerable} and ${connections.state} <> 'removed'`);
  if (found === undefined || found.identifiers === null || found.contact === null) return undefined;
  return { ...found, identifiers: found.identifiers };
}
