/**
 * Pid files that outlived their server. After a crash the number in `postmaster.pid` may belong to another process, as it soon does in
 * a container that is started again; PostgreSQL then takes itself for running and does not start.
 */
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { run } from '../../child.js';
import type { Postmaster } from './postmaster.js';

/** A pid file as it was read. */
export interface PidFile {
  readonly path: string;
  readonly text: string;
  readonly postmaster: Postmaster;
}

/** Whether a program of this path is a PostgreSQL server. */
const isServer = (path: string): boolean => /^(postgres|postmaster)\b/.test(posix.basename(path.trim()));

async function sameFolder(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)]);
  return a.dev === b.dev && a.ino === b.ino;
}

async function servesOnLinux(pid: number, cluster: string): Promise<boolean> {
  const [, name = '', state] = /^[^(]*\((.*)\) (\S)/s.exec(await readFile(`/proc/${pid}/stat`, 'utf8')) ?? [];
  // It has ended, and waits for a parent that does not ask.
  if (state === 'Z' || state === 'X') return false;
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  // Any word: under an emulator the program is named after it.
  if (![name, ...words].some(isServer)) return false;
  // A server works in its own folder. That of somebody else may not be asked for.
  return sameFolder(`/proc/${pid}/cwd`, cluster).catch(() => true);
}

/** Whether a process may be the PostgreSQL server of a folder: true as long as nothing speaks against it for certain. */
async function mayServe(pid: number, cluster: string): Promise<boolean> {
  try {
    if (process.platform === 'linux') return await servesOnLinux(pid, cluster);
    return isServer((await run('ps', ['-p', String(pid), '-o', 'comm='])).stdout);
  } catch {
    return true;
  }
}

/**
 * Removes a pid file whose process is certainly not the server of its folder.
 * @returns whether it was such a one.
 */
export async function removeStale({ path, text, postmaster }: PidFile): Promise<boolean> {
  if (await mayServe(postmaster.pid, posix.dirname(path))) return false;
  // Somebody else may have removed it and started a server meanwhile: only what was judged goes, and another's is put back.
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== text) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  return true;
}
