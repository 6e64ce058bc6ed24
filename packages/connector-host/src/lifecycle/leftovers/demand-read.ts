import { type SQL, sql } from 'drizzle-orm';
import { HostProblem } from '../../problem.js';
import type { Queryable } from '../../store/database.js';
import { leftovers, operations, workItems } from '../../store/schema.js';

/** Refuses to say `done` of people in no list that somebody downloaded, or whose identifiers were purged before. Throws STATE_FORBIDS. */
export async function demandRead(tx: Queryable, which: SQL | undefined): Promise<void> {
  const { rows } = await tx.execute<{ work: number | null }>(sql`
    select l.work::float8 as work from (select * from ${leftovers} where ${which}) l join ${operations} o on o.id = l.operation
      left join ${workItems} w on w.id = l.work
    where w.read_at is null or o.purged_at < w.read_at limit 1`);
  const [unread] = rows;
  if (unread === undefined) return;
  const message = 'Nobody was shown the list of the people in some of this, so nobody can know whom to erase.';
  const item = unread.work === null ? 'work of each system' : `work ${unread.work}, and all others of this`;
  const remedy = `Download the lists and close the work instead, item by item: ${item}. not_needed and could_not need no list.`;
  throw new HostProblem('STATE_FORBIDS', message, { remedy });
}
