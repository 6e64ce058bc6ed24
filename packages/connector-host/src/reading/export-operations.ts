/** What operations and leftovers tell of a task, in the words of an export. */
import { sql } from 'drizzle-orm';
import type { Right } from '../requests/request-body.js';
import type { LeftOver, TaskState } from '../requests/states.js';
import type { Database } from '../store/database.js';
import { operationMembers, operations, tasks } from '../store/schema.js';
import { recordsLeftovers } from './detail.js';
import { type LeftoverView, sharedLeftovers, thePerson } from './leftovers.js';

/** What of a task its texts follow from. */
export interface ExportedTask {
  /** Row id; null where the request has no task. */
  readonly task: number | null;
  readonly right: Right;
  readonly taskState: TaskState | null;
  readonly operation: number | null;
  readonly leftOver: LeftOver | null;
  /** State of the leftover that is the task's own. */
  readonly ownLeftover: string | null;
}

/** What stands in a task's line of its operations. */
export interface TextOfTask {
  /** Of the batches that the person was in at the end: of a divided one, those parts. */
  readonly references: string;
  /** What the vendor says that it did not do, by system, with the reason. */
  readonly exceptions: string;
  /** What is left over, by system, and how it stands; or that it was not recorded. */
  readonly leftOver: string;
}

type Left = Pick<LeftoverView, 'name' | 'code'> & { readonly state: string };

/** An empty cell would say that nothing was left over. */
const NOT_RECORDED = 'not recorded';

/** Most operations that are remembered. */
const mostKept = 2_000;

function leftText(left: readonly Left[]): string {
  return left.map(({ name, code, state }) => `${name} (${code}, ${state})`).join('; ');
}

/** What is told of tasks. Of an operation that was never divided all people have the same beside them: it is worked out once. */
export class OperationTexts {
  /** By operation; undefined for one that was divided. */
  private readonly known = new Map<number, TextOfTask | undefined>();

  constructor(private readonly db: Database) {}

  /** Reads what is told of these tasks. */
  async of(all: readonly ExportedTask[]): Promise<(task: ExportedTask) => TextOfTask> {
    const whole = await this.wholeOperations(all.flatMap(({ operation }) => operation ?? []));
    const divided = all.filter(({ operation }) => operation !== null && whole.get(operation) === undefined);
    const parts = await this.partsOf(divided.flatMap(({ task }) => task ?? []));
    return (task) => {
      const found = parts.get(task.task ?? 0) ?? whole.get(task.operation ?? 0) ?? nothing;
      const leftOver = leftOverOf(task, found.leftOver);
      return leftOver === found.leftOver ? found : { ...found, leftOver };
    };
  }

  private async wholeOperations(ids: readonly number[]): Promise<ReadonlyMap<number, TextOfTask | undefined>> {
    const wanted = [...new Set(ids)];
    const missing = wanted.filter((id) => !this.known.has(id));
    if (this.known.size + missing.length > mostKept) this.known.clear();
    const unknown = wanted.filter((id) => !this.known.has(id));
    if (unknown.length > 0) {
      const { rows } = await this.db.orm.execute<
        Omit<TextOfTask, 'leftOver'> & { id: number; left: readonly Left[] } & Record<string, unknown>
      >(sql`
        select o.id::float8 as id, coalesce(o.reference, '') as references,
          case when o.reference is null then '' else coalesce((select string_agg(e.system || ': ' || e.reason, '; ')
            from jsonb_to_recordset(o.exceptions) as e (system text, reason text)), '') end as exceptions,
          coalesce((select jsonb_agg(jsonb_build_object('name', l.name, 'code', l.code, 'state', l.state) order by lower(l.name), l.system)
            from connector_host.leftovers l where l.operation = o.id), '[]') as left
        from connector_host.operations o
        where o.id = any(${sql.param(unknown)}::bigint[]) and not exists (select from connector_host.operations p where p.root = o.id)`);
      const found = new Map(
        rows.map(({ id, references, exceptions, left }) => [id, { references, exceptions, leftOver: leftText(left) }]),
      );
      for (const id of unknown) this.known.set(id, found.get(id));
    }
    // The page's own: what is remembered may be forgotten while it is written.
    return new Map(wanted.map((id) => [id, this.known.get(id)]));
  }

  /** Of tasks whose people are in parts of a divided operation, or were. By the task's id. */
  private async partsOf(ids: readonly number[]): Promise<ReadonlyMap<number, TextOfTask>> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.db.orm.execute<{ task: number; references: string; exceptions: string | null }>(sql`
      select t.id::float8 as task, string_agg(distinct o.reference, '; ') as references,
        string_agg(distinct (select string_agg(e.system || ': ' || e.reason, '; ')
          from jsonb_to_recordset(o.exceptions) as e (system text, reason text)), '; ') as exceptions
      from ${tasks} t join ${operationMembers} m on m.task = t.id
        join ${operations} o on o.id = m.operation and (o.id = t.operation or o.root = t.operation)
      where t.id = any(${sql.param(ids)}::bigint[]) and o.reference is not null group by t.id`);
    const left = new Map<number, Left[]>(ids.map((id) => [id, []]));
    for (const one of await sharedLeftovers(this.db.orm, ids)) left.get(one.task)?.push(one);
    const told = new Map(rows.map((row) => [row.task, row]));
    return new Map(
      ids.map((id) => {
        const { references = '', exceptions = '' } = told.get(id) ?? {};
        return [id, { references, exceptions: exceptions ?? '', leftOver: leftText(left.get(id) ?? []) }];
      }),
    );
  }
}

const nothing: TextOfTask = { references: '', exceptions: '', leftOver: '' };

/** What a task left over, with what is its own. @param shared that of everybody in its operation. */
function leftOverOf({ right, taskState, leftOver, ownLeftover }: ExportedTask, shared: string): string {
  if (!recordsLeftovers({ right, state: taskState ?? '', leftOver })) return NOT_RECORDED;
  if (leftOver === null) return '';
  if (ownLeftover === null) return shared;
  const own = leftText([{ ...thePerson, state: ownLeftover }]);
  return shared === '' ? own : `${shared}; ${own}`;
}
