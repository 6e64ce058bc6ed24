/** One request with its tasks, operations and timeline. */
import type { Identifier } from 'connector-contract';
import { asc, eq, inArray } from 'drizzle-orm';
import type { Doubts } from '../requests/doubts.js';
import type { Database } from '../store/database.js';
import { connections, operationMembers, operations, requests, tasks } from '../store/schema.js';
import { type LeftoverView, readLeftovers } from './leftovers.js';
import { type Reader, type ReadParts, shownIdentifiers } from './list.js';
import { operationView } from './operation-view.js';
import { operationViews } from './operations.js';
import { timelineOf } from './timeline-of.js';
import { type RequestDetail, summaryView, type TimelineEntry, taskView } from './views.js';

type OperationRow = typeof operations.$inferSelect;
type TaskRow = typeof tasks.$inferSelect;

/** The rows of one request, operations included that were divided, refused or tried before. */
export interface RequestRows {
  readonly request: typeof requests.$inferSelect;
  readonly tasks: readonly TaskRow[];
  readonly operations: readonly OperationRow[];
  /** Operations that the person left before they were submitted, by id, with the time: what became of them then is about others. */
  readonly left: ReadonlyMap<number, Date>;
}

/** Reads the rows of a request; undefined where there is none of that id. */
export async function requestRows(db: Database, requestId: string): Promise<RequestRows | undefined> {
  const [request] = await db.orm.select().from(requests).where(eq(requests.requestId, requestId));
  if (request === undefined) return undefined;
  const of = await db.orm.select().from(tasks).where(eq(tasks.request, request.id)).orderBy(asc(tasks.id));
  const ids = of.map(({ id }) => id);
  const found = await db.orm
    .select({ operation: operations, task: operationMembers.task })
    .from(operationMembers)
    .innerJoin(operations, eq(operations.id, operationMembers.operation))
    .where(inArray(operationMembers.task, ids))
    .orderBy(asc(operations.id));
  const carried = new Map<number, OperationRow>();
  const left = new Map<number, Date>();
  for (const { operation, task } of found) {
    const at = leftAt(
      operation,
      of.find(({ id }) => id === task),
    );
    if (at === undefined) carried.set(operation.id, operation);
    else left.set(operation.id, at);
  }
  return { request, tasks: of, operations: [...carried.values()], left };
}

/** When a task was taken back from an operation that was still to be submitted; undefined where it was not. */
function leftAt(operation: OperationRow, task: TaskRow | undefined): Date | undefined {
  // Somebody who is cancelled at the vendor stays in the operation.
  if (task?.state !== 'cancelled' || task.operation !== null || task.concludedAt === null) return undefined;
  const ended = operation.finishedAt !== null && operation.finishedAt <= task.concludedAt;
  return ended ? undefined : task.concludedAt;
}

/** The names of the vendors behind connections, removed ones too, by the connection's id. */
async function vendorNames({ db, vendors }: ReadParts, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await db.orm
    .select({ id: connections.id, connector: connections.connector })
    .from(connections)
    .where(inArray(connections.id, [...ids]));
  return new Map(
    found.flatMap(({ id, connector }) => (vendors.has(connector) ? [[id, vendors.get(connector) ?? '']] : [])),
  );
}

/** Whether what a task's deletion left over is known. */
export function recordsLeftovers({ right, state, leftOver }: Pick<TaskRow, 'right' | 'state' | 'leftOver'>): boolean {
  return right !== 'deletion' || leftOver !== null || !(state === 'complete' || state === 'complete_with_exceptions');
}

function doubtfulView(doubts: Doubts | null): Pick<RequestDetail, 'doubtful'> {
  return doubts === null ? {} : { doubtful: { reasons: doubts.found, allowed: doubts.allowed } };
}

/** Reads one request as `reader` may see it. */
export async function requestDetail(
  requestId: string,
  parts: ReadParts,
  reader: Reader,
): Promise<RequestDetail | undefined> {
  const rows = await requestRows(parts.db, requestId);
  if (rows === undefined) return undefined;
  const { request } = rows;
  await parts.people.prepare([request.identifiers]);
  const leftovers = await readLeftovers(parts.db.orm, rows.tasks);
  const timeline = await timelineOf(
    parts.db,
    request,
    rows.tasks,
    { carried: rows.operations, left: rows.left },
    await vendorNames(
      parts,
      rows.tasks.map(({ connection }) => connection),
    ),
  );
  const view = await operationViews(parts, rows.operations, reader);
  const identifiers = shownIdentifiers(request, parts.people, reader);
  return { ...shownDetail(rows, leftovers, timeline, identifiers, parts.now), operations: rows.operations.map(view) };
}

/** Shows what was read of a request, without the vendors' own words. */
export function shownDetail(
  rows: Omit<RequestRows, 'left'>,
  leftovers: readonly LeftoverView[],
  timeline: readonly TimelineEntry[],
  identifiers: readonly Identifier[],
  now: number,
): RequestDetail {
  const { request } = rows;
  return {
    ...summaryView(
      request,
      rows.tasks.map((task) => taskView(task, now)),
      identifiers,
      now,
      leftovers.filter(({ state }) => state === 'open').length,
    ),
    leftovers,
    leftoversRecorded: rows.tasks.every(recordsLeftovers),
    ...doubtfulView(request.doubts as Doubts | null),
    timeline,
    operations: rows.operations.map((row) => operationView(row)),
  };
}
