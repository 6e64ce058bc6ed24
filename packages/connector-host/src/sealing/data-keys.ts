import { randomBytes } from 'node:crypto';
import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { dataKeys } from '../store/schema.js';
import { type MasterKey, wrappingKey } from './master-key.js';
import { type DataKey, newKeyId, openWith, sealWith } from './seal.js';
import { SealingError } from './sealing-error.js';

type Row = typeof dataKeys.$inferSelect;

/** A data key as it lies in the database, wrapped. */
export type WrappedKey = Row & { readonly wrapped: Buffer };

/** The master key id that the database's data keys are wrapped by; undefined where it has none. */
export async function masterKeyIdInUse(db: Queryable): Promise<string | undefined> {
  const [row] = await db
    .select({ id: dataKeys.masterKeyId })
    .from(dataKeys)
    .where(isNotNull(dataKeys.wrapped))
    .orderBy(dataKeys.masterKeyId)
    .limit(1);
  return row?.id;
}

/** The key that seals for a purpose now. */
export async function liveKey(db: Queryable, purpose: string): Promise<WrappedKey | undefined> {
  const [row] = await db
    .select()
    .from(dataKeys)
    .where(and(eq(dataKeys.purpose, purpose), isNull(dataKeys.retiredAt)));
  return row === undefined ? undefined : whole(row);
}

/** The key with this id, live or retired; `undefined` where it is destroyed, or never was. */
export async function keyById(db: Queryable, id: string): Promise<WrappedKey | undefined> {
  const [row] = await db
    .select()
    .from(dataKeys)
    .where(and(eq(dataKeys.id, id), isNotNull(dataKeys.wrapped)));
  return row === undefined ? undefined : whole(row);
}

/**
 * Makes the key for a purpose, in the caller's transaction, or gives the one that another process made first.
 * @throws SealingError `MASTER_KEY_WRONG` where the database meanwhile has another master key.
 */
export async function makeKey(tx: Queryable, purpose: string, master: MasterKey): Promise<WrappedKey> {
  await lockKeys(tx);
  const existing = await liveKey(tx, purpose);
  if (existing !== undefined) return existing;
  const inUse = await masterKeyIdInUse(tx);
  if (inUse !== undefined && inUse !== master.id) throw otherMaster(inUse, master);
  const id = newKeyId();
  const wrapped = sealWith(wrappingKey(master), randomBytes(32), wrapBind(id, purpose));
  const [row] = await tx.insert(dataKeys).values({ id, purpose, wrapped, masterKeyId: master.id }).returning();
  if (row === undefined) throw new SealingError('DATA_KEY_UNKNOWN', 'The new data key was not stored.');
  return { ...row, wrapped };
}

/** Lets the key of a purpose seal nothing any more. What it sealed opens until {@link destroyRetiredKeys}. */
export async function retireKey(tx: Queryable, purpose: string, at: Date): Promise<void> {
  await tx
    .update(dataKeys)
    .set({ retiredAt: at })
    .where(and(eq(dataKeys.purpose, purpose), isNull(dataKeys.retiredAt)));
}

const retired = (purpose: string) =>
  and(eq(dataKeys.purpose, purpose), isNotNull(dataKeys.retiredAt), isNotNull(dataKeys.wrapped));

/** When the last key of a purpose was retired that is not destroyed; `undefined` where there is none. */
export async function lastRetired(db: Queryable, purpose: string): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: dataKeys.retiredAt })
    .from(dataKeys)
    .where(retired(purpose))
    .orderBy(desc(dataKeys.retiredAt))
    .limit(1);
  return row?.at ?? undefined;
}

/** Destroys the keys of a purpose that are retired. Answers how many. */
export async function destroyRetiredKeys(tx: Queryable, purpose: string): Promise<number> {
  const gone = await tx.update(dataKeys).set({ wrapped: null }).where(retired(purpose)).returning({ id: dataKeys.id });
  return gone.length;
}

/** Destroys the keys of a purpose: what they sealed can never be opened again. */
export async function destroyKeys(db: Queryable, purpose: string, at: Date): Promise<void> {
  await db
    .update(dataKeys)
    .set({ wrapped: null, retiredAt: at })
    .where(and(eq(dataKeys.purpose, purpose), isNotNull(dataKeys.wrapped)));
}

/** Wraps every data key anew under `next`, in the caller's transaction, which has called {@link lockKeys}. Answers how many. */
export async function rewrapKeys(tx: Queryable, present: MasterKey, next: MasterKey): Promise<number> {
  const rows = await tx.select().from(dataKeys).where(isNotNull(dataKeys.wrapped)).for('update');
  for (const row of rows.map(whole)) {
    const { key } = unwrap(row, present);
    const wrapped = sealWith(wrappingKey(next), key, wrapBind(row.id, row.purpose));
    await tx.update(dataKeys).set({ wrapped, masterKeyId: next.id }).where(eq(dataKeys.id, row.id));
  }
  return rows.length;
}

/** Opens a wrapped key. Throws `MASTER_KEY_WRONG` where another master key wrapped it. */
export function unwrap(row: WrappedKey, master: MasterKey): DataKey {
  if (row.masterKeyId !== master.id) throw otherMaster(row.masterKeyId, master);
  const key = openWith(wrappingKey(master), row.wrapped, wrapBind(row.id, row.purpose));
  return { id: row.id, purpose: row.purpose, key };
}

/** Making or replacing a key and changing the master key exclude each other, on all machines, until the transaction ends. */
export async function lockKeys(tx: Queryable): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('connector_host.data_keys'))`);
}

function wrapBind(id: string, purpose: string): string {
  return `data-key\0${id}\0${purpose}`;
}

function whole(row: Row): WrappedKey {
  if (row.wrapped !== null) return { ...row, wrapped: row.wrapped };
  throw new SealingError('DATA_KEY_UNKNOWN', `The data key ${row.id} was destroyed.`);
}

function otherMaster(inUse: string, master: MasterKey): SealingError {
  return new SealingError(
    'MASTER_KEY_WRONG',
    `The database is sealed under master key ${inUse}; this process has master key ${master.id}.`,
  );
}
