import { createHash, randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { run } from '../../child.js';
import type { Logger } from '../../log.js';
import type { Binaries } from './binaries.js';
import { openToPass, type RunAs, reachable } from './run-as.js';

/** The role that made the embedded server and may do everything there; the host works by another: `account.ts`. */
export const EMBEDDED_ROLE = 'connector_host';

/** Where root keeps a database whose data folder the account that runs PostgreSQL cannot get to. */
const elsewhere = '/var/lib/connector-host';

/** Trouble with the embedded server that trying again does not cure. The message says the remedy. */
class ServerUnusable extends Error {}

/** What PostgreSQL's programs need of an environment: where programs, libraries and temporary files are, and what the system is called. */
const needed = [
  'PATH',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'WINDIR',
];

/**
 * The environment of PostgreSQL's programs: of ours what they need, by name. Its account can read it as long as the server runs, and
 * whatever else stands in ours (a vault's token, a proxy with its password) is not for it.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => needed.includes(name.toUpperCase()));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/**
 * Decides where the database lives: `<dataDir>/database`, or, where root started the host under a folder that the account running
 * PostgreSQL cannot pass (such as a closed home), below `/var/lib/connector-host`, which is logged.
 */
export async function placeFor(dataDir: string, as: RunAs, log: Logger): Promise<string> {
  const folder = resolve(dataDir);
  // Folders above are made as any folder is; only the host's own is closed.
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const real = await realpath(folder);
  await openToPass(real, as);
  if (await reachable(real, as)) return join(real, 'database');
  const name = createHash('sha256').update(real).digest('hex').slice(0, 12);
  const place = join(elsewhere, name);
  await mkdir(elsewhere, { recursive: true, mode: 0o755 });
  log.warn(
    { dataDir: real, place },
    'The account that runs PostgreSQL cannot get to the data folder, so the database is kept elsewhere. Give --data-dir a folder that is not below a closed one to keep both together.',
  );
  return place;
}

/** The password of {@link EMBEDDED_ROLE}, as kept in a file beside the cluster that only its owner may read. */
export async function readPassword(place: string): Promise<string | undefined> {
  try {
    return (await readFile(join(place, 'password'), 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code !== 'EACCES') throw error;
    throw new ServerUnusable(
      `The database in ${place} belongs to another account of this machine. Start the host as the account that made it, or name another --data-dir.`,
    );
  }
}

/** Makes the cluster, with a random password. Whole or not at all: it is made beside its place and then moved there, so that of two processes that try, one wins. */
export async function makeCluster(place: string, binaries: Binaries, as: RunAs): Promise<void> {
  const unfinished = `${place}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const password = join(unfinished, 'password');
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (as.uid !== undefined && as.gid !== undefined) {
      await chown(unfinished, as.uid, as.gid);
      await chown(password, as.uid, as.gid);
    }
    const flags = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', `--username=${EMBEDDED_ROLE}`];
    await run(join(binaries.folder, 'initdb'), ['--pgdata=cluster', '--pwfile=password', ...flags], {
      cwd: unfinished,
      env: cleanEnvironment(),
      ...as,
    });
    await rename(unfinished, place);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if ((await readPassword(place)) !== undefined) return;
    throw new ServerUnusable(`PostgreSQL could not make a database in ${place}: ${(error as Error).message}`);
  }
}

/**
 * Makes sure that the cluster is of the version that is installed.
 * @throws ServerUnusable where it is of another.
 */
export async function checkVersion(place: string, binaries: Binaries): Promise<void> {
  const found = Number.parseInt(await readFile(join(place, 'cluster', 'PG_VERSION'), 'utf8'), 10);
  if (found === binaries.major) return;
  throw new ServerUnusable(
    `The database in ${place} was made by PostgreSQL ${found}, and PostgreSQL ${binaries.major} is installed. Start the host's earlier version, save the database with pg_dump, and restore it into a new --data-dir.`,
  );
}
