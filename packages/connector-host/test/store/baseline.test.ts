/** The one migration that took the place of all that came before. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bringUpToDate } from '../../src/store/migrate.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';
import { expectTallied } from '../tallied.js';

const APPLIED = 'connector_host_migrations.__drizzle_migrations';

let database: TestDatabase;
const upToDate = () =>
  bringUpToDate({
    connection: { connectionString: database.url },
    server: 'the test server',
    log: testLog,
    patienceMs: 600_000,
  });

/** Everything that is made by migrations, in words, but for the order of columns. */
const shape = `
  select 'column', format('%s.%s %s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
    a.attstattarget, pg_get_expr(d.adbin, d.adrelid))
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'connector_host'::regnamespace and c.relkind in ('r', 'p', 'v', 'S') and a.attnum > 0 and not a.attisdropped
  union all select 'index', pg_get_indexdef(indexrelid) from pg_index join pg_class c on c.oid = indrelid where c.relnamespace = 'connector_host'::regnamespace
  union all select 'constraint', conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'connector_host'::regnamespace and contype <> 'n'
  union all select 'function', pg_get_functiondef(oid) from pg_proc where pronamespace = 'connector_host'::regnamespace
  union all select 'trigger', pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = tgrelid
    where c.relnamespace = 'connector_host'::regnamespace and not tgisinternal
  order by 1, 2`;
const shapeOf = async ({ db }: TestDatabase) => (await db.pool.query({ text: shape, rowMode: 'array' })).rows;

beforeAll(async () => {
  database = await testDatabase();
  await database.db.pool.query('drop schema connector_host, connector_host_migrations cascade');
  await database.db.pool.query(await readFile(new URL('fixtures/before-baseline.sql', import.meta.url), 'utf8'));
});
afterAll(() => database.drop());

test('a database that all migrations before it had made is taken over with what is in it, and is as one made anew', async () => {
  await upToDate();
  const fresh = await testDatabase();
  const found = await shapeOf(fresh);
  await fresh.drop();
  expect(found.length).toBeGreaterThan(300);
  expect(await shapeOf(database)).toEqual(found);
  const { rows } = await database.db.pool.query(
    `select r.request_id, t.left_over, l.name, w.people::int from connector_host.requests r join connector_host.tasks t on t.request = r.id
     join connector_host.leftovers l on l.operation = t.operation join connector_host.work_items w on w.id = l.work order by 1`,
  );
  expect(rows).toEqual(
    [1, 2, 3].map((n) => ({ request_id: `person-${n}`, left_over: 'open', name: 'Warehouse', people: 3 })),
  );
  await expectTallied(database.db.orm);
});

test('one that has not had all of them is refused, and nothing in it changes', async () => {
  const journal = await readFile(new URL('../../migrations/meta/_journal.json', import.meta.url), 'utf8');
  const { entries } = JSON.parse(journal) as { entries: { when: number }[] };
  await database.db.pool.query(`delete from ${APPLIED} where created_at >= $1`, [entries[0]?.when]);
  const before = await shapeOf(database);
  await expect(upToDate()).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('before 1.0.0'),
    remedy: expect.stringContaining('empty'),
  });
  expect(await shapeOf(database)).toEqual(before);
});
