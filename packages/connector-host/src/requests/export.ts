/** Requests as CSV, a line for each task, of any number: read page by page as fast as the reader takes them. Holds no identifiers of people. */
import type { FaultData } from 'connector-contract';
import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm';
import { operations, requests, tasks } from '../store/schema.js';
import { filterConditions, type Reader, type ReadParts, type RequestFilter, statusCondition } from './list.js';
import { timingOf } from './timing.js';

/** The header of the file. */
export const exportColumns = [
  'request_id',
  'right',
  'state',
  'accepted_at',
  'concluded_at',
  'received_at',
  'due_at',
  'timing',
  'connection',
  'task_state',
  'expected_by',
  'task_concluded_at',
  'reference',
  'error_code',
] as const;

const perPage = 1_000;

/** A cell; what a spreadsheet would run as a formula is kept a text. */
export function csvCell(value: string | Date | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = value instanceof Date ? value.toISOString() : value;
  const safe = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  // A semicolon or a tab parts cells where the spreadsheet's own language says so.
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The lines of the file, in pieces of up to a thousand requests, newest first. */
export async function* exportLines(filter: RequestFilter, parts: ReadParts, reader: Reader): AsyncGenerator<string> {
  const { orm } = parts.db;
  const conditions = filterConditions(filter, parts, reader);
  const status = statusCondition(filter.status);
  yield `${exportColumns.join(',')}\r\n`;
  let before: number | undefined;
  for (;;) {
    const page = await orm
      .select()
      .from(requests)
      .where(and(conditions, status, before === undefined ? undefined : lt(requests.id, before)))
      .orderBy(desc(requests.id))
      .limit(perPage);
    const last = page.at(-1);
    if (last === undefined) return;
    before = last.id;
    const ids = page.map(({ id }) => id);
    const rows = await orm
      .select({ task: tasks, reference: operations.reference })
      .from(tasks)
      .leftJoin(operations, eq(operations.id, tasks.operation))
      .where(inArray(tasks.request, ids))
      .orderBy(asc(tasks.id));
    const byRequest = new Map<number, typeof rows>();
    for (const row of rows) byRequest.set(row.task.request, [...(byRequest.get(row.task.request) ?? []), row]);
    yield page.flatMap((request) => linesOf(request, byRequest.get(request.id) ?? [], parts.now)).join('');
    if (page.length < perPage) return;
  }
}

function linesOf(
  request: typeof requests.$inferSelect,
  rows: readonly { readonly task: typeof tasks.$inferSelect; readonly reference: string | null }[],
  now: number,
): string[] {
  const { requestId, right, state, createdAt, concludedAt, receivedAt, dueAt } = request;
  const own = [requestId, right, state, createdAt, concludedAt, receivedAt, dueAt, timingOf(request, now)];
  if (rows.length === 0) return [line([...own, ...Array<null>(exportColumns.length - own.length).fill(null)])];
  return rows.map(({ task, reference }) => {
    const { code } = (task.fault as FaultData | null) ?? {};
    return line([...own, task.connection, task.state, task.expectedBy, task.concludedAt, reference, code]);
  });
}

function line(cells: readonly (string | Date | null | undefined)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
