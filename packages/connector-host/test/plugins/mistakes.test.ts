/** Mistakes of an author: each is told by its name, with the place and the remedy. */
import { cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fixture, loadFixtures } from './fixtures.js';

test('a dependency that is not installed is told with where it was looked for', async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'mistakes-')));
  await cp(fixture('plain'), root, { recursive: true });
  await writeFile(join(root, 'index.js'), "import 'a-package-that-is-not-installed';");
  const registry = await loadFixtures([], { roots: [root], isolation: 'process' });
  const [listing] = registry.list();
  await registry.close();
  await rm(root, { recursive: true });
  expect(listing).toMatchObject({
    code: 'IMPORT_FAILED',
    reason: expect.stringMatching(/a-package-that-is-not-installed/),
    remedy: expect.stringContaining('install what it depends on'),
  });
  expect(listing?.reason).not.toContain('Access to this API has been restricted');
});
