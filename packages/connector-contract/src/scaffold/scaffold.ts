import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifestMarkdown, parseManifest } from '../manifest/index.js';
import type { ConnectorName } from './name.js';

/** A package that builds and keeps the contract as it is; its names are what gets replaced. */
const template = fileURLToPath(new URL('../../templates/connector/', import.meta.url));

/** Names that a package cannot carry as they are: npm leaves a `.gitignore` out of what it packs, and a `package.json` further down confuses tools. */
const renamed: Readonly<Record<string, string>> = { gitignore: '.gitignore', 'package.template.json': 'package.json' };

/** What stands in the way of writing into a folder, in words; `undefined` where nothing does. */
export async function folderProblem(folder: string): Promise<string | undefined> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return `${folder} is a file: name a folder.`;
  const entries = await readdir(folder);
  return entries.length === 0
    ? undefined
    : `${folder} is not empty (${entries.slice(0, 3).join(', ')}): name a new or an empty folder. Nothing was written.`;
}

/**
 * Writes a new connector into a folder, which is made where it is missing.
 * @returns the paths of the files written, relative to the folder, in order.
 */
export async function writeConnector(folder: string, name: ConnectorName): Promise<readonly string[]> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(template.length));
  const written = new Map<string, string>();
  for (const file of files) {
    const path = (renamed[file] ?? file).replace('my-connector', name.id);
    written.set(path, named(await readFile(join(template, file), 'utf8'), name, path));
  }
  written.set('SETUP.md', setupPage(written.get(`manifests/${name.id}.json`) ?? ''));
  for (const [path, text] of written) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: 'wx' });
  }
  return [...written.keys()].sort();
}

/** A text of the template with the connector's own names. */
function named(text: string, { packageName, id, title }: ConnectorName, path: string): string {
  const own = text.replaceAll('my-connector', id).replaceAll('My Connector', title);
  return path === 'package.json' ? own.replace(`"name": "${id}"`, `"name": "${packageName}"`) : own;
}

function setupPage(manifest: string): string {
  const parsed = parseManifest(JSON.parse(manifest));
  if (!parsed.ok) throw new Error(`The template's manifest is not in order: ${JSON.stringify(parsed.issues)}`);
  return manifestMarkdown(parsed.manifest);
}
