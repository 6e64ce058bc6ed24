/** The counts that the database keeps: whatever happens to rows, and however they are put together, they are what counting gives. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { countStates, readOverview } from '../../src/reading/overview.js';
import { readTallies, tidyTallies } from '../../src/requests/tallies.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { expectTallied } from '../tallied.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const now = Date.parse('2026-03-10T12:00:00Z');
const states = ['processing', 'waiting_for_person', 'error', 'left_over', 'complete', 'cancelled'];
const run = (text: string) => database.db.orm.execute(sql.raw(text));

/** People of every state, with times that lie some days apart. */
const people = (count: number, from = 0) => `
  with fresh as (
    insert into connector_host.requests (request_id, "right", state, digest, fingerprints, created_at, due_at, settled_at, concluded_at)
    select 'r' || n, 'deletion', ('{${states.join(',')}}'::text[])[n % ${states.length} + 1], '', '{}', ${time('n')} - interval '40 days',
      ${time('n')}, case when n % 3 = 0 then ${time('n')} end, case when n % 4 > 0 then ${time('n')} - interval '39 days' end
    from generate_series(${from}, ${from + count - 1}) n returning id, request_id, created_at, due_at, concluded_at, state
  )
  insert into connector_host.tasks (request, connection, "right", state, created_at, due_at, expected_by, concluded_at)
  select id, 'c' || id % 2, 'deletion', case when state = 'processing' then 'pending' when state = 'left_over' then 'complete' else state end,
    created_at, due_at, case when id % 5 = 0 then due_at - interval '1 day' end, concluded_at from fresh`;
function time(n: string) {
  return `timestamptz '2026-03-01 00:00:00.123Z' + ${n} * interval '3 hours 7 minutes'`;
}

/** What the overview shows, by counting everybody. */
async function countedOverview() {
  const at = new Date(now).toISOString();
  const { rows } = await run(`select
    (select count(*)::int from connector_host.requests where settled_at is null and due_at < '${at}') as late,
    (select count(*)::int from connector_host.requests where settled_at is null and due_at >= '${at}' and due_at <= '${at}'::timestamptz + interval '7 days') as "dueSoon",
    (select count(*)::int from connector_host.requests where settled_at is null and due_at > '${at}'::timestamptz + interval '7 days') as "onTime",
    (select count(distinct request)::int from connector_host.tasks where concluded_at is null and expected_by < '${at}') as slow,
    (select count(*)::int from connector_host.tasks where state in ('complete') and concluded_at >= '2025-12-10') as concluded,
    (select percentile_cont(0.5) within group (order by extract(epoch from concluded_at - created_at) / 86400)
       from connector_host.tasks where state = 'complete' and concluded_at >= '2025-12-10')::float8 as median,
    (select count(*)::int from connector_host.requests where created_at >= '2026-03-09T23:00Z') as today`);
  return rows[0] as Record<string, number>;
}

describe('counts that are kept', () => {
  beforeEach(() => run('truncate connector_host.requests, connector_host.tasks'));

  test('are what counting gives after rows came, changed and went, one by one and by the thousand', async () => {
    await run(people(500));
    await expectTallied(database.db.orm);
    await run(
      `update connector_host.requests set state = 'complete', concluded_at = now(), settled_at = now() where id % 3 = 0`,
    );
    await run(
      `update connector_host.tasks set state = 'complete', concluded_at = created_at + request * interval '1 hour' where request % 3 = 0`,
    );
    await run(
      `update connector_host.requests set due_at = due_at + interval '1 month', settled_at = null where id % 7 = 0`,
    );
    for (let n = 0; n < 5; n += 1) await run(people(1, 1_000 + n));
    await run('delete from connector_host.tasks where request % 11 = 0');
    await run('delete from connector_host.requests where id % 11 = 0');
    await expectTallied(database.db.orm);
    await run('truncate connector_host.requests');
    await expectTallied(database.db.orm);
  });

  test('are put together without a difference, also while others count', async () => {
    const { rows: before } = await run('select count(*)::int as count from connector_host.tallies');
    expect(before).toEqual([{ count: 0 }]);
    const writers = [0, 1, 2, 3].map(async (writer) => {
      for (let n = 0; n < 15; n += 1) await run(people(2, writer * 1_000 + n * 2));
    });
    const tidying = (async () => {
      for (let turn = 0; turn < 10; turn += 1) await Promise.all([tidyTallies(database.db), tidyTallies(database.db)]);
    })();
    await Promise.all([...writers, tidying]);
    await tidyTallies(database.db);
    await expectTallied(database.db.orm);
    const { rows } = await run('select from connector_host.tallies group by what, key, at having count(*) > 1');
    expect(rows).toEqual([]);
  });

  test('are undone with the transaction that changed them', async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query('begin');
    await client.query(people(10));
    await client.query('rollback');
    await client.end();
    await expectTallied(database.db.orm);
  });

  test('make the overview that counting everybody makes', async () => {
    await run(people(400));
    const { late, dueSoon, onTime, slow, concluded, median = 0, today } = await countedOverview();
    const found = await readOverview(database.db, { days: 5, zone: 'Europe/Berlin', now, connectors: [] });
    expect(found.open).toEqual({ onTime, dueSoon, late });
    expect(found.slow).toBe(slow);
    expect(found.daysToComplete.concluded).toBe(concluded);
    expect(found.days.at(-1)).toMatchObject({ day: '2026-03-10', accepted: today });
    // A duration is known by the mean of its class, which is a sixteenth of a doubling wide.
    expect(Math.abs((found.daysToComplete.median ?? 0) / median - 1)).toBeLessThan(0.044);
    const tallies = await readTallies(database.db, { now, days: [], since: new Date(now).toISOString() });
    const states = await countStates(database.db, tallies, { timing: 'late', now });
    expect(Object.values(states).reduce((sum, one) => sum + one, 0)).toBe(late);
  });
});
