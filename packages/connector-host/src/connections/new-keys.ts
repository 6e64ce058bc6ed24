import type { Actor } from '../access/roles.js';
import { present } from '../clock.js';
import { SealingError } from '../sealing/sealing-error.js';
import { appendEvents } from '../timeline.js';
import { keptRows, storeResealed } from './kept-secrets.js';
import type { OpeningParts } from './opening.js';
import { allRows, changeRow, lockedRow } from './rows.js';

/** What became of the data keys of connections. */
export interface KeysReplaced {
  /** Connections whose credentials stand under a new key. */
  readonly dataKeys: number;
  /** Connections that keep their old key, because their credentials do not open, and why. */
  readonly failed: readonly { readonly connection: string; readonly name: string; readonly message: string }[];
}

/**
 * Gives each connection a new data key: its credentials are sealed anew and the old key is destroyed, in one transaction for each. Cut
 * off at any point, every connection has one key or the other, whole; run again, it begins anew.
 */
export async function replaceKeys(
  { db, clock, vault }: Pick<OpeningParts, 'db' | 'clock' | 'vault'>,
  actor: Actor,
): Promise<KeysReplaced> {
  let dataKeys = 0;
  const failed: { connection: string; name: string; message: string }[] = [];
  for (const { id, name } of await allRows(db.orm)) {
    try {
      const replaced = await db.orm.transaction(async (tx) => {
        const row = await lockedRow(tx, id);
        if (row === undefined || row.secrets === null) return 0;
        const at = present(clock);
        const kept = await keptRows(tx, id);
        const anew = await vault.reseal(tx, id, row.secrets, kept, at);
        await changeRow(tx, id, { secrets: anew.secrets });
        await storeResealed(tx, id, kept, anew.kept);
        await appendEvents(tx, [{ at, kind: 'keys.data_rotated', connection: id, actor: actor.id }]);
        return 1;
      });
      dataKeys += replaced;
    } catch (error) {
      if (!(error instanceof SealingError) || !brokenAlone.has(error.code)) throw error;
      failed.push({ connection: id, name, message: error.message });
    }
  }
  // The old versions of the rows held the old keys, wrapped, and what they sealed.
  await db.pool.query('vacuum connector_host.data_keys, connector_host.connections, connector_host.connection_secrets');
  return { dataKeys, failed };
}

/** Faults of one connection's sealed credentials; any other is one of the master key, and of all connections. */
const brokenAlone: ReadonlySet<string> = new Set(['SEAL_BROKEN', 'DATA_KEY_UNKNOWN']);
