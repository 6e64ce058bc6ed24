/** Requests as CSV, a line for each task, of any number: read page by page as fast as the reader takes them. Holds no identifiers of people. */
import { and, asc, desc, eq, getTableColumns, lt, sql } from 'drizzle-orm';
import type { Closing } from '../requests/closing.js';
import type { Database } from '../store/database.js';
import { connections, operationMembers, operations, requests, tasks } from '../store/schema.js';
import { leftOverText, OperationTexts } from './export-operations.js';
import { readLeftovers } from './leftovers.js';
import { filterConditions, type Reader, type ReadParts, type RequestFilter, statusCondition } from './list.js';
import { summaryView, type TaskView, taskView } from './views.js';

/** The header of the file. Times are ISO 8601, in UTC. */
const exportColumns = [
  'request_id',
  'right',
  'state',
  'accepted_at',
  'concluded_at',
  'settled_at',
  'received_at',
  'jurisdiction',
  'due_at',
  'timing',
  'corrects',
  'closed_because',
  'connection',
  'connection_id',
  'task_state',
  'basis',
  'expected_by',
  'task_concluded_at',
  'reference',
  'exceptions',
  'left_over',
  'error_code',
] as const;

const perPage = 2_000;

/** A cell; what a spreadsheet would run as a formula is kept a text. */
export function csvCell(text: string | null | undefined): string {
  if (text === null || text === undefined) return '';
  const safe = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  // A semicolon or a tab parts cells where the spreadsheet's own language says so.
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The lines of the file, in pieces of up to {@link perPage} requests, newest first. */
export async function* exportLines(filter: RequestFilter, parts: ReadParts, reader: Reader): AsyncGenerator<string> {
  const { orm } = parts.db;
  const conditions = filterConditions(filter, parts, reader);
  const status = statusCondition(filter.status);
  yield `${exportColumns.join(',')}\r\n`;
  const told = new OperationTexts(parts.db);
  const read = async (before?: number): Promise<ExportPage> => {
    const page = await orm
      .select(shownColumns)
      .from(requests)
      .where(and(conditions, status, before === undefined ? undefined : lt(requests.id, before)))
      .orderBy(desc(requests.id))
      .limit(perPage);
    const ids = page.map(({ id }) => id);
    return [page, page.length === 0 ? [] : await taskRows(parts.db, ids, told)];
  };
  for (let next: Promise<ExportPage> | undefined = read(); next !== undefined; ) {
    const [page, rows]: ExportPage = await next;
    const last = page.at(-1);
    // The next page is read while this one is written and sent.
    next = last === undefined || page.length < perPage ? undefined : read(last.id);
    next?.catch(() => undefined);
    const byRequest = grouped(rows, ({ task }) => task.request);
    yield page.flatMap((request) => linesOf(request, byRequest.get(request.id) ?? [], parts.now)).join('');
  }
}

// What is sealed, and what is for search, is large and in no line.
const {
  digest: _digest,
  identifiers: _identifiers,
  fingerprints: _fingerprints,
  ...shownColumns
} = getTableColumns(requests);

type ExportPage = readonly [readonly RequestRow[], readonly ExportedTask[]];

type RequestRow = Omit<typeof requests.$inferSelect, 'digest' | 'identifiers' | 'fingerprints'>;

function grouped<T, K>(all: readonly T[], keyOf: (one: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

/** A task with the name of its connection. */
export interface NamedTask {
  readonly task: typeof tasks.$inferSelect;
  readonly name: string;
}

/** A task with what stands in the file beside it. */
interface ExportedTask extends NamedTask {
  /** Of the batches that the person was in at the end: of a divided one, those parts. */
  readonly references: string;
  /** What the vendor says that it did not do, by system, with the reason. */
  readonly exceptions: string;
  /** What is left over, by system, and how it stands; or that it was not recorded. */
  readonly leftOver: string;
}

/** The tasks of these requests, in the order of their row ids. */
async function taskRows(db: Database, ids: readonly number[], told: OperationTexts): Promise<ExportedTask[]> {
  const rows = await db.orm
    .select({ task: tasks, name: connections.name })
    .from(tasks)
    .innerJoin(connections, eq(connections.id, tasks.connection))
    .where(sql`${tasks.request} = any(${sql.param(ids)}::bigint[])`)
    .orderBy(asc(tasks.id));
  await told.prepare(rows.flatMap(({ task }) => task.operation ?? []));
  const single = await singleRows(
    db,
    rows.filter(({ task }) => !told.has(task)),
  );
  return rows.map((row) => single.get(row.task.id) ?? { ...row, ...told.of(row.task) });
}

/** Tasks whose people are in parts of a divided operation, or were: what is told of them is read one by one. By the task's id. */
async function singleRows(db: Database, rows: readonly NamedTask[]): Promise<ReadonlyMap<number, ExportedTask>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ task }) => task.id);
  const { rows: found } = await db.orm.execute<{ task: number; references: string; exceptions: string | null }>(sql`
    select t.id::float8 as task, string_agg(distinct o.reference, '; ') as references,
      string_agg(distinct (select string_agg(e.system || ': ' || e.reason, '; ')
        from jsonb_to_recordset(o.exceptions) as e (system text, reason text)), '; ') as exceptions
    from ${tasks} t join ${operationMembers} m on m.task = t.id
      join ${operations} o on o.id = m.operation and (o.id = t.operation or o.root = t.operation)
    where t.id = any(${sql.param(ids)}::bigint[]) and o.reference is not null group by t.id`);
  const ofOperations = new Map(found.map((row) => [row.task, row]));
  const left = grouped(
    await readLeftovers(
      db.orm,
      rows.map(({ task }) => task),
    ),
    ({ task }) => task,
  );
  const exported = ({ task, name }: NamedTask): ExportedTask => ({
    task,
    name,
    references: ofOperations.get(task.id)?.references ?? '',
    exceptions: ofOperations.get(task.id)?.exceptions ?? '',
    leftOver: leftOverText(task, left.get(task.id) ?? []),
  });
  return new Map(rows.map((row) => [row.task.id, exported(row)]));
}

function linesOf(request: RequestRow, rows: readonly ExportedTask[], now: number): string[] {
  const { acceptedAt, concludedAt, settledAt, receivedAt, dueAt, ...view } = summaryView(
    request,
    rows.map(({ task }) => taskView(task, now)),
    [],
    now,
    0,
  );
  const own = [
    ...[view.requestId, view.right, view.state, acceptedAt, concludedAt, settledAt, receivedAt, view.jurisdiction],
    ...[dueAt, view.timing, view.corrects, closedBecause(view.closed)],
  ];
  if (rows.length === 0)
    return [line([...own, ...Array<undefined>(exportColumns.length - own.length).fill(undefined)])];
  return rows.map(({ task, name, references, exceptions, leftOver }, at) => {
    const { state, basis, expectedBy, error, ...shown } = view.tasks[at] as TaskView;
    const end = [expectedBy, shown.concludedAt, references, exceptions, leftOver, error?.code];
    return line([...own, name, task.connection, state, basis, ...end]);
  });
}

function closedBecause(closed: Closing | undefined): string | undefined {
  return closed?.correctedBy === undefined ? closed?.reason : `Corrected by ${closed.correctedBy}`;
}

function line(cells: readonly (string | undefined)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
