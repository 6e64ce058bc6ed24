/** What an operation tells of everybody in it, in the words of an export: worked out once, however many people that are. */
import { sql } from 'drizzle-orm';
import type { Database } from '../store/database.js';
import type { leftovers, tasks } from '../store/schema.js';
import { recordsLeftovers } from './detail.js';
import { type LeftoverView, ownLeftover } from './leftovers.js';

type TaskRow = typeof tasks.$inferSelect;
type Left = Pick<typeof leftovers.$inferSelect, 'name' | 'code' | 'state'>;

/** What stands in the lines of its people. */
interface OperationText {
  readonly reference: string;
  readonly exceptions: string;
  readonly left: readonly Left[];
}

/** An empty cell would say that nothing was left over. */
const NOT_RECORDED = 'not recorded';

/** Most operations that are remembered. */
const mostKept = 2_000;

/** What is left over of a task, by name. */
export function leftOverText(task: TaskRow, left: readonly Pick<LeftoverView, 'name' | 'code' | 'state'>[]): string {
  return recordsLeftovers(task) ? left.map(leftText).join('; ') : NOT_RECORDED;
}

function leftText({ name, code, state }: Left): string {
  return `${name} (${code}, ${state})`;
}

/** Operations that were never divided: all of their people have the same beside them. */
export class OperationTexts {
  private readonly known = new Map<number, OperationText | undefined>();

  constructor(private readonly db: Database) {}

  /** Reads what is not known yet of these operations. */
  async prepare(operations: readonly number[]): Promise<void> {
    const missing = [...new Set(operations)].filter((id) => !this.known.has(id));
    if (missing.length === 0) return;
    if (this.known.size + missing.length > mostKept) this.known.clear();
    const wanted = [...new Set(operations)].filter((id) => !this.known.has(id));
    const { rows } = await this.db.orm.execute<{ id: number } & OperationText & Record<string, unknown>>(sql`
      select o.id::float8 as id, coalesce(o.reference, '') as reference,
        case when o.reference is null then '' else coalesce((select string_agg(e.system || ': ' || e.reason, '; ')
          from jsonb_to_recordset(o.exceptions) as e (system text, reason text)), '') end as exceptions,
        coalesce((select jsonb_agg(jsonb_build_object('name', l.name, 'code', l.code, 'state', l.state) order by lower(l.name), l.system)
          from connector_host.leftovers l where l.operation = o.id), '[]') as left
      from connector_host.operations o
      where o.id = any(${sql.param(wanted)}::bigint[]) and not exists (select from connector_host.operations p where p.root = o.id)`);
    const found = new Map(rows.map(({ id, reference, exceptions, left }) => [id, { reference, exceptions, left }]));
    for (const id of wanted) this.known.set(id, found.get(id));
  }

  /** Whether all that is told of a task is known: it is in no operation, or in one that is. */
  has({ operation }: TaskRow): boolean {
    return operation === null || this.known.get(operation) !== undefined;
  }

  /** What is told of a task. */
  of(task: TaskRow): { readonly references: string; readonly exceptions: string; readonly leftOver: string } {
    const text = task.operation === null ? undefined : this.known.get(task.operation);
    const left = task.leftOver === null ? [] : [...(text?.left ?? []), ...ownLeftover(task)];
    return {
      references: text?.reference ?? '',
      exceptions: text?.exceptions ?? '',
      leftOver: leftOverText(task, left as readonly LeftoverView[]),
    };
  }
}
