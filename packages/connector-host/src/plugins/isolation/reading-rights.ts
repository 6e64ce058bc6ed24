/** Which folders a connector's process may read: code, and nothing of the host's. */
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join, parse, sep } from 'node:path';
import { isInside } from '../manifest-file.js';

/**
 * The folders and files that a package needs to run: its own, and the `node_modules` that Node looks through for it, packages that are
 * linked into these included. Entries whose names begin with a dot, where data and credentials are kept, are left out, as is
 * whatever holds a secret folder.
 * @param directory real path of the package.
 * @param secret real paths that must stay closed, such as the host's data folder.
 * @returns absolute paths; a folder stands for all that is in it.
 */
export async function readingRights(directory: string, secret: readonly string[]): Promise<string[]> {
  const rights = new Set(await openEntries(directory, secret));
  for (const modules of modulesAbove(directory)) {
    const linked = await linkedPackages(modules);
    if (linked === undefined) continue;
    rights.add(modules);
    for (const target of linked) for (const path of await openEntries(target, secret)) rights.add(path);
  }
  return [...rights].filter((path) => !secret.some((one) => one === path || isInside(one, path)));
}

/** The entries of a folder that may be read; a folder above a secret one is opened entry by entry. */
async function openEntries(directory: string, secret: readonly string[]): Promise<string[]> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => !name.startsWith('.'));
  const open: string[] = [];
  for (const name of names) {
    const path = join(directory, name);
    if (secret.includes(path)) continue;
    if (secret.some((one) => isInside(path, one))) open.push(...(await openEntries(path, secret)));
    else open.push(path);
  }
  return open;
}

function modulesAbove(directory: string): string[] {
  const found: string[] = [];
  const { root } = parse(directory);
  for (let folder = directory; ; folder = dirname(folder)) {
    found.push(join(folder, 'node_modules'));
    if (folder === root) return found;
  }
}

/** Where the links in a `node_modules` lead that leave it; `undefined` where there is no such folder. */
async function linkedPackages(modules: string): Promise<string[] | undefined> {
  const entries = await readdir(modules, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  const targets: string[] = [];
  for (const entry of entries) {
    const path = join(modules, entry.name);
    if (entry.isSymbolicLink()) {
      const target = await realpath(path).catch(() => undefined);
      if (target !== undefined && !target.startsWith(modules + sep)) targets.push(target);
    } else if (entry.name.startsWith('@')) {
      targets.push(...((await linkedPackages(path)) ?? []));
    }
  }
  return targets;
}
