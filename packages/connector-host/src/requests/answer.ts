/** What somebody answered where a person had to be asked, written down by hand: an access request ends with it. */
import type { FieldIssue, Identifier } from 'connector-contract';
import { and, eq, sql } from 'drizzle-orm';
import type { Actor } from '../access/roles.js';
import { HostProblem } from '../problem.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { endContact } from '../work/requests.js';
import { openIdentifiers } from './identifiers.js';
import { issuesText, readTime } from './request-body.js';
import { rollUp } from './roll-up.js';
import type { TaskState } from './states.js';
import type { Answer } from './views.js';

/** An answer as it is handed in. */
export interface AnswerWish {
  /** The task it is about, where several wait for an answer. */
  readonly task?: number;
  readonly outcome: Answer['outcome'];
  readonly answeredBy: string;
  /** A time, or a date alone; now where absent. */
  readonly answeredAt?: string;
  readonly said: string;
}

/** Longest texts that are kept, in characters. */
export const answerLimits = { answeredBy: 200, said: 2_000 } as const;

/** The state of a task that was answered so. */
const ends: Readonly<Record<Answer['outcome'], TaskState>> = {
  done: 'complete',
  not_needed: 'complete',
  could_not: 'complete_with_exceptions',
};

/** Identifiers shorter than this are parts of other words. */
const SHORTEST_NAMED = 4;

/** How far a day can have begun somewhere before it has in UTC, in milliseconds. */
const EARLIEST_ZONE_MS = 14 * 3_600_000;

/** What is wrong with an answer. Pure. @param identifiers the person's; none where they were purged. */
export function answerIssues(wish: AnswerWish, identifiers: readonly Identifier[], now: number): FieldIssue[] {
  const issues: FieldIssue[] = [];
  const names = (text: string) =>
    identifiers.some(({ value }) => value.length >= SHORTEST_NAMED && text.toLowerCase().includes(value.toLowerCase()));
  for (const field of ['answeredBy', 'said'] as const) {
    if (wish[field].trim() === '') issues.push({ field, code: 'REQUIRED', message: `${field} is missing.` });
    else if (names(wish[field])) {
      const message = `${field} names the person of the request.`;
      issues.push({ field, code: 'NAMES_PERSON', message, remedy: 'Leave their identifiers out of the text.' });
    }
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
    if (row === undefined) throw new HostProblem('NOT_FOUND', 'There is no request with this id.');
    await people.prepare([row.identifiers]);
    const identifiers = row.identifiers === null ? [] : openIdentifiers(people, requestId, row.identifiers);
    demandNone(answerIssues(wish, identifiers, at.getTime()));
    const waiting = await tx
      .select({ id: tasks.id })
      .from(tasks)
      .where(
        and(
          eq(tasks.request, row.id),
          eq(tasks.state, 'waiting_for_person'),
          eq(tasks.accessStep, 'direct_contact'),
          wish.task === undefined ? undefined : eq(tasks.id, wish.task),
        ),
      )
      .for('update');
    const [task] = waiting;
    if (task === undefined) throw new HostProblem('STATE_FORBIDS', 'Nothing of the request waits for an answer.');
    if (waiting.length > 1) {
      const message = 'task is missing: several tasks of the request wait for an answer.';
      demandNone([{ field: 'task', code: 'REQUIRED', message, remedy: 'Name the one that the answer is about.' }]);
    }
    const answer: Answer = {
      outcome: wish.outcome,
      answeredBy: wish.answeredBy.trim(),
      answeredAt: (wish.answeredAt === undefined ? undefined : readTime(wish.answeredAt)) ?? at.toISOString(),
      said: wish.said.trim(),
      recordedBy: actor.id,
      recordedAt: at.toISOString(),
    };
    await tx
      .update(tasks)
      .set({ state: ends[wish.outcome], basis: 'person', answer, concludedAt: at })
      .where(eq(tasks.id, task.id));
    await rollUp(tx, sql`select ${task.id}::bigint`, at);
    const { answeredBy: doneBy, answeredAt: doneAt } = answer;
    await endContact(tx, task.id, wish.outcome, { by: actor.id, doneBy, doneAt }, at);
    const data = { outcome: wish.outcome, answeredAt: answer.answeredAt };
    await appendEvents(tx, [{ at, kind: 'task.answered', task: task.id, actor: actor.id, data }]);
  });
}

function demandNone(issues: readonly FieldIssue[]): void {
  if (issues.length > 0) throw new HostProblem('REQUEST_INVALID', issuesText(issues), { errors: issues });
}
