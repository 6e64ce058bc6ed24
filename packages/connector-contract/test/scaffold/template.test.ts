import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);
const template = fileURLToPath(new URL('../../templates/connector', import.meta.url));

test('the template is correct TypeScript as it lies there', async () => {
  const tsc = createRequire(import.meta.url)
    .resolve('@typescript/native/package.json')
    .replace('package.json', 'bin/tsc');
  const said = await run(process.execPath, [tsc, '-p', template, '--noEmit']).catch(
    (error: { stdout: string }) => error,
  );
  expect(said.stdout).toBe('');
});
