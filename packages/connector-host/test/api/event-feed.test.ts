/** The order in which events reach their readers, where transactions end in another order than they began. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { EventFeed } from '../../src/api/event-feed.js';
import type { Logger } from '../../src/log.js';
import { EVENTS_CHANNEL } from '../../src/timeline.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';

let database: TestDatabase;
let feed: EventFeed;
let unsubscribe: () => void;
const warn = jest.fn();
let found: number[];
let arrived: () => void;
const clients: pg.Client[] = [];

beforeEach(async () => {
  database = await testDatabase();
  feed = new EventFeed(database.db, { log: { ...testLog, warn } as unknown as Logger, tellAfterMs: 1_000 });
  warn.mockClear();
  await feed.start();
  found = [];
  arrived = () => undefined;
  unsubscribe = feed.subscribe(read);
});
afterEach(async () => {
  await feed.stop();
  for (const client of clients.splice(0)) await client.end();
  await database.drop();
});

function read(events: readonly { readonly id: number }[]): void {
  found.push(...events.map(({ id }) => id));
  arrived();
}

/** A transaction of its own that has written so many events; its commit is answered, and their ids. */
async function writing(many = 1): Promise<{ ids: number[]; end: (how: 'commit' | 'rollback') => Promise<void> }> {
  const client = new pg.Client(database.db.connection);
  await client.connect();
  clients.push(client);
  await client.query('begin');
  const { rows } = await client.query<{ id: string }>(
    `insert into connector_host.events (kind, data) select 'connection.checked', '{}' from generate_series(1, $1) returning id`,
    [many],
  );
  return {
    ids: rows.map(({ id }) => Number(id)),
    end: async (how) => {
      await client.query(`select pg_notify('${EVENTS_CHANNEL}', '')`);
      await client.query(how);
    },
  };
}

async function reached(many: number): Promise<void> {
  await until(() => found.length >= many);
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) {
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
}

test('an event is not left out whose transaction was waited for before it had drawn an id', async () => {
  const [writer, other] = [new pg.Client(database.db.connection), new pg.Client(database.db.connection)];
  clients.push(writer, other);
  for (const client of [writer, other]) await client.connect();
  const announce = `select pg_notify('${EVENTS_CHANNEL}', '')`;
  const asked = jest.spyOn(database.db.orm, 'execute');
  for (let nth = 1; nth <= 10; nth += 1) {
    await writer.query('begin; lock table connector_host.events in row exclusive mode');
    asked.mockClear();
    // A look is two statements.
    while (asked.mock.calls.length < 2) await other.query(announce);
    await Promise.all(asked.mock.results.map(({ value }) => value));
    await writer.query(`insert into connector_host.events (kind, data) values ('connection.checked', '{}')`);
    await writer.query(announce);
    await writer.query('commit');
    await reached(nth);
  }
  asked.mockRestore();
});

test.each([1, 2_500])(
  'an event that is committed after %i later ones comes before them, and none is left out',
  async (many) => {
    const first = await writing();
    const second = await writing(many);
    await second.end('commit');
    // Whoever resumes now does not get the later ones either: it would never ask for the earlier one again.
    expect(await feed.after(0)).toEqual([]);
    await first.end('commit');
    await reached(1 + many);
    expect(found).toEqual([...first.ids, ...second.ids]);
    expect((await feed.after(0)).map(({ id }) => id)).toEqual(found.slice(0, 1_000));
  },
);

test('a transaction that is rolled back holds nothing up', async () => {
  const first = await writing();
  const second = await writing();
  await second.end('commit');
  await first.end('rollback');
  await reached(1);
  expect(found).toEqual(second.ids);
});

test('transactions that begin later do not hold up what is there already', async () => {
  const first = await writing();
  const later = await writing();
  await first.end('commit');
  await later.end('commit');
  await reached(2);
  const open = await writing();
  const last = await writing();
  await last.end('commit');
  await open.end('commit');
  await reached(4);
  expect(found).toEqual([...found].sort((a, b) => a - b));
});

test('while nobody reads the database is asked once a second, and a reader who comes then misses nothing', async () => {
  unsubscribe();
  const asked = jest.spyOn(database.db.orm, 'execute');
  const began = performance.now();
  for (let n = 0; n < 40; n += 1) {
    await (await writing()).end('commit');
    await delay(25);
  }
  // A look is two statements. With a reader there would be a look or two for each commit.
  const seconds = (performance.now() - began) / 1000;
  expect(asked.mock.calls.length).toBeLessThanOrEqual(2 * (Math.ceil(seconds) + 1));
  const { ids, end } = await writing();
  await end('commit');
  feed.subscribe(read);
  await until(() => found.at(-1) === ids[0]);
  expect((await feed.after(0)).map(({ id }) => id)).toHaveLength(41);
});

test('what could not be read is read again, though nothing more is announced', async () => {
  const first = await writing();
  await first.end('commit');
  await reached(1);
  const last = await writing();
  const { orm } = database.db;
  const execute = orm.execute.bind(orm);
  let away = true;
  let refused: () => void = () => undefined;
  const refusal = new Promise<void>((resolve) => {
    refused = resolve;
  });
  const asked = jest.spyOn(orm, 'execute').mockImplementation(((query: Parameters<typeof execute>[0]) => {
    if (!away) return execute(query);
    refused();
    return Promise.reject(new Error('sorry, too many clients already'));
  }) as typeof execute);
  await last.end('commit');
  await refusal;
  away = false;
  await reached(2);
  expect(found).toEqual([...first.ids, ...last.ids]);
  asked.mockRestore();
});

test('it is told once whose transaction holds events up, without what it says', async () => {
  const open = await writing();
  const other = await writing();
  await other.end('commit');
  while (warn.mock.calls.length === 0) await delay(10);
  expect(found).toEqual([]);
  const [[{ sessions }]] = warn.mock.calls as [[{ sessions: object[] }]];
  expect(sessions).toEqual([
    {
      pid: expect.any(Number),
      role: expect.any(String),
      application: expect.any(String),
      state: 'idle in transaction',
      since: expect.anything(),
    },
  ]);
  await open.end('commit');
  await reached(2);
  expect(warn.mock.calls).toHaveLength(1);
});
