import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ConnectorManifest } from 'connector-contract';
import { isInside, type PluginPackage, Refusal } from 'connector-contract/loading';
import { moduleResolve } from 'import-meta-resolve';

/**
 * Where the manifest's entry lies: resolved by the package's own `exports`, as an import by its users would be, and never
 * outside of the package.
 * @returns a file URL.
 * @throws Refusal
 */
export async function resolveEntry(plugin: PluginPackage, manifest: ConnectorManifest): Promise<URL> {
  const { module: subpath } = manifest.entry;
  const specifier = subpath === '.' ? plugin.name : `${plugin.name}/${subpath.replace(/^\.\//, '')}`;
  const path = resolveExport(plugin, specifier, subpath);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined)
    throw new Refusal('ENTRY_MISSING', `The entry ${subpath} of package ${plugin.name} does not exist.`);
  if (!isInside(plugin.directory, real)) {
    throw new Refusal('ENTRY_OUTSIDE_PACKAGE', `The entry ${subpath} leads out of package ${plugin.name}.`);
  }
  return pathToFileURL(real);
}

function resolveExport(plugin: PluginPackage, specifier: string, subpath: string): string {
  // A package that imports itself by name goes through its own `exports`; that is the resolution that is wanted here.
  const base = pathToFileURL(join(plugin.directory, 'package.json'));
  try {
    const url = moduleResolve(specifier, base, new Set(['node', 'import']));
    if (url.protocol === 'file:') return fileURLToPath(url);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT') {
      throw new Refusal('ENTRY_MISSING', `The entry ${subpath} of package ${plugin.name} does not exist.`);
    }
    throw new Refusal('ENTRY_NOT_EXPORTED', `Package ${plugin.name} does not export ${subpath}.`);
  }
  throw new Refusal('ENTRY_OUTSIDE_PACKAGE', `The entry ${subpath} of package ${plugin.name} is not a file.`);
}
