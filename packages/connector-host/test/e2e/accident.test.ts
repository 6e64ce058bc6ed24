/** What becomes of a host in which something was thrown that nothing caught. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { testDatabase } from '../postgres.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

test.each([
  ['an error', 'setImmediate(() => { throw new Error("by accident"); })'],
  ['a rejection', 'Promise.reject(new Error("by accident"))'],
  ['an object that is no error', 'setImmediate(() => { throw { toString: 0 }; })'],
])('%s that nothing caught is logged, and the host drains and ends with a code of its own', async (_what, accident) => {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'accident-'));
  const trigger = `data:text/javascript,process.on("SIGUSR2",()=>{${encodeURIComponent(accident)}})`;
  const flags = ['--port', '0', '--data-dir', folder, '--root', folder];
  const host = spawn(process.execPath, ['--import', trigger, main, 'serve', ...flags], {
    env: { PATH: process.env['PATH'], CONNECTOR_HOST_DATABASE_URL: database.url },
  });
  let log = '';
  host.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  host.kill('SIGUSR2');
  expect(await once(host, 'close')).toEqual([70, null]);
  expect(log).toContain('An error that nothing caught');
  // Its sessions were given back, not left for the database to find out.
  await database.drop();
  await rm(folder, { recursive: true });
});
