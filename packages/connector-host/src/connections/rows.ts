import { and, asc, desc, eq, ne, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { connections } from '../store/schema.js';
import type { ConnectionRow } from './view.js';

const alive = ne(connections.state, 'removed');

/** A connection that is not removed. */
export async function rowOf(db: Queryable, id: string): Promise<ConnectionRow | undefined> {
  const [row] = await db
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), alive));
  return row;
}

/** The same, locked against everybody else until the transaction ends. */
export async function lockedRow(tx: Queryable, id: string): Promise<ConnectionRow | undefined> {
  const [row] = await tx
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), alive))
    .for('update');
  return row;
}

/** What {@link heldRow} selects, to be joined with what is locked after it. */
export function heldConnection(tx: Queryable, id: string) {
  return tx
    .select()
    .from(connections)
    .where(and(eq(connections.id, id), alive))
    .for('key share');
}

/**
 * The same, held until the transaction ends: it cannot be removed before that, and whoever removes it then sees what was written. What
 * work learns on the way, such as the quota, is written meanwhile. The first thing that a transaction locks.
 */
export async function heldRow(tx: Queryable, id: string): Promise<ConnectionRow | undefined> {
  const [row] = await heldConnection(tx, id);
  return row;
}

/** All connections that are not removed, oldest first. */
export async function allRows(db: Queryable): Promise<ConnectionRow[]> {
  return db.select().from(connections).where(alive).orderBy(asc(connections.createdAt), asc(connections.id));
}

/** All connections that were removed, the last one first. */
export async function removedRows(db: Queryable): Promise<ConnectionRow[]> {
  return db.select().from(connections).where(eq(connections.state, 'removed')).orderBy(desc(connections.updatedAt));
}

/** Whether another connection has this name, whatever its case. */
export async function nameTaken(db: Queryable, name: string, except?: string): Promise<boolean> {
  const [row] = await db
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        alive,
        sql`lower(${connections.name}) = lower(${name})`,
        ...(except === undefined ? [] : [ne(connections.id, except)]),
      ),
    )
    .limit(1);
  return row !== undefined;
}

/** Whether an error says that the name was taken in the same moment. */
export function isNameClash(error: unknown): boolean {
  for (let one = error; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause) {
    const { code, constraint } = one as { code?: unknown; constraint?: unknown };
    if (code === '23505' && constraint === 'connections_name') return true;
  }
  return false;
}

/** Changes a connection that is not removed and answers what it is then. */
export async function changeRow(
  tx: Queryable,
  id: string,
  change: Partial<typeof connections.$inferInsert>,
): Promise<ConnectionRow | undefined> {
  const [row] = await tx
    .update(connections)
    .set(change)
    .where(and(eq(connections.id, id), alive))
    .returning();
  return row;
}
