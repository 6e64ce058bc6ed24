/** Starts the process of a connector: nothing of the host's comes with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';
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
  const child = spawn(process.execPath, [...nodeFlags(readable, limits), programFile()], {
    cwd: workingFolder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
    windowsHide: true,
  });
  return { child, channel: child.stdio[3] as Duplex };
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
