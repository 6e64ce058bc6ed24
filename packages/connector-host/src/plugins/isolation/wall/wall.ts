/**
 * A wall around connectors' processes, by bubblewrap: namespaces of the system's kernel, so that it holds whatever runs inside. Whether
 * there can be one is not asked of versions or settings: a trial looks from inside for what must not be there.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { DOOR, type View, wallArguments } from './view.js';

/** Puts commands behind the wall. */
export interface Wall {
  /** The command that runs another one so that it sees this alone. */
  around(command: readonly string[], view: View): string[];
}

/** What keeps connectors apart: the wall, with a fence inside of it; the fence alone, and why; or nothing. */
export type Isolated =
  | { readonly isolation: 'wall' }
  | { readonly isolation: 'fence'; readonly reason: string }
  | { readonly isolation: 'none' };

/** The wall, or why there is none; the reason is half a sentence. */
export type FoundWall = { readonly wall: Wall } | { readonly reason: string };

let found: Promise<FoundWall> | undefined;

/** Tries once in this process whether there can be a wall. */
export function findWall(): Promise<FoundWall> {
  found ??= tryWall(process.env['PATH'] ?? '');
  return found;
}

/**
 * Builds a wall for trial, and looks at it from inside.
 * @param path where programs are looked for, as `PATH` lists it.
 */
export async function tryWall(path: string): Promise<FoundWall> {
  if (process.platform !== 'linux') return { reason: 'only Linux has the means for a wall' };
  const bubblewrap = programIn(path, 'bwrap');
  if (bubblewrap === undefined)
    return { reason: 'bubblewrap is not installed (there is no program bwrap on the PATH)' };
  const wall: Wall = { around: (command, view) => [bubblewrap, ...wallArguments(view), ...command] };
  const reason = await weaknessOf(wall);
  return reason === undefined ? { wall } : { reason };
}

function programIn(path: string, name: string): string | undefined {
  const places = path.split(delimiter).filter(isAbsolute);
  return places.map((place) => join(place, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A process that has not said anything after so many milliseconds has no wall that a connector could run behind. */
const patienceMs = 60_000;

/** Runs inside: writes down what it finds that must not be there, and what it misses. */
const lookAround = `
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { networkInterfaces } = require('node:os');
const [outside, door] = process.argv.slice(1);
const faults = [];
const canWrite = () => { try { writeFileSync('x', ''); return true; } catch { return false; } };
if (existsSync(outside)) faults.push('files of the host are seen');
if (canWrite()) faults.push('files can be written');
if (Object.values(networkInterfaces()).flat().some(({ internal }) => !internal)) faults.push('the network is seen');
if (!/^NoNewPrivs:\\s+1$/m.test(readFileSync('/proc/self/status', 'utf8'))) faults.push('privileges can be gained');
if (process.ppid !== 1) faults.push('processes of the host are seen');
const say = () => process.stdout.write(JSON.stringify(faults));
require('node:net').connect(door)
  .on('connect', function () { this.destroy(); say(); })
  .on('error', ({ code }) => { faults.push('the door of the host is not reached (' + code + ')'); say(); });
`;

async function weaknessOf(wall: Wall): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'wall-'));
  const [outside, door] = [join(folder, 'outside'), join(folder, 'door')];
  const server = createServer((socket) => socket.destroy());
  try {
    writeFileSync(outside, '');
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(door, resolve));
    const view = { readable: [], workingFolder: '/trial', door };
    const said = await answerOf(wall.around([process.execPath, '-e', lookAround, outside, DOOR], view), folder);
    const faults = JSON.parse(said) as string[];
    return faults.length === 0 ? undefined : `bubblewrap makes one that does not hold: ${faults.join(', ')}`;
  } catch (error) {
    return `bubblewrap cannot make one here: ${(error as Error).message}`;
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

/** @param folder where it may write, if it may. */
function answerOf([file = '', ...args]: readonly string[], folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: {}, timeout: patienceMs, killSignal: 'SIGKILL' } as const;
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(error.killed === true ? 'no answer' : (lineOf(stderr) ?? `it ended with ${error.code}`)));
    });
  });
}

/** What bubblewrap says of itself: `bwrap: setting up uid map: Permission denied`. */
export function lineOf(stderr: string): string | undefined {
  return /^bwrap: (.{1,200})/.exec(stderr)?.[1];
}
