import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { isSlow, slowCondition, timingOf, timings, unsettledCondition } from '../../src/requests/timing.js';
import { requests, tasks } from '../../src/store/schema.js';
import { type TestDatabase, testDatabase } from '../postgres.js';

const day = 86_400_000;
const now = Date.UTC(2026, 0, 31);
const at = (days: number) => new Date(now + days * day);

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

describe('a request', () => {
  test.each([
    ['due in eight days', at(8), null, 'on_time'],
    ['due in exactly a week', at(7), null, 'due_soon'],
    ['due this very moment', at(0), null, 'due_soon'],
    ['due a moment ago', new Date(now - 1), null, 'late'],
    ['settled on the last day', at(-1), at(-1), 'on_time'],
    ['settled too late', at(-2), at(-1), 'late'],
    ['settled shortly before it was due', at(1), at(-1), 'on_time'],
  ] as const)('%s, by the function and by the database alike', async (_name, dueAt, settledAt, expected) => {
    expect(timingOf({ dueAt, settledAt }, now)).toBe(expected);
    const { orm } = database.db;
    const [row] = await orm
      .insert(requests)
      .values({
        requestId: 'one',
        right: 'deletion',
        state: 'processing',
        digest: Buffer.of(1),
        fingerprints: [],
        dueAt,
        settledAt,
      })
      .returning({ id: requests.id });
    const found = await Promise.all(
      timings.map(async (one) => ((await orm.$count(requests, unsettledCondition(one, now))) === 1 ? [one] : [])),
    );
    // What is settled is neither soon due nor late any more, where one looks for what is.
    expect(found.flat()).toEqual(settledAt === null ? [expected] : []);
    await orm.delete(requests).where(eq(requests.id, row?.id ?? 0));
  });
});

describe('a task', () => {
  test.each([
    ['of which nobody knows when', null, null, false],
    ['that its vendor still has time for', at(1), null, false],
    ['past the estimate', at(-1), null, true],
    ['past the estimate, but done', at(-1), at(-2), false],
  ])('%s, by the function and by the database alike', async (_name, expectedBy, concludedAt, expected) => {
    expect(isSlow({ expectedBy, concludedAt }, now)).toBe(expected);
    const { orm } = database.db;
    const [row] = await orm
      .insert(tasks)
      .values({ request: 1, connection: 'c', right: 'deletion', state: 'processing', expectedBy, concludedAt })
      .returning({ id: tasks.id });
    expect(await orm.$count(tasks, slowCondition(now))).toBe(expected ? 1 : 0);
    await orm.delete(tasks).where(eq(tasks.id, row?.id ?? 0));
  });
});
