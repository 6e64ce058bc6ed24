/** The people of a work item as CSV, a line for each identifier: streamed, of any number. */
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Actor } from '../access/roles.js';
import { noWorkItem } from '../not-there.js';
import { HostProblem } from '../problem.js';
import { openIdentifiers } from '../requests/identifiers.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import { leftovers, operationMembers, operations, requests, tasks, workItems } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { workEvent } from '../work/items.js';
import { csvCell } from './export.js';

/** The header of the file. Times are ISO 8601, in UTC. */
const peopleColumns = ['request_id', 'due_at', 'kind', 'value'] as const;

const perPage = 1_000;

/** In place of the kind, for somebody whose identifiers were purged. */
const PURGED = 'purged';

/**
 * Begins a download: from now on nobody joins the item, so that whoever erases by the list misses nobody.
 * @throws HostProblem NOT_FOUND; STATE_FORBIDS where the item is about no list of people.
 */
export async function beginPeople(db: Database, id: number, actor: Actor, at: Date): Promise<void> {
  await db.orm.transaction(async (tx) => {
    const [row] = await tx.select().from(workItems).where(eq(workItems.id, id)).for('update');
    if (row === undefined) throw noWorkItem();
    if (row.kind !== 'erase-elsewhere') {
      const remedy = 'Look at the request or the batch that it is about.';
      throw new HostProblem('STATE_FORBIDS', 'This work has no list of people.', { remedy });
    }
    if (row.listedAt === null) await tx.update(workItems).set({ listedAt: at }).where(eq(workItems.id, id));
    const data = { people: row.people };
    await appendEvents(tx, [workEvent(row, { at, kind: 'work.people_read', actor: actor.id, data })]);
  });
}

interface Row extends Record<string, unknown> {
  readonly task: number;
  readonly request_id: string;
  readonly due: Date;
  readonly identifiers: Buffer | null;
  readonly positions: readonly number[] | null;
}

/**
 * The lines, in pieces of up to a thousand people. Somebody who is in several deletions is there once. The list counts as read once all of it
 * was handed over: whoever is purged before, or is in the part that a download broken off lacks, was shown to nobody.
 */
export async function* peopleLines(
  db: Database,
  id: number,
  people: PeopleKeys,
  now: () => Date,
): AsyncGenerator<string> {
  yield `${peopleColumns.join(',')}\r\n`;
  for (let after = 0; ; ) {
    // Of a divided operation a person is in the parts that sent their identifiers; together these are all that was sent.
    const { rows } = await db.orm.execute<Row>(sql`
      select t.id::float8 as task, r.request_id, to_jsonb(r.due_at) as due, r.identifiers, m.positions from (
        select m.task, case when bool_or(m.positions is null) then null
          else (select array_agg(distinct p order by p) from ${operationMembers} a, unnest(a.positions) p
            where a.task = m.task and a.operation = any(array_agg(m.operation))) end as positions
        from ${leftovers} l join ${operations} o on o.id = l.operation join ${operationMembers} m on m.operation = o.id
        where l.work = ${id} and m.task > ${after} group by m.task order by m.task limit ${perPage}
      ) m join ${tasks} t on t.id = m.task join ${requests} r on r.id = t.request
      order by t.id`);
    const last = rows.at(-1);
    if (last === undefined) break;
    await people.prepare(rows.map(({ identifiers }) => identifiers));
    yield rows.map((row) => linesOf(row, people)).join('');
    after = last.task;
  }
  await db.orm
    .update(workItems)
    .set({ readAt: now() })
    .where(and(eq(workItems.id, id), isNull(workItems.readAt)));
}

function linesOf({ request_id, due, identifiers, positions }: Row, people: PeopleKeys): string {
  const line = (kind: string, value: string) =>
    `${[request_id, new Date(due).toISOString(), kind, value].map(csvCell).join(',')}\r\n`;
  if (identifiers === null) return line(PURGED, '');
  const all = openIdentifiers(people, request_id, identifiers);
  const sent = positions === null ? all : positions.flatMap((at) => all[at] ?? []);
  return sent.map(({ kind, value }) => line(kind, value)).join('');
}
