import Table from 'cli-table3';
import { type CliError, ExitCode } from './exit.js';

/** How a command speaks: tables and sentences for people, or one JSON document for programs. */
export class Output {
  constructor(
    readonly json: boolean,
    private readonly out: NodeJS.WritableStream & { readonly columns?: number } = process.stdout,
    private readonly err: NodeJS.WritableStream = process.stderr,
  ) {}

  /** The command's result: `data` for programs, `lines` for people. */
  result(data: unknown, lines: () => string): void {
    this.out.write(`${this.json ? JSON.stringify(data) : lines()}\n`);
  }

  /** Something to know on the way; programs do not see it on standard output. */
  note(text: string): void {
    if (!this.json) this.err.write(`${text}\n`);
  }

  /** An error as the person or the program needs it; always on standard error. */
  problem(error: CliError): void {
    if (this.json) {
      const data = error.data ?? { detail: error.message, remedy: error.remedy };
      this.err.write(`${JSON.stringify(data)}\n`);
    } else {
      this.err.write(`${error.message}\n${error.remedy === undefined ? '' : `What to do: ${error.remedy}\n`}`);
    }
  }

  /** Rows under a head, within the width of the terminal: the last column takes what is left and wraps. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const plain = !('isTTY' in this.out && this.out.isTTY);
    const table = new Table({
      head: [...head],
      style: { head: plain ? [] : ['bold'], border: plain ? [] : ['grey'], compact: true },
      chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
      wordWrap: true,
      colWidths: columnWidths(head, rows, this.out.columns ?? 120),
    });
    table.push(...rows.map((row) => [...row]));
    return table.toString();
  }
}

/** Widths that let every column but the last have what it needs, and give the last one the rest. Includes cli-table3's two spaces of padding. */
export function columnWidths(head: readonly string[], rows: readonly (readonly string[])[], width: number): number[] {
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
