/** A person's timeline: what was kept of the request, its tasks and their operations, and what follows from the rows themselves. */
import type { FaultData } from 'connector-contract';
import { and, asc, desc, eq, inArray, lte, or, type SQL } from 'drizzle-orm';
import { filled } from '../given.js';
import type { Doubts } from '../requests/doubts.js';
import type { Database } from '../store/database.js';
import { events, type requests, type tasks } from '../store/schema.js';
import { type EventKind, timelineText } from '../timeline.js';
import { type Carrier, foldDivisions } from './fold-division.js';
import type { TimelineEntry } from './views.js';

type RequestRow = typeof requests.$inferSelect;
type TaskRow = typeof tasks.$inferSelect;
type EventRow = typeof events.$inferSelect;

/** Most kept entries of one timeline: of a longer one, how it began and what came of it. */
const most = { first: 100, last: 900 };

function entry(at: Date, kind: EventKind, data: Record<string, string>, task?: TaskRow): TimelineEntry {
  return {
    at: at.toISOString(),
    kind,
    text: timelineText({ kind, data }),
    ...(task === undefined ? {} : { task: task.id, connection: task.connection }),
  };
}

/**
 * The entries that no event was kept for, since the rows tell it already: a million people taken in from one file are one event,
 * and so is their conclusion.
 * @param kept entries that were kept.
 */
function impliedEntries(request: RequestRow, of: readonly TaskRow[], kept: readonly TimelineEntry[]): TimelineEntry[] {
  const has = (kind: string, task?: number) =>
    kept.some((one) => one.kind === kind && (task === undefined || one.task === task));
  const implied: TimelineEntry[] = [];
  if (!has('request.accepted')) implied.push(entry(request.createdAt, 'request.accepted', {}));
  const doubts = request.doubts as Doubts | null;
  // Somebody said so for the whole of a file.
  if (doubts?.allowed === true && !has('request.doubtful_allowed'))
    implied.push(entry(request.createdAt, 'request.doubtful_allowed', {}));
  for (const task of of) {
    if (task.accessStep !== null) {
      const kind = task.accessStep === 'direct_contact' ? 'task.direct_contact' : 'task.access_skipped';
      if (!has(kind, task.id)) implied.push(entry(task.createdAt, kind, {}, task));
    }
    if (task.state === 'not_applicable') implied.push(entry(task.createdAt, 'task.not_applicable', {}, task));
    else if (task.right === 'deletion' && doubts === null && !has('task.pending', task.id))
      implied.push(entry(task.createdAt, 'task.pending', {}, task));
  }
  for (const task of of) {
    const { basis, state, fault, concludedAt } = task;
    if (concludedAt === null) continue;
    if (basis === 'nobody-known') implied.push(entry(concludedAt, 'task.no_match', {}, task));
    if (state === 'complete_with_exceptions' && fault !== null) {
      const { code, message } = fault as FaultData;
      implied.push(entry(concludedAt, 'task.partial', { code, message }, task));
    }
  }
  if (request.concludedAt !== null && !has('request.concluded')) {
    // Its state then was not kept, and the one it has now may be another.
    implied.push(entry(request.concludedAt, 'request.concluded', {}));
  }
  if (request.purgedAt !== null) implied.push(entry(request.purgedAt, 'request.identifiers_purged', {}));
  return implied;
}

async function keptRows(db: Database, which: SQL | undefined): Promise<EventRow[]> {
  const read = (direction: typeof asc, limit: number) =>
    db.orm.select().from(events).where(which).orderBy(direction(events.at), direction(events.id)).limit(limit);
  const all = most.first + most.last;
  const newest = await read(desc, all + 1);
  if (newest.length <= all) return newest.reverse();
  return [...(await read(asc, most.first)), ...newest.slice(0, most.last).reverse()];
}

/**
 * Reads the timeline, oldest first. Of one with more than 1,000 entries the middle is left out.
 * @param operations `carried`: those that the person is in; `left`: those that the person left, told of until then.
 * @param vendors names of vendors, by connection.
 */
export async function timelineOf(
  db: Database,
  request: RequestRow,
  of: readonly TaskRow[],
  operations: { readonly carried: readonly Carrier[]; readonly left: ReadonlyMap<number, Date> },
  vendors: ReadonlyMap<string, string>,
): Promise<TimelineEntry[]> {
  const ids = of.map(({ id }) => id);
  const { carried, left } = operations;
  const which = or(
    inArray(events.request, [request.id]),
    ids.length === 0 ? undefined : inArray(events.task, ids),
    carried.length === 0
      ? undefined
      : inArray(
          events.operation,
          carried.map(({ id }) => id),
        ),
    ...[...left].map(([operation, until]) => and(eq(events.operation, operation), lte(events.at, until))),
  );
  return composeTimeline(request, of, await keptRows(db, which), carried, vendors);
}

/**
 * Puts a timeline together, oldest first.
 * @param rows the events that were kept of the request, its tasks and its operations.
 */
export function composeTimeline(
  request: RequestRow,
  of: readonly TaskRow[],
  rows: readonly EventRow[],
  carried: readonly Carrier[],
  vendors: ReadonlyMap<string, string>,
): TimelineEntry[] {
  const kept = rows.map((row): TimelineEntry => {
    // Of what somebody did to a task, the task alone is kept.
    const connection = row.connection ?? of.find(({ id }) => id === row.task)?.connection ?? null;
    return {
      id: row.id,
      at: row.at.toISOString(),
      kind: row.kind,
      text: timelineText(row, vendors.get(connection ?? '')),
      ...filled({ connection, task: row.task, operation: row.operation, actor: row.actor }),
    };
  });
  const rank = ({ kind }: TimelineEntry) =>
    kind === 'request.accepted' ? 0 : kind === 'request.concluded' ? 2 : kind === 'request.identifiers_purged' ? 3 : 1;
  const order = (a: TimelineEntry, b: TimelineEntry) => (a.at === b.at ? rank(a) - rank(b) : a.at < b.at ? -1 : 1);
  const all = [...impliedEntries(request, of, kept), ...kept].sort(order);
  return foldDivisions(all, carried, (connection) => vendors.get(connection ?? '') ?? 'The vendor');
}
