/** Replacing the key that seals people's identifiers, while people wait and other processes have the old one in memory. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { asc, eq, sql } from 'drizzle-orm';
import { hostActor } from '../../src/access/roles.js';
import { BatchOutdated, Intake } from '../../src/intake/intake.js';
import { IntakeBatch } from '../../src/intake/intake-batch.js';
import { usualClock } from '../../src/requests/legal-clock.js';
import { Right } from '../../src/requests/request-body.js';
import { AT_ONCE, type KeyReplaced, OUTLIVES_MS, PeopleKey } from '../../src/rotation/people-key.js';
import { liveKey, unwrap, type WrappedKey } from '../../src/sealing/data-keys.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { parseMasterKey } from '../../src/sealing/master-key.js';
import { openWith } from '../../src/sealing/seal.js';
import { dataKeys, events, requests } from '../../src/store/schema.js';
import { crowd, days, minutes, Stage } from '../lifecycle/stage.js';
import { testLog } from '../postgres.js';

let stage: Stage;
let keyring: Keyring;
let peopleKey: PeopleKey;
beforeEach(async () => {
  stage = await Stage.open({ planWindowMs: 20 * days });
  const { db, engine, clock, dataDir } = stage;
  // Of another process than the one that takes people in and sends them: that one has the old key in memory.
  keyring = await Keyring.open(db, { dataDir });
  peopleKey = new PeopleKey({ db, engine, keyring, clock, log: testLog });
});
afterEach(() => stage.close());

/** How many people stand under which key. */
async function sealedUnder(): Promise<Record<string, number>> {
  const key = sql<string>`encode(substring(${requests.identifiers} from 2 for 8), 'hex')`;
  const rows = await stage.db.orm
    .select({ key, count: sql<number>`count(*)::int` })
    .from(requests)
    .where(sql`${requests.identifiers} is not null`)
    .groupBy(key);
  return Object.fromEntries(rows.map((row) => [row.key, row.count]));
}

/** The ids of the keys that still open something, in the order in which they were made. */
async function keysLeft(): Promise<string[]> {
  const rows = await stage.db.orm
    .select()
    .from(dataKeys)
    .where(eq(dataKeys.purpose, 'people'))
    .orderBy(asc(dataKeys.createdAt));
  return rows.flatMap(({ id, wrapped }) => (wrapped === null ? [] : [id]));
}

const told = async () =>
  (await stage.db.orm.select().from(events).orderBy(events.id)).filter(({ kind }) => kind.startsWith('keys.'));

const count = 2 * AT_ONCE + 10;

test('whoever had the old key, or an old master key, opens nobody any more', async () => {
  await stage.addPeople(crowd(1));
  const file = await readFile(join(stage.dataDir, 'master.key'), 'utf8');
  const stored = await liveKey(stage.db.orm, 'people');
  if (stored === undefined) throw new Error('People have no key');
  const stolen = unwrap(stored, parseMasterKey(file, 'file'));
  await keyring.rotate();
  const before = (await stage.request('u-0')).identifiers as Buffer;
  expect(openWith(stolen, before, 'u-0').toString()).toContain('u0');

  await peopleKey.work();
  const { id } = await peopleKey.replace(hostActor);
  await stage.idle();
  const now = (await stage.request('u-0')).identifiers as Buffer;
  expect(() => openWith(stolen, now, 'u-0')).toThrow();
  const [wrapped] = await stage.db.orm.select().from(dataKeys).where(eq(dataKeys.id, id));
  expect(() => unwrap(wrapped as WrappedKey, parseMasterKey(file, 'file'))).toThrow();
});

test('everybody is sealed anew, then the old key is destroyed, and those who wait are sent as if nothing had been', async () => {
  await peopleKey.work();
  await stage.addPeople(crowd(count));
  const [old = ''] = await keysLeft();
  expect(await sealedUnder()).toEqual({ [old]: count });

  const { id, people } = await peopleKey.replace(hostActor);
  expect(people).toBe(count);
  await stage.idle();
  expect(await sealedUnder()).toEqual({ [id]: count });
  // Whoever has read a row as it was before still gets its key.
  expect(await keysLeft()).toEqual([old, id]);
  await stage.pass(OUTLIVES_MS);
  expect(await keysLeft()).toEqual([id]);
  expect((await told()).map(({ kind, data }) => [kind, data])).toEqual([
    ['keys.people_rotated', { key: id, people: count }],
    ['keys.people_destroyed', { key: id }],
  ]);

  await stage.pass(21 * days);
  const sent = [...stage.vendor.tally().values()];
  expect(sent).toHaveLength(count);
  expect(new Set(sent)).toEqual(new Set([1]));
});

test('a key outlives the last row that it sealed, however long it took until that was sealed anew', async () => {
  await stage.addPeople(crowd(3));
  const [old = ''] = await keysLeft();
  const { id } = await peopleKey.replace(hostActor);
  await stage.clock.engine.setTime(stage.clock.now() + days);
  await peopleKey.work();
  await stage.idle();
  expect(await sealedUnder()).toEqual({ [id]: 3 });
  expect(await keysLeft()).toEqual([old, id]);
  await stage.pass(OUTLIVES_MS);
  expect(await keysLeft()).toEqual([id]);
});

test('a key that was replaced just now is not destroyed yet, also where nobody is sealed under it any more', async () => {
  await stage.addPeople(crowd(3));
  await stage.db.pool.query('update connector_host.requests set identifiers = null');
  await peopleKey.replace(hostActor);
  await peopleKey.work();
  await stage.idle();
  expect(await keysLeft()).toHaveLength(2);
  await stage.pass(OUTLIVES_MS);
  expect(await keysLeft()).toHaveLength(1);
});

test('a job that is cut off goes on where it was', async () => {
  await peopleKey.work();
  await stage.addPeople(crowd(count));
  const { orm } = stage.db;
  const { id } = await peopleKey.replace(hostActor);
  const transaction = orm.transaction.bind(orm);
  let left = 1;
  const cut = jest.spyOn(orm, 'transaction').mockImplementation(async (work, config) => {
    const mine = new Error().stack?.includes('people-key') === true;
    if (mine && left === 0) throw new Error('cut off');
    if (mine) left -= 1;
    return transaction(work, config);
  });
  await stage.idle();
  const [old = ''] = await keysLeft();
  expect(await sealedUnder()).toEqual({ [old]: count - AT_ONCE, [id]: AT_ONCE });
  cut.mockRestore();
  await stage.pass(minutes);
  expect(await sealedUnder()).toEqual({ [id]: count });
});

test('a job that was lost is sent again when a process starts, and one that waits keeps its time', async () => {
  await peopleKey.resume();
  expect((await stage.engine.depths()).reseal).toEqual({ ready: 0, delayed: 0, active: 0 });
  await stage.addPeople(crowd(3));
  const { id } = await peopleKey.replace(hostActor);
  await stage.db.pool.query(`delete from connector_host_jobs.job where name = 'reseal'`);
  await peopleKey.work();
  await stage.idle();
  expect(await sealedUnder()).not.toEqual({ [id]: 3 });
  await peopleKey.resume();
  await stage.idle();
  expect(await sealedUnder()).toEqual({ [id]: 3 });
  await peopleKey.resume();
  expect((await stage.engine.depths()).reseal).toEqual({ ready: 0, delayed: 1, active: 0 });
});

test('who was purged stays so, and who opens under no key holds up nobody', async () => {
  await peopleKey.work();
  await stage.addPeople(crowd(3));
  await stage.db.pool.query(`update connector_host.requests set identifiers = null where request_id = 'u-0'`);
  await stage.db.pool.query(
    `update connector_host.requests set identifiers = set_byte(identifiers, 50, 255 - get_byte(identifiers, 50)) where request_id = 'u-1'`,
  );
  const broken = (await stage.request('u-1')).identifiers;
  const { id } = await peopleKey.replace(hostActor);
  await stage.idle();
  await stage.pass(OUTLIVES_MS);
  expect((await stage.request('u-0')).identifiers).toBeNull();
  expect((await stage.request('u-1')).identifiers).toEqual(broken);
  expect(await keysLeft()).toEqual([id]);
  expect((await told()).at(-1)?.data).toEqual({ key: id, unreadable: 1 });
});

test('a key that is replaced again before the first job is done takes everybody along', async () => {
  await peopleKey.work();
  await stage.addPeople(crowd(5));
  await peopleKey.replace(hostActor);
  const { id } = await peopleKey.replace(hostActor);
  expect(await keysLeft()).toHaveLength(3);
  await stage.idle();
  await stage.pass(OUTLIVES_MS);
  expect(await sealedUnder()).toEqual({ [id]: 5 });
  expect(await keysLeft()).toEqual([id]);
});

test('nothing is destroyed on the word of a job that saw another key', async () => {
  await stage.addPeople(crowd(1));
  const [first = ''] = await keysLeft();
  const { id } = await peopleKey.replace(hostActor);
  expect(await stage.db.orm.transaction((tx) => keyring.destroyOldPeopleKeys(tx, first))).toBe(0);
  expect(await keysLeft()).toEqual([first, id]);
});

test('a batch that is just being stored under the old key is waited for, and sealed anew with the others', async () => {
  await peopleKey.work();
  await stage.addPeople(crowd(1));
  const batch = new IntakeBatch(await stage.keyring.people(), stage.clock.now(), usualClock, new Set(['c1']));
  const body = { requestId: 'last', right: Right.deletion, identifiers: [{ kind: 'user_id', value: 'last' }] };
  const deletion = { connection: 'c1', deletion: true, wholeRecord: true, directContact: true };
  batch.add({ body, targets: [{ ...deletion, kinds: new Set(['user_id']) }] });
  let replaced = false;
  let replacing: Promise<KeyReplaced> | undefined;
  await new Intake(stage.db).store(batch, async () => {
    replacing = peopleKey.replace(hostActor).finally(() => {
      replaced = true;
    });
    await pause(300);
    expect(replaced).toBe(false);
  });
  const id = (await replacing)?.id ?? '';
  await stage.idle();
  expect(await sealedUnder()).toEqual({ [id]: 2 });
  await expect(new Intake(stage.db).store(batch)).rejects.toBeInstanceOf(BatchOutdated);
});
