import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import {
  attachFiles,
  fileContent,
  listFiles,
  removeUnfinished,
  sealFilesAnew,
  storeFile,
} from '../../src/requests/answer-files.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { answerFiles, requests } from '../../src/store/schema.js';
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
async function stored(name: string, pieces: readonly Buffer[], replaced?: () => Promise<void>) {
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
  const about = { request: request?.id ?? 0, task: 7, name };
  return storeFile(database.db, () => keyring.people(true), about, content(), begun);
}

const replaceKey = () => database.db.orm.transaction(async (tx) => void (await keyring.replacePeopleKey(tx, begun)));

test('a file that arrives while the key of people is replaced opens once the old key is destroyed', async () => {
  const pieces = [Buffer.alloc(600_000, 'a'), Buffer.alloc(600_000, 'b')];
  const { id, bytes } = await stored('one.bin', pieces, replaceKey);
  expect(bytes).toBe(1_200_000);
  await attachFiles(database.db.orm, [id], begun);
  const people = await keyring.people(true);
  let anew = 0;
  for (let sealed = 1; sealed > 0; anew += sealed) sealed = await sealFilesAnew(database.db, people);
  expect(anew).toBe(3);
  expect(await database.db.orm.transaction((tx) => keyring.destroyOldPeopleKeys(tx, people.sealingKey))).toBe(2);
  const fresh = await (await Keyring.open(database.db, { dataDir })).people();
  expect(await listFiles(database.db, fresh, 'one.bin')).toMatchObject([{ id, name: 'one.bin', bytes }]);
  const read: Buffer[] = [];
  for await (const piece of fileContent(database.db, fresh, id)) read.push(piece);
  expect(Buffer.concat(read).equals(Buffer.concat(pieces))).toBe(true);
});

test('what is left of one that never became part of an answer is removed after a day', async () => {
  const { id } = await stored('left.bin', [Buffer.from('x')]);
  const left = () => database.db.orm.$count(answerFiles, eq(answerFiles.id, id));
  await removeUnfinished(database.db, 23 * 3_600_000);
  expect(await left()).toBe(1);
  await removeUnfinished(database.db, 25 * 3_600_000);
  expect(await left()).toBe(0);
});
