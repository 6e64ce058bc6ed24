/** Finds installed packages that say they hold connectors. Reads package.json files and nothing else. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from './refusal.js';

/** A package with the keyword `connector-plugin`, or one that seems to be meant so and cannot be read. */
export interface PluginPackage {
  readonly name: string;
  readonly version: string;
  /** Real path of the package's folder. */
  readonly directory: string;
  /** Paths as `connector.manifests` gives them. */
  readonly manifests: readonly string[];
  /** Set where the package itself is unusable. */
  readonly refusal?: Refusal;
}

const KEYWORD = 'connector-plugin';
// As much of a declaration as can be told without parsing every package.json of an installation.
const declaring = /"connector"\s*:\s*\{\s*"manifests"/;

/**
 * Looks at each root itself, at `node_modules/*` and at `node_modules/@scope/*` in it. A linked package counts once, where it
 * really lies.
 * @param roots folders of projects; one that does not exist holds nothing.
 */
export async function discoverPackages(roots: readonly string[]): Promise<PluginPackage[]> {
  const seen = new Set<string>();
  const found: PluginPackage[] = [];
  for (const root of roots) {
    for (const folder of await candidates(root)) {
      const directory = await realpath(folder).catch(() => undefined);
      if (directory === undefined || seen.has(directory)) continue;
      seen.add(directory);
      const plugin = await readPackage(directory);
      if (plugin !== undefined) found.push(plugin);
    }
  }
  return found;
}

async function candidates(root: string): Promise<string[]> {
  const modules = join(root, 'node_modules');
  const names = (await folderNames(modules)).filter((name) => !name.startsWith('.'));
  const nested = names
    .filter((name) => name.startsWith('@'))
    .map(async (scope) => (await folderNames(join(modules, scope))).map((name) => join(modules, scope, name)));
  const plain = names.filter((name) => !name.startsWith('@')).map((name) => join(modules, name));
  return [root, ...plain, ...(await Promise.all(nested)).flat()];
}

async function folderNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

async function readPackage(directory: string): Promise<PluginPackage | undefined> {
  const path = join(directory, 'package.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined || !(text.includes(KEYWORD) || declaring.test(text))) return undefined;
  const fallback = { name: directory, version: '0.0.0', directory, manifests: [] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ...fallback, refusal: new Refusal('PACKAGE_UNREADABLE', `The file ${path} is not valid JSON.`) };
  }
  const { name, version, keywords, connector } = (typeof json === 'object' && json !== null ? json : {}) as Record<
    string,
    unknown
  >;
  const known = {
    ...fallback,
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof version === 'string' ? { version } : {}),
  };
  const manifests = (connector as { manifests?: unknown } | undefined | null)?.manifests;
  if (!Array.isArray(keywords) || !keywords.includes(KEYWORD)) {
    if (manifests === undefined) return undefined;
    const reason = `The file ${path} names manifests of connectors, and has not the keyword ${KEYWORD}.`;
    return { ...known, refusal: new Refusal('KEYWORD_MISSING', reason) };
  }
  if (!Array.isArray(manifests) || manifests.length === 0 || !manifests.every((one) => typeof one === 'string')) {
    return { ...known, refusal: new Refusal('MANIFEST_NOT_DECLARED', `The file ${path} names no manifest.`) };
  }
  return { ...known, manifests };
}
