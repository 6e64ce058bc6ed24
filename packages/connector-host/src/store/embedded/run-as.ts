import { chmod, stat } from 'node:fs/promises';
import { dirname, parse, resolve } from 'node:path';
import { run } from '../../child.js';

/** The account that a PostgreSQL server runs under; `undefined` ids mean that of this process. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

async function idsOf(name: string): Promise<RunAs | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/**
 * Finds who a server may run as. PostgreSQL refuses to run as root, so a root process takes the account `postgres`, and makes it
 * where the system has none.
 * @throws Error with the remedy where no such account can be had.
 */
export async function findRunAs(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  const known = await idsOf('postgres');
  if (known) return known;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
  } catch {
    await run('adduser', ['-S', '-H', 'postgres']).catch(() => undefined);
  }
  const made = await idsOf('postgres');
  if (made) return made;
  throw new Error(
    'PostgreSQL does not run as root, and an account "postgres" could not be made. Start the host as an ordinary user, or set CONNECTOR_HOST_DATABASE_URL to a PostgreSQL server of yours.',
  );
}

/** Whether an account may pass through a folder of this owner, group and mode. */
export function passable(folder: { uid: number; gid: number; mode: number }, as: RunAs): boolean {
  if (as.uid === undefined) return true;
  if (folder.uid === as.uid) return (folder.mode & 0o100) !== 0;
  if (folder.gid === as.gid) return (folder.mode & 0o010) !== 0;
  return (folder.mode & 0o001) !== 0;
}

/** Whether the account can get to `path`: every folder above it, and itself, lets it pass. */
export async function reachable(path: string, as: RunAs): Promise<boolean> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (!passable(await stat(folder), as)) return false;
    if (folder === parse(folder).root) return true;
  }
}

/** Lets the account pass through the host's own data folder (not read it), where root made it closed. Folders above are not touched. */
export async function openToPass(folder: string, as: RunAs): Promise<void> {
  const found = await stat(folder);
  if (!passable(found, as) && found.uid === 0) await chmod(folder, (found.mode & 0o777) | 0o011);
}
