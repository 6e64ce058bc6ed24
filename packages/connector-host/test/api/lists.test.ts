/** Lists of more than anybody would count one by one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { mostCounted } from '../../src/store/page.js';
import { countsOf, type RunningHost, runHost } from './running-host.js';

const MANY = mostCounted + 5;

let running: RunningHost;
const get = async (path: string) => (await running.call('GET', path)).body;

/** Many access requests that were answered, three that are in error, and a piece of work for each of the many. */
beforeAll(async () => {
  running = await runHost({ work: false });
  const client = new pg.Client({ connectionString: running.databaseUrl });
  await client.connect();
  const requests = (name: string, state: string, count: number) => `
    insert into connector_host.requests (request_id, "right", state, digest, fingerprints, created_at, received_at, due_at, concluded_at, settled_at)
    select '${name}-' || n, 'access', '${state}', '', '{}', now(), now(), now() + interval '30 days', now(), case when '${state}' = 'complete' then now() end
    from generate_series(1, ${count}) n`;
  await client.query(requests('answered', 'complete', MANY));
  await client.query(requests('failed', 'error', 3));
  await client.query(`insert into connector_host.work_items (kind, about, name, people, opened_at, due_at, owner_name, owner_email)
    select 'reconnect', n, 'x', 1, now(), date_trunc('day', now()) + (1440 + n) * interval '1 minute', 'Desk', case when n % 2 = 0 then 'Desk@example.com' end
    from generate_series(1, ${MANY}) n`);
  await client.end();
});
afterAll(() => running.stop());

test('what is kept count of is said as it is', async () => {
  const { total, counts, countedTo } = await get('/api/v1/requests');
  expect([total, counts, countedTo]).toEqual([MANY + 3, countsOf({ complete: MANY, error: 3 }), undefined]);
});

test('under a filter, a list counts so far, state by state, and says so', async () => {
  const { total, counts, countedTo } = await get('/api/v1/requests?right=access');
  const over = mostCounted + 1;
  expect([total, counts, countedTo]).toEqual([over, countsOf({ complete: over, error: 3 }), mostCounted]);
  const failed = await get('/api/v1/requests?right=access&status=error');
  expect([failed.total, failed.items.length, failed.countedTo]).toEqual([3, 3, mostCounted]);
});

test('what is less is counted, and nothing is said of how far', async () => {
  const { total, counts, countedTo } = await get('/api/v1/requests?right=access&search=failed');
  expect([total, counts, countedTo]).toEqual([3, countsOf({ error: 3 }), undefined]);
});

test('work is counted so far too; who has it is found by e-mail whatever the case, or by name', async () => {
  const all = await get('/api/v1/work?limit=2');
  expect([all.total, all.countedTo]).toEqual([mostCounted + 1, mostCounted]);
  expect(await get('/api/v1/work/counts')).toEqual({
    open: mostCounted + 1,
    overdue: 0,
    mine: 0,
    countedTo: mostCounted,
  });
  const half = Math.floor(MANY / 2);
  const theirs = await get('/api/v1/work?owner=desk@EXAMPLE.com&limit=1');
  expect([theirs.total, theirs.countedTo]).toEqual([half, undefined]);
  expect((await get('/api/v1/work?owner=desk&limit=1')).countedTo).toBe(mostCounted);
  // Page by page: every one once, in the order in which they are due.
  const seen: number[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = await get(`/api/v1/work?state=open&owner=desk@example.com&limit=1000${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.items.map(({ id }: { readonly id: number }) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  expect(seen).toHaveLength(half);
});
