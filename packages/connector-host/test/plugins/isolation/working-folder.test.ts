import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { makeWorkingFolder } from '../../../src/plugins/isolation/working-folder.js';

// Above what Linux gives to processes.
const nobody = 2 ** 30;

test('a working folder goes when it is let go of; what a killed host left behind goes first, and nothing else does', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'folders-'));
  await mkdir(join(parent, `connectors-${nobody}-left`));
  await mkdir(join(parent, `connectors-${nobody}-full`));
  await writeFile(join(parent, `connectors-${nobody}-full`, 'file'), '');
  await mkdir(join(parent, `connectors-${process.pid}-used`));
  await mkdir(join(parent, 'connectors-of-mine'));
  const folder = makeWorkingFolder(parent);
  expect(existsSync(folder.path)).toBe(true);
  folder.remove();
  expect((await readdir(parent)).sort()).toEqual(
    [`connectors-${nobody}-full`, `connectors-${process.pid}-used`, 'connectors-of-mine'].sort(),
  );
  await rm(parent, { recursive: true });
});
