/** Starts the process of a connector: nothing of the host's comes with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ProcessLimits } from './limits.js';

/** A started process, and the stream that it is spoken to by. */
export interface Launched {
  readonly child: ChildProcess;
  readonly channel: Duplex;
}

/** Starts processes. */
export type Launcher = (terms: LaunchTerms) => Launched;

/** What a process is started with. */
export interface LaunchTerms {
  /** How it is started; {@link launch} unless something else is given. */
  readonly launch?: Launcher;
  /** Paths that it may read; see `readingRights`. It may write nowhere. */
  readonly readable: readonly string[];
  /** An empty folder. */
  readonly workingFolder: string;
  readonly limits: ProcessLimits;
}

/**
 * Starts the process: an empty environment, no descriptors but its own, a process group of its own (so that Ctrl-C in a terminal is
 * the host's to handle), and Node's permission model against files, processes, threads and native code.
 */
export function launch({ readable, workingFolder, limits }: LaunchTerms): Launched {
  const nowhere = openSync(devNull, 'r');
  try {
    const child = spawn(process.execPath, [...nodeFlags(readable, limits), programFile()], {
      cwd: workingFolder,
      env: environment(),
      stdio: descriptors(nowhere),
      detached: true,
      windowsHide: true,
    });
    return { child, channel: child.stdio[3] as Duplex };
  } finally {
    closeSync(nowhere);
  }
}

/** Those of the process, and in the place of each that it would inherit one that leads nowhere. */
function descriptors(nowhere: number): ('ignore' | 'pipe' | number)[] {
  const all: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe', 'pipe'];
  for (const descriptor of inheritable()) {
    while (all.length < descriptor) all.push('ignore');
    all[descriptor] = nowhere;
  }
  return all;
}

/** The descriptors above 3 that a child would get: the host was started with them. Linux alone tells. */
function inheritable(): number[] {
  try {
    return readdirSync('/proc/self/fdinfo')
      .map(Number)
      .filter((descriptor) => descriptor > 3 && !closesOnStart(descriptor))
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

/** The host's package folder: the process reads its program there, and finds there what the program needs. */
export function hostPackage(): string {
  return join(dirname(programFile()), '../../../..');
}

function nodeFlags(readable: readonly string[], limits: ProcessLimits): string[] {
  const known = process.allowedNodeEnvironmentFlags;
  return [
    known.has('--permission') ? '--permission' : '--experimental-permission',
    // Since Node 25 the model covers the network, too: what a connector may reach is decided call by call.
    ...(known.has('--allow-net') ? ['--allow-net'] : []),
    ...readable.flatMap(readableAs).map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${limits.heapMiB}`,
    '--no-warnings',
  ];
}

// Certificates that the operator trusts beside the usual ones are no secret, and Node reads them at the start only.
function environment(): Record<string, string> {
  const certificates = process.env['NODE_EXTRA_CA_CERTS'];
  return certificates === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificates };
}

function programFile(): string {
  const beside = fileURLToPath(new URL('./confined/program.js', import.meta.url));
  // Run from its sources, as tests do, the host still needs the built program: a process of its own cannot run TypeScript.
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../../dist/plugins/isolation/confined/program.js', import.meta.url));
}

/** A path as Node's permission model takes it, which knows nothing of links: what is read by way of one is read by its real path. */
function readableAs(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() === true) return [path];
  return [found?.isDirectory() === true ? join(path, '*') : path];
}
