/**
 * Envelope encryption for everything the host must not lose and must not show: each purpose has a data key of its own
 * (`connection:<id>`, `people`, `fingerprints`, `receipts`), wrapped by the master key and kept in the database.
 *
 *     const keyring = await Keyring.open(db, { dataDir });
 *     const sealed = await keyring.seal('connection:c1', secrets, 'connections/c1');
 *     await keyring.rotate();          // a new master key; what was sealed stays as it is
 */
import { randomBytes } from 'node:crypto';
import type { Database, Queryable } from '../store/database.js';
import {
  destroyKeys,
  destroyRetiredKeys,
  keyById,
  lastRetired,
  liveKey,
  lockKeys,
  makeKey,
  masterKeyIdInUse,
  retireKey,
  rewrapKeys,
  unwrap,
  type WrappedKey,
} from './data-keys.js';
import { adoptNextKey, dropNextKeys, writeNextKey } from './key-file.js';
import { type MasterKey, type MasterKeyOptions, type MasterKeySource, parseMasterKey } from './master-key.js';
import { openMasterKey } from './open-master-key.js';
import { PeopleKeys } from './people-keys.js';
import { type DataKey, openWith, sealedBy, sealWith } from './seal.js';
import { SealingError } from './sealing-error.js';

/** Purpose of the key that seals people's identifiers. */
const PEOPLE = 'people';

/** A rotation of the master key: the new one's id, and how many data keys it wraps. */
export interface MasterKeyReplaced {
  readonly masterKeyId: string;
  readonly dataKeys: number;
}

/** All data keys of one host, opened as they are needed. */
export class Keyring {
  readonly #byId = new Map<string, DataKey>();
  readonly #live = new Map<string, DataKey>();

  private constructor(
    private readonly db: Database,
    private readonly options: MasterKeyOptions,
    private master: MasterKey,
  ) {}

  /**
   * Finds the master key (command, environment, file), or makes the file on the very first start.
   * @throws SealingError where the key is missing or is not the one the database was written with.
   */
  static async open(db: Database, options: MasterKeyOptions): Promise<Keyring> {
    return new Keyring(db, options, await openMasterKey(options, await masterKeyIdInUse(db.orm)));
  }

  /** Which master key is in use: an id that shows nothing of the key, and where the key came from. */
  get masterKey(): { readonly id: string; readonly source: MasterKeySource } {
    return { id: this.master.id, source: this.master.source };
  }

  /** Seals data of a purpose, whose key is made at the first use. `bind` names the place the data belongs to. */
  async seal(purpose: string, plain: Buffer, bind: string): Promise<Buffer> {
    return sealWith(await this.#liveKey(purpose), plain, bind);
  }

  /**
   * Seals in the caller's transaction, under the key that is live in it: for purposes whose key {@link reseal} replaces, where the
   * caller holds what both of them lock.
   */
  async sealIn(tx: Queryable, purpose: string, plain: Buffer, bind: string): Promise<Buffer> {
    const row = (await liveKey(tx, purpose)) ?? (await this.#withMaster((master) => makeKey(tx, purpose, master)));
    return sealWith(await this.#opened(row), plain, bind);
  }

  /**
   * Replaces the key of a purpose under which these alone are sealed: answers them sealed under a new key, in order, and destroys the old
   * one, both in the caller's transaction, which stores the answer. Throws SealingError as {@link open} does.
   */
  async reseal(
    tx: Queryable,
    purpose: string,
    all: readonly { readonly sealed: Buffer; readonly bind: string }[],
    at: Date,
  ): Promise<Buffer[]> {
    // Before any key's row is locked, as a rotation of the master key does.
    await lockKeys(tx);
    const plain: Buffer[] = [];
    for (const { sealed, bind } of all) plain.push(await this.open(purpose, sealed, bind, tx));
    await this.destroy(purpose, at, tx);
    const anew: Buffer[] = [];
    for (const [index, { bind }] of all.entries()) {
      anew.push(await this.sealIn(tx, purpose, plain[index] as Buffer, bind));
    }
    return anew;
  }

  /** Opens what {@link seal} made. Throws SealingError where it was changed, moved, or its key is destroyed. */
  async open(purpose: string, sealed: Buffer, bind: string, tx: Queryable = this.db.orm): Promise<Buffer> {
    const key = await this.#key(purpose, sealedBy(sealed), tx);
    if (key === undefined)
      throw new SealingError(
        'DATA_KEY_UNKNOWN',
        `No key of ${purpose} opens this data: the one that sealed it is destroyed, or was never here.`,
      );
    return openWith(key, sealed, bind);
  }

  /**
   * The keys for people's identifiers, ready for synchronous use.
   * @param afresh looks whether another process has replaced the key that seals.
   */
  async people(afresh = false): Promise<PeopleKeys> {
    if (afresh) this.#live.delete(PEOPLE);
    return new PeopleKeys(await this.#liveKey(PEOPLE), await this.#liveKey('fingerprints'), (id) =>
      this.#key(PEOPLE, id),
    );
  }

  /**
   * Replaces the key that seals people's identifiers, in the caller's transaction. What the present one sealed opens until
   * {@link destroyOldPeopleKeys}.
   * @returns the new key's id.
   */
  async replacePeopleKey(tx: Queryable, at: Date): Promise<string> {
    await lockKeys(tx);
    await retireKey(tx, PEOPLE, at);
    const { id } = await this.#withMaster((master) => makeKey(tx, PEOPLE, master));
    return id;
  }

  /** When the key was last replaced that seals people's identifiers; `undefined` where all old ones are destroyed. */
  async peopleKeyReplacedAt(): Promise<Date | undefined> {
    return lastRetired(this.db.orm, PEOPLE);
  }

  /**
   * Destroys the keys that {@link replacePeopleKey} retired: what they sealed and nobody sealed anew is gone for good.
   * @param live the id of the key that everything is sealed under; where it was replaced meanwhile, nothing is destroyed.
   * @returns how many.
   */
  async destroyOldPeopleKeys(tx: Queryable, live: string): Promise<number> {
    await lockKeys(tx);
    return (await liveKey(tx, PEOPLE))?.id === live ? destroyRetiredKeys(tx, PEOPLE) : 0;
  }

  /** Destroys the keys of a purpose, in the caller's transaction where one is given: what they sealed is gone for good. */
  async destroy(purpose: string, at: Date, tx: Queryable = this.db.orm): Promise<void> {
    await destroyKeys(tx, purpose, at);
    this.#live.delete(purpose);
    for (const key of this.#byId.values()) if (key.purpose === purpose) this.#byId.delete(key.id);
  }

  /**
   * Wraps all data keys under a new master key; what they sealed stays as it is and other processes go on.
   * @param masterKey the new key, as base64 or hexadecimal, where the operator keeps it; left out where the file does: a random
   *   one then takes the file's place.
   * @param alongside is done in the same transaction.
   * @returns the new key's id, and how many data keys it wraps.
   */
  async rotate(
    masterKey?: string,
    alongside?: (tx: Queryable, done: MasterKeyReplaced) => Promise<void>,
  ): Promise<MasterKeyReplaced> {
    const inFile = this.master.source === 'file';
    if (!inFile && masterKey === undefined) {
      throw new SealingError(
        'MASTER_KEY_UNREADABLE',
        `The ${this.master.source} holds the master key: give the new one.`,
      );
    }
    const given = masterKey === undefined ? undefined : parseMasterKey(masterKey, 'environment');
    const { next, dataKeys } = await this.db.orm.transaction(async (tx) => {
      await lockKeys(tx);
      // Another rotation may have been faster, or cut off before its last step.
      const inUse = await masterKeyIdInUse(tx);
      if (inUse !== undefined && inUse !== this.master.id) this.master = await openMasterKey(this.options, inUse);
      // The file has the new key before the database does: whenever the power fails, one of the two files fits the database.
      const next = inFile ? await this.#nextInFile(given?.key ?? randomBytes(32)) : given;
      if (next === undefined) throw new SealingError('MASTER_KEY_UNREADABLE', 'There is no new master key.');
      const count = await rewrapKeys(tx, this.master, next);
      await alongside?.(tx, { masterKeyId: next.id, dataKeys: count });
      return { next, dataKeys: count };
    });
    if (inFile) await adoptNextKey(this.options.dataDir, next.id);
    this.master = { ...next, source: this.master.source };
    return { masterKeyId: next.id, dataKeys };
  }

  async #nextInFile(key: Buffer): Promise<MasterKey> {
    const { dataDir } = this.options;
    await dropNextKeys(dataDir);
    return writeNextKey(dataDir, key);
  }

  async #key(purpose: string, id: string, tx: Queryable = this.db.orm): Promise<DataKey | undefined> {
    const found = this.#byId.get(id) ?? (await keyById(tx, id));
    const key = found === undefined || 'key' in found ? found : await this.#opened(found);
    return key?.purpose === purpose ? key : undefined;
  }

  async #liveKey(purpose: string): Promise<DataKey> {
    const known = this.#live.get(purpose);
    if (known !== undefined) return known;
    const made = () => this.#withMaster((m) => this.db.orm.transaction((tx) => makeKey(tx, purpose, m)));
    const key = await this.#opened((await liveKey(this.db.orm, purpose)) ?? (await made()));
    this.#live.set(purpose, key);
    return key;
  }

  async #opened(row: WrappedKey): Promise<DataKey> {
    const key = await this.#withMaster(async (master) => unwrap(row, master));
    this.#byId.set(key.id, key);
    return key;
  }

  // Another process may have rotated the master key since this one started: then the key is read again, once.
  async #withMaster<T>(use: (master: MasterKey) => Promise<T>): Promise<T> {
    try {
      return await use(this.master);
    } catch (error) {
      if (!(error instanceof SealingError) || error.code !== 'MASTER_KEY_WRONG') throw error;
      this.master = await openMasterKey(this.options, await masterKeyIdInUse(this.db.orm));
      return use(this.master);
    }
  }
}
