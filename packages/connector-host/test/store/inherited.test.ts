/** What the embedded server is given of the host, which is nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { readPostmaster } from '../../src/store/embedded/postmaster.js';

const dist = (name: string) => JSON.stringify(fileURLToPath(new URL(`../../dist/${name}`, import.meta.url)));

/** A host that uses a server of its own until its standard input ends. */
const script = (dataDir: string) => `
  const { joinServer } = await import(${dist('store/embedded/server.js')});
  const { openLog } = await import(${dist('log.js')});
  const server = await joinServer({ dataDir: ${JSON.stringify(dataDir)}, log: openLog({ level: 'fatal' }) });
  console.log('ready');
  process.stdin.resume().on('end', () => void server.leave());`;

const heldBy = async (pid: number) =>
  Promise.all((await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));

// Only there a process can be asked what it holds.
if (process.platform === 'linux')
  test('the database server is given no descriptor that the host was started with', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'connector-host-inherited-'));
    const secret = fileURLToPath(import.meta.url);
    const kept = openSync(secret, 'r');
    const stdio: ('ignore' | 'pipe' | 'inherit' | number)[] = ['pipe', 'pipe', 'inherit'];
    while (stdio.length < 40) stdio.push('ignore');
    const args = ['--input-type=module', '-e', script(dataDir)];
    const host = spawn(process.execPath, args, { stdio: [...stdio, kept] });
    closeSync(kept);
    try {
      if (host.stdout === null) throw new Error('The host has no output');
      await once(createInterface({ input: host.stdout }), 'line');
      expect(await heldBy(host.pid ?? 0)).toContain(secret);
      const file = join(dataDir, 'database', 'cluster', 'postmaster.pid');
      expect(await heldBy(readPostmaster(await readFile(file, 'utf8'))?.pid ?? 0)).not.toContain(secret);
    } finally {
      host.stdin?.end();
      await once(host, 'exit');
      await rm(dataDir, { recursive: true, force: true });
    }
  });
