/** A program of this repository in a process of its own: waited for, killed without warning, asked to end, and read. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** How a program is started. */
export interface Program {
  /** For messages. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where its standard error is kept, appended. */
  readonly logFile: string;
  /** Told of each line of its log. */
  readonly onLog?: (entry: LogEntry) => void;
}

/** A line of a program's log; a line that is not JSON has the whole of it as its message. */
export interface LogEntry {
  readonly level?: number;
  readonly msg?: string;
  readonly [field: string]: unknown;
}

/** Its line of JSON on standard output when it is ready. */
export type ReadyLine = Readonly<Record<string, unknown>>;

/** Ended with this process, whatever ends it. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A program that runs. */
export class RunningProcess {
  /** Settles when it has ended: with its exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Settles when it says that it is ready; rejects where it ends before. */
  readonly ready: Promise<ReadyLine>;
  private over = false;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    log: WriteStream,
    onLog: Program['onLog'],
  ) {
    running.add(child);
    this.ended = once(child, 'exit').then(([code, signal]) => {
      this.over = true;
      running.delete(child);
      return (code ?? signal) as number | string;
    });
    child.once('close', () => log.end());
    this.ready = this.readyLine();
    this.ready.catch(() => undefined);
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        log.write(`${line}\n`);
        onLog?.(parse(line));
      });
    }
  }

  static start({ name, file, args, environment, logFile, onLog }: Program): RunningProcess {
    const child = spawn(process.execPath, [file, ...args], {
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(logFile, { flags: 'a' });
    log.write(`--- ${name} starts as ${child.pid}\n`);
    return new RunningProcess(name, child, log, onLog);
  }

  get running(): boolean {
    return !this.over;
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Sends it a signal, such as one that has it stand still. */
  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Asks it to end, and answers its exit code. */
  async stop(): Promise<number | string> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  private async readyLine(): Promise<ReadyLine> {
    const { stdout } = this.child;
    if (stdout === null) throw new Error(`${this.name} has no output`);
    for await (const line of createInterface({ input: stdout })) {
      const found = parse(line);
      if (found['ready'] === true) {
        stdout.resume();
        return found;
      }
    }
    throw new Error(`${this.name} ended before it was ready, with ${await this.ended}`);
  }
}

function parse(line: string): LogEntry {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as LogEntry;
  } catch {
    // Not JSON: a warning of Node itself, or the last words of a process.
  }
  return { msg: line };
}
