/** What is left over of people's deletions, read for those who look at a request. */
import { type SQL, sql } from 'drizzle-orm';
import { filled } from '../given.js';
import { type LeftoverCode, leftoverCodes } from '../requests/leftover-codes.js';
import type { LeftoverState } from '../requests/states.js';
import type { TreatmentKind } from '../requests/treatment.js';
import type { Queryable } from '../store/database.js';
import { leftovers, operationMembers, tasks, workItems } from '../store/schema.js';
import type { Evidence } from '../work/kinds.js';

/** Something that a deletion did not do. Times are ISO 8601. */
export interface LeftoverView {
  readonly connection: string;
  readonly task: number;
  /** Key of the system in the inventory, or the vendor's name for one that is not there; absent for what is about no one system. */
  readonly system?: string;
  /** As the inventory has it. */
  readonly name: string;
  readonly code: LeftoverCode;
  /** Plain words. */
  readonly reason: string;
  readonly state: LeftoverState;
  readonly openedAt?: string;
  /** How it ended; absent while it is open. */
  readonly ended?: EndOfLeftover;
  /** The work item that it is in, or was in. */
  readonly work?: number;
  /** Name of whoever has that work. */
  readonly owner?: string;
}

/** How a leftover ended. */
export interface EndOfLeftover {
  readonly at: string;
  /** Id of who ended it. */
  readonly by?: string;
  readonly why: string;
  /** Present where a decision about the system ended it. */
  readonly treatment?: TreatmentKind;
  /** Present where somebody ended the work that it was in: who did it and when, and what shows that. */
  readonly work?: number;
  readonly doneBy?: string;
  readonly doneAt?: string;
  readonly evidence?: Evidence;
  /** The request by which the person was handed in again, where that ended it. */
  readonly correctedBy?: string;
}

type TaskRow = typeof tasks.$inferSelect;

// Of a divided operation a person has the leftovers of the parts that the person is in; the tasks name the undivided one.
function ofTasks(ids: readonly number[]): SQL {
  return sql`
    from ${tasks} t join ${operationMembers} m on m.task = t.id
      join connector_host.operations o on o.id = m.operation and t.operation in (o.id, o.root)
      join ${leftovers} l on l.operation = o.id left join ${workItems} w on w.id = l.work
    where t.id = any(${sql.param(ids)}::bigint[]) and t.left_over is not null`;
}

/** How many systems are left over for each request, by the request's row id; those without any are not named. */
export async function countOpenLeftovers(db: Queryable, ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const { rows } = await db.execute<{ request: number; open: number }>(sql`
    select request::float8 as request, count(*)::int as open from (
      select distinct t.request, l.connection, l.system ${ofTasks(ids)} and l.state = 'open'
      union all
      select request, connection, null from ${tasks}
      where id = any(${sql.param(ids)}::bigint[]) and left_over is not null and own_leftover = 'open'
    ) each group by 1`);
  return new Map(rows.map(({ request, open }) => [request, open]));
}

/** Everything that was left over for these tasks, by name. */
export async function readLeftovers(db: Queryable, of: readonly TaskRow[]): Promise<LeftoverView[]> {
  const shared = await sharedLeftovers(
    db,
    of.map(({ id }) => id),
  );
  return [...shared, ...of.flatMap(ownLeftover)];
}

/**
 * What these tasks share with others of their operations. Somebody in several parts of an operation has what is open in any of them.
 * @param ids row ids of the tasks.
 */
export async function sharedLeftovers(db: Queryable, ids: readonly number[]): Promise<LeftoverView[]> {
  const { rows } = await db.execute<
    Omit<LeftoverView, 'openedAt'> & {
      openedAt: Date;
      ended: EndOfLeftover | null;
      work: number | null;
      owner: string | null;
    }
  >(sql`
    select distinct on (lower(l.name), t.id, l.system) t.id::float8 as task, l.connection, l.system, l.name, l.code, l.reason,
      l.state, l.ended, l.work::float8 as work, w.owner_name as owner, to_jsonb(l.opened_at) as "openedAt" ${ofTasks(ids)}
    order by lower(l.name), t.id, l.system, array_position('{open,could_not,not_needed,done}', l.state)`);
  return rows.map(
    ({ system, ended, openedAt, work, owner, ...row }): LeftoverView => ({
      ...row,
      ...(system === '' ? {} : { system: system as string }),
      openedAt: new Date(openedAt).toISOString(),
      ...filled({ ended, work, owner }),
    }),
  );
}

/** What is left over where nothing is known by which the vendor knows the person. */
export const thePerson = { name: 'The person', code: 'NO_KNOWN_USER_ID' } as const;

/** The leftover that is a task's own, where it has one. */
function ownLeftover({ id, connection, leftOver, ownLeftover: state, ownEnded, concludedAt }: TaskRow): LeftoverView[] {
  if (leftOver === null || state === null) return [];
  return [
    {
      connection,
      task: id,
      ...thePerson,
      reason: leftoverCodes.NO_KNOWN_USER_ID,
      state: state as LeftoverState,
      ...filled({ openedAt: concludedAt?.toISOString(), ended: ownEnded as EndOfLeftover | null }),
    },
  ];
}
