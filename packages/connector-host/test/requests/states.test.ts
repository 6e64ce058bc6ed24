import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { rollUp } from '../../src/requests/roll-up.js';
import {
  isSettled,
  type LeftOver,
  leftOverOf,
  type RequestState,
  requestStateOf,
  type TaskStanding,
  type TaskState,
  taskStates,
} from '../../src/requests/states.js';
import { type TestDatabase, testDatabase } from '../postgres.js';

/** `complete/open` is a complete task with something open. */
function standing(text: string): TaskStanding {
  const [state, leftOver] = text.split('/') as [TaskState, LeftOver | undefined];
  return { state, leftOver: leftOver ?? null };
}

const of = (...texts: string[]) => requestStateOf(texts.map(standing));

describe('the state of a request', () => {
  test.each<[readonly string[], RequestState]>([
    [['pending'], 'pending'],
    [['pending', 'pending'], 'pending'],
    [['pending', 'not_applicable'], 'pending'],
    [['pending', 'processing'], 'processing'],
    [['pending', 'complete/none'], 'processing'],
    [['processing'], 'processing'],
    [['processing', 'error'], 'processing'],
    [['processing', 'waiting_for_person'], 'waiting_for_person'],
    [['waiting_for_person', 'complete/open'], 'waiting_for_person'],
    [['complete/none'], 'complete'],
    [['complete/open'], 'left_over'],
    [['complete/could_not'], 'complete_with_exceptions'],
    [['complete/none', 'complete/open'], 'left_over'],
    [['complete/open', 'complete/could_not'], 'left_over'],
    [['complete_with_exceptions/open'], 'left_over'],
    [['complete_with_exceptions/none'], 'complete'],
    [['complete_with_exceptions/could_not'], 'complete_with_exceptions'],
    [['complete_with_exceptions'], 'complete_with_exceptions'],
    [['complete/open', 'error'], 'error'],
    [['complete/none', 'error'], 'error'],
    [['complete/none', 'skipped'], 'skipped'],
    [['complete_with_exceptions', 'skipped'], 'complete_with_exceptions'],
    [['complete/none', 'cancelled'], 'complete_with_exceptions'],
    [['complete/none', 'skipped', 'cancelled'], 'complete_with_exceptions'],
    [['complete/open', 'cancelled'], 'left_over'],
    [['complete_with_exceptions/none', 'cancelled'], 'complete_with_exceptions'],
    [['skipped', 'cancelled'], 'skipped'],
    [['complete/none', 'cancelled', 'error'], 'error'],
    [['cancelled', 'cancelled'], 'cancelled'],
    [['cancelled', 'not_applicable'], 'cancelled'],
    [['complete/none', 'not_applicable'], 'complete'],
    [['complete'], 'complete'],
  ])('of tasks that are %j is %s', (tasks, state) => {
    expect(of(...tasks)).toBe(state);
  });
});

describe('settled', () => {
  test.each([
    [['pending'], false, false],
    [['waiting_for_person'], false, false],
    [['complete/none'], false, true],
    [['complete'], false, true],
    [['complete/open'], false, false],
    [['complete/could_not'], false, true],
    [['error'], false, false],
    [['error'], true, true],
    [['error', 'complete/open'], true, false],
    [['cancelled'], false, true],
    [['skipped'], false, true],
  ])('tasks that are %j, with the error closed: %s, is %s', (tasks, closed, settled) => {
    expect(isSettled((tasks as string[]).map(standing), closed as boolean)).toBe(settled);
  });
});

test('leftovers stand together as the one that asks for most', () => {
  expect(leftOverOf([])).toBe('none');
  expect(leftOverOf(['done', 'not_needed'])).toBe('none');
  expect(leftOverOf(['done', 'could_not'])).toBe('could_not');
  expect(leftOverOf(['could_not', 'open'])).toBe('open');
});

describe('in the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  const standings = taskStates.flatMap((state): TaskStanding[] => {
    if (state !== 'complete' && state !== 'complete_with_exceptions') return [{ state, leftOver: null }];
    return ([null, 'none', 'open', 'could_not'] as const).map((leftOver) => ({ state, leftOver }));
  });
  const sets = standings.flatMap((one, at) => [[one], ...standings.slice(at).map((other) => [one, other])]);

  test('the state and the settlement of every pair of tasks are those that the function names', async () => {
    const { pool, orm } = database.db;
    const cases = sets.flatMap((set) => [false, true].map((closed) => ({ set, closed })));
    for (const [at, { set, closed }] of cases.entries()) {
      await pool.query(
        `with made as (
          insert into connector_host.requests (request_id, "right", state, digest, fingerprints, closed)
          values ($1, 'deletion', '', '', '{}', $2) returning id
        ) insert into connector_host.tasks (request, connection, "right", state, left_over)
        select id, 'c', 'deletion', t.state, t.left_over from made, unnest($3::text[], $4::text[]) t (state, left_over)`,
        [`r${at}`, closed ? '{}' : null, set.map(({ state }) => state), set.map(({ leftOver }) => leftOver)],
      );
    }
    await rollUp(orm, sql`select id from connector_host.tasks`, new Date());
    const { rows } = await pool.query(
      'select request_id, state, settled_at is not null as settled, concluded_at is not null as concluded from connector_host.requests',
    );
    const found = new Map(rows.map(({ request_id: id, ...row }) => [id as string, row]));
    for (const [at, { set, closed }] of cases.entries()) {
      // That none has begun is seen from the tasks.
      const named = requestStateOf(set);
      if (set.every(({ state }) => state === 'not_applicable')) continue;
      const concluded = !['pending', 'processing', 'waiting_for_person'].includes(named);
      expect({ set, closed, ...found.get(`r${at}`) }).toEqual({
        set,
        closed,
        state: named === 'pending' ? 'processing' : named,
        settled: isSettled(set, closed),
        concluded,
      });
    }
  });
});
