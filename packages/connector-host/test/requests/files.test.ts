import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import {
  attachFiles,
  type FileOf,
  fileContent,
  listFiles,
  removeOld,
  sealFilesAnew,
  storeFile,
} from '../../src/requests/files.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { filePieces, requests, storedFiles } from '../../src/store/schema.js';
import { type TestDatabase, testDatabase } from '../postgres.js';

let database: TestDatabase;
let dataDir = '';
let keyring: Keyring;
const begun = new Date(0);

beforeAll(async () => {
  database = await testDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'files-'));
  keyring = await Keyring.open(database.db, { dataDir });
});
afterAll(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true });
});

/** Takes a file in, whose key is replaced after the first piece where that is asked for. */
async function stored(
  name: string,
  pieces: readonly Buffer[],
  replaced?: () => Promise<void>,
  db: Parameters<typeof storeFile>[0] = database.db,
) {
  const [request] = await database.db.orm
    .insert(requests)
    .values({ requestId: name, right: 'access', state: 'processing', digest: Buffer.alloc(32), fingerprints: [] })
    .returning({ id: requests.id });
  async function* content() {
    for (const piece of pieces) {
      yield piece;
      await replaced?.();
    }
  }
  const of = { request: request?.id ?? 0, task: 7 };
  return { of, ...(await storeFile(db, () => keyring.people(true), { ...of, name }, content(), begun)) };
}

const replaceKey = () => database.db.orm.transaction(async (tx) => void (await keyring.replacePeopleKey(tx, begun)));

test('a file that arrives while the key of people is replaced opens once the old key is destroyed', async () => {
  const pieces = [Buffer.alloc(600_000, 'a'), Buffer.alloc(600_000, 'b')];
  const { id, bytes, of } = await stored('one.bin', pieces, replaceKey);
  expect(bytes).toBe(1_200_000);
  await attachFiles(database.db.orm, of, [id], begun);
  const people = await keyring.people(true);
  let anew = 0;
  for (let sealed = 1; sealed > 0; anew += sealed) sealed = await sealFilesAnew(database.db, people);
  expect(anew).toBe(3);
  expect(await database.db.orm.transaction((tx) => keyring.destroyOldPeopleKeys(tx, people.sealingKey))).toBe(2);
  const fresh = await (await Keyring.open(database.db, { dataDir })).people();
  expect(await listFiles(database.db, fresh, { requestId: 'one.bin' })).toMatchObject([{ id, name: 'one.bin', bytes }]);
  const read: Buffer[] = [];
  for await (const piece of fileContent(database.db, fresh, id)) read.push(piece);
  expect(Buffer.concat(read).equals(Buffer.concat(pieces))).toBe(true);
});

const HOUR = 3_600_000;
const left = (id: number) => database.db.orm.$count(storedFiles, eq(storedFiles.id, id));

test('what is left of one that never became part of anything is removed after a day', async () => {
  const { id } = await stored('left.bin', [Buffer.from('x')]);
  await removeOld(database.db, 23 * HOUR, begun);
  expect(await left(id)).toBe(1);
  await removeOld(database.db, 25 * HOUR, begun);
  expect(await left(id)).toBe(0);
});

test('pieces of a file are removed that were still arriving when its person was purged, and its host was ended', async () => {
  const { id } = await stored('purged.bin', [Buffer.from('x')]);
  await database.db.orm.delete(storedFiles).where(eq(storedFiles.id, id));
  await removeOld(database.db, HOUR, begun);
  expect(await database.db.orm.$count(filePieces, eq(filePieces.file, id))).toBe(0);
});

test('what shows that work was done is kept as long as people are, and no longer; answers go with their people alone', async () => {
  const { id: answer, of } = await stored('answer.bin', [Buffer.from('x')]);
  await attachFiles(database.db.orm, of, [answer], begun);
  const keys = () => keyring.people(true);
  const evidence = await storeFile(
    database.db,
    keys,
    { work: 3, name: 'shot.png' },
    Readable.from([Buffer.from('y')]),
    begun,
  );
  await attachFiles(database.db.orm, { work: 3 }, [evidence.id], new Date(10 * HOUR));
  await removeOld(database.db, 1_000 * HOUR, new Date(10 * HOUR));
  expect([await left(answer), await left(evidence.id)]).toEqual([1, 1]);
  await removeOld(database.db, 1_000 * HOUR, new Date(10 * HOUR + 1));
  expect([await left(answer), await left(evidence.id)]).toEqual([1, 0]);
  expect(await database.db.orm.$count(filePieces, eq(filePieces.file, evidence.id))).toBe(0);
});

test('a file becomes part of what it was sent for, once, and of nothing else', async () => {
  const { id, of } = await stored('mine.bin', [Buffer.from('x')]);
  const attach = (to: FileOf) => attachFiles(database.db.orm, to, [id], begun);
  for (const other of [{ ...of, task: 8 }, { ...of, request: 0 }, { work: 7 }]) {
    await expect(attach(other)).rejects.toMatchObject({ code: 'REQUEST_INVALID', errors: [{ field: 'files' }] });
  }
  await attach(of);
  await expect(attach(of)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
});

test('a disk that fills up while a file arrives takes nothing of it, and says so before its reserve is touched', async () => {
  let pieces = 0;
  const shortage = async () => {
    pieces += 1;
    return pieces > 3 ? { folder: '/data', free: 1, missing: 1 } : undefined;
  };
  const megabyte = Buffer.alloc(1024 * 1024, 'a');
  const before = await database.db.orm.$count(storedFiles);
  const taken = stored('full.bin', Array(25).fill(megabyte), undefined, { orm: database.db.orm, shortage });
  await expect(taken).rejects.toMatchObject({ code: 'DISK_FULL' });
  // Before the first piece, and before each of two that were taken.
  expect(pieces).toBe(4);
  expect(await database.db.orm.$count(storedFiles)).toBe(before);
  expect(await database.db.orm.$count(filePieces, sql`file not in (select id from ${storedFiles})`)).toBe(0);
});
