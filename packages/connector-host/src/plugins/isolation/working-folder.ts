import { lstatSync, mkdtempSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Begins the name of every folder; the id of the host's process follows. */
const prefix = 'connectors-';

/** Begins the name of every socket in a folder of doors. */
const doorPrefix = 'door-';

/** A folder that goes with this process. */
interface OwnFolder {
  readonly path: string;
  /** Removes it sooner. */
  remove(): void;
}

/**
 * Makes a folder for connectors' processes to stand in. It is empty and stays so, since none of them may write; it goes with this
 * process, and one that a killed host has left behind goes now.
 * @returns its path, and how to remove it sooner.
 */
export function makeWorkingFolder(parent = tmpdir()): OwnFolder {
  for (const name of readdirSync(parent)) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) removeFolder(join(parent, name));
  }
  return makeFolder(parent);
}

/**
 * Makes a folder for the doors of connectors behind the wall, which this account alone may enter. It goes as the other does.
 * @returns paths for sockets, one after the other, and how to remove it sooner.
 */
export function makeDoorFolder(parent = tmpdir()): { next(): string; remove(): void } {
  const { path, remove } = makeFolder(parent);
  let made = 0;
  return {
    next: () => {
      made += 1;
      return join(path, `${doorPrefix}${made}`);
    },
    remove,
  };
}

function makeFolder(parent: string): OwnFolder {
  const path = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  const atExit = () => removeFolder(path);
  process.once('exit', atExit);
  return {
    path,
    remove: () => {
      process.removeListener('exit', atExit);
      removeFolder(path);
    },
  };
}

/** With the sockets in it, and only if nothing else is there. */
function removeFolder(path: string): void {
  try {
    for (const name of readdirSync(path)) {
      const file = join(path, name);
      if (name.startsWith(doorPrefix) && lstatSync(file).isSocket()) unlinkSync(file);
    }
    rmdirSync(path);
  } catch {
    // Somebody else's, or gone already: what is left harms nobody.
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
