// Writes the connectors' set-up pages from their manifests. `--check` only says whether they are current.
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { manifestMarkdown, parseManifest } from 'connector-contract';
import { packages } from './packages.mjs';

const connectors = ['.', ...packages].filter((folder) => existsSync(`${folder}/manifests`));

for (const folder of connectors) {
  const [name] = readdirSync(`${folder}/manifests`);
  const parsed = parseManifest(JSON.parse(await readFile(`${folder}/manifests/${name}`, 'utf8')));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues, null, 2));
  const text = manifestMarkdown(parsed.manifest);
  const page = `${folder}/SETUP.md`;
  if (!process.argv.includes('--check')) {
    await writeFile(page, text);
  } else if ((await readFile(page, 'utf8')) !== text) {
    console.error(`${page} is not what the manifest says: run npm run generate`);
    process.exitCode = 1;
  }
}
