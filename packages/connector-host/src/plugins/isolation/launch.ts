/** Starts the process of a connector: nothing of the host's comes with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { closed } from '../../child.js';
import type { Develop } from './develop.js';
import type { ProcessLimits } from './limits.js';
import { DEVELOP_VARIABLE, DOOR_VARIABLE } from './messages.js';
import type { Door } from './wall/door.js';
import { DOOR } from './wall/view.js';
import type { Wall } from './wall/wall.js';

/** A started process, and the stream that it is spoken to by. */
export interface Launched {
  /** Its own, or, behind the wall, the one that holds it: ends with it, and ends it. */
  readonly child: ChildProcess;
  readonly channel: Duplex;
  /** The id that the host knows it by; undefined where there is none, or none yet. */
  pid(): number | undefined;
}

/** The wall around a process, and its one way out. */
export interface Enclosure {
  readonly wall: Wall;
  readonly door: Door;
  /** What it sees of the machine's files; what of this it may read, the fence inside says once more. */
  readonly shown: readonly string[];
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
  /** Absent where the fence alone holds it. */
  readonly enclosure?: Enclosure;
  /** Present where somebody is writing it. */
  readonly develop?: Develop;
}

/**
 * Starts the process: an empty environment, no descriptors but its own, a process group of its own (so that Ctrl-C in a terminal is
 * the host's to handle), and Node's permission model against files, processes, threads and native code.
 */
export function launch({ readable, workingFolder, limits, enclosure, develop }: LaunchTerms): Launched {
  const nowhere = openSync(devNull, 'r');
  const certificates = trusted();
  const command = [process.execPath, ...nodeFlags(readable, limits, develop), programFile()];
  try {
    const [file = '', ...args] =
      enclosure === undefined
        ? command
        : enclosure.wall.around(command, {
            readable: [...enclosure.shown, ...certificates],
            workingFolder,
            door: enclosure.door.path,
          });
    const child = spawn(file, args, {
      cwd: workingFolder,
      // Certificates that the operator trusts beside the usual ones are no secret, and Node reads them at the start only.
      env: {
        ...Object.fromEntries(certificates.map((path) => [CERTIFICATES, path])),
        ...(enclosure === undefined ? {} : { [DOOR_VARIABLE]: DOOR }),
        ...(develop === undefined ? {} : { [DEVELOP_VARIABLE]: String(develop.inspect ?? '') }),
      },
      stdio: closed(['ignore', 'pipe', 'pipe', 'pipe'], nowhere),
      detached: true,
      windowsHide: true,
    });
    // Told below, before anybody could listen; unheard, it would end the host.
    child.on('error', () => undefined);
    // Where no descriptor is free there are no pipes either.
    const channel: unknown = (child.stdio as readonly unknown[] | undefined)?.[3];
    if (!(channel instanceof Duplex)) throw new Error('The process of the connector could not be started.');
    const pid = enclosure === undefined ? () => child.pid : () => innermost(child.pid);
    return { child, channel, pid };
  } finally {
    closeSync(nowhere);
  }
}

/** The host's package folder: the process reads its program there, and finds there what the program needs. */
export function hostPackage(): string {
  return join(dirname(programFile()), '../../../..');
}

function nodeFlags(readable: readonly string[], limits: ProcessLimits, develop: Develop | undefined): string[] {
  return [
    // The permission model shuts the debugger out.
    ...(develop?.inspect === undefined ? permissions(readable) : []),
    ...(develop === undefined ? [] : ['--enable-source-maps']),
    `--max-old-space-size=${limits.heapMiB}`,
    '--no-warnings',
  ];
}

function permissions(readable: readonly string[]): string[] {
  const known = process.allowedNodeEnvironmentFlags;
  return [
    known.has('--permission') ? '--permission' : '--experimental-permission',
    // Since Node 25 the model covers the network, too: what a connector may reach is decided call by call.
    ...(known.has('--allow-net') ? ['--allow-net'] : []),
    ...readable.flatMap(readableAs).map((path) => `--allow-fs-read=${path}`),
  ];
}

const CERTIFICATES = 'NODE_EXTRA_CA_CERTS';

/** The file of certificates that the host was given, if it was. */
function trusted(): string[] {
  const path = process.env[CERTIFICATES];
  return path === undefined || path === '' ? [] : [resolve(path)];
}

/** Behind the wall, a process is the child of the first of its namespace, which is the child of the one that was started. */
function innermost(pid: number | undefined): number | undefined {
  const child = (of: number | undefined) => {
    if (of === undefined) return undefined;
    const [first] = readFileSync(`/proc/${of}/task/${of}/children`, 'utf8').split(' ');
    return first === undefined || first === '' ? undefined : Number(first);
  };
  try {
    return child(child(pid));
  } catch {
    // It is gone.
    return undefined;
  }
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
