/** How leftovers change their state, and what has to happen wherever they do. */
import { type SQL, sql } from 'drizzle-orm';
import { standing } from '../../requests/leftover-standing.js';
import type { Queryable } from '../../store/database.js';
import { leftovers, operations } from '../../store/schema.js';
import { appendEvents, appendFound } from '../../timeline.js';
import { endEmptyWork, joinWork } from '../../work/left-over.js';

/** People, or leftovers, of one transaction. */
export const AT_ONCE = 5_000;

/** Leftovers whose state changed, of one transaction; lists are null where nothing is in them. */
interface Turned extends Record<string, unknown> {
  readonly count: number;
  readonly ids: readonly number[] | null;
  readonly operations: readonly number[] | null;
  readonly connections: readonly string[] | null;
  /** Those that are open again. */
  readonly opened: readonly number[] | null;
  /** The work items that those are in which ended. */
  readonly left: readonly number[] | null;
}

/**
 * Lets the transactions of connections that bring on what is left over follow one another: of two that end the last leftovers of an
 * operation, the second sees what the first did.
 */
export async function lockLeftovers(tx: Queryable, of: readonly string[]): Promise<void> {
  await tx.execute(sql`
    select pg_advisory_xact_lock(hashtext('connector_host.leftovers'), hashtext(connection))
    from unnest(${sql.param([...of].sort())}::text[]) as of (connection)`);
}

const these = (ids: readonly number[]) => sql`any((select ${sql.param([...ids])}::bigint[])::bigint[])`;

/**
 * Changes the state of leftovers; their operations stand otherwise, their people are to follow, so is the work they are in, and the
 * timeline is told. What is done for each of very many is done by the database.
 * @param update changes `l`, as far as `returning`.
 * @returns how many it changed.
 */
export async function turn(tx: Queryable, update: SQL, now: Date): Promise<number> {
  const { rows } = await tx.execute<Turned>(sql`
    with turned as (${update} returning l.id, l.operation, l.connection, l.state, l.work)
    select count(*)::int as count, array_agg(id::float8) as ids, array_agg(distinct operation::float8) as operations,
      array_agg(distinct connection) as connections, array_agg(id::float8) filter (where state = 'open') as opened,
      array_agg(distinct work::float8) filter (where state <> 'open' and work is not null) as left
    from turned`);
  const [turned] = rows;
  if (!turned?.ids) return 0;
  await lockLeftovers(tx, turned.connections ?? []);
  // Most are left over elsewhere too, before and after: then nothing follows.
  await tx.execute(sql`
    update ${operations} as o set lagging = true,
      left_over = (select ${standing(sql`l.state`)} from ${leftovers} l where l.operation = o.id)
    where id = ${these(turned.operations ?? [])} and (left_over is distinct from 'open' or not exists (
      select from ${leftovers} l where l.operation = o.id and l.state = 'open'))`);
  await appendFound(
    tx,
    sql`select ${now.toISOString()}::timestamptz,
      case when state = 'open' then 'operation.leftover_reopened' else 'operation.leftover_ended' end, operation, connection,
      jsonb_strip_nulls(jsonb_build_object('system', name, 'outcome', state, 'reason', ended -> 'why'))
    from ${leftovers} where id = ${these(turned.ids)} order by id`,
  );
  if (turned.opened) await appendEvents(tx, await joinWork(tx, sql`l.id = ${these(turned.opened)}`, now));
  await endEmptyWork(tx, turned.left ?? [], now);
  return turned.count;
}
