/** Migrations are generated from the tables: whoever changes one has generated it, too. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);
const host = fileURLToPath(new URL('../..', import.meta.url));
const command = fileURLToPath(new URL('../../../../node_modules/drizzle-kit/bin.cjs', import.meta.url));

test('the committed migrations make what the tables say', async () => {
  const out = await mkdtemp(join(tmpdir(), 'migrations-'));
  await cp(join(host, 'migrations'), out, { recursive: true });
  const committed = await readdir(out);
  const flags = ['--dialect', 'postgresql', '--schema', 'src/store/schema.ts', '--out', relative(host, out)];
  await run(process.execPath, [command, 'generate', ...flags], { cwd: host });
  expect(await readdir(out)).toEqual(committed);
  await rm(out, { recursive: true, force: true });
});
