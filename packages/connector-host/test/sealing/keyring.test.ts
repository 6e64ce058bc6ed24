import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, open as openFile, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { adoptNextKey, writeNextKey } from '../../src/sealing/key-file.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { dataKeys } from '../../src/store/schema.js';
import { type TestDatabase, testDatabase } from '../postgres.js';

const keyA = Buffer.alloc(32, 1).toString('base64');
const keyB = Buffer.alloc(32, 2).toString('hex');
const plain = Buffer.from('a secret');

let database: TestDatabase;
let dataDir = '';

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'keyring-'));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
  await database.db.orm.delete(dataKeys);
});

/** Waits until so many sessions of the database wait for a lock. */
async function locksWaitedFor(sessions: number): Promise<void> {
  for (;;) {
    const { rowCount } = await database.db.pool.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if ((rowCount ?? 0) >= sessions) return;
  }
}

const open = (options: { masterKey?: string; masterKeyCommand?: string } = {}) =>
  Keyring.open(database.db, { dataDir, ...options });

describe('a keyring', () => {
  test('makes its master key on the first start, in a file that only its owner may read', async () => {
    const keyring = await open();
    expect(keyring.masterKey.source).toBe('file');
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(dataDir, 'master.key'), 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
  });

  test('opens after a restart what it sealed before', async () => {
    const sealed = await (await open()).seal('connection:c', plain, 'connections/c');
    expect(await (await open()).open('connection:c', sealed, 'connections/c')).toEqual(plain);
  });

  test('keeps the data key in the database wrapped only', async () => {
    const keyring = await open();
    await keyring.seal('p', plain, 'b');
    const [row] = await database.db.orm.select().from(dataKeys);
    expect(row).toMatchObject({ purpose: 'p', masterKeyId: keyring.masterKey.id });
    expect(row?.wrapped).toHaveLength(1 + 8 + 12 + 16 + 32);
  });

  test('that starts in several processes at once has one key for a purpose', async () => {
    const rings = await Promise.all([open(), open(), open()]);
    const sealed = await Promise.all(rings.map((ring) => ring.seal('people', plain, 'b')));
    expect(await database.db.orm.select().from(dataKeys)).toHaveLength(1);
    for (const one of sealed) expect(await rings[0]?.open('people', one, 'b')).toEqual(plain);
  });

  test('does not open data of one purpose as another', async () => {
    const keyring = await open();
    const sealed = await keyring.seal('p', plain, 'b');
    await expect(keyring.open('q', sealed, 'b')).rejects.toMatchObject({ code: 'DATA_KEY_UNKNOWN' });
  });

  test('that destroyed the key of a purpose never opens it again, and makes a new one for what comes', async () => {
    const keyring = await open();
    const sealed = await keyring.seal('p', plain, 'b');
    await keyring.destroy('p', new Date());
    await expect(keyring.open('p', sealed, 'b')).rejects.toMatchObject({ code: 'DATA_KEY_UNKNOWN' });
    const again = await keyring.seal('p', plain, 'b');
    expect(await keyring.open('p', again, 'b')).toEqual(plain);
  });
});

describe('the master key', () => {
  test('from the environment is taken as base64 and as hexadecimal', async () => {
    const a = await open({ masterKey: keyA });
    const sameInHex = await open({ masterKey: Buffer.from(keyA, 'base64').toString('hex') });
    expect(a.masterKey).toEqual({ id: sameInHex.masterKey.id, source: 'environment' });
  });

  test('from a command wins over the environment', async () => {
    const keyring = await open({ masterKey: keyA, masterKeyCommand: `printf %s ${keyB}` });
    expect(keyring.masterKey).toEqual({ id: (await open({ masterKey: keyB })).masterKey.id, source: 'command' });
  });

  test("from a command: the command is not given the host's own secrets", async () => {
    process.env['CONNECTOR_HOST_ADMIN_TOKEN'] = 'of-the-admin';
    process.env['OF_THE_KMS'] = keyB;
    try {
      const masterKeyCommand = `test -z "$CONNECTOR_HOST_ADMIN_TOKEN" && printf %s "$OF_THE_KMS"`;
      expect((await open({ masterKeyCommand })).masterKey.source).toBe('command');
    } finally {
      delete process.env['CONNECTOR_HOST_ADMIN_TOKEN'];
      delete process.env['OF_THE_KMS'];
    }
  });

  test.each(['short', 'x'.repeat(44), ''.padEnd(64, 'g')])(
    'that is no key of 32 bytes is refused without showing it: %s',
    async (masterKey) => {
      const failed = open({ masterKey });
      await expect(failed).rejects.toMatchObject({ code: 'MASTER_KEY_UNREADABLE' });
      await expect(failed).rejects.not.toThrow(masterKey);
    },
  );

  test('from a command that fails is refused without its output', async () => {
    const failed = open({ masterKeyCommand: `echo ${keyA}; exit 3` });
    await expect(failed).rejects.toMatchObject({
      code: 'MASTER_KEY_COMMAND_FAILED',
      message: expect.stringContaining('3'),
    });
    await expect(failed).rejects.not.toThrow(keyA);
  });

  test('in a file that others may read is refused', async () => {
    await open();
    await chmod(join(dataDir, 'master.key'), 0o640);
    await expect(open()).rejects.toMatchObject({
      code: 'MASTER_KEY_EXPOSED',
      remedy: expect.stringContaining('chmod 600'),
    });
  });

  test('that is missing for a database that has data is not made anew', async () => {
    await (await open()).seal('p', plain, 'b');
    await rename(join(dataDir, 'master.key'), join(dataDir, 'elsewhere'));
    await expect(open()).rejects.toMatchObject({ code: 'MASTER_KEY_MISSING' });
  });

  test('of another database is refused, naming both', async () => {
    const first = await open({ masterKey: keyA });
    await first.seal('p', plain, 'b');
    await expect(open({ masterKey: keyB })).rejects.toMatchObject({
      code: 'MASTER_KEY_WRONG',
      message: expect.stringContaining(first.masterKey.id),
    });
  });
});

describe('rotation', () => {
  test('of the file keeps all data readable, and the old file opens nothing any more', async () => {
    const keyring = await open();
    const sealed = await keyring.seal('p', plain, 'b');
    const old = await readFile(join(dataDir, 'master.key'), 'utf8');
    expect(await keyring.rotate()).toEqual({ masterKeyId: keyring.masterKey.id, dataKeys: 1 });
    expect(await keyring.open('p', sealed, 'b')).toEqual(plain);
    expect(await (await open()).open('p', sealed, 'b')).toEqual(plain);
    await writeFile(join(dataDir, 'master.key'), old);
    await expect(open()).rejects.toMatchObject({ code: 'MASTER_KEY_WRONG' });
  });

  test('of a key from the environment needs the new one, which the next start must bring', async () => {
    const keyring = await open({ masterKey: keyA });
    const sealed = await keyring.seal('p', plain, 'b');
    await expect(keyring.rotate()).rejects.toMatchObject({ code: 'MASTER_KEY_UNREADABLE' });
    await keyring.rotate(keyB);
    expect(await (await open({ masterKey: keyB })).open('p', sealed, 'b')).toEqual(plain);
    await expect(open({ masterKey: keyA })).rejects.toMatchObject({ code: 'MASTER_KEY_WRONG' });
  });

  test('in one process is followed by another that runs', async () => {
    const [one, other] = [await open(), await open()];
    const sealed = await one.seal('p', plain, 'b');
    await one.rotate();
    expect(await other.open('p', sealed, 'b')).toEqual(plain);
    expect(other.masterKey.id).toBe(one.masterKey.id);
    const later = await other.seal('made after', plain, 'b');
    expect(await one.open('made after', later, 'b')).toEqual(plain);
  });

  test('that was cut off before the database took the new key changes nothing', async () => {
    const keyring = await open();
    const sealed = await keyring.seal('p', plain, 'b');
    await writeNextKey(dataDir, Buffer.alloc(32, 9));
    const again = await open();
    expect(again.masterKey.id).toBe(keyring.masterKey.id);
    expect(await again.open('p', sealed, 'b')).toEqual(plain);
  });

  test('that was cut off after the database took the new key is brought to its end', async () => {
    const keyring = await open();
    const sealed = await keyring.seal('p', plain, 'b');
    const before = await readFile(join(dataDir, 'master.key'));
    await keyring.rotate();
    await rename(join(dataDir, 'master.key'), join(dataDir, `master.key.next.${keyring.masterKey.id}`));
    await writeFile(join(dataDir, 'master.key'), before, { mode: 0o600 });
    expect(await (await open()).open('p', sealed, 'b')).toEqual(plain);
    expect((await open()).masterKey.id).toBe(keyring.masterKey.id);
  });

  test.each(['one process', 'two processes'])(
    'waits for one that is under way in %s, and neither loses a key',
    async (where) => {
      const one = await open();
      const two = where === 'one process' ? one : await open();
      const sealed = await one.seal('p', plain, 'b');
      // The first waits, as for somebody who stores people and holds their key.
      const holder = await database.db.pool.connect();
      await holder.query('begin; select id from connector_host.data_keys for share');
      const first = one.rotate();
      await locksWaitedFor(1);
      const second = two.rotate();
      await locksWaitedFor(2);
      await holder.query('commit');
      holder.release();
      await first;
      const { masterKeyId } = await second;
      const after = await open();
      expect(await after.open('p', sealed, 'b')).toEqual(plain);
      expect(after.masterKey.id).toBe(masterKeyId);
      expect(await readdir(dataDir)).toEqual(['master.key']);
    },
  );

  test('after one that was cut off takes up its key, in a process that still has the old one', async () => {
    const [one, other] = [await open(), await open()];
    const sealed = await one.seal('p', plain, 'b');
    const before = await readFile(join(dataDir, 'master.key'));
    await one.rotate();
    await rename(join(dataDir, 'master.key'), join(dataDir, `master.key.next.${one.masterKey.id}`));
    await writeFile(join(dataDir, 'master.key'), before, { mode: 0o600 });
    await other.rotate();
    expect(await (await open()).open('p', sealed, 'b')).toEqual(plain);
    expect(await readdir(dataDir)).toEqual(['master.key']);
  });

  test('may make its last step while another process looks for the key', async () => {
    const keyring = await open();
    const [file, rotated] = [join(dataDir, 'master.key'), join(dataDir, 'rotated')];
    const before = await readFile(file);
    await keyring.seal('p', plain, 'b');
    await keyring.rotate();
    await rename(file, rotated);
    // Whoever reads a pipe waits for the writer: the other process has read the old key by then, and nothing else.
    execFileSync('mkfifo', ['-m', '600', file]);
    const opening = open();
    const old = await openFile(file, 'w');
    await old.write(before);
    await rename(rotated, file);
    await old.close();
    expect((await opening).masterKey.id).toBe(keyring.masterKey.id);
  });

  test('may find its last step done by another process, and fails only where that put another key in place', async () => {
    await open();
    const next = await writeNextKey(dataDir, Buffer.alloc(32, 9));
    await adoptNextKey(dataDir, next.id);
    await expect(adoptNextKey(dataDir, next.id)).resolves.toBeUndefined();
    await expect(adoptNextKey(dataDir, 'of another')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the keys for people', () => {
  test('seal and open without waiting', async () => {
    const people = await (await open()).people();
    expect(people.open(people.seal(plain, 'requests/r'), 'requests/r')).toEqual(plain);
    expect(() => people.open(people.seal(plain, 'requests/r'), 'requests/s')).toThrow();
  });

  test('make the same 63-bit fingerprint of the same identifier only, an e-mail in any case, before and after a restart', async () => {
    const people = await (await open()).people();
    const print = people.fingerprint('email', 'ada@example.org');
    expect(print).toBe((await (await open()).people()).fingerprint('email', 'ada@example.org'));
    expect(print).not.toBe(people.fingerprint('user_id', 'ada@example.org'));
    expect(print).toBe(people.fingerprint('email', 'Ada@Example.org'));
    expect(people.fingerprint('user_id', 'Ada')).not.toBe(people.fingerprint('user_id', 'ada'));
    for (let n = 0; n < 200; n += 1) {
      const one = people.fingerprint('email', String(n));
      expect(one >= 0n && one < 1n << 63n).toBe(true);
    }
  });

  test('make digests that differ between hosts', async () => {
    const one = (await (await open()).people()).digest('body');
    await database.db.orm.delete(dataKeys);
    const other = (await (await open()).people()).digest('body');
    expect(one).toHaveLength(32);
    expect(one).not.toEqual(other);
  });
});
