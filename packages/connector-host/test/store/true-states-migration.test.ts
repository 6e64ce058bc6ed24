import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requestDetail } from '../../src/requests/detail.js';
import { countDue } from '../../src/retention/purge.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { broughtOver } from './filled.js';

let database: TestDatabase;

/** Requests as the version before left them, each with one task: right, states, access step, operation, code of the fault. */
const before: readonly (readonly (string | null)[])[] = [
  ['asked', 'access', 'complete', 'direct_contact', null, null],
  ['erased', 'deletion', 'complete', 'access_skipped', 'completed', null],
  ['submitted', 'deletion', 'complete', 'access_skipped', 'accepted', null],
  ['excepted', 'deletion', 'complete_with_exceptions', 'access_skipped', 'completed_with_exceptions', null],
  ['failed', 'deletion', 'error', 'access_skipped', 'failed', 'DELETION_FAILED'],
  ['undecided', 'deletion', 'error', 'access_skipped', 'undecided', 'SUBMISSION_UNCERTAIN'],
  ['removed', 'deletion', 'error', 'access_skipped', 'failed', 'SUBMISSION_UNCERTAIN'],
  ['open', 'deletion', 'processing', 'access_skipped', 'accepted', null],
];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function shown(requestId: string) {
  const parts = { db: database.db, people: { prepare: async () => undefined } as never, now: Date.now() };
  const rest = { kinds: new Set<string>(), vendors: new Map<string, string>(), zone: 'UTC' };
  return requestDetail(requestId, { ...parts, ...rest } as never, { identify: false });
}

describe('a database of the version before', () => {
  test('is brought over with what is in it', async () => {
    await broughtOver(database, '0004', async (client) => {
      for (const [id, right, state, step, operation, code] of before) {
        const done = state === 'processing' ? null : new Date('2026-01-02T00:00:00Z');
        await client.query(
          `with request as (
            insert into connector_host.requests (request_id, "right", state, digest, fingerprints, concluded_at)
            values ($1, $2, $3, '', '{}', $7) returning id
          ), operation as (
            insert into connector_host.operations (connection, state, subjects, identifiers, bytes, reference)
            select 'c', $5, 1, 1, 1, $1 where $5::text is not null returning id
          ), task as (
            insert into connector_host.tasks (request, connection, "right", state, access_step, operation, fault, concluded_at)
            select request.id, 'c', $2, $3, $4, (select id from operation),
              case when $6::text is not null then jsonb_build_object('code', $6::text) end, $7
            from request returning id
          ) insert into connector_host.operation_members (operation, task) select operation.id, task.id from operation, task`,
          [id, right, state, step, operation, code, done],
        );
      }
    });
  });

  test('access requests that nobody answered wait for a person', async () => {
    const asked = await shown('asked');
    expect(asked).toMatchObject({
      state: 'waiting_for_person',
      tasks: [{ state: 'waiting_for_person', waitsFor: 'answer' }],
    });
    expect([asked?.concludedAt, asked?.settledAt, asked?.tasks[0]?.concludedAt]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each([
    ['erased', 'complete', 'vendor'],
    ['submitted', 'complete', 'submission'],
    ['excepted', 'complete_with_exceptions', 'vendor'],
  ])(
    'a deletion that is %s stays %s, on the word of the %s; what it left over was not recorded',
    async (id, state, basis) => {
      const one = await shown(id);
      expect(one).toMatchObject({ state, tasks: [{ state, basis }], leftovers: [], leftoversRecorded: false });
      expect(one?.settledAt).toBe(one?.concludedAt);
    },
  );

  test('what somebody has to decide waits for a person, where it still can be decided', async () => {
    expect(await shown('undecided')).toMatchObject({
      state: 'waiting_for_person',
      tasks: [{ state: 'waiting_for_person', waitsFor: 'decision', error: { code: 'SUBMISSION_UNCERTAIN' } }],
    });
    expect(await shown('removed')).toMatchObject({ state: 'error', tasks: [{ state: 'error' }] });
    expect(await shown('open')).toMatchObject({ state: 'processing' });
  });

  test('a purge goes by the settlement', async () => {
    await database.db.pool.query(`update connector_host.requests set identifiers = '\\x00'`);
    const now = new Date();
    const long = new Date(0);
    // Those that are complete; neither what waits nor what is in error.
    expect(await countDue(database.db.orm, { settled: now, unsettled: long })).toBe(3);
    expect(await countDue(database.db.orm, { settled: long, unsettled: now })).toBe(2);
  });
});
