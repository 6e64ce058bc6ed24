import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const register = new URL('../../../test/jest/register.mjs', import.meta.url).href;

/**
 * Starts a program of the tests, in TypeScript, as a process of its own.
 * @param program its address.
 * @param env all of its environment.
 */
export function startProgram(program: URL, env: NodeJS.ProcessEnv): ChildProcessByStdio<Writable, Readable, null> {
  return spawn(process.execPath, ['--no-warnings', '--import', register, fileURLToPath(program)], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
