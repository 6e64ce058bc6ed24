/** Batches as they are listed. */
import { and, desc, eq, lt } from 'drizzle-orm';
import { openWords } from '../requests/vendor-words.js';
import { idOfCursor, type Page, type PageQuery, pageOf, totalOf, usualPage } from '../store/page.js';
import { operations } from '../store/schema.js';
import type { Reader, ReadParts } from './list.js';
import { type OperationRowState, type OperationView, operationView } from './operation-view.js';
import { countResults } from './results.js';

type Parts = Pick<ReadParts, 'db' | 'people'>;
type OperationRow = typeof operations.$inferSelect;

/** Which operations; every condition that is given must hold. */
export interface OperationFilter {
  readonly connection?: string;
  readonly status?: OperationRowState;
}

/** Reads a page of operations, the newest first. */
export async function listOperations(
  { db, people }: Parts,
  filter: OperationFilter & PageQuery,
  reader: Reader,
): Promise<Page<OperationView>> {
  const { connection, status, cursor, limit = usualPage } = filter;
  const conditions = and(
    connection === undefined ? undefined : eq(operations.connection, connection),
    status === undefined ? undefined : eq(operations.state, status),
  );
  const total = await totalOf(db.orm, operations, conditions);
  const rows = await db.orm
    .select()
    .from(operations)
    .where(and(conditions, cursor === undefined ? undefined : lt(operations.id, idOfCursor(cursor))))
    .orderBy(desc(operations.id))
    .limit(limit + 1);
  const view = await operationViews({ db, people }, rows, reader);
  return pageOf(rows, limit, total, view);
}

/** Reads one operation; undefined where there is none of that id. */
export async function operation({ db, people }: Parts, id: number, reader: Reader): Promise<OperationView | undefined> {
  const [row] = await db.orm.select().from(operations).where(eq(operations.id, id));
  return row && (await operationViews({ db, people }, [row], reader))(row);
}

/** How these operations are shown: with the vendor's own words to those who may see people. */
export async function operationViews(
  { db, people }: Parts,
  rows: readonly OperationRow[],
  { identify }: Reader,
): Promise<(row: OperationRow) => OperationView> {
  const results = await countResults(
    db.orm,
    rows.map(({ id }) => id),
  );
  if (identify) await people.prepare(rows.map(({ words }) => words));
  return (row) => operationView(row, identify ? openWords(people, row.id, row.words) : {}, results.get(row.id));
}
