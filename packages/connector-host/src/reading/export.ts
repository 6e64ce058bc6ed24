/** Requests as CSV, a line for each task, of any number: read page by page as fast as the reader takes them. Holds no identifiers of people. */
import { and, desc, lt, type SQL, sql } from 'drizzle-orm';
import type { Closing } from '../requests/closing.js';
import { type RequestState, requestStateOf, type TaskState } from '../requests/states.js';
import { timingOf } from '../requests/timing.js';
import type { Database } from '../store/database.js';
import { connections, requests, tasks } from '../store/schema.js';
import { type ExportedTask, OperationTexts, type TextOfTask } from './export-operations.js';
import { filterConditions, type Reader, type ReadParts, type RequestFilter, statusCondition } from './list.js';

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

/** A task and its request; of a request without any, the task's own are null. Times are ISO 8601, in UTC. */
interface Row extends ExportedTask {
  readonly id: number;
  readonly requestId: string;
  readonly state: RequestState;
  readonly acceptedAt: string;
  readonly concludedAt: string | null;
  readonly settledAt: string | null;
  readonly receivedAt: string;
  readonly jurisdiction: string;
  readonly dueAt: string;
  readonly corrects: string | null;
  readonly closed: Closing | null;
  readonly connection: string;
  readonly name: string;
  readonly basis: string | null;
  readonly expectedBy: string | null;
  readonly taskConcludedAt: string | null;
  readonly code: string | null;
}

/** Of each request, a row for each task. */
interface ExportPage {
  readonly page: readonly (readonly [Row, ...Row[]])[];
  readonly textOf: (row: Row) => TextOfTask;
}

/** The lines of the file, in pieces of up to {@link perPage} requests, newest first. */
export async function* exportLines(filter: RequestFilter, parts: ReadParts, reader: Reader): AsyncGenerator<string> {
  const fits = and(filterConditions(filter, parts, reader), statusCondition(filter.status)) ?? sql`true`;
  yield `${exportColumns.join(',')}\r\n`;
  const texts = new OperationTexts(parts.db);
  const read = async (before?: number): Promise<ExportPage> => {
    const rows = await readRows(parts.db, before === undefined ? fits : sql`${fits} and ${lt(requests.id, before)}`);
    return { page: perRequest(rows), textOf: await texts.of(rows) };
  };
  for (let next: Promise<ExportPage> | undefined = read(); next !== undefined; ) {
    const current: ExportPage = await next;
    const { page, textOf } = current;
    const last = page.at(-1)?.[0];
    // The next page is read while this one is written and sent.
    next = last === undefined || page.length < perPage ? undefined : read(last.id);
    next?.catch(() => undefined);
    yield page.map((rows) => linesOf(rows, textOf, parts.now)).join('');
  }
}

const time = (column: string) => sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

/** The newest requests that fit, with their tasks; only what the file tells of them. */
async function readRows(db: Database, fits: SQL): Promise<readonly Row[]> {
  // With `offset 0` tasks are looked up for each request, however many the server believes there are.
  const { rows } = await db.orm.execute<Row & Record<string, unknown>>(sql`
    select r.id::float8 as id, r.request_id as "requestId", r."right", r.state, ${time('r.created_at')} as "acceptedAt",
      ${time('r.concluded_at')} as "concludedAt", ${time('r.settled_at')} as "settledAt", ${time('r.received_at')} as "receivedAt",
      r.jurisdiction, ${time('r.due_at')} as "dueAt", r.corrects, r.closed, t.id::float8 as task, t.connection, c.name,
      t.state as "taskState", t.basis, ${time('t.expected_by')} as "expectedBy", ${time('t.concluded_at')} as "taskConcludedAt",
      case when t.state = 'error' then coalesce(t.fault ->> 'code', 'CAUSE_UNKNOWN') else t.fault ->> 'code' end as code,
      t.operation::float8 as operation, t.left_over as "leftOver", t.own_leftover as "ownLeftover"
    from (select * from ${requests} where ${fits} order by ${desc(requests.id)} limit ${perPage}) r
      left join lateral (select * from ${tasks} where request = r.id offset 0) t on true
      left join ${connections} c on c.id = t.connection
    order by r.id desc, t.id`);
  return rows;
}

/** Rows of one request stand together. */
function perRequest(rows: readonly Row[]): ExportPage['page'] {
  const all: [Row, ...Row[]][] = [];
  for (const row of rows) {
    const last = all.at(-1);
    if (last?.[0].id === row.id) last.push(row);
    else all.push([row]);
  }
  return all;
}

function linesOf(rows: readonly [Row, ...Row[]], textOf: ExportPage['textOf'], now: number): string {
  const [{ settledAt, dueAt, ...request }] = rows;
  const state =
    request.state === 'processing'
      ? requestStateOf(rows.map(({ taskState, leftOver }) => ({ state: taskState as TaskState, leftOver })))
      : request.state;
  const settled = settledAt === null ? null : new Date(settledAt);
  const own = [
    ...[request.requestId, request.right, state, request.acceptedAt, request.concludedAt, settledAt],
    ...[request.receivedAt, request.jurisdiction, dueAt, timingOf({ dueAt: new Date(dueAt), settledAt: settled }, now)],
    ...[request.corrects, closedBecause(request.closed)],
  ]
    .map(csvCell)
    .join(',');
  const lines = rows.map((row) => {
    if (row.task === null) return own + ','.repeat(exportColumns.length - 12);
    const { references, exceptions, leftOver } = textOf(row);
    const ofTask = [row.name, row.connection, row.taskState, row.basis, row.expectedBy, row.taskConcludedAt];
    return [own, ...[...ofTask, references, exceptions, leftOver, row.code].map(csvCell)].join(',');
  });
  return `${lines.join('\r\n')}\r\n`;
}

function closedBecause(closed: Closing | null): string | undefined {
  return closed?.correctedBy === undefined ? closed?.reason : `Corrected by ${closed.correctedBy}`;
}
