/** Programs that the host starts: none of them is given a descriptor that the host was started with. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { given } from './given.js';

/** How a program is started. */
export interface ChildTerms {
  readonly cwd?: string;
  /** Default: that of the host. */
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** Milliseconds after which it is ended. */
  readonly timeout?: number;
  /** Bytes of output that are taken at most. Default a megabyte. */
  readonly maxBuffer?: number;
}

/** The error of a program that ended otherwise than well; as `execFile` of Node has it. */
interface ChildError extends Error {
  code: number | string;
  stderr: string;
}

/**
 * Runs a program to its end.
 * @throws Error with its `code` and `stderr` where it could not be started, was ended or did not end with 0.
 */
export async function run(
  file: string,
  args: readonly string[],
  { timeout, maxBuffer = 1 << 20, ...terms }: ChildTerms = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const nowhere = openSync(devNull, 'r');
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(file, [...args], {
        ...terms,
        stdio: closed(['ignore', 'pipe', 'pipe'], nowhere),
        windowsHide: true,
        ...given({ timeout }),
      });
      const out = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const) {
        child[name]?.setEncoding('utf8').on('data', (text: string) => {
          out[name] += text;
          if (out[name].length > maxBuffer) child.kill();
        });
      }
      const failed = (code: number | string): ChildError =>
        Object.assign(new Error(`Command failed: ${file}\n${out.stderr}`), { code, stderr: out.stderr });
      child.on('error', (error: NodeJS.ErrnoException) => reject(error));
      child.on('close', (code, signal) => (code === 0 ? resolve(out) : reject(failed(code ?? signal ?? 'unknown'))));
    });
  } finally {
    closeSync(nowhere);
  }
}

/** What a child gets in the place of descriptors: its own, and in the place of each that it would inherit one that leads nowhere. */
export function closed(own: readonly ('ignore' | 'pipe')[], nowhere: number): ('ignore' | 'pipe' | number)[] {
  const all: ('ignore' | 'pipe' | number)[] = [...own];
  for (const descriptor of inheritable(own.length - 1)) {
    while (all.length < descriptor) all.push('ignore');
    all[descriptor] = nowhere;
  }
  return all;
}

/** The descriptors above this one that a child would get: the host was started with them. Linux alone tells. */
function inheritable(above: number): number[] {
  try {
    return readdirSync('/proc/self/fdinfo')
      .map(Number)
      .filter((descriptor) => descriptor > above && !closesOnStart(descriptor))
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

// O_CLOEXEC, in octal: https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html
const closeOnExec = 0o2000000;

function closesOnStart(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1] ?? '0';
    return (Number.parseInt(flags, 8) & closeOnExec) !== 0;
  } catch {
    // It was that of the folder which was just read.
    return true;
  }
}
