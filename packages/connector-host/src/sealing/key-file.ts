/** The file `master.key`: made whole or not at all, readable by its owner alone, replaced without a moment without a key. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type MasterKey, masterKeyOf, parseMasterKey } from './master-key.js';
import { SealingError } from './sealing-error.js';

const KEY_FILE = 'master.key';
const NEXT_PREFIX = 'master.key.next.';

/** A file for each next key, named by its id: two rotations cannot take each other's. */
function nextPath(dataDir: string, id: string): string {
  return join(dataDir, NEXT_PREFIX + id);
}

/** The key in the file, or `undefined` where there is no file. Throws `MASTER_KEY_EXPOSED` where others may read it. */
export async function readKeyFile(dataDir: string): Promise<MasterKey | undefined> {
  return read(join(dataDir, KEY_FILE));
}

/** Makes the file with a new key, unless another process was faster: then that one's key. */
export async function makeKeyFile(dataDir: string): Promise<MasterKey> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, KEY_FILE);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await write(draft, randomBytes(32));
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKeyFile(dataDir);
  if (made === undefined) throw new SealingError('MASTER_KEY_MISSING', `The file ${path} vanished as it was made.`);
  return made;
}

/** Writes the key of a rotation beside the present one; {@link adoptNextKey} puts it in place once the database has it. */
export async function writeNextKey(dataDir: string, key: Buffer): Promise<MasterKey> {
  const next = masterKeyOf(key, 'file');
  await rm(nextPath(dataDir, next.id), { force: true });
  await write(nextPath(dataDir, next.id), key);
  return next;
}

/** The key of this id that a rotation left beside the present one, where it did not get to its end. */
export async function readNextKey(dataDir: string, id: string): Promise<MasterKey | undefined> {
  return read(nextPath(dataDir, id));
}

/** Removes what rotations left that were cut off before the database took their keys. Only while no other rotation is under way. */
export async function dropNextKeys(dataDir: string): Promise<void> {
  const left = (await readdir(dataDir)).filter((name) => name.startsWith(NEXT_PREFIX));
  for (const name of left) await rm(join(dataDir, name), { force: true });
}

/**
 * Puts the next key in the place of the present one, in one step.
 * @param id of the next key. Another process that found the database ahead of the file may have put it there already.
 */
export async function adoptNextKey(dataDir: string, id: string): Promise<void> {
  try {
    await rename(nextPath(dataDir, id), join(dataDir, KEY_FILE));
  } catch (error) {
    const done = (error as NodeJS.ErrnoException).code === 'ENOENT' && (await readKeyFile(dataDir))?.id === id;
    if (!done) throw error;
  }
}

async function read(path: string): Promise<MasterKey | undefined> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new SealingError('MASTER_KEY_EXPOSED', `Others than the owner may use the master key file ${path}.`);
    }
    return parseMasterKey(await readFile(path, 'utf8'), 'file');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function write(path: string, key: Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${key.toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
