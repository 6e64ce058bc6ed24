import { LONGEST_RECORD } from './csv.js';

/** One line of the file: its text, or what is wrong with it. */
export interface NdjsonLine {
  /** Line of the file; 1 is the first. */
  readonly line: number;
  readonly text?: string;
  readonly trouble?: string;
}

/** Splits newline-delimited JSON into its lines, chunk by chunk; empty lines are left out, too long ones are not kept. */
export class NdjsonReader {
  private text = '';
  private line = 1;
  private skipping = false;

  /**
   * Takes the next part of the file.
   * @param last whether the file ends with it.
   */
  read(chunk: string, last: boolean): NdjsonLine[] {
    const text = this.text + chunk;
    const found: NdjsonLine[] = [];
    let at = 0;
    while (at < text.length) {
      const newline = text.indexOf('\n', at);
      if (newline === -1 && !last) break;
      const end = newline === -1 ? text.length : newline;
      if (this.skipping) this.skipping = false;
      else if (end - at > LONGEST_RECORD) found.push({ line: this.line, trouble: 'the line is too long' });
      else {
        const content = text.slice(at, end).trim();
        if (content !== '') found.push({ line: this.line, text: content });
      }
      this.line += 1;
      at = end + 1;
    }
    if (!last && text.length - at > LONGEST_RECORD) {
      if (!this.skipping) found.push({ line: this.line, trouble: 'the line is too long' });
      this.skipping = true;
      at = text.length;
    }
    this.text = text.slice(at);
    return found;
  }
}
