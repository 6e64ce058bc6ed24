import { and, desc, eq, ne, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { detections } from '../store/schema.js';
import type { DetectionRow, DetectionTrigger } from './views.js';

export type { DetectionRow, DetectionTrigger } from './views.js';

/** Begins a detection, unless one is running; answers the running one, and whether it was begun now. */
export async function beginDetection(
  tx: Queryable,
  connection: string,
  trigger: DetectionTrigger,
  at: Date,
): Promise<{ readonly row: DetectionRow; readonly begun: boolean } | undefined> {
  const [made] = await tx
    .insert(detections)
    .values({ connection, trigger, state: 'running', startedAt: at })
    .onConflictDoNothing()
    .returning();
  if (made !== undefined) return { row: made, begun: true };
  const running = await runningDetection(tx, connection);
  return running === undefined ? undefined : { row: running, begun: false };
}

/** The detection of a connection that is running, here or in another process. */
export async function runningDetection(db: Queryable, connection: string): Promise<DetectionRow | undefined> {
  const [row] = await db
    .select()
    .from(detections)
    .where(and(eq(detections.connection, connection), eq(detections.state, 'running')));
  return row;
}

/** One detection by its id. */
export async function detectionById(db: Queryable, id: number): Promise<DetectionRow | undefined> {
  const [row] = await db.select().from(detections).where(eq(detections.id, id));
  return row;
}

/** The latest detections of a connection, newest first. */
export async function latestDetections(db: Queryable, connection: string, limit: number): Promise<DetectionRow[]> {
  return db
    .select()
    .from(detections)
    .where(eq(detections.connection, connection))
    .orderBy(desc(detections.id))
    .limit(limit);
}

/** The last detection that came to an end. */
export async function lastEnded(db: Queryable, connection: string): Promise<DetectionRow | undefined> {
  const [row] = await db
    .select()
    .from(detections)
    .where(and(eq(detections.connection, connection), ne(detections.state, 'running')))
    .orderBy(desc(detections.id))
    .limit(1);
  return row;
}

/**
 * From when on what is first seen is new to a complete detection: the start of the first one after the complete one before it. Those
 * between broke off, and what they saw first was told to nobody.
 */
export function newSince(connection: SQL, id: SQL): SQL {
  return sql`(
    select min(b.started_at) from connector_host.detections b where b.connection = ${connection} and b.id > coalesce((
      select max(p.id) from connector_host.detections p
       where p.connection = ${connection} and p.id < ${id} and p.state = 'complete'), 0))`;
}

/** Keeps other processes from ending a detection before this transaction does. Answers whether it is running. */
export async function holdDetection(tx: Queryable, id: number): Promise<boolean> {
  const held = await tx
    .select({ id: detections.id })
    .from(detections)
    .where(and(eq(detections.id, id), eq(detections.state, 'running')))
    .for('update');
  return held.length > 0;
}

/** Ends a running detection. Answers `undefined` where it had ended already. */
export async function endDetection(
  tx: Queryable,
  id: number,
  change: Partial<typeof detections.$inferInsert>,
): Promise<DetectionRow | undefined> {
  const [row] = await tx
    .update(detections)
    .set(change)
    .where(and(eq(detections.id, id), eq(detections.state, 'running')))
    .returning();
  return row;
}
