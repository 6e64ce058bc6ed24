/** Connections that stopped working, and what becomes of the work at one that is removed. */
import { type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { operations, tasks, workItems } from '../store/schema.js';
import { endWork, openWork } from './items.js';
import { endAsks, endDoubtful } from './requests.js';

const openOf = (connection: string) => sql`kind = 'reconnect' and connection = ${connection}`;

/** When the first of those is due who wait for a connection. */
const firstDue = (connection: SQL) => sql`
  least((select min(t.due_at) from ${tasks} t where t.connection = ${connection} and t.state = 'pending' and t.operation is null),
    (select min(o.due_at) from ${operations} o where o.connection = ${connection} and o.finished_at is null))`;

/** A connection needs somebody, unless that is somebody's work already: whoever waits for it is owed their due by when the first of them is. */
export async function openReconnect(tx: Queryable, connection: string, now: Date): Promise<void> {
  const { rows } = await tx.execute<{ open: boolean; dueAt: Date | null; people: number }>(sql`
    select exists (select from ${workItems} where state = 'open' and ${openOf(connection)}) as open,
      ${firstDue(sql`${connection}`)} as "dueAt"`);
  const [found] = rows;
  if (found === undefined || found.open) return;
  await openWork(tx, [{ kind: 'reconnect', connection, dueAt: found.dueAt }], now);
}

/** Has connections that need somebody due by those, too, who came to wait for them since. */
export async function hastenReconnect(db: Queryable): Promise<void> {
  await db.execute(sql`
    update ${workItems} w set due_at = date_trunc('milliseconds', found.due_at)
    from (select id, ${firstDue(sql`i.connection`)} as due_at from ${workItems} i where i.kind = 'reconnect' and i.state = 'open') found
    where w.id = found.id and found.due_at < coalesce(w.due_at, 'infinity')`);
}

/** A connection does not need anybody any more. */
export async function endReconnect(tx: Queryable, connection: string, now: Date): Promise<void> {
  await endWork(tx, openOf(connection), 'done', {}, now);
}

/** A connection was removed: nobody can do anything about it, but to erase people by hand whom it left over. */
export async function endWorkOfRemoved(tx: Queryable, connection: string, now: Date): Promise<void> {
  const which = sql`connection = ${connection} and kind <> 'erase-elsewhere'`;
  const ended = await endWork(tx, which, 'not_needed', { why: 'The connection was removed.' }, now);
  await endAsks(tx, sql`work = any(${sql.param([...ended])}::bigint[]) and ended_at is null`, now);
  await endDoubtful(tx, now);
}
