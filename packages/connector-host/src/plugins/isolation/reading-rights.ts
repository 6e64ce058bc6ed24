/** Which folders a connector's process may read: code, and nothing of the host's. */
import { existsSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { isInside } from '../manifest-file.js';

/**
 * The folders and files that a package needs to run: its own, the `node_modules` that Node looks through for it, and the packages
 * among its dependencies, and theirs, that are only linked into these. Entries of a package whose names begin with a dot, where
 * data and credentials are kept, are left out, as is whatever holds a secret folder. A dependency that no `package.json` names is
 * open only where it lies in such a `node_modules` itself.
 * @param directory real path of the package.
 * @param secret real paths that must stay closed, such as the host's data folder.
 * @returns absolute paths, none inside another; a folder stands for all that is in it.
 */
export async function readingRights(directory: string, secret: readonly string[]): Promise<string[]> {
  const rights = new Set<string>();
  const looked = new Set<string>();
  const seen = new Set([directory]);
  const open = async (folder: string, opened: Promise<string[]>) => {
    looked.add(folder);
    for (const path of await opened) rights.add(path);
  };
  // From each package to what it depends on, step by step.
  for (let found = [directory]; found.length > 0; ) {
    const places = found.map(modulesAbove);
    const news = new Set(places.flat().filter((place) => !looked.has(place)));
    await Promise.all([...news].map((place) => open(place, openFolder(place, secret))));
    const apart = found.filter((folder, at) => !places[at]?.some((place) => isInside(place, folder)));
    await Promise.all(apart.map((folder) => open(folder, openPackage(folder, secret))));
    const next = await Promise.all(found.map((folder, at) => dependenciesOf(folder, places[at] ?? [])));
    found = [...new Set(next.flat())].filter((folder) => !seen.has(folder));
    for (const folder of found) seen.add(folder);
  }
  return outermost(rights);
}

/** Those that lie in none of the others: a process is started with a line for each, which may only be so long. */
export function outermost(paths: Iterable<string>): string[] {
  const kept: string[] = [];
  // What is inside a folder comes right after it: the separator sorts before all else that a name may go on with.
  const order = (path: string) => path.replaceAll(/[/\\]/g, '\0');
  for (const path of [...paths].sort((a, b) => (order(a) < order(b) ? -1 : 1))) {
    const last = kept.at(-1);
    if (last === undefined || (last !== path && !isInside(last, path))) kept.push(path);
  }
  return kept;
}

/** A folder as a whole, or by its entries where something in it is secret; nothing where there is no such folder. */
async function openFolder(
  folder: string,
  secret: readonly string[],
  only = (_name: string) => true,
): Promise<string[]> {
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined || secret.some((one) => one === folder || isInside(one, folder))) return [];
  if (names.every(only) && !secret.some((one) => isInside(folder, one))) return [folder];
  const open: string[] = [];
  for (const name of names.filter(only)) {
    const path = join(folder, name);
    if (secret.includes(path)) continue;
    if (secret.some((one) => isInside(path, one))) open.push(...(await openPackage(path, secret)));
    else open.push(path);
  }
  return open;
}

function openPackage(folder: string, secret: readonly string[]): Promise<string[]> {
  return openFolder(folder, secret, (name) => !name.startsWith('.'));
}

/** Where Node looks for what the code in a folder imports. */
function modulesAbove(directory: string): string[] {
  const found: string[] = [];
  const { root } = parse(directory);
  for (let folder = directory; ; folder = dirname(folder)) {
    // Node does not look into a node_modules of a node_modules either.
    if (basename(folder) !== 'node_modules') found.push(join(folder, 'node_modules'));
    if (folder === root) return found;
  }
}

/** The real folders of the packages that a package names as what it needs to run, as far as they are installed. */
async function dependenciesOf(folder: string, places: readonly string[]): Promise<string[]> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const found = await Promise.all(namesIn(text).map((name) => installed(name, places)));
  return found.filter((real) => real !== undefined);
}

/** The package that Node would find: in the nearest place that has one of the name. */
async function installed(name: string, places: readonly string[]): Promise<string | undefined> {
  for (const place of places) {
    const real = await realpath(join(place, name)).catch(() => undefined);
    if (real === undefined) continue;
    // A link may lead to any folder; only a package is opened.
    return existsSync(join(real, 'package.json')) ? real : undefined;
  }
  return undefined;
}

// A connector writes these names itself: `../..` is none.
const packageName = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/;

function namesIn(text: string): string[] {
  try {
    const { dependencies, optionalDependencies, peerDependencies } = Object(JSON.parse(text)) as Record<string, object>;
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    return names.filter((name) => packageName.test(name));
  } catch {
    // Whoever wants to use it will say what is wrong with it.
    return [];
  }
}
