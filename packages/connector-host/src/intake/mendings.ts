/** What was mended in a file on the way in, so that the answer can say it. Never holds a cell of data. */

/** One sort of mending. */
export interface Mending {
  readonly code: string;
  readonly message: string;
  /** How many places of the file; 1 for what concerns the whole of it. */
  readonly count: number;
}

const messages = {
  GZIP: 'The file was unpacked (gzip).',
  BYTE_ORDER_MARK: 'A byte order mark at the beginning was skipped.',
  UTF_16: 'The file is UTF-16, and was read as such by its byte order mark.',
  SEPARATOR_LINE: 'The first line names the separator of cells (sep=); it was followed and skipped.',
  SEPARATOR: 'Cells are separated by another character than a comma.',
  LINES_END_IN_CR: 'Lines end with a carriage return alone.',
  LINES_END_IN_CR_CR_LF: 'Lines end with more than one carriage return.',
  WHITE_SPACE: 'White space around cells was taken away.',
  COLUMN_NAMES: 'Names of columns were read in another spelling.',
  EMPTY_COLUMNS: 'Empty cells without a named column at the end of lines were left out.',
  COLUMNS_SKIPPED: 'Columns that hold no identifier were skipped.',
} as const;

/** A sort of mending. */
export type MendingCode = keyof typeof messages;

/** Collects the mendings of one file. */
export class Mendings {
  readonly #found = new Map<MendingCode, { count: number; detail: string }>();

  /** @param detail goes after the general words: names of columns and numbers, no data. */
  note(code: MendingCode, detail = ''): void {
    const found = this.#found.get(code);
    if (found === undefined) this.#found.set(code, { count: 1, detail });
    else found.count += 1;
  }

  /** Notes what concerns the whole file, once. */
  once(code: MendingCode, detail = ''): void {
    if (!this.#found.has(code)) this.note(code, detail);
  }

  /** In the order in which they were first met. */
  list(): Mending[] {
    return [...this.#found].map(([code, { count, detail }]) => ({
      code,
      message: detail === '' ? messages[code] : `${messages[code]} ${detail}`,
      count,
    }));
  }

  /** How many places were mended. */
  get count(): number {
    let sum = 0;
    for (const { count } of this.#found.values()) sum += count;
    return sum;
  }
}
