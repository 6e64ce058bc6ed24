import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../..', import.meta.url));

test('the template is correct TypeScript once its manifest is made into a module', async () => {
  // Below the repository, where its packages are found.
  const cache = join(root, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'template-'));
  try {
    await cp(join(root, 'packages/connector-contract/templates/connector'), folder, { recursive: true });
    const kit = join(root, 'packages/connector-kit/bin/connector-kit.js');
    await run(process.execPath, [kit, 'manifest', 'manifests/my-connector.json', 'src/manifest.ts'], { cwd: folder });
    const tsc = createRequire(import.meta.url)
      .resolve('@typescript/native/package.json')
      .replace('package.json', 'bin/tsc');
    const said = await run(process.execPath, [tsc, '-p', folder, '--noEmit']).catch(
      (error: { stdout: string }) => error,
    );
    expect(said.stdout).toBe('');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
