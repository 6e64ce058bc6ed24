/**
 * CSV records with the line of the file each begins on. A record that is malformed costs its own line and no other: reading goes on
 * with the next line, so one unclosed quote cannot swallow the rest of the file.
 */

/** One record of the file: its cells, or what is wrong with it. */
export interface CsvRecord {
  /** Line of the file (1 is the first) on which the record begins. */
  readonly line: number;
  readonly cells?: string[];
  readonly trouble?: string;
}

/** Longest record that is read, in characters. A longer one is malformed. */
export const LONGEST_RECORD = 256 * 1024;

const unclosed = 'a quote is opened and not closed';
const tooLong = 'it is longer than a record may be';
type Scan = { readonly end: number; readonly cells?: string[]; readonly trouble?: string };

/** Splits CSV text (RFC 4180; LF, CRLF or more carriage returns before the LF) into records, chunk by chunk. */
export class CsvReader {
  private text = '';
  private line = 1;
  /** A line longer than allowed is being skipped. */
  private skipping = false;
  private delimiter: string | undefined;

  /**
   * @param tell answers what stands between cells, once it is given the first line that is not empty, and whether that line is
   *   to be skipped.
   */
  constructor(private readonly tell: (firstLine: string) => { readonly delimiter: string; readonly skip?: boolean }) {}

  /**
   * Takes the next part of the file.
   * @param last whether the file ends with it.
   * @returns the records that are complete by now; empty lines are left out.
   */
  read(chunk: string, last: boolean): CsvRecord[] {
    const text = this.text + chunk;
    const found: CsvRecord[] = [];
    let at = 0;
    let quote = text.indexOf('"');
    while (at < text.length) {
      let newline = text.indexOf('\n', at);
      if (newline === -1 && !last) {
        if (text.length - at <= LONGEST_RECORD) break;
        if (!this.skipping) found.push({ line: this.line, trouble: tooLong });
        this.skipping = true;
        at = text.length;
        break;
      }
      if (newline === -1) newline = text.length;
      if (this.skipping) {
        this.skipping = false;
        at = this.nextLine(newline);
        continue;
      }
      if (this.delimiter === undefined) {
        const skip = this.begin(text.slice(at, newline));
        if (skip) {
          at = this.nextLine(newline);
          continue;
        }
      }
      const delimiter = this.delimiter ?? ',';
      if (quote !== -1 && quote < at) quote = text.indexOf('"', at);
      if (quote === -1 || quote > newline) {
        const end = beforeReturns(text, newline, at);
        if (end > at) found.push({ line: this.line, cells: text.slice(at, end).split(delimiter) });
        at = this.nextLine(newline);
        continue;
      }
      const scan = scanQuoted(text, at, delimiter, last);
      if (scan === undefined) break;
      if (scan.cells) {
        found.push({ line: this.line, cells: scan.cells });
        this.line += newlines(text, at, scan.end);
        at = scan.end;
      } else {
        found.push({ line: this.line, trouble: scan.trouble ?? unclosed });
        at = this.nextLine(newline);
      }
    }
    this.text = text.slice(at);
    return found;
  }

  /** @returns whether the line is none of the file's own, or empty. */
  private begin(line: string): boolean {
    if (line.trim() === '') return true;
    const { delimiter, skip = false } = this.tell(line.slice(0, beforeReturns(line, line.length)));
    this.delimiter = delimiter;
    return skip;
  }

  private nextLine(newline: number): number {
    this.line += 1;
    return newline + 1;
  }
}

/** Reads a record that holds a quote, from `at`. Undefined where its end has not come yet. White space around quotes is skipped. */
function scanQuoted(text: string, at: number, delimiter: string, last: boolean): Scan | undefined {
  const cells: string[] = [];
  let pos = at;
  for (;;) {
    let cell: string;
    const opening = afterBlanks(text, pos, delimiter);
    if (text[opening] === '"') {
      const closing = closingQuote(text, opening + 1);
      // A quote at the very end of what has come could be the first of a doubled one.
      if (closing === -1 || (closing === text.length - 1 && !last)) {
        return last || text.length - at > LONGEST_RECORD ? { end: at, trouble: unclosed } : undefined;
      }
      cell = text.slice(opening + 1, closing).replaceAll('""', '"');
      pos = afterBlanks(text, closing + 1, delimiter);
    } else {
      const end = cellEnd(text, pos, delimiter);
      if (end === -1 && !last) return text.length - at > LONGEST_RECORD ? { end: at, trouble: tooLong } : undefined;
      cell = text.slice(pos, end === -1 ? text.length : end);
      if (cell.includes('"')) return { end: at, trouble: 'a quote stands inside a cell that is not quoted' };
      pos = end === -1 ? text.length : end;
      if (text[pos] !== delimiter) cell = cell.slice(0, beforeReturns(cell, cell.length));
    }
    if (pos - at > LONGEST_RECORD) return { end: at, trouble: tooLong };
    cells.push(cell);
    if (text[pos] === delimiter) {
      pos += 1;
      continue;
    }
    while (text[pos] === '\r') pos += 1;
    if (text[pos] === '\n') return { end: pos + 1, cells };
    if (pos >= text.length) return last ? { end: pos, cells } : undefined;
    return { end: at, trouble: 'something follows a closing quote' };
  }
}

/** Where the carriage returns begin that stand before `end`, not before `from`. */
function beforeReturns(text: string, end: number, from = 0): number {
  let at = end;
  while (at > from && text.charCodeAt(at - 1) === 13) at -= 1;
  return at;
}

/** Where the next character stands that is neither a blank nor a tab between cells. */
function afterBlanks(text: string, from: number, delimiter: string): number {
  let at = from;
  while (text[at] !== delimiter && (text[at] === ' ' || text[at] === '\t' || text[at] === '\u00a0')) at += 1;
  return at;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function cellEnd(text: string, from: number, delimiter: string): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === delimiter || char === '\n') return at;
  }
  return -1;
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
