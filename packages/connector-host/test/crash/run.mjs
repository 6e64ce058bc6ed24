/** Starts the long form of the crash test: bundles it, since Node 20 runs no TypeScript, and runs it. */
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
// Below the package, so that packages are found from there.
const folder = join(here, '..', '..', 'dist', 'test');
const file = join(folder, `crash-${process.pid}.mjs`);
await mkdir(folder, { recursive: true });
await build({
  entryPoints: [join(here, 'main.ts')],
  outfile: file,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
});
try {
  await import(pathToFileURL(file).href);
} finally {
  await rm(file, { force: true });
}
