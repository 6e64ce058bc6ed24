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

/** A server in a process of its own. */
export interface Server {
  /** The line of JSON with which it said that it is ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Resolves with its exit code when it has ended. */
  readonly ended: Promise<number>;
}

/** The servers of one start. */
export class Servers {
  readonly #running = new Map<ChildProcess, Promise<number>>();

  /**
   * Starts a server and waits for its line `{"ready": true, ...}` on standard output. Its log goes to standard error as it is.
   * @throws Error when it ends before it is ready.
   */
  async start(file: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Server> {
    const child = spawn(process.execPath, [file, ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
      // Ctrl+C reaches every process of a terminal's group at once: servers are to end in order, and told once.
      detached: true,
    });
    const ended = once(child, 'exit').then(([code]) => Number(code ?? 1));
    this.#running.set(child, ended);
    for await (const line of createInterface({ input: child.stdout })) {
      const ready = readyLine(line);
      if (ready === undefined) continue;
      child.stdout.resume();
      return { ready, ended };
    }
    throw new Error(`${file} ended with code ${await ended} before it was ready.`);
  }

  /** Asks them to end, the last that was started first, and waits until they have. */
  async stop(): Promise<void> {
    for (const [child, ended] of [...this.#running].reverse()) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    }
    this.#running.clear();
  }

  /** Ends them at once. */
  kill(): void {
    for (const child of this.#running.keys()) child.kill('SIGKILL');
  }
}

function readyLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'ready' in value ? { ...value } : undefined;
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
