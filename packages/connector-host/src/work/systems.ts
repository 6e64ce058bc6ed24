/** Decisions about systems as work: an item for each that a deletion is not known to reach and of which nobody decided how people are treated there. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { systems, workItems } from '../store/schema.js';
import { endWork, type NewWork, openWork } from './items.js';

const undecided = sql`s.state = 'active' and not s.archived and s.treatment is null
  and s.coverage_state in ('not-reached', 'needs-setup', 'unknown') and s.system ->> 'kind' in ('source', 'destination', 'warehouse')`;

/**
 * Opens and ends the items of a connection's systems, as the inventory stands now: after a detection that is complete, and after decisions.
 * @param key only of this system.
 */
export async function followSystems(tx: Queryable, connection: string, now: Date, key?: string): Promise<void> {
  const only = key === undefined ? sql`true` : sql`s.key = ${key}`;
  const item = sql`w.kind = 'decide-system' and w.state = 'open' and w.connection = s.connection and w.system = s.key`;
  const { rows } = await tx.execute<{ key: string; name: string } & Record<string, unknown>>(sql`
    select s.key, s.system ->> 'name' as name from ${systems} s
    where s.connection = ${connection} and ${only} and ${undecided} and not exists (select from ${workItems} w where ${item})
    order by s.key`);
  const found = rows.map(({ key: system, name }): NewWork => ({ kind: 'decide-system', connection, system, name }));
  await openWork(tx, found, now);
  const of = sql`kind = 'decide-system' and connection = ${connection} and ${key === undefined ? sql`true` : sql`system = ${key}`}`;
  const like = (condition: ReturnType<typeof sql>) =>
    sql`${of} and exists (select from ${systems} s where s.connection = ${connection} and s.key = work_items.system and ${condition})`;
  await endWork(tx, like(sql`s.treatment is not null`), 'done', { why: 'Somebody decided about the system.' }, now);
  const why = 'A deletion reaches the system now, it is gone, or it was archived.';
  await endWork(tx, like(sql`not (${undecided})`), 'not_needed', { why }, now);
}
