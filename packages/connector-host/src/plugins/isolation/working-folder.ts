import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Begins the name of every working folder; the id of the host's process follows. */
const prefix = 'connectors-';

/**
 * Makes a folder for connectors' processes to stand in. It is empty and stays so, since none of them may write; it goes with this
 * process, and one that a killed host has left behind goes now.
 * @returns its path, and how to remove it sooner.
 */
export function makeWorkingFolder(parent = tmpdir()): { readonly path: string; remove(): void } {
  for (const name of readdirSync(parent)) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) removeEmpty(join(parent, name));
  }
  const path = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  const atExit = () => removeEmpty(path);
  process.once('exit', atExit);
  return {
    path,
    remove: () => {
      process.removeListener('exit', atExit);
      removeEmpty(path);
    },
  };
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Somebody else's, or gone already: an empty folder harms nobody.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
