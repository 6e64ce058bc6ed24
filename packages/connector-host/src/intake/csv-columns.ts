/**
 * What the columns of an import file mean: `request_id`, `right`, `received_at`, `due_at`, `jurisdiction`, `days`, and a column for each
 * identifier, named by its kind.
 */
import type { FieldIssue } from 'connector-contract';
import type { Mendings } from './mendings.js';

type Field = 'requestId' | 'right' | 'receivedAt' | 'dueAt' | 'jurisdiction' | 'days';

/** What the cells of one column are: a field of the request, an identifier, something to skip, or nothing as long as they are empty. */
export type Column =
  | { readonly field: Field; readonly name: string }
  | { readonly kind: string; readonly name: string }
  | 'skipped'
  | 'unnamed';

const fields: Readonly<Record<string, Field>> = {
  request_id: 'requestId',
  right: 'right',
  received_at: 'receivedAt',
  due_at: 'dueAt',
  jurisdiction: 'jurisdiction',
  days: 'days',
};

/** A cell as the field of a request body that it stands for. */
function fieldOf(field: Field, cell: string): string | number {
  if (field === 'right' || field === 'jurisdiction') return cell.toLowerCase();
  return field === 'days' && /^\d{1,6}$/.test(cell) ? Number(cell) : cell;
}

/** What a name of a column looks like. In a file without a header line the cells are people's data, such as an e-mail address. */
const nameLike = /^[\p{L}\p{N} _.()/#%&+-]{0,60}$/u;

/** How a header is read. */
export interface HeaderTerms {
  /** The kinds of identifier that some connection takes. */
  readonly kinds: ReadonlySet<string>;
  /** Columns that hold no identifier are skipped rather than refused. */
  readonly ignoreColumns?: boolean;
  readonly mendings: Mendings;
}

/** A name without what people write differently: case, blanks, hyphens, underscores. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '');
}

/** The usual spelling of a column's name (`User ID` is `user_id`); `undefined` where it is the name of none. */
function usualName(cell: string, kinds: ReadonlySet<string>): string | undefined {
  const name = plain(cell);
  const known = (wanted: string) => [...Object.keys(fields), ...kinds].find((one) => plain(one) === wanted);
  const whole = known(name);
  if (whole !== undefined) return whole;
  const [, base = '', number] = /^(.*?)\.?(\d{1,3})$/.exec(name) ?? [];
  const kind = known(base);
  return kind === undefined || !kinds.has(kind) ? undefined : `${kind}.${number}`;
}

/** How many cells of a line are names of columns. */
export function namesIn(cells: readonly string[], kinds: ReadonlySet<string>): number {
  return cells.filter((cell) => usualName(cell, kinds) !== undefined).length;
}

/**
 * Reads the header of an import file. Names are taken without regard to case, blanks, hyphens and underscores; a kind may be numbered
 * where a person has several identifiers of it (`user_id`, `user_id.2`). Issues repeat a cell only where the whole line
 * looks like a header.
 */
export function readColumns(
  header: readonly string[],
  { kinds, ignoreColumns = false, mendings }: HeaderTerms,
): { readonly columns: readonly Column[] } | { readonly issues: FieldIssue[] } {
  const issues: FieldIssue[] = [];
  const known = [...Object.keys(fields), ...kinds].join(', ');
  const names = header.map((cell) => usualName(cell, kinds));
  if (names.every((name) => name === undefined)) {
    const message = 'The file seems to have no header line: no cell of its first line is the name of a column.';
    const remedy = `Name the columns in the first line: ${known}.`;
    return { issues: [{ field: 'request_id', code: 'REQUIRED', message, remedy }] };
  }
  const isHeader = names.includes('request_id');
  const quotable = isHeader && header.every((cell) => nameLike.test(cell));
  const shown = (at: number) => (quotable ? `column ${at + 1} ("${header[at]?.trim()}")` : `column ${at + 1}`);
  const lastNamed = header.findLastIndex((cell) => cell.trim() !== '');
  const skipped: string[] = [];
  const respelled: string[] = [];
  const columns = header.map((cell, at): Column => {
    const name = names[at];
    const field = `column ${at + 1}`;
    if (name === undefined) {
      if (at > lastNamed) return 'unnamed';
      if (ignoreColumns) {
        skipped.push(shown(at));
        return 'skipped';
      }
      const message = `No connection takes identifiers of the kind that ${shown(at)} names.`;
      const remedy = `Columns are ${known}. Take it out of the file, or have such columns skipped (ignoreColumns, --ignore-columns).`;
      issues.push({ field, code: 'COLUMN_UNKNOWN', message, remedy });
      return 'skipped';
    }
    const first = names.indexOf(name);
    if (first !== at) {
      const message = `Columns ${first + 1} and ${at + 1} have the same name ("${name}").`;
      const remedy = 'Number columns of one kind: user_id, user_id.2, user_id.3.';
      issues.push({ field, code: 'REPEATED', message, remedy });
    }
    if (cell.trim().toLowerCase() !== name) respelled.push(`column ${at + 1} as ${name}`);
    const of = fields[name];
    return of === undefined ? { kind: kindOf(name, kinds), name } : { field: of, name: cell.trim() };
  });
  if (!isHeader) {
    const message = 'The first line must name the columns, and one of them must be request_id.';
    issues.unshift({ field: 'request_id', code: 'REQUIRED', message, remedy: `Columns are ${known}.` });
  }
  if (issues.length > 0) return { issues };
  if (respelled.length > 0) mendings.once('COLUMN_NAMES', `Read were ${respelled.join(', ')}.`);
  if (skipped.length > 0) mendings.once('COLUMNS_SKIPPED', `They are ${skipped.join(', ')}.`);
  if (columns.includes('unnamed')) mendings.once('EMPTY_COLUMNS');
  return { columns };
}

function kindOf(name: string, kinds: ReadonlySet<string>): string {
  return kinds.has(name) ? name : name.replace(/\.\d{1,3}$/, '');
}

/** What is wrong with a line as a whole. */
export interface LineTrouble {
  readonly code: string;
  readonly message: string;
}

/** Whether a character is white space. One without width is none: it is not mended but refused. */
function isBlank(code: number): boolean {
  if (code < 128) return code <= 32;
  return code !== 0xfeff && String.fromCharCode(code).trim() === '';
}

/** A cell without the white space around it. */
function trimmed(cell: string): string {
  let [from, to] = [0, cell.length];
  while (from < to && isBlank(cell.charCodeAt(from))) from += 1;
  while (from < to && isBlank(cell.charCodeAt(to - 1))) to -= 1;
  return to - from === cell.length ? cell : cell.slice(from, to);
}

/**
 * A record as a request body, still to be judged. White space around cells is taken away, empty cells are skipped; `right` is
 * `deletion` unless said.
 * @returns what is wrong where the cells do not fit the columns; `undefined` where all cells are empty.
 */
export function bodyOfCells(
  cells: readonly string[],
  columns: readonly Column[],
  mendings: Mendings,
): { readonly body: Record<string, unknown> } | LineTrouble | undefined {
  if (cells.length !== columns.length) {
    if (cells.every((cell) => cell.trim() === '')) return undefined;
    const odd = cells.length < columns.length ? columns.slice(cells.length) : cells.slice(columns.length);
    if (odd.some((one) => one !== 'unnamed' && (typeof one !== 'string' || one.trim() !== ''))) {
      return { code: 'CELL_COUNT', message: `The line has ${cells.length} cells and the header ${columns.length}.` };
    }
    mendings.note('EMPTY_COLUMNS');
  }
  const identifiers: { kind: string; value: string }[] = [];
  const body: Record<string, unknown> = { right: 'deletion', identifiers };
  let filled = false;
  for (let at = 0; at < columns.length; at += 1) {
    const column = columns[at] ?? 'skipped';
    const given = cells[at] ?? '';
    const cell = trimmed(given);
    if (cell === '') continue;
    filled = true;
    if (cell !== given) mendings.note('WHITE_SPACE');
    if (column === 'skipped') continue;
    if (column === 'unnamed') {
      return {
        code: 'COLUMN_UNNAMED',
        message: `Column ${at + 1} has no name in the header, and the line has something in it.`,
      };
    }
    if ('kind' in column) identifiers.push({ kind: column.kind, value: cell });
    else body[column.field] = fieldOf(column.field, cell);
  }
  if (!filled) return undefined;
  if (identifiers.length === 0) {
    return { code: 'NOBODY_NAMED', message: 'The line names nobody: every column for an identifier is empty.' };
  }
  return { body };
}

/** The name of the column in which the nth identifier of a line stands, repeats not counted. */
export function columnOfIdentifier(cells: readonly string[], columns: readonly Column[], nth: number): string {
  const seen = new Set<string>();
  for (const [at, column] of columns.entries()) {
    const cell = trimmed(cells[at] ?? '');
    if (typeof column !== 'object' || !('kind' in column) || cell === '') continue;
    seen.add(`${column.kind}\0${cell}`);
    if (seen.size === nth + 1) return column.name;
  }
  return 'identifier';
}

/** Says a text about a request in the words of its file: a field by the name of its column. */
export function inColumns(text: string, columns: readonly Column[]): string {
  return text.replace(/\b(requestId|receivedAt|dueAt)\b/g, (field) => {
    const column = columns.find((one) => typeof one === 'object' && 'field' in one && one.field === field);
    if (typeof column === 'object') return column.name;
    return Object.keys(fields).find((name) => fields[name] === field) ?? field;
  });
}
