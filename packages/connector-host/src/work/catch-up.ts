/** Opens the work that was there before there were work items, or that an older host left without. What has its item keeps it. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { connections, operations, requests, systems, workItems } from '../store/schema.js';
import { openReconnect } from './connections.js';
import { type NewWork, openWork } from './items.js';
import { catchUpDoubtful, openContacts } from './requests.js';
import { followSystems } from './systems.js';

/** Does it, in one transaction; of several hosts that start together, one after the other. Leftovers join in their own job. */
export async function catchUpWork(tx: Queryable, now: Date): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('connector_host.work_items'))`);
  const { rows: undecided } = await tx.execute<NewWork & Record<string, unknown>>(sql`
    select 'decide-submission' as kind, o.connection, o.id::float8 as about, o.subjects as people, to_jsonb(o.due_at) as "dueAt"
    from ${operations} o where o.state = 'undecided' and o.finished_at is null and not exists (
      select from ${workItems} w where w.kind = 'decide-submission' and w.state = 'open' and w.connection = o.connection and w.about = o.id)`);
  await openWork(tx, undecided, now);
  await openContacts(tx, sql`t.request in (select id from ${requests} where state = 'waiting_for_person')`, now);
  await catchUpDoubtful(tx, now);
  const { rows: broken } = await tx.execute<{ id: string }>(
    sql`select id from ${connections} where state = 'reconnect' order by id`,
  );
  for (const { id } of broken) await openReconnect(tx, id, now);
  const { rows: looked } = await tx.execute<{ connection: string }>(sql`
    select distinct s.connection from ${systems} s join ${connections} c on c.id = s.connection and c.state <> 'removed' order by 1`);
  for (const { connection } of looked) await followSystems(tx, connection, now);
}
