/** What somebody answered where a person had to be asked, by their link or written down by hand: an access request ends with it. */
import type { FaultData, FieldIssue, Identifier } from 'connector-contract';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Actor } from '../access/roles.js';
import { noRequest } from '../not-there.js';
import { HostProblem } from '../problem.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database, Queryable } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { endContact } from '../work/requests.js';
import { attachFiles, type FileOf } from './files.js';
import { openIdentifiers } from './identifiers.js';
import { namingIssues } from './naming.js';
import { issuesText, readTime } from './request-body.js';
import { rollUp } from './roll-up.js';
import type { AnswerOutcome, Basis, TaskState } from './states.js';

/** What somebody answered, and who wrote it down. */
export interface Answer {
  /** `done`: the person was served. `not_needed`: nothing is held about the person. `could_not`: it could not be done. */
  readonly outcome: AnswerOutcome;
  /** Who answered, in plain words. */
  readonly answeredBy: string;
  /** When, ISO 8601. */
  readonly answeredAt: string;
  /** What they said; absent once the person's identifiers are purged. */
  readonly said?: string;
  /** How many files came with it. */
  readonly files?: number;
  /** Id of who wrote it down; `contact` where they answered by their link. And when. */
  readonly recordedBy: string;
  readonly recordedAt: string;
}

/** An answer as it is handed in. */
export interface AnswerWish {
  /** The task it is about, where several wait for an answer. */
  readonly task?: number;
  readonly outcome: Answer['outcome'];
  readonly answeredBy: string;
  /** A time, or a date alone; now where absent. */
  readonly answeredAt?: string;
  /** Left out where the person's identifiers are purged. */
  readonly said?: string;
  /** Files that were sent for it. */
  readonly files?: readonly number[];
}

/** Longest texts that are kept, in characters. */
export const answerLimits = { answeredBy: 200, said: 2_000 } as const;

/** Codes of faults that come of an answer. */
export const answerFaultCodes = {
  CONTACT_CANNOT: 'Whoever holds the data says that they cannot hand it out; the answer says why.',
} as const;

const cannot: FaultData = {
  code: 'CONTACT_CANNOT',
  kind: 'input',
  retryable: false,
  message: answerFaultCodes.CONTACT_CANNOT,
  remedy: 'Clear it with them, or tell the person why; then close the error and say how.',
};

/** What becomes of a task that was answered so. */
function endOf({ outcome, recordedBy }: Answer): { state: TaskState; basis: Basis | null; fault: FaultData | null } {
  if (outcome === 'could_not') return { state: 'error', basis: null, fault: cannot };
  const nobody = outcome === 'not_needed' && recordedBy === CONTACT;
  return { state: 'complete', basis: nobody ? 'nobody-known' : 'person', fault: null };
}

/** Who acts where a contact uses their link. */
export const CONTACT = 'contact';

/** Why nothing that may name somebody is taken about them. */
const PURGED = 'the identifiers of the person were purged, and nothing that may name them is kept any more.';
const OUTCOME_ALONE = 'Write down the outcome alone, without words and files.';

/** How far a day can have begun somewhere before it has in UTC, in milliseconds. */
const EARLIEST_ZONE_MS = 14 * 3_600_000;

/** What is wrong with an answer. Pure. @param identifiers the person's; `null` where they were purged. */
export function answerIssues(wish: AnswerWish, identifiers: readonly Identifier[] | null, now: number): FieldIssue[] {
  const issues: FieldIssue[] = [];
  const { answeredBy, said = '', files } = wish;
  if (answeredBy.trim() === '')
    issues.push({ field: 'answeredBy', code: 'REQUIRED', message: 'answeredBy is missing.' });
  if (identifiers !== null && said.trim() === '') {
    issues.push({ field: 'said', code: 'REQUIRED', message: 'said is missing.' });
  }
  const values = (identifiers ?? []).map(({ value }) => value);
  issues.push(...namingIssues({ answeredBy, said }, values));
  // Nothing could be held against them any more, and no purge would come for them.
  if (identifiers === null) {
    for (const [field, given] of [
      ['said', said.trim() !== ''],
      ['files', files !== undefined],
    ] as const) {
      if (given) issues.push({ field, code: 'PURGED', message: `${field}: ${PURGED}`, remedy: OUTCOME_ALONE });
    }
  }
  if (wish.outcome !== 'done' && wish.files !== undefined) {
    const message = 'files go with the outcome done alone.';
    issues.push({ field: 'files', code: 'INVALID', message, remedy: 'Leave them out.' });
  }
  if (wish.answeredAt !== undefined) {
    const time = readTime(wish.answeredAt);
    const latest = time?.length === 'yyyy-mm-dd'.length ? now + EARLIEST_ZONE_MS : now;
    const message =
      time === undefined
        ? 'answeredAt must be a date, or an ISO 8601 time with a zone.'
        : Date.parse(time) > latest
          ? 'answeredAt is still to come.'
          : undefined;
    const remedy = 'For example 2026-01-31, or 2026-01-31T08:00:00Z.';
    if (message !== undefined) issues.push({ field: 'answeredAt', code: 'INVALID', message, remedy });
  }
  return issues;
}

/**
 * Writes an answer down; the task is concluded by it.
 * @throws HostProblem NOT_FOUND; STATE_FORBIDS where nothing waits for an answer; REQUEST_INVALID.
 */
export async function recordAnswer(
  db: Database,
  requestId: string,
  wish: AnswerWish,
  { people, at, actor }: { readonly people: PeopleKeys; readonly at: Date; readonly actor: Actor },
): Promise<void> {
  await db.orm.transaction(async (tx) => {
    const [row] = await tx.select().from(requests).where(eq(requests.requestId, requestId)).for('update');
    if (row === undefined) throw noRequest();
    await people.prepare([row.identifiers]);
    const identifiers = row.identifiers === null ? null : openIdentifiers(people, requestId, row.identifiers);
    demandNone(answerIssues(wish, identifiers, at.getTime()));
    const task = await awaitingTask(tx, row.id, wish.task);
    const of = { request: row.id, task };
    await attachFiles(tx, of, wish.files ?? [], at);
    const answer: Answer = {
      outcome: wish.outcome,
      answeredBy: wish.answeredBy.trim(),
      answeredAt: (wish.answeredAt === undefined ? undefined : readTime(wish.answeredAt)) ?? at.toISOString(),
      ...(wish.said === undefined || wish.said.trim() === '' ? {} : { said: wish.said.trim() }),
      ...(wish.files === undefined || wish.files.length === 0 ? {} : { files: wish.files.length }),
      recordedBy: actor.id,
      recordedAt: at.toISOString(),
    };
    await concludeWith(tx, of, answer, at);
  });
}

/**
 * What a file of an answer is for that somebody is to write down.
 * @throws HostProblem NOT_FOUND; STATE_FORBIDS where nothing waits for an answer; REQUEST_INVALID.
 */
export async function answerOf(db: Database, requestId: string, task: number | undefined): Promise<FileOf> {
  const [row] = await db.orm
    .select({ id: requests.id, purgedAt: requests.purgedAt })
    .from(requests)
    .where(eq(requests.requestId, requestId));
  if (row === undefined) throw noRequest();
  if (row.purgedAt !== null) throw new HostProblem('STATE_FORBIDS', `No file: ${PURGED}`, { remedy: OUTCOME_ALONE });
  return { request: row.id, task: await awaitingTask(db.orm, row.id, task) };
}

/** The task of a request that takes an answer, locked. Throws STATE_FORBIDS, REQUEST_INVALID. */
async function awaitingTask(tx: Queryable, request: number, named: number | undefined): Promise<number> {
  const waiting = await tx
    .select({ id: tasks.id })
    .from(tasks)
    .where(
      and(
        eq(tasks.request, request),
        inArray(tasks.state, answerableStates),
        eq(tasks.accessStep, 'direct_contact'),
        named === undefined ? undefined : eq(tasks.id, named),
      ),
    )
    .for('update');
  const [task] = waiting;
  if (task === undefined) throw new HostProblem('STATE_FORBIDS', 'Nothing of the request waits for an answer.');
  if (waiting.length > 1) {
    const message = 'task is missing: several tasks of the request wait for an answer.';
    demandNone([{ field: 'task', code: 'REQUIRED', message, remedy: 'Name the one that the answer is about.' }]);
  }
  return task.id;
}

/** States in which a task that was asked about takes an answer: it waits for one, or went on without. */
const answerableStates: readonly TaskState[] = ['waiting_for_person', 'skipped'];

/** Concludes a task with an answer; its request is locked, and links to it end. The last thing in a transaction. */
export async function concludeWith(
  tx: Queryable,
  { request, task }: { readonly request: number; readonly task: number },
  answer: Answer,
  at: Date,
): Promise<void> {
  const { outcome, recordedBy, answeredBy: doneBy, answeredAt: doneAt, files } = answer;
  await tx
    .update(tasks)
    .set({ ...endOf(answer), answer, concludedAt: at })
    .where(eq(tasks.id, task));
  // One that went on without an answer is concluded anew: what the answer brought is kept as long as that of any other.
  const anew = (column: typeof requests.concludedAt | typeof requests.settledAt) =>
    sql`case when ${column} is not null then ${at.toISOString()}::timestamptz end`;
  await tx
    .update(requests)
    .set({ concludedAt: anew(requests.concludedAt), settledAt: anew(requests.settledAt) })
    .where(eq(requests.id, request));
  await rollUp(tx, sql`select ${task}::bigint`, at);
  await endContact(tx, task, outcome, { by: recordedBy, doneBy, doneAt }, at);
  const data = { outcome, answeredAt: doneAt, files };
  await appendEvents(tx, [{ at, kind: 'task.answered', task, actor: recordedBy, data }]);
}

function demandNone(issues: readonly FieldIssue[]): void {
  if (issues.length > 0) throw new HostProblem('REQUEST_INVALID', issuesText(issues), { errors: issues });
}
