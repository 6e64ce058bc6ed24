/**
 * What the columns of an import file mean: `request_id`, `right`, `received_at`, `due_at`, `jurisdiction`, `days`, and a column for each
 * identifier, named by its kind.
 */
import type { FieldIssue } from 'connector-contract';

type Field = 'requestId' | 'right' | 'receivedAt' | 'dueAt' | 'jurisdiction' | 'days';
type Column = { readonly field: Field } | { readonly kind: string };

const fields: Readonly<Record<string, Column>> = {
  request_id: { field: 'requestId' },
  right: { field: 'right' },
  received_at: { field: 'receivedAt' },
  due_at: { field: 'dueAt' },
  jurisdiction: { field: 'jurisdiction' },
  days: { field: 'days' },
};

/** A cell as the field of a request body that it stands for. */
function fieldOf(field: Field, cell: string): string | number {
  const text = cell.trim();
  if (field === 'right' || field === 'jurisdiction') return text.toLowerCase();
  return field === 'days' && /^\d{1,6}$/.test(text) ? Number(text) : text;
}

/** What a name of a column looks like. In a file without a header line the cells are people's data, such as an e-mail address. */
const nameLike = /^[a-z][a-z0-9_.-]{0,39}$/;

/**
 * Reads the header of an import file. Names are taken without regard to case and surrounding blanks; a kind may be numbered
 * where a person has several identifiers of it (`user_id`, `user_id.2`). Issues repeat a cell only where it looks like a column's name.
 * @param kinds the kinds of identifier that some connection takes.
 */
export function readColumns(
  header: readonly string[],
  kinds: ReadonlySet<string>,
): { readonly columns: readonly Column[] } | { readonly issues: FieldIssue[] } {
  const issues: FieldIssue[] = [];
  const names = header.map((cell) => cell.trim().toLowerCase());
  const known = [...Object.keys(fields), ...kinds].join(', ');
  const kindOf = (name: string) => name.replace(/\.\d{1,3}$/, '');
  if (!names.some((name) => Object.hasOwn(fields, name) || kinds.has(kindOf(name)))) {
    const message = 'The file seems to have no header line: no cell of its first line is the name of a column.';
    const remedy = `Name the columns in the first line: ${known}.`;
    return { issues: [{ field: 'request_id', code: 'REQUIRED', message, remedy }] };
  }
  const columns = names.map((name, at): Column => {
    const field = `column ${at + 1}`;
    const shown = nameLike.test(name) ? ` ("${name}")` : '';
    const first = names.indexOf(name);
    if (first !== at) {
      const message = `Columns ${first + 1} and ${at + 1} have the same name${shown}.`;
      const remedy = 'Number columns of one kind: user_id, user_id.2, user_id.3.';
      issues.push({ field, code: 'REPEATED', message, remedy });
    }
    if (Object.hasOwn(fields, name)) return fields[name] as Column;
    const kind = kindOf(name);
    if (!kinds.has(kind)) {
      const message = `No connection takes identifiers of the kind that column ${at + 1}${shown} names.`;
      issues.push({ field, code: 'COLUMN_UNKNOWN', message, remedy: `Columns are ${known}.` });
    }
    return { kind };
  });
  if (!names.includes('request_id')) {
    const message = 'The first line must name the columns, and one of them must be request_id.';
    issues.unshift({ field: 'request_id', code: 'REQUIRED', message, remedy: `Columns are ${known}.` });
  }
  return issues.length > 0 ? { issues } : { columns };
}

/**
 * A record as a request body, still to be judged by `readRequestBody`. Empty cells are skipped; `right` is `deletion` unless said.
 * @returns what is wrong, as a text, where the cells do not fit the columns; `undefined` where all cells are empty.
 */
export function bodyOfCells(
  cells: readonly string[],
  columns: readonly Column[],
): Record<string, unknown> | string | undefined {
  if (cells.every((cell) => cell.trim() === '')) return undefined;
  if (cells.length !== columns.length) {
    return `The line has ${cells.length} cells and the header ${columns.length}.`;
  }
  const identifiers: { kind: string; value: string }[] = [];
  const body: Record<string, unknown> = { right: 'deletion', identifiers };
  columns.forEach((column, at) => {
    const cell = cells[at] ?? '';
    if (cell === '') return;
    if ('kind' in column) identifiers.push({ kind: column.kind, value: cell });
    else body[column.field] = fieldOf(column.field, cell);
  });
  if (identifiers.length === 0) return 'The line names nobody: every column for an identifier is empty.';
  return body;
}
