import Table from 'cli-table3';
import { type CliError, ExitCode } from './exit.js';
import { visible, visibleLine } from './visible.js';

/** How a command speaks: tables and sentences for people, or one JSON document for programs. */
export class Output {
  constructor(
    readonly json: boolean,
    private readonly out: NodeJS.WritableStream & { readonly columns?: number } = process.stdout,
    private readonly err: NodeJS.WritableStream = process.stderr,
    private readonly environment: NodeJS.ProcessEnv = process.env,
  ) {}

  /** The command's result: `data` for programs, `lines` for people. */
  result(data: unknown, lines: () => string): void {
    this.out.write(`${visible(this.json ? JSON.stringify(data) : lines())}\n`);
  }

  /** Something to know on the way; programs do not see it on standard output. */
  note(text: string): void {
    if (!this.json) this.err.write(`${visible(text)}\n`);
  }

  /** An error as the person or the program needs it; always on standard error. */
  problem(error: CliError): void {
    if (this.json) {
      const data = error.data ?? { detail: error.message, remedy: error.remedy };
      this.err.write(`${visible(JSON.stringify(data))}\n`);
    } else {
      this.err.write(
        `${visible(error.message)}\n${error.remedy === undefined ? '' : `What to do: ${visible(error.remedy)}\n`}`,
      );
    }
  }

  /** A paragraph, indented. On a terminal it is broken within its width; elsewhere it stays one line. */
  paragraph(text: string, indent = '  '): string {
    const terminal = 'isTTY' in this.out && this.out.isTTY === true;
    const width = (terminal ? (this.out.columns ?? 80) : Number.POSITIVE_INFINITY) - indent.length;
    const lines: string[] = [];
    for (const word of visibleLine(text).split(' ')) {
      const last = lines.at(-1);
      if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
      else lines[lines.length - 1] = `${last} ${word}`;
    }
    return lines.map((line) => indent + line).join('\n');
  }

  /**
   * Rows under a head. On a terminal within its width: the last column takes what is left, and what is too long goes on in the next
   * line; where that is too little, each row is some lines of its own. Elsewhere as wide as it has to be, for programs that look for a line.
   */
  table(head: readonly string[], cells: readonly (readonly string[])[]): string {
    const rows = cells.map((row) => row.map(visibleLine));
    const terminal = 'isTTY' in this.out && this.out.isTTY === true;
    // https://no-color.org
    const plain = !terminal || (this.environment['NO_COLOR'] ?? '') !== '';
    const width = this.out.columns ?? 120;
    const widths = terminal ? columnWidths(head, rows, width) : undefined;
    const whole = widths?.reduce((sum, each) => sum + each + 1, 1) ?? 0;
    if (terminal && whole > width) return rows.map((row) => this.lines(head, row)).join('\n');
    const table = new Table({
      head: [...head],
      style: { head: plain ? [] : ['bold'], border: plain ? [] : ['grey'], compact: true },
      chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
      ...(widths === undefined ? {} : { wordWrap: true, colWidths: widths }),
    });
    const shown = (cell: string, column: number) => {
      const width = widths?.[column];
      return width === undefined ? cell : breakWords(cell, width - 2);
    };
    table.push(...rows.map((row) => row.map(shown)));
    return table.toString();
  }

  /** A row as a paragraph for each of its cells that is not empty, under its first one. */
  private lines(head: readonly string[], [first = '', ...others]: readonly string[]): string {
    const cells = others.flatMap((cell, at) => (cell === '' ? [] : [this.paragraph(`${head[at + 1]}: ${cell}`)]));
    return [first, ...cells].join('\n');
  }
}

/** Divides words that are longer than a line: cli-table3 would cut them off, and a part of an id is of no use. */
function breakWords(text: string, width: number): string {
  return text.replace(new RegExp(`\\S{${width}}(?=\\S)`, 'gu'), '$&\n');
}

/** Widths that let every column but the last have what it needs, and give the last one the rest. Includes cli-table3's two spaces of padding. */
function columnWidths(head: readonly string[], rows: readonly (readonly string[])[], width: number): number[] {
  const needed = head.map(
    (title, column) => 2 + Math.max(title.length, ...rows.map((row) => longestLine(row[column] ?? ''))),
  );
  const others = needed.slice(0, -1).reduce((sum, each) => sum + Math.min(each, 42) + 1, 2);
  const last = Math.min(needed.at(-1) ?? 0, Math.max(24, width - others - 1));
  return [...needed.slice(0, -1).map((each) => Math.min(each, 42)), last];
}

function longestLine(text: string): number {
  return Math.max(0, ...text.split('\n').map((line) => line.length));
}

/** Exit code for a run in which `failed` things ended in error. */
export function exitCodeFor(failed: number): ExitCode {
  return failed > 0 ? ExitCode.incomplete : ExitCode.ok;
}
