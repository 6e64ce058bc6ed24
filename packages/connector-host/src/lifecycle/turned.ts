/** What has to happen wherever leftovers changed their state. */
import { sql } from 'drizzle-orm';
import { standing } from '../requests/leftover-standing.js';
import type { LeftoverState } from '../requests/states.js';
import type { Queryable } from '../store/database.js';
import { leftovers, operations } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { endEmptyWork, joinWork } from '../work/left-over.js';

/** People, or leftovers, of one transaction. */
export const AT_ONCE = 5_000;

/** Leftovers whose state changed, of one transaction. */
export interface Turned extends Record<string, unknown> {
  readonly id: number;
  readonly operation: number;
  readonly connection: string;
  readonly name: string;
  readonly state: LeftoverState;
  /** The work item that it is in, or was. */
  readonly work: number | null;
  readonly why: string | null;
}

/** What is selected of a leftover `l` for {@link Turned}, but for why. */
export const turnedColumns = sql`l.id::float8 as id, l.operation::float8 as operation, l.connection, l.name, l.state, l.work::float8 as work`;

/** Their operations stand otherwise, their people are to follow, so is the work they are in, and the timeline is told. */
export async function afterTurn(tx: Queryable, turned: readonly Turned[], now: Date): Promise<void> {
  if (turned.length === 0) return;
  const ids = sql.param([...new Set(turned.map(({ operation }) => operation))]);
  await tx.execute(sql`
    update ${operations} as o set lagging = true,
      left_over = (select ${standing(sql`l.state`)} from ${leftovers} l where l.operation = o.id)
    where id = any((select ${ids}::bigint[])::bigint[])`);
  await appendEvents(
    tx,
    turned.map(({ operation, connection, name, state, why }) => ({
      at: now,
      kind: state === 'open' ? 'operation.leftover_reopened' : 'operation.leftover_ended',
      operation,
      connection,
      data: { system: name, outcome: state, reason: why ?? undefined },
    })),
  );
  const opened = turned.filter(({ state }) => state === 'open').map(({ id }) => id);
  if (opened.length > 0) await joinWork(tx, sql`l.id = any(${sql.param(opened)}::bigint[])`, now);
  const left = new Set(turned.flatMap(({ state, work }) => (state === 'open' || work === null ? [] : [work])));
  await endEmptyWork(tx, [...left], now);
}
