import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { events } from '../src/store/schema.js';
import { appendEvents, EVENTS_CHANNEL, eventKinds, timelineText } from '../src/timeline.js';
import { type TestDatabase, testDatabase } from './postgres.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('every kind of event reads in plain words, with and without its data', () => {
  for (const kind of eventKinds) {
    const text = timelineText({ kind });
    expect(text).toMatch(/^[A-Z?]/);
    expect(text).not.toMatch(/[[\]{}]/);
  }
});

test('what is known is told, what is not is left out', () => {
  const fault = { code: 'INPUT_REFUSED', message: 'Not like this.' };
  expect(timelineText({ kind: 'operation.refused', data: fault })).toBe(
    'The vendor refused the batch: Not like this. (INPUT_REFUSED)',
  );
  expect(timelineText({ kind: 'operation.refused', data: {} })).toBe('The vendor refused the batch');
  expect(timelineText({ kind: 'detection.complete', data: { found: 43, added: 2, gone: 0 } })).toBe(
    '43 systems were found, 2 new, 0 gone',
  );
  const until = new Date('2026-12-29T13:48:02.779Z').toISOString();
  expect(timelineText({ kind: 'operation.accepted', data: { reference: 'reg_1', expectedBy: until } })).toBe(
    'The vendor accepted the batch as reg_1; expected by 2026-12-29 13:48:02 UTC',
  );
  expect(timelineText({ kind: 'of.another.version' })).toBe('of.another.version');
});

test('what could not be done is not said to be left over no more: the person may still be there', () => {
  const data = { system: 'Zendesk', outcome: 'could_not', reason: 'No key.' };
  const told = (kind: string, outcome: string) => timelineText({ kind, data: { ...data, outcome } });
  expect(told('operation.leftover_ended', 'could_not')).toBe(
    'The person may still be in Zendesk: it could not be done (No key.)',
  );
  expect(told('task.leftover_ended', 'could_not')).toMatch(/^The vendor may still hold the person/);
  expect(told('operation.leftover_ended', 'done')).toBe('Zendesk is not left over any more: done (No key.)');
});

test('the vendor is named where it is known', () => {
  const data = { reference: 'reg_1', message: 'Ask the vendor.' };
  expect(timelineText({ kind: 'operation.accepted', data }, 'Acme $1')).toBe('Acme $1 accepted the batch as reg_1');
  expect(timelineText({ kind: 'operation.refused', data }, 'Acme')).toBe('Acme refused the batch: Ask the vendor.');
});

test('events are kept in order, and listeners are told of the last one once they are committed', async () => {
  const listener = new pg.Client(database.db.connection);
  await listener.connect();
  await listener.query(`listen ${EVENTS_CHANNEL}`);
  const told = new Promise<string | undefined>((resolve) =>
    listener.once('notification', ({ payload }) => resolve(payload)),
  );
  const at = new Date();
  await database.db.orm.transaction(async (tx) => {
    await appendEvents(
      tx,
      Array.from({ length: 2_500 }, (_, i) => ({ at, kind: 'task.retried' as const, task: i })),
    );
  });
  const kept = await database.db.orm.select({ id: events.id, task: events.task }).from(events).orderBy(events.id);
  expect(kept.map(({ task }) => task)).toEqual(Array.from({ length: 2_500 }, (_, i) => i));
  expect(await told).toBe(String(kept.at(-1)?.id));
  await listener.end();
});

test('of a batch at a connection that was removed it is not said that the vendor could not carry it out', () => {
  const data = { code: 'CONNECTION_REMOVED', message: 'It may carry it out.' };
  expect(timelineText({ kind: 'operation.failed', data })).toBe(
    'The batch is not followed any more: It may carry it out.',
  );
});
