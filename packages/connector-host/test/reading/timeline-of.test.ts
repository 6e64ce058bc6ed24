import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { timelineOf } from '../../src/reading/timeline-of.js';
import { requests } from '../../src/store/schema.js';
import { appendEvents } from '../../src/timeline.js';
import { type TestDatabase, testDatabase } from '../postgres.js';

let database: TestDatabase;
const operation = 7;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.db.pool.query('truncate connector_host.events, connector_host.requests'));

/** The ids of the kept entries of a timeline, of which there are so many: two a millisecond. The person may leave their operation. */
async function idsOf(many: number, until?: Date): Promise<number[]> {
  const { orm } = database.db;
  const [request] = await orm
    .insert(requests)
    .values({ requestId: 'r', right: 'deletion', state: 'processing', digest: Buffer.of(), fingerprints: [] })
    .returning();
  if (request === undefined) throw new Error('It was not stored.');
  await orm.execute('alter sequence connector_host.events_id_seq restart');
  await appendEvents(
    orm,
    Array.from({ length: many }, (_, i) => ({
      at: new Date(i >> 1),
      kind: 'operation.submitting' as const,
      operation,
    })),
  );
  const operations =
    until === undefined
      ? { carried: [{ id: operation, root: null, state: 'accepted', subjects: 1 }], left: new Map() }
      : { carried: [], left: new Map([[operation, until]]) };
  const entries = await timelineOf(database.db, request, [], operations, new Map());
  return entries.flatMap(({ id }) => id ?? []);
}

test('the line of the conclusion says no state: the request may be in another by now', async () => {
  const at = new Date();
  const row = { right: 'deletion', digest: Buffer.of(), fingerprints: [], requestId: 'c', state: 'complete' };
  const [request] = await database.db.orm
    .insert(requests)
    .values({ ...row, concludedAt: at })
    .returning();
  if (request === undefined) throw new Error('It was not stored.');
  const told = await timelineOf(database.db, request, [], { carried: [], left: new Map() }, new Map());
  expect(told.find(({ kind }) => kind === 'request.concluded')?.text).toBe('The request is concluded');
});

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('a timeline of 1,000 entries is told whole', async () => {
  expect(await idsOf(1_000)).toEqual(range(1, 1_000));
});

test('of a longer one the beginning and the end are told, in their order', async () => {
  expect(await idsOf(1_503)).toEqual([...range(1, 100), ...range(604, 1_503)]);
});

test('what became of an operation once the person had left it takes no room', async () => {
  expect(await idsOf(1_503, new Date(299))).toEqual(range(1, 600));
});
