import { LONGEST_RECORD } from './csv.js';
import type { Mendings } from './mendings.js';

/** Brings a text of which lines end with a carriage return alone to line feeds. The first line tells; others pass unchanged. */
export class LineEnds {
  /** What came before the end of the first line; `undefined` once that is known. */
  private begun: string | undefined = '';
  private alone = false;
  /** The last part ended with a carriage return that the next part may complete. */
  private open = false;

  constructor(private readonly mendings: Mendings) {}

  /** Takes the next part; answers as much as can be told. */
  take(text: string): string {
    if (this.begun === undefined) return this.turned(text);
    const so = this.begun + text;
    const end = endOfLine(so);
    const known = end === undefined ? so.length > LONGEST_RECORD : end.next < so.length;
    if (!known) {
      this.begun = so;
      return '';
    }
    return this.decided(so, end);
  }

  /** What is left at the end of the file. */
  finish(): string {
    if (this.begun === undefined) return this.turned('');
    return this.decided(this.begun, endOfLine(this.begun));
  }

  private decided(text: string, end: { readonly returns: number; readonly next: number } | undefined): string {
    this.begun = undefined;
    if (end !== undefined && end.returns > 0 && text[end.next] !== '\n') {
      this.alone = true;
      this.mendings.once('LINES_END_IN_CR');
    } else if (end !== undefined && end.returns > 1) this.mendings.once('LINES_END_IN_CR_CR_LF');
    return this.turned(text);
  }

  private turned(text: string): string {
    if (!this.alone) return text;
    const all = this.open ? `\r${text}` : text;
    this.open = all.endsWith('\r') && text !== '';
    const whole = this.open ? all.slice(0, -1) : all;
    return whole.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  }
}

/** The first end of a line outside quotes: how many carriage returns it has, and where what follows them begins. */
function endOfLine(text: string): { readonly returns: number; readonly next: number } | undefined {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    if (quoted || (character !== '\r' && character !== '\n')) continue;
    let next = at;
    while (text[next] === '\r') next += 1;
    return { returns: next - at, next };
  }
  return undefined;
}
