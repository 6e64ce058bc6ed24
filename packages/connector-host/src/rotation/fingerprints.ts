/**
 * Makes the fingerprints anew by which people are searched, of requests that were stored when they still took notice of the case of
 * e-mail addresses. Once through all requests, batch by batch; cut off at any point, it goes on from there.
 */
import type { Identifier } from 'connector-contract';
import { and, asc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import { present } from '../clock.js';
import { given } from '../given.js';
import { openIdentifiers } from '../requests/identifiers.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { SealingError } from '../sealing/sealing-error.js';
import type { Queryable } from '../store/database.js';
import { requests, upkeep } from '../store/schema.js';
import type { PeopleKeyParts } from './people-key.js';

const NAME = 'fold-emails';

/** Requests of one transaction. */
const AT_ONCE = 1_000;

/** The fingerprints of all requests, as something that is made anew once. */
export class Fingerprints {
  constructor(private readonly parts: PeopleKeyParts) {}

  /** Takes the job in this process. */
  async work(): Promise<void> {
    await this.parts.engine.work('refingerprint', 1, (_data, { signal }) => this.#job(signal));
  }

  /** Sends the job where it is not done yet. */
  async resume(): Promise<void> {
    const { db, engine } = this.parts;
    const [row] = await db.orm.select().from(upkeep).where(eq(upkeep.name, NAME));
    if (row?.finishedAt == null) await engine.sendMany('refingerprint', [{ data: {} }]);
  }

  async #job(signal: AbortSignal): Promise<void> {
    const { db, keyring, clock, log } = this.parts;
    const people = await keyring.people(true);
    await db.orm.insert(upkeep).values({ name: NAME, after: 0 }).onConflictDoNothing();
    let changed = 0;
    for (let more = true; more; ) {
      signal.throwIfAborted();
      more = await db.orm.transaction(async (tx) => {
        const [at] = await tx.select().from(upkeep).where(eq(upkeep.name, NAME)).for('update');
        const batch = await foldBatch(tx, people, at?.after ?? 0);
        const done = batch.last === undefined ? { finishedAt: present(clock) } : { after: batch.last };
        await tx.update(upkeep).set(done).where(eq(upkeep.name, NAME));
        changed += batch.changed;
        return batch.last !== undefined;
      });
    }
    if (changed > 0) log.info({ changed }, 'People are found by their e-mail addresses in any case now');
  }
}

/** Goes through the next requests. `last`: the row to go on after; absent where none is left. */
async function foldBatch(
  tx: Queryable,
  people: PeopleKeys,
  after: number,
): Promise<{ readonly changed: number; readonly last?: number }> {
  const rows = await tx
    .select({ id: requests.id, requestId: requests.requestId, sealed: requests.identifiers })
    .from(requests)
    .where(and(gt(requests.id, after), isNotNull(requests.identifiers)))
    .orderBy(asc(requests.id))
    .limit(AT_ONCE);
  await people.prepare(rows.map(({ sealed }) => sealed));
  const anew = rows.flatMap(({ id, requestId, sealed }) => {
    const identifiers = sealed === null ? [] : openedOrNone(people, requestId, sealed);
    if (!identifiers.some(({ kind, value }) => kind === 'email' && value !== value.toLowerCase())) return [];
    return [{ id, prints: `{${identifiers.map(({ kind, value }) => people.fingerprint(kind, value)).join(',')}}` }];
  });
  // Who is purged meanwhile has no fingerprints any more, and gets none.
  await tx.execute(sql`
    update ${requests} as r set fingerprints = f.prints::bigint[]
    from unnest(
      (select ${sql.param(anew.map(({ id }) => id))}::bigint[]),
      (select ${sql.param(anew.map(({ prints }) => prints))}::text[])
    ) as f (id, prints)
    where r.id = f.id and r.identifiers is not null`);
  const last = rows.at(-1)?.id;
  return { changed: anew.length, ...given({ last }) };
}

/** None where they were changed or their key is gone: nobody can search by them. */
function openedOrNone(people: PeopleKeys, requestId: string, sealed: Buffer): Identifier[] {
  try {
    return openIdentifiers(people, requestId, sealed);
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    return [];
  }
}
