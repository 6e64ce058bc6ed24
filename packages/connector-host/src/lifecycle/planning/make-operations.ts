import { randomUUID } from 'node:crypto';
import type { Identifier, Operation } from 'connector-contract';
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../store/database.js';
import { operationMembers, operations, tasks } from '../../store/schema.js';
import { announceKept, keepFound } from '../../timeline.js';
import { positionsOf } from '../members.js';
import { type LifecycleParts, urgency } from '../parts.js';

/** An operation to be made. */
export interface NewOperation {
  readonly operation: Operation;
  /** By when the most urgent of its people is owed. */
  readonly dueAt: Date | null;
}

/** Where operations come from that take the place of another. */
export interface Lineage {
  readonly parent: number;
  readonly root: number;
}

/** Rows of one statement. */
const ROWS = 1000;

/**
 * Writes planned operations with their members, tells the timeline, and sends their submit jobs, all in the caller's transaction.
 * @param identifiersOf all identifiers of a person, by task.
 * @param lineage present for the parts of a divided operation: the tasks then stay with its root.
 */
export async function makeOperations(
  tx: Queryable,
  parts: LifecycleParts,
  connection: string,
  made: readonly NewOperation[],
  identifiersOf: (task: string) => readonly Identifier[],
  now: Date,
  lineage?: Lineage,
): Promise<void> {
  for (let from = 0; from < made.length; from += ROWS) {
    const part = made.slice(from, from + ROWS).map((one) => ({ ...one, key: randomUUID() }));
    const ids = await write(tx, connection, part, identifiersOf, now, lineage);
    const jobs = part.map(({ key, dueAt }) => ({ data: { operation: ids.get(key) ?? 0 }, priority: urgency(dueAt) }));
    await parts.engine.sendMany('submit', jobs, tx);
  }
}

/** An operation with the key that its row is found by before it has an id. */
type Keyed = NewOperation & { readonly key: string };

/** Writes operations, their events, who is in them and, but for the parts of a divided one, the tasks they carry. Answers the ids by key. */
async function write(
  tx: Queryable,
  connection: string,
  made: readonly Keyed[],
  identifiersOf: (task: string) => readonly Identifier[],
  now: Date,
  lineage: Lineage | undefined,
): Promise<ReadonlyMap<string, number>> {
  const wanted = made.map(({ key, dueAt, operation }) => ({
    key,
    subjects: operation.subjects.length,
    identifiers: operation.identifierCount,
    bytes: operation.bytes,
    dueAt,
  }));
  const members = made.flatMap(({ key, operation }) =>
    operation.subjects.map(({ id, identifiers }) => {
      const positions = positionsOf(identifiersOf(id), identifiers);
      return { key, task: Number(id), positions: positions === null ? null : `{${positions.join(',')}}` };
    }),
  );
  const at = sql`${now.toISOString()}::timestamptz`;
  const assigned = sql`, assigned as (
    update ${tasks} as t set operation = j.operation from joined j where t.id = j.task)`;
  // The lengths of the arrays are hidden from the planner in sub-selects: for as many rows it would read the whole table.
  const { rows } = await tx.execute<{ id: number; key: string }>(sql`
    with made as (
      insert into ${operations} (connection, key, state, parent, root, subjects, identifiers, bytes, due_at, created_at, updated_at)
      select ${connection}, key, 'planned', ${lineage?.parent ?? null}::bigint, ${lineage?.root ?? null}::bigint,
        subjects, identifiers, bytes, "dueAt", ${at}, ${at}
      from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
        as n (key uuid, subjects int, identifiers int, bytes int, "dueAt" timestamptz)
      returning id, key, subjects, identifiers
    ), told as (
      ${keepFound(sql`select ${at}, 'operation.planned', id, ${connection},
        jsonb_build_object('subjects', subjects, 'identifiers', identifiers) from made`)}
    ), joined as (
      select made.id as operation, m.task, m.positions from unnest(
        (select ${sql.param(members.map(({ key }) => key))}::uuid[]),
        (select ${sql.param(members.map(({ task }) => task))}::bigint[]),
        (select ${sql.param(members.map(({ positions }) => positions))}::text[])
      ) with ordinality as m (key, task, positions, nth) join made using (key) order by nth
    ), members as (
      insert into ${operationMembers} (operation, task, positions)
      select operation, task, positions::smallint[] from joined
    )${lineage === undefined ? assigned : sql``}
    select id::float8 as id, key, (select ${announceKept} from told) from made`);
  return new Map(rows.map(({ id, key }) => [key, id]));
}
