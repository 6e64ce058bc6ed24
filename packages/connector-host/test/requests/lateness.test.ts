import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { lateness, latenessCondition, latenessOf, worstLateness } from '../../src/requests/lateness.js';
import { tasks } from '../../src/store/schema.js';
import { type TestDatabase, testDatabase } from '../postgres.js';

const day = 86_400_000;
const now = Date.UTC(2026, 0, 31);
const at = (days: number) => new Date(now + days * day);

const cases = [
  { name: 'nobody knows when', acceptedAt: at(-400), expectedBy: null, concludedAt: null, expected: 'on_time' },
  { name: 'young', acceptedAt: at(-1), expectedBy: at(29), concludedAt: null, expected: 'on_time' },
  { name: 'exactly half', acceptedAt: at(-15), expectedBy: at(15), concludedAt: null, expected: 'on_time' },
  { name: 'past half', acceptedAt: at(-16), expectedBy: at(14), concludedAt: null, expected: 'slow' },
  { name: 'due this very moment', acceptedAt: at(-30), expectedBy: at(0), concludedAt: null, expected: 'slow' },
  { name: 'past due', acceptedAt: at(-31), expectedBy: at(-1), concludedAt: null, expected: 'late' },
  { name: 'concluded in time', acceptedAt: at(-31), expectedBy: at(-1), concludedAt: at(-2), expected: 'on_time' },
  { name: 'concluded late', acceptedAt: at(-31), expectedBy: at(-3), concludedAt: at(-2), expected: 'late' },
] as const;

describe('lateness', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  test.each(cases)('$name: $expected, by the function and by the database alike', async ({ expected, ...times }) => {
    expect(latenessOf(times, now)).toBe(expected);
    const { orm } = database.db;
    const [row] = await orm
      .insert(tasks)
      .values({
        request: 1,
        connection: 'c',
        right: 'deletion',
        state: 'processing',
        createdAt: times.acceptedAt,
        expectedBy: times.expectedBy,
        concludedAt: times.concludedAt,
      })
      .returning();
    const found = await Promise.all(
      lateness.map(async (one) => {
        const rows = await orm
          .select({ id: tasks.id })
          .from(tasks)
          .where(latenessCondition(one, new Date(now)));
        return rows.some(({ id }) => id === row?.id) ? [one] : [];
      }),
    );
    expect(found.flat()).toEqual([expected]);
    await orm.delete(tasks).where(eq(tasks.id, row?.id ?? 0));
  });

  test('the worst of several counts', () => {
    expect(worstLateness(['on_time', 'late', 'slow'])).toBe('late');
    expect(worstLateness([])).toBe('on_time');
  });
});
