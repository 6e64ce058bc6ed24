import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);

/** The file behind a package's command: `bin` of its `package.json`. */
export function commandFile(packageName: string, command: string): string {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin } = require(manifest) as { bin: Record<string, string> };
  const file = bin[command];
  if (file === undefined) throw new Error(`${packageName} has no command ${command}.`);
  return require.resolve(manifest.replace(/package\.json$/, file));
}

/** A line of JSON that a server printed. */
export type Line = Readonly<Record<string, unknown>>;

/** A server in a process of its own. Its log goes to standard error as it is. */
export class Server {
  /** The line `{"ready": true, ...}` of its standard output; rejects where it ends before. */
  readonly ready: Promise<Line>;
  /** Resolves with its exit code when it has ended. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;

  /** @param heard is given every line of JSON on its standard output. */
  constructor(
    file: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv,
    heard: (line: Line) => void = () => undefined,
  ) {
    const child = spawn(process.execPath, [file, ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
      // Ctrl+C reaches every process of a terminal's group at once: servers are to end in order, and told once.
      detached: true,
    });
    this.#child = child;
    this.ended = once(child, 'exit').then(([code]) => Number(code ?? 1));
    this.ready = new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = parsed(text);
        if (line === undefined) return;
        if (line['ready'] === true) resolve(line);
        heard(line);
      });
      void this.ended.then((code) => reject(new Error(`${file} ended with code ${code} before it was ready.`)));
    });
    this.ready.catch(() => undefined);
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    await this.ended;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
  }
}

/** The servers of one start. */
export class Servers {
  readonly #running = new Set<Server>();

  start(...of: ConstructorParameters<typeof Server>): Server {
    const server = new Server(...of);
    this.#running.add(server);
    void server.ended.then(() => this.#running.delete(server));
    return server;
  }

  /** Asks them to end, the last that was started first, and waits until they have. */
  async stop(): Promise<void> {
    for (const server of [...this.#running].reverse()) await server.stop();
  }

  /** Ends them at once. */
  kill(): void {
    for (const server of this.#running) server.signal('SIGKILL');
  }
}

function parsed(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Runs a command to its end, its output going where ours goes; answers its exit code. */
export async function run(file: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [file, ...args], { env: environment, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** Runs a command with `--json` and answers what it printed. */
export async function ask<T>(file: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<T> {
  const child = spawn(process.execPath, [file, ...args, '--json'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0 && chunks.length === 0) throw new Error(`"${args.join(' ')}" ended with code ${code ?? 1}.`);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T;
}
