/** Which folders a connector's process may read: code, and nothing of the host's. */
import { existsSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { isInside } from 'connector-contract/loading';

/**
 * The folders and files that a package needs to run: its own, the `node_modules` that Node looks through for it, and the packages
 * among its dependencies, and theirs, that are only linked into these. Entries of a package whose names begin with a dot, where
 * data and credentials are kept, are left out, as is whatever holds a secret folder. A dependency that no `package.json` names is
 * open only where it lies in such a `node_modules` itself. Of a package in a folder of its own only what it publishes is open, where its
 * `files` say so. Links that lead to what is not open are closed: reading follows them. They are looked for in the packages and among
 * the entries of `node_modules`; what a package manager unpacks holds none.
 * @param directory real path of the package.
 * @param secret real paths that must stay closed, such as the host's data folder.
 * @param besides what the process may read anyway.
 * @returns absolute paths, none inside another; a folder stands for all that is in it, a link for itself alone.
 */
export async function readingRights(
  directory: string,
  secret: readonly string[],
  besides: readonly string[] = [],
): Promise<string[]> {
  const { rights, packages, places } = await openWays(directory, secret);
  const own = outermost(rights);
  const open = [...own, ...besides];
  const leaving = await leavingLinks(await linksIn(packages, places), open, secret);
  if (leaving.size === 0) return own;
  const { rights: others } = await openWays(directory, [...secret, ...leaving.keys()]);
  // The link itself shows where a package is of which a part is open; what is behind it is open by its real path alone.
  const shown = [...leaving].filter(([, target]) => target !== undefined && open.some((one) => isInside(target, one)));
  return outermost([...others, ...shown.map(([link]) => link)]);
}

/**
 * The same for a process behind the wall, where links lead to nothing but what is shown: they are left as they are, and folders whole.
 * That matters, since showing a thousand paths takes seconds.
 */
export async function shownFolders(directory: string, secret: readonly string[]): Promise<string[]> {
  return outermost((await openWays(directory, secret)).rights);
}

interface Ways {
  readonly rights: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
  /** Each `node_modules` that was looked through. */
  readonly places: ReadonlySet<string>;
}

async function openWays(directory: string, secret: readonly string[]): Promise<Ways> {
  const rights = new Set<string>();
  const looked = new Set<string>();
  const modules = new Set<string>();
  const seen = new Set([directory]);
  const open = async (folder: string, opened: Promise<string[]>) => {
    looked.add(folder);
    for (const path of await opened) rights.add(path);
  };
  // From each package to what it depends on, step by step.
  for (let found = [directory]; found.length > 0; ) {
    const places = found.map(modulesAbove);
    for (const place of places.flat()) modules.add(place);
    const news = new Set(places.flat().filter((place) => !looked.has(place)));
    await Promise.all([...news].map((place) => open(place, openFolder(place, secret))));
    const apart = found.filter((folder, at) => !places[at]?.some((place) => isInside(place, folder)));
    await Promise.all(apart.map((folder) => open(folder, openPublished(folder, secret))));
    const next = await Promise.all(found.map((folder, at) => dependenciesOf(folder, places[at] ?? [])));
    found = [...new Set(next.flat())].filter((folder) => !seen.has(folder));
    for (const folder of found) seen.add(folder);
  }
  return { rights, packages: seen, places: modules };
}

/** Links in packages, however deep, and among the entries of `node_modules` and its scopes. */
async function linksIn(packages: ReadonlySet<string>, places: ReadonlySet<string>): Promise<string[]> {
  const links: string[] = [];
  const look = async (folder: string, goesOn: (name: string) => boolean): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) links.push(path);
      else if (entry.isDirectory() && goesOn(entry.name)) await look(path, goesOn);
    }
  };
  // Its own node_modules are among the places.
  await Promise.all([...packages].map((folder) => look(folder, (name) => name !== 'node_modules' && name !== '.git')));
  await Promise.all([...places].map((folder) => look(folder, (name) => name.startsWith('@') || name === '.bin')));
  return links;
}

/** Those that lead to what is not open, or not as a whole, or nowhere yet; with where they lead. */
async function leavingLinks(
  links: readonly string[],
  open: readonly string[],
  secret: readonly string[],
): Promise<Map<string, string | undefined>> {
  const isOpen = (path: string) =>
    open.some((one) => one === path || isInside(one, path)) &&
    !secret.some((one) => one === path || isInside(one, path));
  const readable = links.filter(isOpen);
  const targets = await Promise.all(readable.map((link) => realpath(link).catch(() => undefined)));
  const all = readable.map((link, at) => [link, targets[at]] as const);
  return new Map(all.filter(([, target]) => target === undefined || !isOpen(target)));
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

/** Of a package that says what it publishes no more than that: what lies beside it is its author's, or the operator's. */
async function openPublished(folder: string, secret: readonly string[]): Promise<string[]> {
  const { files, main } = await packageJson(folder);
  if (!Array.isArray(files) || files.some((one) => typeof one !== 'string' || /^(?:\.\/)?[*?[{]/.test(one))) {
    return openPackage(folder, secret);
  }
  const tops = [...(files as string[]), ...(typeof main === 'string' ? [main] : [])].map(
    (path) => path.replace(/^(?:\.?\/)+/, '').split('/')[0] ?? '',
  );
  const published = new Set([...tops, 'package.json', 'node_modules']);
  return openFolder(folder, secret, (name) => !name.startsWith('.') && published.has(name));
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
  const names = namesIn(await packageJson(folder));
  const found = await Promise.all(names.map((name) => installed(name, places)));
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

function namesIn({ dependencies, optionalDependencies, peerDependencies }: PackageJson): string[] {
  const names = Object.keys({ ...Object(dependencies), ...Object(optionalDependencies), ...Object(peerDependencies) });
  return names.filter((name) => packageName.test(name));
}

type PackageJson = Readonly<
  Partial<Record<'dependencies' | 'optionalDependencies' | 'peerDependencies' | 'files' | 'main', unknown>>
>;

async function packageJson(folder: string): Promise<PackageJson> {
  try {
    return Object(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))) as PackageJson;
  } catch {
    // Whoever wants to use it will say what is wrong with it.
    return {};
  }
}
