/** An import file as lines with the request each of them holds, read as fast as it is asked for and no faster. */
import type { Readable } from 'node:stream';
import type { FieldIssue } from 'connector-contract';
import { HostProblem } from '../problem.js';
import { fieldOfIdentifier, issuesAdvice, type RequestBody, readRequestBody } from '../requests/request-body.js';
import { CsvReader } from './csv.js';
import { bodyOfCells, type Column, columnOfIdentifier, inColumns, readColumns } from './csv-columns.js';
import { separatorOf } from './csv-separator.js';
import { ImportText, unfitFile } from './import-text.js';
import type { Mendings } from './mendings.js';
import { NdjsonReader } from './ndjson.js';

/** What a file is written in. */
export type ImportFormat = 'csv' | 'ndjson';

/** A line that cannot be taken. */
export interface BadLine {
  /** Line of the file; 1 is the first. */
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

/** A line that holds a request. */
export interface GoodLine {
  readonly line: number;
  readonly body: RequestBody;
  /** What the nth of its identifiers is called in the file. */
  readonly nameOf: (nth: number) => string;
  /** Says a text about the request in the words of the file. */
  readonly inFile: (text: string) => string;
}

/** One line that is not empty: a request, or what is wrong with it. Neither repeats what the line holds. */
export type ImportLine = GoodLine | BadLine;

/** How a file is read. */
export interface ImportTerms {
  readonly format: ImportFormat;
  /** The kinds of identifier that may name a column. */
  readonly kinds: ReadonlySet<string>;
  /** Columns that hold no identifier are skipped rather than refused. */
  readonly ignoreColumns?: boolean;
  /** Is told what was mended. */
  readonly mendings: Mendings;
}

type Reader = (chunk: string, last: boolean) => ImportLine[];

const NOT_UTF8: Omit<BadLine, 'line'> = {
  code: 'NOT_UTF8',
  message:
    'The line is not UTF-8, or has lost characters in a conversion: the file seems to be Windows-1252 or Latin-1. Save it as UTF-8 (in a spreadsheet "CSV UTF-8") and import it again.',
};

function judged(line: number, input: unknown, { nameOf, inFile }: Pick<GoodLine, 'nameOf' | 'inFile'>): ImportLine {
  const read = readRequestBody(input);
  if ('body' in read) return { line, body: read.body, nameOf, inFile };
  if (read.issues.some(({ code }) => code === 'LOST_CHARACTER')) return { line, ...NOT_UTF8 };
  return badLine({ line, inFile }, read.issues);
}

/** A line that is refused for these reasons. */
export function badLine({ line, inFile }: Pick<GoodLine, 'line' | 'inFile'>, issues: readonly FieldIssue[]): BadLine {
  return { line, code: issues[0]?.code ?? 'INVALID', message: inFile(issuesAdvice(issues)) };
}

function ndjsonReader(): Reader {
  const reader = new NdjsonReader();
  let first = true;
  return (chunk, last) =>
    reader.read(chunk, last).map(({ line, text: content, trouble }): ImportLine => {
      if (content === undefined) return { line, code: 'NOT_READABLE', message: `Not readable: ${trouble}.` };
      if (first && content === '{') {
        throw unfitFile(
          'JSON_OBJECT',
          'The file is JSON spread over several lines.',
          'Write each request on a line of its own (NDJSON).',
        );
      }
      first = false;
      let value: unknown;
      try {
        value = JSON.parse(content);
      } catch {
        // The parser's own message repeats a part of the line.
        return { line, code: 'NOT_JSON', message: 'The line is not valid JSON.' };
      }
      return judged(line, value, { nameOf: (nth) => fieldOfIdentifier(value, nth), inFile: (said) => said });
    });
}

function csvReader(terms: ImportTerms): Reader {
  const { kinds, mendings } = terms;
  const reader = new CsvReader((firstLine) => separatorOf(firstLine, kinds, mendings));
  let columns: readonly Column[] | undefined;
  return (chunk, last) => {
    const lines: ImportLine[] = [];
    for (const { line, cells, trouble } of reader.read(chunk, last)) {
      if (columns === undefined) {
        const header = readColumns(cells ?? [], terms);
        if ('issues' in header) {
          throw new HostProblem('INPUT_INVALID', 'The first line of the file does not name usable columns.', {
            errors: header.issues,
          });
        }
        columns = header.columns;
        continue;
      }
      if (cells === undefined) {
        lines.push({ line, code: 'NOT_READABLE', message: `Not readable as CSV: ${trouble}.` });
        continue;
      }
      const read = bodyOfCells(cells, columns, mendings);
      if (read === undefined) continue;
      const those = columns;
      const nameOf = (nth: number) => columnOfIdentifier(cells, those, nth);
      const inFile = (said: string) => inColumns(said, those);
      lines.push('body' in read ? judged(line, read.body, { nameOf, inFile }) : { line, ...read });
    }
    return lines;
  };
}

/** Refuses what is neither: the first character tells. */
function refuseOthers(start: string, format: ImportFormat): void {
  const character = start.trimStart()[0];
  const ndjson =
    'Write each request on a line of its own (NDJSON), without brackets around them or commas between them.';
  if (character === '[') throw unfitFile('JSON_ARRAY', 'The file is a JSON array.', ndjson);
  if (character === '<') {
    throw unfitFile(
      'MARKUP',
      'The file is HTML or XML.',
      'Export the table itself as CSV; this may be a page to sign in.',
    );
  }
  if (character === '{' && format === 'csv') {
    throw unfitFile('JSON', 'The file is JSON and was sent as CSV.', 'Send it as NDJSON, a request a line.');
  }
}

/**
 * Reads a file chunk by chunk.
 * @throws HostProblem INPUT_INVALID where it is no such file, or the header of a CSV file is not usable.
 */
export async function* importLines(stream: Readable, terms: ImportTerms): AsyncGenerator<ImportLine[]> {
  const text = new ImportText(stream, terms.mendings);
  const read = terms.format === 'csv' ? csvReader(terms) : ndjsonReader();
  let begun = false;
  for await (const part of text.parts()) {
    if (!begun && part.trim() !== '') {
      refuseOthers(part, terms.format);
      begun = true;
    }
    yield read(part, false);
  }
  yield read('', true);
}
