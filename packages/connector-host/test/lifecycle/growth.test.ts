/** What an operation costs must not grow with the people that were concluded before: the server looks rows up and reads no whole table. */
import { afterEach, expect, test } from '@jest/globals';
import { crowd, days, minutes, Stage } from './stage.js';

let stage: Stage;
afterEach(() => stage.close());

/** People who were concluded before: so many that reading all of them shows. */
const EARLIER = 60_000;

async function addEarlierPeople(): Promise<void> {
  await stage.db.pool.query(`with gone as (
      insert into connector_host.requests (request_id, "right", state, digest, identifiers, fingerprints, concluded_at)
      select 'earlier-' || n, 'deletion', 'complete', sha256(n::text::bytea), null, '{}', now()
      from generate_series(1, ${EARLIER}) n returning id
    )
    insert into connector_host.tasks (request, connection, "right", state, operation, due_at, concluded_at)
    select id, 'c1', 'deletion', 'complete', 1000000 + id / 5000, now(), now() from gone`);
  await stage.db.pool.query(`insert into connector_host.operation_members (operation, task)
    select operation, id from connector_host.tasks`);
}

/** Rows that the server has read from start to end of the tables of people, so far. */
async function rowsScanned(): Promise<number> {
  const clients = await Promise.all(Array.from({ length: 10 }, () => stage.db.pool.connect()));
  // Each connection tells what it did; the figures are seen in the transaction after that.
  await Promise.all(clients.map((client) => client.query('select pg_stat_force_next_flush()')));
  const { rows } = await (
    clients[0] as (typeof clients)[number]
  ).query(`select sum(seq_tup_read)::int as read from pg_stat_user_tables
    where schemaname = 'connector_host' and relname in ('requests', 'tasks', 'operation_members')`);
  for (const client of clients) client.release();
  return rows[0].read;
}

test.each([
  ['with statistics', 'analyze connector_host.requests, connector_host.tasks, connector_host.operation_members'],
  // As it is in the midst of a large import.
  ['without statistics', 'select 1'],
])(
  'planning, submitting and concluding thousands beside tens of thousands reads no whole table (%s)',
  async (_, prepare) => {
    stage = await Stage.open();
    await addEarlierPeople();
    await stage.db.pool.query(prepare);
    const before = await rowsScanned();
    await stage.addPeople(crowd(5_000));
    await stage.pass(minutes);
    await stage.pass(2 * days);
    stage.vendor.finishAll('completed');
    await stage.pass(days);
    expect(await stage.request('u-0')).toMatchObject({ state: 'complete' });
    expect((await rowsScanned()) - before).toBeLessThan(EARLIER);
  },
);
