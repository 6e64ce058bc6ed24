import { adoptNextKey, makeKeyFile, readKeyFile, readNextKey } from './key-file.js';
import { givenMasterKey, type MasterKey, type MasterKeyOptions } from './master-key.js';
import { SealingError } from './sealing-error.js';

/**
 * Finds the master key that the database was written with, or makes the first one.
 * @param expected the master key id that the database's data keys are wrapped by; undefined where it has none yet.
 * @throws SealingError `MASTER_KEY_MISSING` or `MASTER_KEY_WRONG`: never a new key for an old database.
 */
export async function openMasterKey(options: MasterKeyOptions, expected: string | undefined): Promise<MasterKey> {
  const given = await givenMasterKey(options);
  if (given !== undefined) return matching(given, expected);
  let kept = await readKeyFile(options.dataDir);
  if (expected !== undefined && kept?.id !== expected) {
    const next = await readNextKey(options.dataDir, expected);
    // A rotation that was cut off after the database took the new key: its last step is made up for.
    if (next !== undefined) {
      await adoptNextKey(options.dataDir, next.id);
      return next;
    }
    // Where the rotation is under way, its last step may have been made between these two looks.
    kept = await readKeyFile(options.dataDir);
  }
  if (kept !== undefined) return matching(kept, expected);
  if (expected !== undefined) {
    throw new SealingError(
      'MASTER_KEY_MISSING',
      `This database is sealed under master key ${expected}, and ${options.dataDir} holds no master key.`,
    );
  }
  return makeKeyFile(options.dataDir);
}

function matching(master: MasterKey, expected: string | undefined): MasterKey {
  if (expected === undefined || master.id === expected) return master;
  throw new SealingError(
    'MASTER_KEY_WRONG',
    `This database is sealed under master key ${expected}; the ${master.source} gives master key ${master.id}.`,
  );
}
