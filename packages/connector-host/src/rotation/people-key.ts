/**
 * Replaces the key that seals people's identifiers. What comes is sealed under the new key at once; what is there is sealed anew by a
 * job, batch by batch; and the old key is destroyed once nobody can be reading what it sealed. Cut off at any point, everybody stands
 * under one key or the other, whole, and the job goes on.
 *
 *     await peopleKey.work();            // takes the job in this process
 *     await peopleKey.replace(actor);    // answers before the job is done
 */
import type { Clock } from 'connector-contract';
import { and, asc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import { type Actor, hostActor } from '../access/roles.js';
import { present } from '../clock.js';
import type { Engine } from '../engine/engine.js';
import { given } from '../given.js';
import type { Logger } from '../log.js';
import { sealFilesAnew } from '../requests/files.js';
import { bindOf } from '../requests/vendor-words.js';
import type { Keyring } from '../sealing/keyring.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { SealingError } from '../sealing/sealing-error.js';
import type { Database, Queryable } from '../store/database.js';
import { operations, requests } from '../store/schema.js';
import { appendEvents } from '../timeline.js';

/** People sealed anew in one transaction. */
export const AT_ONCE = 1_000;

/**
 * How long an old key outlives the last row that it sealed, in milliseconds: somebody may have read the row and not yet asked for its
 * key. No transaction of the host stands idle for half of that.
 */
export const OUTLIVES_MS = 2 * 60_000;

/** What the key stands on. */
export interface PeopleKeyParts {
  readonly db: Database;
  readonly engine: Engine;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What was begun. */
export interface KeyReplaced {
  /** The new key's id. */
  readonly id: string;
  /** People whose identifiers are to be sealed anew. */
  readonly people: number;
}

/** The key that seals people's identifiers, as something that can be replaced. */
export class PeopleKey {
  constructor(private readonly parts: PeopleKeyParts) {}

  /** Takes the job in this process. */
  async work(): Promise<void> {
    await this.parts.engine.work('reseal', 1, (_data, { signal }) => this.#job(signal));
  }

  /** Sends the job where an old key is left. One that waits for its time already keeps it. */
  async resume(): Promise<void> {
    const { engine, keyring } = this.parts;
    if ((await keyring.peopleKeyReplacedAt()) !== undefined) await engine.sendMany('reseal', [{ data: {} }]);
  }

  /** Makes a new key, and sends the job that seals anew what the old one sealed. */
  async replace(actor: Actor): Promise<KeyReplaced> {
    const { db, engine, keyring, clock } = this.parts;
    const people = await db.orm.$count(requests, isNotNull(requests.identifiers));
    return db.orm.transaction(async (tx) => {
      const at = present(clock);
      const id = await keyring.replacePeopleKey(tx, at);
      await engine.send('reseal', {}, {}, tx);
      await appendEvents(tx, [{ at, kind: 'keys.people_rotated', actor: actor.id, data: { key: id, people } }]);
      return { id, people };
    });
  }

  async #job(signal: AbortSignal): Promise<void> {
    const { engine, keyring, clock, log } = this.parts;
    const people = await keyring.people(true);
    const done = await this.#sealAnew(people, signal);
    if (done.sealed > 0) log.info({ ...done }, "People's identifiers were sealed anew");
    const replacedAt = await keyring.peopleKeyReplacedAt();
    if (replacedAt === undefined) return;
    const now = clock.now();
    // A row that was sealed anew just now may be in somebody's hands as it was before.
    if (done.sealed > 0 || now - replacedAt.getTime() < OUTLIVES_MS) {
      return engine.send('reseal', {}, { startAfter: new Date(now + OUTLIVES_MS) });
    }
    await this.#destroyOld(people, done.unreadable);
  }

  async #sealAnew(people: PeopleKeys, signal: AbortSignal): Promise<{ sealed: number; unreadable: number }> {
    let [sealed, unreadable] = [0, 0];
    for (let after: number | undefined = 0; after !== undefined; ) {
      signal.throwIfAborted();
      after = await this.parts.db.orm.transaction(async (tx) => {
        const batch = await sealBatchAnew(tx, people, after ?? 0);
        sealed += batch.sealed;
        unreadable += batch.unreadable;
        return batch.last;
      });
    }
    sealed += await sealWordsAnew(this.parts.db, people, signal);
    for (let files = 1; files > 0; sealed += files) {
      signal.throwIfAborted();
      files = await sealFilesAnew(this.parts.db, people);
    }
    return { sealed, unreadable };
  }

  /** @param people the keys by which everything was just found to be sealed. */
  async #destroyOld(people: PeopleKeys, unreadable: number): Promise<void> {
    const { db, keyring, clock, log } = this.parts;
    const destroyed = await db.orm.transaction(async (tx) => {
      const count = await keyring.destroyOldPeopleKeys(tx, people.sealingKey);
      const data = { key: people.sealingKey, unreadable: unreadable || undefined };
      if (count > 0) {
        await appendEvents(tx, [{ at: present(clock), kind: 'keys.people_destroyed', actor: hostActor.id, data }]);
      }
      return count;
    });
    if (destroyed === 0) return;
    // The old versions of the rows held the old keys, wrapped, and what they sealed.
    await db.pool.query(
      'vacuum connector_host.data_keys, connector_host.requests, connector_host.operations, connector_host.stored_files, connector_host.file_pieces',
    );
    log.info({ destroyed, unreadable }, "Old keys of people's identifiers were destroyed");
  }
}

/**
 * Seals the next people anew who stand under another key than the one that seals now, in the order of row ids.
 * @returns how many, how many of them do not open under any key, and the row to go on after; `last` is absent where nobody is left.
 */
async function sealBatchAnew(
  tx: Queryable,
  people: PeopleKeys,
  after: number,
): Promise<{ readonly sealed: number; readonly unreadable: number; readonly last?: number }> {
  const otherKey = sql`substring(${requests.identifiers} from 2 for 8) <> decode(${people.sealingKey}, 'hex')`;
  const rows = await tx
    .select({ id: requests.id, requestId: requests.requestId, sealed: requests.identifiers })
    .from(requests)
    .where(and(gt(requests.id, after), isNotNull(requests.identifiers), otherKey))
    .orderBy(asc(requests.id))
    .limit(AT_ONCE)
    .for('update');
  await people.prepare(rows.map(({ sealed }) => sealed));
  const anew = rows.flatMap(({ id, requestId, sealed }) => {
    const plain = sealed && openedOrNot(people, sealed, requestId);
    return plain ? [{ id, sealed: people.seal(plain, requestId) }] : [];
  });
  await tx.execute(sql`
    update ${requests} as r set identifiers = s.sealed
    from unnest(
      (select ${sql.param(anew.map(({ id }) => id))}::bigint[]),
      (select ${sql.param(anew.map(({ sealed }) => sealed))}::bytea[])
    ) as s (id, sealed)
    where r.id = s.id`);
  const last = rows.at(-1)?.id;
  return { sealed: anew.length, unreadable: rows.length - anew.length, ...given({ last }) };
}

/** The same of what vendors wrote: words that open under no key say nothing to anybody, and go. Answers how many were sealed anew. */
async function sealWordsAnew({ orm }: Database, people: PeopleKeys, signal: AbortSignal): Promise<number> {
  const otherKey = sql`substring(${operations.words} from 2 for 8) <> decode(${people.sealingKey}, 'hex')`;
  for (let sealed = 0; ; ) {
    signal.throwIfAborted();
    const count = await orm.transaction(async (tx) => {
      const rows = await tx
        .select({ id: operations.id, words: operations.words })
        .from(operations)
        .where(and(isNotNull(operations.words), otherKey))
        .orderBy(asc(operations.id))
        .limit(AT_ONCE)
        .for('update');
      await people.prepare(rows.map(({ words }) => words));
      for (const { id, words } of rows) {
        const plain = words && openedOrNot(people, words, bindOf(id));
        await tx
          .update(operations)
          .set({ words: plain ? people.seal(plain, bindOf(id)) : null })
          .where(eq(operations.id, id));
      }
      return rows.length;
    });
    if (count === 0) return sealed;
    sealed += count;
  }
}

/** Nothing where it was changed or its key is gone: no key will ever open it. */
function openedOrNot(people: PeopleKeys, sealed: Buffer, bind: string): Buffer | undefined {
  try {
    return people.open(sealed, bind);
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    return undefined;
  }
}
