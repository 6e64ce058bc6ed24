import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A line of JSON that a server printed. */
export type Line = Readonly<Record<string, unknown>>;

/** What hears a server. */
export interface Listener {
  /** A line of JSON on its standard output. */
  heard(line: Line): void;
  /** Any other line, on either stream. */
  said(text: string): void;
}

/** A process that says `{"ready": true, ...}` on standard output once it can be used. */
export class Server {
  readonly ready: Promise<Line>;
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv, listener: Listener) {
    // A group of its own: Ctrl+C reaches every process of a terminal's group at once, and servers are to end in order.
    const child = spawn(process.execPath, args, {
      cwd,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    this.ended = once(child, 'exit').then(([code]) => Number(code ?? 1));
    this.ready = new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = parsed(text);
        if (line === undefined) return listener.said(text);
        if (line['ready'] === true) resolve(line);
        listener.heard(line);
      });
      createInterface({ input: child.stderr }).on('line', (text) => listener.said(text));
      void this.ended.then((code) => reject(new Error(`it ended with code ${code} before it was ready`)));
    });
    this.ready.catch(() => undefined);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    await this.ended;
  }
}

/** A line as JSON, where it is an object. */
export function parsed(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
