/**
 * What people look at, with very many people behind it: the overview, the list, a search, one request. Most of them are written into the
 * tables by SQL, as they are after 30 days: concluded, their identifiers purged, twenty systems left over in each operation. The last ten
 * thousand came in by a file. The host is at rest meanwhile.
 */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { to as copyTo } from 'pg-copy-streams';
import { quantile } from '../callers.mjs';
import { requestId, userId, writeImportFile } from '../people.mjs';
import { ratios, seconds, spread } from '../spread.mjs';
import { ADMIN, clear, connect, embeddedClient, folder, startHost, startSandbox, upload } from '../stage.mjs';

export const title = 'What people look at';
export const goal = { name: 'median of a call, ms', most: 20 };
export const sizes = [100_000, 1_000_000];

const FRESH = 10_000;
const OPERATION = 5_000;
const CALLS = 21;

/** Writes the rows of people whose deletion was concluded and left something over. */
async function fill(db, connection, count) {
  await db.query(`insert into connector_host.operations (connection, state, subjects, identifiers, bytes, reference, accepted_at, finished_at, left_over)
    select '${connection}', 'completed', ${OPERATION}, ${OPERATION}, 100000, 'reg_' || n, now() - interval '35 days', now() - interval '33 days', 'open'
    from generate_series(1, ${Math.ceil(count / OPERATION)}) n`);
  await db.query(`insert into connector_host.leftovers (operation, connection, system, name, code, reason, state, opened_at)
    select o.id, o.connection, 'destination:' || s, 'System ' || s, 'NOT_REACHED', 'It is not reached.', 'open', now()
    from connector_host.operations o, generate_series(1, 20) s where o.state = 'completed'`);
  await db.query(`with fresh as (
      insert into connector_host.requests (request_id, "right", state, digest, fingerprints, created_at, received_at, due_at, concluded_at, purged_at)
      select 'old-' || md5(n::text), 'deletion', 'left_over', '', array[(random() * 9e18)::bigint], at, at, at + interval '30 days', at + interval '3 days', now()
      from (select n, now() - interval '40 days' - (n % 60) * interval '11 hours' as at from generate_series(1, ${count}) n) g returning id, created_at, due_at, concluded_at
    ), todo as (
      insert into connector_host.tasks (request, connection, "right", state, basis, left_over, access_step, operation, due_at, expected_by, created_at, concluded_at)
      select id, '${connection}', 'deletion', 'complete', 'vendor', 'open', 'access_skipped', o.first + (row_number() over (order by id) - 1) / ${OPERATION},
        due_at, concluded_at, created_at, concluded_at
      from fresh, (select min(id) as first from connector_host.operations) o returning id, operation
    ) insert into connector_host.operation_members (operation, task) select operation, id from todo`);
  await db.query('vacuum analyze');
}

async function once(size) {
  const dataDir = folder('data');
  const sandbox = await startSandbox();
  const host = await startHost({ dataDir, endpoint: sandbox.url, flags: ['--no-work'] });
  const connection = await connect(host, sandbox);
  const db = await embeddedClient(dataDir);
  await fill(db, connection, size - FRESH);
  await upload(host, await writeImportFile(folder('files'), FRESH), FRESH);
  const old = (await db.query(`select request_id from connector_host.requests order by id limit 1 offset 5000`)).rows[0]
    .request_id;
  const calls = {
    overview: '/api/v1/overview?days=30',
    list: '/api/v1/requests',
    'list, most urgent first': '/api/v1/requests?sort=due',
    'list of what is late': '/api/v1/requests?timing=late&sort=due',
    'search by e-mail address': `/api/v1/requests?search=${encodeURIComponent(userId(7_000))}`,
    'search by request id': `/api/v1/requests?search=${requestId(7_000)}`,
    'one request, with 20 systems left over': `/api/v1/requests/${old}`,
  };
  const took = {};
  for (const [name, path] of Object.entries(calls)) {
    const times = [];
    for (let n = 0; n < CALLS; n += 1) {
      const begun = performance.now();
      await host.api('GET', path);
      times.push(performance.now() - begun);
    }
    took[name] = quantile(times, 0.5);
  }
  const copy = await seconds(() =>
    pipeline(
      db.query(copyTo(`copy (${exported}) to stdout (format csv)`)),
      new Writable({ write: (_part, _encoding, done) => done() }),
    ),
  );
  const ours = await seconds(async () => {
    const answer = await fetch(`${host.url}/api/v1/requests/export`, { headers: { authorization: `Bearer ${ADMIN}` } });
    for await (const _part of answer.body);
  });
  await clear();
  return { took, ours, copy };
}

/** The columns of the export, as the database gives them. */
const exported = `select r.request_id, r."right", r.state, r.created_at, r.concluded_at, r.settled_at, r.received_at, r.jurisdiction, r.due_at,
    r.due_at < coalesce(r.settled_at, now()), r.corrects, r.closed ->> 'reason', c.name, c.id, t.state, t.basis, t.expected_by, t.concluded_at,
    o.reference, o.exceptions, l.names, t.fault ->> 'code'
  from connector_host.requests r join connector_host.tasks t on t.request = r.id join connector_host.connections c on c.id = t.connection
    left join connector_host.operations o on o.id = t.operation
    left join (select operation, string_agg(name || ' (' || code || ', ' || state || ')', '; ') as names from connector_host.leftovers group by 1) l
      on l.operation = t.operation
  order by r.id desc`;

const exportGoal = { name: 'time of the export, as a multiple of COPY TO of the same columns', most: 3 };

export async function run({ size, repeats }) {
  const found = [];
  for (let turn = 0; turn < repeats; turn += 1) found.push(await once(size));
  const calls = Object.keys(found[0].took).map((what) => {
    const times = found.map(({ took }) => took[what]);
    return { what, size, ratio: spread(times), figures: { 'median, ms': spread(times) } };
  });
  const of = (name) => found.map((one) => one[name]);
  const figures = { 'ours, s': spread(of('ours')), 'COPY TO, s': spread(of('copy')) };
  return [...calls, { what: 'export', size, goal: exportGoal, ratio: ratios(of('ours'), of('copy')), figures }];
}
