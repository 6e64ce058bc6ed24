/** What CI runs beside the whole: a path that is not there would run nothing, and pass. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

test('every test that CI names is there', () => {
  const words = readFileSync(new URL('../.ci/run', import.meta.url), 'utf8').match(/(?<=\s)packages\/[\w./{},*-]+/g);
  const paths = execFileSync('bash', ['-c', `printf '%s\\n' ${words?.join(' ')}`], { cwd: root, encoding: 'utf8' });
  const named = paths.trim().split('\n');
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
});
