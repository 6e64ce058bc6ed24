import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Regulation } from './regulations/regulation.js';

/** A regulation as the file has it: the position follows from the order of the lines. */
export type KeptRegulation = Omit<Regulation, 'index' | 'subjectsJson' | 'subjectCount' | 'cancelled'> & {
  readonly subjectIds: readonly string[];
};

/** One line of the file: something that happened and that a later start needs to know. */
export type StateLine =
  | { readonly kind: 'sandbox' }
  | { readonly kind: 'made'; readonly regulation: KeptRegulation }
  | { readonly kind: 'cancelled'; readonly id: string }
  | { readonly kind: 'advanced'; readonly ms: number };

/** What a sandbox has done so far, a line of JSON each, in a file that a later start goes on with. Lines are only ever added. */
export class StateFile {
  private constructor(
    private readonly file: number,
    /** What was in the file when it was opened, in order. */
    readonly lines: readonly StateLine[],
  ) {}

  /**
   * Opens the file; begins it where there is none. Only its owner may read it: it holds identifiers.
   * @throws Error where it is not such a file; the system's error where it cannot be opened
   */
  static open(path: string): StateFile {
    const file = openSync(path, 'a+', 0o600);
    try {
      const bytes = readFileSync(file);
      // A process that was killed while it wrote leaves half a line: nobody was told of what it says.
      const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
      const lines = whole.length === 0 ? [] : whole.toString('utf8').trimEnd().split('\n').map(parsed);
      const [head] = lines;
      const begun = head?.kind === 'sandbox';
      if ((bytes.length > 0 && !begun) || lines.includes(undefined))
        throw new Error(`${path} is not the state of a sandbox, or is damaged. Name another file, or remove this one.`);
      if (whole.length < fstatSync(file).size) ftruncateSync(file, whole.length);
      const state = new StateFile(file, lines.slice(1) as StateLine[]);
      if (!begun) state.add({ kind: 'sandbox' });
      return state;
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Adds a line. It is with the system when this returns, so that it outlives this process. */
  add(line: StateLine): void {
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

function parsed(text: string): StateLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'kind' in value ? (value as StateLine) : undefined;
  } catch {
    return undefined;
  }
}
