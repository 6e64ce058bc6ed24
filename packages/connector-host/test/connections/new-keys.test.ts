/** Replacing the data keys of connections, while other processes have the old ones in memory. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { Connections } from '../../src/connections/connections.js';
import { storedConfig } from '../../src/connections/opening.js';
import { rowOf } from '../../src/connections/rows.js';
import { Vault } from '../../src/connections/vault.js';
import type { ConnectionRow } from '../../src/connections/view.js';
import { liveKey, lockKeys, unwrap } from '../../src/sealing/data-keys.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { type MasterKey, parseMasterKey } from '../../src/sealing/master-key.js';
import { openWith } from '../../src/sealing/seal.js';
import { connections, dataKeys } from '../../src/store/schema.js';
import { testLog } from '../postgres.js';
import { actors, clearDesk, type Desk, openDesk } from './desk.js';

const config = { apiToken: 'right-token/1+2', account: 'north' };
const signal = new AbortController().signal;
let desk: Desk;
let dataDir: string;

beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());
beforeEach(async () => {
  await clearDesk(desk);
  dataDir = await mkdtemp(join(tmpdir(), 'new-keys-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** Connections and keys as a process of its own has them. */
async function startProcess() {
  const { database, registry, clock } = desk;
  const keyring = await Keyring.open(database.db, { dataDir });
  const own = new Connections({ db: database.db, keyring, registry, clock, log: testLog });
  const create = async (name: string) =>
    (await own.create({ connector: 'harbour', name, config }, actors.connecting)).connection.id;
  const tokenOf = async (id: string) => (await own.open(id, signal))?.config['apiToken'];
  return { keyring, connections: own, create, tokenOf };
}
const rowNow = async (id: string) => (await rowOf(desk.database.db.orm, id)) as ConnectionRow;
const keysOf = (id: string) =>
  desk.database.db.orm
    .select()
    .from(dataKeys)
    .where(eq(dataKeys.purpose, `connection:${id}`))
    .orderBy(dataKeys.createdAt);
const masterKey = async (): Promise<MasterKey> =>
  parseMasterKey(await readFile(join(dataDir, 'master.key'), 'utf8'), 'file');

test('credentials open under the new key, and whoever had the old one, or an old master key, opens nothing', async () => {
  const one = await startProcess();
  const id = await one.create('North');
  const before = await rowNow(id);
  const oldMaster = await masterKey();
  const stored = await liveKey(desk.database.db.orm, `connection:${id}`);
  if (stored === undefined) throw new Error('It has no key');
  const stolen = unwrap(stored, oldMaster);
  await one.keyring.rotate();
  expect(openWith(stolen, (await rowNow(id)).secrets as Buffer, `connections/${id}`).toString()).toContain(
    'right-token',
  );

  expect(await one.connections.replaceKeys(actors.admin)).toEqual({ dataKeys: 1, failed: [] });

  const [old, live, ...more] = await keysOf(id);
  expect(old).toMatchObject({ id: stolen.id, wrapped: null, retiredAt: new Date(desk.clock.now()) });
  expect(live).toMatchObject({ wrapped: expect.any(Buffer), retiredAt: null });
  expect(more).toEqual([]);
  const { secrets } = await rowNow(id);
  expect(() => openWith(stolen, secrets as Buffer, `connections/${id}`)).toThrow();
  const fresh = await startProcess();
  expect(await fresh.tokenOf(id)).toBe(config.apiToken);
  await expect(fresh.keyring.open(`connection:${id}`, before.secrets as Buffer, `connections/${id}`)).rejects.toThrow(
    'destroyed',
  );
  await writeFile(join(dataDir, 'master.key'), oldMaster.key.toString('base64'));
  await expect(startProcess()).rejects.toMatchObject({ code: 'MASTER_KEY_WRONG' });
  const wrapped = await desk.database.db.orm.select().from(dataKeys);
  for (const row of wrapped)
    if (row.wrapped) expect(() => unwrap({ ...row, wrapped: row.wrapped as Buffer }, oldMaster)).toThrow();
});

test('a process that has the old key in memory goes on, and seals what it changes under the new one', async () => {
  const [one, other] = [await startProcess(), await startProcess()];
  const id = await other.create('North');
  expect(await other.tokenOf(id)).toBe(config.apiToken);
  await one.connections.replaceKeys(actors.admin);
  expect(await other.tokenOf(id)).toBe(config.apiToken);
  await other.connections.update(id, { config: { completion: 'complete-on-submit' } }, actors.admin);
  expect(await one.tokenOf(id)).toBe(config.apiToken);
  expect(await (await startProcess()).tokenOf(id)).toBe(config.apiToken);
  expect((await keysOf(id)).filter(({ wrapped }) => wrapped !== null)).toHaveLength(1);
});

test('a row that was read before the key was replaced is read again', async () => {
  const one = await startProcess();
  const id = await one.create('North');
  const before = await rowNow(id);
  await one.connections.replaceKeys(actors.admin);
  const vault = new Vault((await startProcess()).keyring);
  const manifest = desk.registry.runner('harbour')?.manifest;
  if (manifest === undefined) throw new Error('The connector is not there');
  expect(await storedConfig({ db: desk.database.db, vault }, before, manifest)).toMatchObject(config);
});

test('changes that run at the same time are not lost, in two processes', async () => {
  const [one, other] = [await startProcess(), await startProcess()];
  const id = await one.create('North');
  const completions = ['complete-on-submit', 'wait-for-completion'] as const;
  for (let round = 0; round < 5; round += 1) {
    // The vendor's rate limit leaves room for the next check.
    await desk.clock.engine.tick(60_000);
    await Promise.all([
      one.connections.replaceKeys(actors.admin),
      other.connections.update(id, { config: { completion: completions[round % 2] } }, actors.admin),
      other.connections.replaceKeys(actors.admin),
      one.tokenOf(id),
    ]);
    expect((await (await startProcess()).connections.open(id, signal))?.config).toMatchObject({
      ...config,
      completion: completions[round % 2],
    });
  }
});

test('whoever wraps the keys anew at the same time is waited for, before any key is locked', async () => {
  const { orm, pool } = desk.database.db;
  const one = await startProcess();
  const id = await one.create('North');
  const waits = async () => {
    const { rows } = await pool.query(`select 1 from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`);
    return rows.length > 0;
  };
  let replaced: Promise<unknown> = Promise.resolve();
  await orm.transaction(async (tx) => {
    await lockKeys(tx);
    replaced = one.connections.replaceKeys(actors.admin);
    while (!(await waits()));
    expect(await tx.select().from(dataKeys).for('update', { noWait: true })).toHaveLength(1);
  });
  expect(await replaced).toEqual({ dataKeys: 1, failed: [] });
  expect(await one.tokenOf(id)).toBe(config.apiToken);
});

test('cut off in the middle, each connection has one key or the other; run again, it is brought to its end', async () => {
  const { pool } = desk.database.db;
  const one = await startProcess();
  // Made at the same time, they come in the order of their ids.
  const [first, second] = [await one.create('North'), await one.create('South')].sort() as [string, string];
  await pool.query(`
    create function cut_off() returns trigger language plpgsql as $$ begin raise exception 'cut off'; end $$;
    create trigger cut_off before update on connector_host.connections for each row when (old.id = '${second}')
      execute function cut_off()`);
  await expect(one.connections.replaceKeys(actors.admin)).rejects.toThrow();
  await pool.query('drop function cut_off cascade');
  const fresh = await startProcess();
  for (const id of [first, second]) expect(await fresh.tokenOf(id)).toBe(config.apiToken);
  expect([(await keysOf(first)).length, (await keysOf(second)).length]).toEqual([2, 1]);
  expect(await one.connections.replaceKeys(actors.admin)).toEqual({ dataKeys: 2, failed: [] });
  for (const id of [first, second]) expect(await (await startProcess()).tokenOf(id)).toBe(config.apiToken);
  expect((await keysOf(second)).map(({ wrapped }) => wrapped !== null)).toEqual([false, true]);
});

test('a connection whose credentials do not open keeps its key and is named; the others get theirs', async () => {
  const one = await startProcess();
  const [good, bad] = [await one.create('North'), await one.create('South')];
  const { secrets } = await rowNow(good);
  await desk.database.db.orm
    .update(connections)
    .set({ secrets: Buffer.concat([(await rowNow(bad)).secrets as Buffer, Buffer.from([0])]) })
    .where(eq(connections.id, bad));
  const { dataKeys: replaced, failed } = await one.connections.replaceKeys(actors.admin);
  expect([replaced, failed]).toEqual([1, [{ connection: bad, name: 'South', message: expect.any(String) }]]);
  expect((await rowNow(good)).secrets).not.toEqual(secrets);
  expect((await keysOf(bad)).map(({ wrapped }) => wrapped !== null)).toEqual([true]);
});
