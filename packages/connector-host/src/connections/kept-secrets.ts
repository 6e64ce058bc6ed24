/**
 * What is kept with a connection from call to call: sealed under its own key, one row a name, shared by all processes, bounded. Where the
 * connection is pointed at another place, what was kept for the one before is gone.
 */
import { type ConnectionSecrets, ConnectorFault, type KeptSecret, SECRET_LIMITS } from 'connector-contract';
import { and, count, eq, like, ne, not } from 'drizzle-orm';
import { SealingError } from '../sealing/sealing-error.js';
import type { Database, Queryable } from '../store/database.js';
import { connectionSecrets, connections } from '../store/schema.js';
import { heldRow } from './rows.js';
import type { Vault } from './vault.js';

/** Names with a dot are the host's own: a connector can neither read nor write them. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_NAME = 64;

type KeptRow = typeof connectionSecrets.$inferSelect;

/** Where something is kept. */
export interface KeptAt {
  readonly connection: string;
  readonly place: string;
}

function at({ connection, place }: KeptAt, name: string) {
  return and(
    eq(connectionSecrets.connection, connection),
    eq(connectionSecrets.place, place),
    eq(connectionSecrets.name, name),
  );
}

/** What is kept with connections. */
export class KeptSecrets {
  constructor(
    private readonly db: Database,
    private readonly vault: Vault,
  ) {}

  /** Reads it. Undefined where there is none. Throws SealingError. */
  async get(where: KeptAt, name: string): Promise<KeptSecret | undefined> {
    const row = await this.read(where, name);
    if (row === undefined) return undefined;
    try {
      return await this.opened(row);
    } catch (error) {
      if (!(error instanceof SealingError) || error.code !== 'DATA_KEY_UNKNOWN') throw error;
      // Its key may have been replaced after the row was read: then the row is sealed under the new one.
      const now = await this.read(where, name);
      if (now === undefined || now.sealed.equals(row.sealed)) throw error;
      return this.opened(now);
    }
  }

  private async read(where: KeptAt, name: string): Promise<KeptRow | undefined> {
    const [row] = await this.db.orm.select().from(connectionSecrets).where(at(where, name));
    return row;
  }

  private async opened({ connection, place, name, version, sealed }: KeptRow): Promise<KeptSecret> {
    return { value: await this.vault.openKept(connection, within(place, name), sealed), version };
  }

  /** Writes it over the version that was seen; undefined where that is no longer the one. Throws SealingError. */
  async put(where: KeptAt, name: string, value: string, seen?: number): Promise<number | undefined> {
    return this.db.orm.transaction(async (tx) => {
      if (!(await isThere(tx, where.connection))) return undefined;
      const sealed = await this.vault.sealKept(tx, where.connection, within(where.place, name), value);
      const version = (seen ?? 0) + 1;
      if (seen === undefined) {
        const row = { ...where, name, version, sealed };
        const made = await tx
          .insert(connectionSecrets)
          .values(row)
          .onConflictDoNothing()
          .returning({ version: connectionSecrets.version });
        if (made.length === 0) return undefined;
        if ((await many(tx, where)) > SECRET_LIMITS.names) throw bug('it has kept as many values as it may');
        return version;
      }
      const changed = await tx
        .update(connectionSecrets)
        .set({ version, sealed })
        .where(and(at(where, name), eq(connectionSecrets.version, seen)))
        .returning({ version: connectionSecrets.version });
      return changed[0]?.version;
    });
  }

  /**
   * As a connector gets it.
   * @param told hears each value that a connector has had in its hands.
   */
  forConnector(where: KeptAt, told: (value: string) => void): ConnectionSecrets {
    return {
      get: async (name) => {
        const kept = await this.get(where, named(name));
        if (kept !== undefined) told(kept.value);
        return kept;
      },
      put: async (name, value, seen) => {
        if (typeof value !== 'string' || value.length > SECRET_LIMITS.characters) {
          throw bug(`a value has more than ${SECRET_LIMITS.characters} characters, or is no text`);
        }
        if (seen !== undefined && !Number.isSafeInteger(seen)) throw bug('a version is no number that it was given');
        told(value);
        return this.put(where, named(name), value, seen);
      },
    };
  }
}

/** What a sealed value is bound to, beside its connection. */
function within(place: string, name: string): string {
  return `${place}/${name}`;
}

/** Whether something may be kept: a connection that is removed keeps nothing, one that is being made may. */
async function isThere(tx: Queryable, connection: string): Promise<boolean> {
  if ((await heldRow(tx, connection)) !== undefined) return true;
  const [row] = await tx.select({ id: connections.id }).from(connections).where(eq(connections.id, connection));
  return row === undefined;
}

async function many(tx: Queryable, { connection, place }: KeptAt): Promise<number> {
  const own = and(eq(connectionSecrets.connection, connection), eq(connectionSecrets.place, place));
  const [found] = await tx
    .select({ names: count() })
    .from(connectionSecrets)
    .where(and(own, not(like(connectionSecrets.name, '%.%'))));
  return found?.names ?? 0;
}

function named(name: unknown): string {
  if (typeof name === 'string' && NAME.test(name) && name.length <= LONGEST_NAME) return name;
  throw bug('a name is not of lower case words joined by hyphens');
}

function bug(what: string): ConnectorFault {
  return ConnectorFault.of('CONNECTOR_BUG', `The connector cannot keep this with its connection: ${what}.`);
}

/** Forgets what is kept with a connection. @param but the place for which it stays. */
export async function dropKept(tx: Queryable, connection: string, but?: string): Promise<void> {
  const others = but === undefined ? undefined : ne(connectionSecrets.place, but);
  await tx.delete(connectionSecrets).where(and(eq(connectionSecrets.connection, connection), others));
}

/** Everything that is kept with a connection, locked until the transaction ends. */
export async function keptRows(
  tx: Queryable,
  connection: string,
): Promise<readonly (KeptRow & { readonly bind: string })[]> {
  const rows = await tx
    .select()
    .from(connectionSecrets)
    .where(eq(connectionSecrets.connection, connection))
    .for('update');
  return rows.map((row) => ({ ...row, bind: within(row.place, row.name) }));
}

/** Stores what was sealed anew, in the order of the rows. */
export async function storeResealed(
  tx: Queryable,
  connection: string,
  rows: readonly KeptRow[],
  anew: readonly Buffer[],
): Promise<void> {
  for (const [index, { place, name }] of rows.entries()) {
    await tx
      .update(connectionSecrets)
      .set({ sealed: anew[index] as Buffer })
      .where(at({ connection, place }, name));
  }
}
