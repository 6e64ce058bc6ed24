import { spawn } from 'node:child_process';

/** What a script in a process of its own said and left. */
export interface ProbeOutcome {
  /** What it wrote to standard output as `\\nREPORT...\\n`; empty where it wrote none. */
  readonly report: string;
  /** Everything else that was printed, standard error included. */
  readonly printed: string;
  /** How often it said that it has come further. */
  readonly ups: number;
  /** Whether it had to be ended: it did not end by itself. */
  readonly overdue: boolean;
}

/** Real milliseconds until a process must have ended by itself, or have said that it is up: a busy machine takes its time. */
const PATIENCE_MS = 60_000;
/** Once all is said, only something left running can keep the process: it gets this much longer. */
const AFTER_REPORT_MS = 2_000;

/** What a process says that has begun, and again when it has come further. */
export const UP = '\nUP\n';

const said = /\nREPORT(.*)\n/;

/**
 * Runs node with these arguments and waits until it has ended.
 * @param patienceMs real milliseconds after which it is ended, counted again whenever it says that it has come so far (`\\nUP\\n`), by how
 *   many it needed for the first of these.
 */
export async function probe(
  args: readonly string[],
  cwd?: string,
  patienceMs: (startedInMs: number) => number = () => PATIENCE_MS,
): Promise<ProbeOutcome> {
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env, cwd });
  let [output, errors, overdue] = ['', '', false];
  const end = (): void => {
    overdue = child.kill('SIGKILL');
  };
  let timer = setTimeout(end, PATIENCE_MS);
  const began = performance.now();
  let ups = 0;
  let patience = PATIENCE_MS;
  let sinceReport: NodeJS.Timeout | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    const heard = output.split(UP).length - 1;
    if (heard > ups) {
      if (ups === 0) patience = patienceMs(performance.now() - began);
      ups = heard;
      clearTimeout(timer);
      timer = setTimeout(end, patience);
    }
    if (said.test(output)) sinceReport ??= setTimeout(end, AFTER_REPORT_MS);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  await new Promise<void>((resolve) => child.once('close', () => resolve()));
  clearTimeout(timer);
  clearTimeout(sinceReport);
  const printed = output.replace(said, '').replaceAll(UP, '') + errors;
  return { report: said.exec(output)?.[1] ?? '', printed, ups, overdue };
}
