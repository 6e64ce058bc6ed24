import { cp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Copies an installed package and everything it depends on into `folder/node_modules`, so that code in `folder` gets a copy of its own.
 * @param from a file or folder from which the package is found.
 */
export async function copyPackage(name: string, from: string, folder: string, done = new Set<string>()): Promise<void> {
  if (done.has(name)) return;
  done.add(name);
  const source = await packageFolder(name, from);
  const filter = (path: string): boolean => !/\.(map|d\.[cm]?ts)$/.test(path);
  await cp(source, join(folder, 'node_modules', name), { recursive: true, dereference: true, filter });
  const { dependencies = {} } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  for (const dependency of Object.keys(dependencies)) await copyPackage(dependency, source, folder, done);
}

/** Where a package is, looked for as Node does; its `exports` have no say in it. */
async function packageFolder(name: string, from: string): Promise<string> {
  const places = createRequire(join(from, 'any.js')).resolve.paths(name) ?? [];
  for (const place of places) {
    const folder = join(place, name);
    const found = await readFile(join(folder, 'package.json')).catch(() => undefined);
    if (found !== undefined) return folder;
  }
  throw new Error(`The package ${name} is not installed beside connector-contract, nor above it (${dirname(from)}).`);
}
