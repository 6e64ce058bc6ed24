/** Finds installed packages that say they hold connectors. Reads package.json files and nothing else. */
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type PluginPackage, readPackage } from 'connector-contract/loading';

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
