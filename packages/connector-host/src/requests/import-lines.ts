/** An import file as lines with the request each of them holds, read as fast as it is asked for and no faster. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { HostProblem } from '../problem.js';
import { CsvReader } from './csv.js';
import { bodyOfCells, readColumns } from './csv-columns.js';
import { NdjsonReader } from './ndjson.js';
import { issuesAdvice, type RequestBody, readRequestBody } from './request-body.js';

/** What a file is written in. */
export type ImportFormat = 'csv' | 'ndjson';

/** One line that is not empty: a request, or what is wrong with it. Neither repeats what the line holds. */
export type ImportLine =
  | { readonly line: number; readonly body: RequestBody }
  | { readonly line: number; readonly message: string };

type Reader = (chunk: string, last: boolean) => ImportLine[];

function judged(line: number, input: unknown): ImportLine {
  const read = readRequestBody(input);
  if ('body' in read) return { line, body: read.body };
  return { line, message: issuesAdvice(read.issues) };
}

function ndjsonReader(): Reader {
  const reader = new NdjsonReader();
  return (chunk, last) =>
    reader.read(chunk, last).map(({ line, text, trouble }): ImportLine => {
      if (text === undefined) return { line, message: `Not readable: ${trouble}.` };
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        // The parser's own message repeats a part of the line.
        return { line, message: 'The line is not valid JSON.' };
      }
      return judged(line, value);
    });
}

function csvReader(kinds: ReadonlySet<string>): Reader {
  const reader = new CsvReader();
  let columns: Parameters<typeof bodyOfCells>[1] | undefined;
  return (chunk, last) => {
    const lines: ImportLine[] = [];
    for (const { line, cells, trouble } of reader.read(chunk, last)) {
      if (columns === undefined) {
        const header = readColumns(cells ?? [], kinds);
        if ('issues' in header) {
          throw new HostProblem('INPUT_INVALID', 'The first line of the file does not name usable columns.', {
            errors: header.issues,
          });
        }
        columns = header.columns;
        continue;
      }
      if (cells === undefined) {
        lines.push({ line, message: `Not readable as CSV: ${trouble}.` });
        continue;
      }
      const body = bodyOfCells(cells, columns);
      if (typeof body === 'string') lines.push({ line, message: body });
      else if (body !== undefined) lines.push(judged(line, body));
    }
    return lines;
  };
}

/**
 * Reads a file chunk by chunk. A byte order mark is skipped.
 * @param kinds the kinds of identifier that may name a column.
 * @throws HostProblem INPUT_INVALID where the header of a CSV file is not usable.
 */
export async function* importLines(
  stream: Readable,
  format: ImportFormat,
  kinds: ReadonlySet<string>,
): AsyncGenerator<ImportLine[]> {
  const read = format === 'csv' ? csvReader(kinds) : ndjsonReader();
  const decoder = new StringDecoder('utf8');
  let first = true;
  // Not destroyed when reading stops early: an HTTP upload must stay open for its answer.
  for await (const bytes of stream.iterator({ destroyOnReturn: false })) {
    let text = typeof bytes === 'string' ? bytes : decoder.write(bytes as Buffer);
    if (text === '') continue;
    if (first && text.startsWith('\ufeff')) text = text.slice(1);
    first = false;
    yield read(text, false);
  }
  yield read(decoder.end(), true);
}
