/** A person's timeline: what was kept of the request, its tasks and their operations, and what follows from the rows themselves. */
import { asc, inArray, or } from 'drizzle-orm';
import type { Database } from '../store/database.js';
import { events, type requests, type tasks } from '../store/schema.js';
import { type EventKind, timelineText } from '../timeline.js';
import type { TimelineEntry } from './views.js';

type RequestRow = typeof requests.$inferSelect;
type TaskRow = typeof tasks.$inferSelect;

/** Most entries of one timeline. */
const longest = 1_000;

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
export function impliedEntries(
  request: RequestRow,
  of: readonly TaskRow[],
  kept: readonly TimelineEntry[],
): TimelineEntry[] {
  const has = (kind: string, task?: number) =>
    kept.some((one) => one.kind === kind && (task === undefined || one.task === task));
  const implied: TimelineEntry[] = [];
  if (!has('request.accepted')) implied.push(entry(request.createdAt, 'request.accepted', {}));
  for (const task of of) {
    if (task.accessStep !== null) {
      const kind = task.accessStep === 'direct_contact' ? 'task.direct_contact' : 'task.access_skipped';
      if (!has(kind, task.id)) implied.push(entry(task.createdAt, kind, {}, task));
    }
    if (task.right === 'deletion' && !has('task.pending', task.id))
      implied.push(entry(task.createdAt, 'task.pending', {}, task));
  }
  if (request.concludedAt !== null && !has('request.concluded')) {
    implied.push(entry(request.concludedAt, 'request.concluded', { state: request.state }));
  }
  if (request.purgedAt !== null) implied.push(entry(request.purgedAt, 'request.identifiers_purged', {}));
  return implied;
}

/**
 * Reads the whole timeline, oldest first.
 * @param operations `carried`: those that the person is in; `left`: those that the person left, told of until then.
 * @param vendors names of vendors, by connection.
 */
export async function timelineOf(
  db: Database,
  request: RequestRow,
  of: readonly TaskRow[],
  operations: { readonly carried: readonly number[]; readonly left: ReadonlyMap<number, Date> },
  vendors: ReadonlyMap<string, string>,
): Promise<TimelineEntry[]> {
  const { carried, left } = operations;
  const ids = [...carried, ...left.keys()];
  const rows = await db.orm
    .select()
    .from(events)
    .where(
      or(
        inArray(events.request, [request.id]),
        of.length === 0
          ? undefined
          : inArray(
              events.task,
              of.map(({ id }) => id),
            ),
        ids.length === 0 ? undefined : inArray(events.operation, ids),
      ),
    )
    .orderBy(asc(events.at), asc(events.id))
    .limit(longest);
  const concerning = rows.filter(({ operation, at }) => !(at > (left.get(operation ?? 0) ?? at)));
  const kept = concerning.map(
    (row): TimelineEntry => ({
      id: row.id,
      at: row.at.toISOString(),
      kind: row.kind,
      text: timelineText(row, vendors.get(row.connection ?? '')),
      ...(row.connection === null ? {} : { connection: row.connection }),
      ...(row.task === null ? {} : { task: row.task }),
      ...(row.operation === null ? {} : { operation: row.operation }),
      ...(row.actor === null ? {} : { actor: row.actor }),
    }),
  );
  const rank = ({ kind }: TimelineEntry) =>
    kind === 'request.accepted' ? 0 : kind === 'request.concluded' ? 2 : kind === 'request.identifiers_purged' ? 3 : 1;
  const order = (a: TimelineEntry, b: TimelineEntry) => (a.at === b.at ? rank(a) - rank(b) : a.at < b.at ? -1 : 1);
  return [...impliedEntries(request, of, kept), ...kept].sort(order);
}
