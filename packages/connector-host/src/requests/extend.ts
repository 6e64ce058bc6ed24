/** The one extension that the law gives, before the time has passed: later than the due time, no further than the law lets it be, and with a reason. */
import type { FieldIssue } from 'connector-contract';
import { and, eq, isNull } from 'drizzle-orm';
import type { Actor } from '../access/roles.js';
import { noRequest } from '../not-there.js';
import { HostProblem } from '../problem.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { dueTime, type Jurisdiction, latestExtension } from './legal-clock.js';
import { namingIssues, valuesOf } from './naming.js';
import { readTime } from './request-body.js';

/** The one extension of the time that the law gives. */
export interface Extension {
  readonly until: string;
  readonly reason: string;
  /** When the request was due before. */
  readonly from: string;
}

/** What somebody wishes. */
export interface ExtensionWish {
  /** A time, or a date alone: the end of that day in the host's zone. */
  readonly until: string;
  readonly reason: string;
}

/** Longest reason that is kept, in characters. */
export const LONGEST_REASON = 1_000;

function invalid(issue: FieldIssue): HostProblem {
  return new HostProblem('REQUEST_INVALID', issue.message, { errors: [issue] });
}

/** Judges the wish against the request, and answers until when it goes. Throws REQUEST_INVALID. */
function judged(
  { until, reason }: ExtensionWish,
  { dueAt, jurisdiction }: Pick<typeof requests.$inferSelect, 'dueAt' | 'jurisdiction'>,
  zone: string,
): Date {
  if (reason.trim() === '') {
    throw invalid({ field: 'reason', code: 'REQUIRED', message: 'reason must say why the time is extended.' });
  }
  const time = readTime(until);
  const field = 'until';
  if (time === undefined) {
    const remedy = 'For example 2026-03-31, or 2026-03-31T08:00:00Z.';
    throw invalid({
      field,
      code: 'INVALID',
      message: 'until must be a date, or an ISO 8601 time with a zone.',
      remedy,
    });
  }
  const end = dueTime(time, zone);
  if (end <= dueAt.getTime()) {
    throw invalid({
      field,
      code: 'INVALID',
      message: `until must be later than ${dueAt.toISOString()}, when the request is due.`,
    });
  }
  const latest = latestExtension(dueAt.getTime(), jurisdiction as Jurisdiction, zone);
  if (latest !== undefined && end > latest) {
    const remedy = `Name a time up to ${new Date(latest).toISOString()}.`;
    throw invalid({ field, code: 'TOO_LATE', message: `until is later than ${jurisdiction} allows.`, remedy });
  }
  return new Date(end);
}

/**
 * Extends the time of a request.
 * @throws HostProblem NOT_FOUND; STATE_FORBIDS where it is settled, was extended before, or the time has passed; REQUEST_INVALID.
 */
export async function extendRequest(
  db: Database,
  requestId: string,
  wish: ExtensionWish,
  {
    zone,
    people,
    at,
    actor,
  }: {
    readonly zone: string;
    readonly people: PeopleKeys;
    readonly at: Date;
    readonly actor: Actor;
  },
): Promise<void> {
  await db.orm.transaction(async (tx) => {
    const [row] = await tx.select().from(requests).where(eq(requests.requestId, requestId)).for('update');
    if (row === undefined) throw noRequest();
    if (row.settledAt !== null)
      throw new HostProblem('STATE_FORBIDS', 'The request is settled: nothing is due any more.');
    if (row.extension !== null) {
      throw new HostProblem(
        'STATE_FORBIDS',
        'The time of this request was extended before. The law lets that be done once.',
      );
    }
    if (at > row.dueAt) {
      throw new HostProblem(
        'STATE_FORBIDS',
        `The request was due on ${row.dueAt.toISOString()}: a time that has passed cannot be extended.`,
        { remedy: 'Serve the person as soon as you can, and tell them why it is late; the request stays late.' },
      );
    }
    const dueAt = judged(wish, row, zone);
    const [named] = namingIssues({ reason: wish.reason }, await valuesOf(people, [row]));
    if (named !== undefined) throw invalid(named);
    const extension: Extension = {
      until: dueAt.toISOString(),
      reason: wish.reason.trim(),
      from: row.dueAt.toISOString(),
    };
    await tx.update(requests).set({ dueAt, extension }).where(eq(requests.id, row.id));
    await tx
      .update(tasks)
      .set({ dueAt })
      .where(and(eq(tasks.request, row.id), isNull(tasks.concludedAt)));
    const data = { until: extension.until, reason: extension.reason };
    await appendEvents(tx, [{ at, kind: 'request.extended', request: row.id, actor: actor.id, data }]);
  });
}
