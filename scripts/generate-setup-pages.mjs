// Writes a connector's set-up page from its manifest. `--check` only says whether it is current.
import { readFile, writeFile } from 'node:fs/promises';
import { manifestMarkdown, parseManifest } from 'connector-contract';

const pages = [
  { manifest: 'manifests/segment-config.json', page: 'SETUP.md' },
  { manifest: 'packages/opendsr-connector/manifests/opendsr.json', page: 'packages/opendsr-connector/SETUP.md' },
];
const root = new URL('../', import.meta.url);

for (const { manifest, page } of pages) {
  const parsed = parseManifest(JSON.parse(await readFile(new URL(manifest, root), 'utf8')));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues, null, 2));
  const text = manifestMarkdown(parsed.manifest);
  const target = new URL(page, root);
  if (!process.argv.includes('--check')) {
    await writeFile(target, text);
  } else if ((await readFile(target, 'utf8')) !== text) {
    console.error(`${page} is not what the manifest says: run npm run generate`);
    process.exitCode = 1;
  }
}
