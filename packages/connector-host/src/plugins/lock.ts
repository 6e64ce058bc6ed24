/** Holds connectors to what a person has looked at: their names, versions, and a digest of every file of their packages. */
import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type PluginPackage, Refusal, reasonOf } from 'connector-contract/loading';

/** The file in a project's folder that holds its connectors. */
const LOCK_FILE = 'connectors-lock.json';

interface LockedPackage {
  readonly version: string;
  /** SHA-256 of each file, by its path in the package. */
  readonly files: Readonly<Record<string, string>>;
}

type Locked = Readonly<Record<string, LockedPackage>>;

/** Writes down the packages as they are. Answers the path of the file and what is in it. */
export async function writeLock(
  root: string,
  plugins: readonly PluginPackage[],
): Promise<{ readonly path: string; readonly packages: Locked }> {
  const entries = await Promise.all(
    plugins.map(async (plugin) => [plugin.name, { version: plugin.version, files: await digestsOf(plugin) }] as const),
  );
  const packages = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  const path = join(root, LOCK_FILE);
  await writeFile(path, `${JSON.stringify({ lockVersion: 1, packages }, undefined, 2)}\n`);
  return { path, packages };
}

/**
 * Reads the locks of these projects.
 * @returns says why a package is refused, where it differs from them; where there is no lock, nothing is refused.
 */
export async function readLocks(
  roots: readonly string[],
): Promise<(plugin: PluginPackage) => Promise<Refusal | undefined>> {
  const locks = (await Promise.all(roots.map(readLock))).filter((lock) => lock !== undefined);
  if (locks.length === 0) return async () => undefined;
  const locked = new Map(locks.flatMap((lock) => Object.entries(lock)));
  return (plugin) => refusalBy(locked.get(plugin.name), plugin);
}

/** An unreadable lock locks everything out: it may be one that was meant to. */
async function readLock(root: string): Promise<Locked | undefined> {
  const text = await readFile(join(root, LOCK_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    return error.code === 'ENOENT' || error.code === 'ENOTDIR' ? undefined : '';
  });
  if (text === undefined) return undefined;
  try {
    const { lockVersion, packages } = Object(JSON.parse(text)) as { lockVersion?: unknown; packages?: unknown };
    return lockVersion === 1 ? (Object(packages) as Locked) : {};
  } catch {
    return {};
  }
}

async function refusalBy(locked: LockedPackage | undefined, plugin: PluginPackage): Promise<Refusal | undefined> {
  const { name, version } = plugin;
  const refused = (what: string) => new Refusal('CHANGED_SINCE_LOCK', `${what} since ${LOCK_FILE} was written.`);
  if (locked === undefined) return refused(`Package ${name} was added`);
  if (locked.version !== version) return refused(`Package ${name} has gone from ${locked.version} to ${version}`);
  try {
    const now = await digestsOf(plugin);
    const paths = [...new Set([...Object.keys(Object(locked.files)), ...Object.keys(now)])].sort();
    const differing = paths.filter((path) => locked.files[path] !== now[path]);
    const [first] = differing;
    if (first === undefined) return undefined;
    const more = differing.length === 1 ? '' : ` and ${differing.length - 1} more`;
    return refused(`Of package ${name} the file ${first}${more} has changed`);
  } catch (error) {
    return refused(`Package ${name} cannot be compared (${reasonOf(error)}), so it may have changed`);
  }
}

/** Its dependencies are the package manager's to lock. */
async function digestsOf({ directory }: PluginPackage): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  const look = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== '.git') await look(path);
      } else if (entry.name !== LOCK_FILE) {
        const held = entry.isSymbolicLink() ? `link to ${await readlink(path)}` : await readFile(path);
        digests[relative(directory, path).split(sep).join('/')] = createHash('sha256').update(held).digest('hex');
      }
    }
  };
  await look(directory);
  return digests;
}
