import { and, eq, ne, sql } from 'drizzle-orm';
import type { ConnectionRow } from '../connections/view.js';
import type { Queryable } from '../store/database.js';
import { circuits, connections, operations } from '../store/schema.js';
import type { Circuit } from './circuit.js';
import type { OperationRow } from './members.js';

/** What a job has to know of its operation before it does anything, read in one statement. */
export interface Look {
  readonly row: OperationRow;
  /** Another one as soon as anything is written to the row. */
  readonly version: string;
  /** The connection, where it is not removed. */
  readonly connection: ConnectionRow | null;
  readonly circuit: Circuit | null;
  /** How many operations of the connection are being followed. */
  readonly followed: number;
  /** Whether other connections spend the quota of the same account. */
  readonly shares: boolean;
}

/** How many operations of a connection are being followed; the connection's id stands in a column or a parameter. */
export const followedAt = (connection: unknown) => sql<number>`(select count(*)::int from ${operations} as f
  where f.connection = ${connection} and f.state in ('accepted', 'processing') and f.finished_at is null)`;

/** Looks at an operation; `undefined` where there is none. */
export async function lookAt(db: Queryable, id: number): Promise<Look | undefined> {
  const [found] = await db
    .select({
      row: operations,
      version: sql<string>`${operations}.xmin::text`,
      connection: connections,
      circuit: circuits,
      followed: followedAt(operations.connection),
      shares: sql<boolean>`exists (select from ${connections} as s where s.id <> ${connections.id}
        and s.connector = ${connections.connector} and s.facts ->> 'account' = ${connections.facts} ->> 'account')`,
    })
    .from(operations)
    .leftJoin(connections, and(eq(connections.id, operations.connection), ne(connections.state, 'removed')))
    .leftJoin(circuits, eq(circuits.connection, operations.connection))
    .where(eq(operations.id, id));
  return found;
}
