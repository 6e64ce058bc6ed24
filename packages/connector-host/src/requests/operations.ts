/** Batches as they are listed. */
import { and, count, desc, eq, lt } from 'drizzle-orm';
import type { Database } from '../store/database.js';
import { operations } from '../store/schema.js';
import { idOfCursor, type Page, type PageQuery, pageOf, usualPage } from './page.js';
import { type OperationRowState, type OperationView, operationView } from './views.js';

/** Which operations; every condition that is given must hold. */
export interface OperationFilter {
  readonly connection?: string;
  readonly status?: OperationRowState;
}

/** Reads a page of operations, the newest first. */
export async function listOperations(db: Database, filter: OperationFilter & PageQuery): Promise<Page<OperationView>> {
  const { connection, status, cursor, limit = usualPage } = filter;
  const conditions = and(
    connection === undefined ? undefined : eq(operations.connection, connection),
    status === undefined ? undefined : eq(operations.state, status),
  );
  const [counted] = await db.orm.select({ total: count() }).from(operations).where(conditions);
  const rows = await db.orm
    .select()
    .from(operations)
    .where(and(conditions, cursor === undefined ? undefined : lt(operations.id, idOfCursor(cursor))))
    .orderBy(desc(operations.id))
    .limit(limit + 1);
  return pageOf(rows, limit, counted?.total ?? 0, operationView);
}

/** Reads one operation; undefined where there is none of that id. */
export async function operation(db: Database, id: number): Promise<OperationView | undefined> {
  const [row] = await db.orm.select().from(operations).where(eq(operations.id, id));
  return row === undefined ? undefined : operationView(row);
}
