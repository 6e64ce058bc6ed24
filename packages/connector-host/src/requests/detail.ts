/** One request with its tasks, operations and timeline. */
import { asc, eq, inArray } from 'drizzle-orm';
import type { Database } from '../store/database.js';
import { connections, operationMembers, operations, requests, tasks } from '../store/schema.js';
import { type Reader, type ReadParts, shownIdentifiers } from './list.js';
import { timelineOf } from './timeline-of.js';
import { operationView, type RequestDetail, summaryView, taskView } from './views.js';

type OperationRow = typeof operations.$inferSelect;

/** The rows of one request, operations included that were divided, refused or tried before. */
export interface RequestRows {
  readonly request: typeof requests.$inferSelect;
  readonly tasks: readonly (typeof tasks.$inferSelect)[];
  readonly operations: readonly OperationRow[];
}

/** Reads the rows of a request; undefined where there is none of that id. */
export async function requestRows(db: Database, requestId: string): Promise<RequestRows | undefined> {
  const [request] = await db.orm.select().from(requests).where(eq(requests.requestId, requestId));
  if (request === undefined) return undefined;
  const of = await db.orm.select().from(tasks).where(eq(tasks.request, request.id)).orderBy(asc(tasks.id));
  const members = db.orm
    .selectDistinct({ operation: operationMembers.operation })
    .from(operationMembers)
    .where(
      inArray(
        operationMembers.task,
        of.map(({ id }) => id),
      ),
    );
  const carried =
    of.length === 0
      ? []
      : await db.orm.select().from(operations).where(inArray(operations.id, members)).orderBy(asc(operations.id));
  return { request, tasks: of, operations: carried };
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
  const timeline = await timelineOf(
    parts.db,
    request,
    rows.tasks,
    rows.operations.map(({ id }) => id),
    await vendorNames(
      parts,
      rows.tasks.map(({ connection }) => connection),
    ),
  );
  return {
    ...summaryView(
      request,
      rows.tasks.map((task) => taskView(task, parts.now)),
      shownIdentifiers(request, parts.people, reader),
    ),
    timeline,
    operations: rows.operations.map(operationView),
  };
}
