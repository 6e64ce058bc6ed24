/**
 * Work for people with very many behind it: opening it as deletions conclude, closing it, and listing it. Rows of people whose deletion left
 * twenty systems over are written by SQL, as they stand before anybody has done anything: in batches, whose lists of people were handed out,
 * and a tenth as many one by one, who are in the next items; beside them as many access requests that wait for an answer. Opening and closing
 * are the program's own.
 *
 *     npm run bench -- --case 13 --size 1000000    a million people with twenty systems each, 100,000 of them one by one
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantile } from '../callers.mjs';
import { processorTime } from '../machine.mjs';
import { requestId, userId, writeImportFile } from '../people.mjs';
import { spread } from '../spread.mjs';
import {
  clear,
  connect,
  embeddedClient,
  folder,
  projectWithoutPace,
  serverProcess,
  startHost,
  startSandbox,
  until,
  upload,
} from '../stage.mjs';

export const title = 'Work for people';
export const goal = { name: 'median of a call, ms', most: 20 };
export const sizes = [100_000, 1_000_000];

const closing = { name: 'ms: of the call, or for 5,000 people until they follow', most: 250 };
const opening = { name: 'time in statements that open work, as a share of all on the way to conclusion', most: 0.05 };

const SYSTEMS = 20;
const OPERATION = 5_000;
const CALLS = 21;
/** People who arrive after all of these: by a file, as far as there were so many before, and one by one. */
const FRESH = { file: 50_000, single: 200 };

/** Twenty systems that a deletion does not reach, beside those that the sandbox has. */
const systems = `insert into connector_host.systems (connection, key, state, system, coverage_state, first_seen, last_seen, last_detection, changes)
  select $1, 'destination:' || s, 'active', jsonb_build_object('key', 'destination:' || s, 'kind', 'destination', 'name', 'System ' || s,
    'vendor', jsonb_build_object('name', 'System ' || s, 'slug', 'system-' || s), 'coverage', jsonb_build_object('state', 'not-reached', 'reason', 'It is not reached.')), 'not-reached', now(), now(), 0, '{}'
  from generate_series(1, ${SYSTEMS}) s on conflict (connection, key) do update set state = 'active'`;

/** An item for each system; those that were listed take nobody in any more. */
const items = (
  listed,
  people,
) => `insert into connector_host.work_items (kind, connection, system, name, people, opened_at, due_at, listed_at)
  select 'erase-elsewhere', $1, 'destination:' || s, 'System ' || s, ${people}, now() - interval '33 days', now() + s * interval '1 day',
    ${listed ? `now() - interval '1 day'` : 'null'} from generate_series(1, ${SYSTEMS}) s`;

/** People in operations of a size, with what those left over, in the newest items. */
function people(count, size, mark) {
  return [
    `insert into connector_host.operations (connection, state, subjects, identifiers, bytes, reference, accepted_at, finished_at, left_over)
      select $1, 'completed', ${size}, ${size}, 100, '${mark}_' || n, now() - interval '35 days', now() - interval '33 days', 'open'
      from generate_series(1, ${Math.ceil(count / size)}) n`,
    `insert into connector_host.leftovers (operation, connection, system, name, code, reason, state, opened_at, work)
      select o.id, $1, w.system, w.name, 'NOT_REACHED', 'It is not reached.', 'open', now(), w.id
      from connector_host.operations o, (select distinct on (system) * from connector_host.work_items order by system, id desc) w
      where o.connection = $1 and o.reference like '${mark}_%'`,
    `with fresh as (
        insert into connector_host.requests (request_id, "right", state, digest, fingerprints, created_at, received_at, due_at, concluded_at, purged_at)
        select '${mark}-' || md5(n::text), 'deletion', 'left_over', '', array[(random() * 9e18)::bigint], at, at, at + interval '60 days', at + interval '3 days', now()
        from (select n, now() - interval '36 days' as at from generate_series(1, ${count}) n) g returning id, created_at, due_at, concluded_at
      ), todo as (
        insert into connector_host.tasks (request, connection, "right", state, basis, left_over, access_step, operation, due_at, expected_by, created_at, concluded_at)
        select f.id, $1, 'deletion', 'complete', 'vendor', 'open', 'access_skipped', o.first + (row_number() over (order by f.id) - 1) / ${size},
          due_at, concluded_at, created_at, concluded_at
        from fresh f, (select min(id) as first from connector_host.operations where connection = $1 and reference like '${mark}_%') o
        returning id, operation
      ) insert into connector_host.operation_members (operation, task) select operation, id from todo`,
  ];
}

/** Access requests that wait for whoever was asked. */
const asked = (count) => `with fresh as (
    insert into connector_host.requests (request_id, "right", state, digest, fingerprints, created_at, received_at, due_at)
    select 'ask-' || md5(n::text), 'access', 'waiting_for_person', '', array[(random() * 9e18)::bigint], at, at, at + interval '30 days'
    from (select n, now() - (n % 10) * interval '1 day' as at from generate_series(1, ${count}) n) g returning id, created_at, due_at
  ), todo as (
    insert into connector_host.tasks (request, connection, "right", state, access_step, due_at, created_at)
    select id, $1, 'access', 'waiting_for_person', 'direct_contact', due_at, created_at from fresh returning id, created_at
  ), work as (
    insert into connector_host.work_items (kind, connection, about, people, opened_at, due_at, owner_name, owner_email)
    select 'direct-contact', $1, id, 1, created_at, created_at + interval '14 days', 'Desk ' || id % 100, 'desk' || id % 100 || '@example.com'
    from todo returning id, about, opened_at, due_at
  ) insert into connector_host.contact_asks (task, work, contact, asked_at, answer_by, next_at, messages, taken_at)
    select about, id, '{"name":"Jane","email":"jane@example.com","whenSilent":"pause"}', opened_at, due_at, now() + interval '1 day', 1, opened_at from work`;

async function fill(db, connection, count) {
  const singles = count / 10;
  for (const statement of [
    systems,
    items(true, count),
    ...people(count, OPERATION, 'batch'),
    items(false, singles),
    ...people(singles, 1, 'single'),
    asked(singles),
  ]) {
    await db.query(statement, statement.includes('$1') ? [connection] : []);
  }
  await db.query('vacuum analyze');
}

/** Median of a call, in milliseconds. */
async function median(host, path) {
  const times = [];
  for (let n = 0; n < CALLS; n += 1) {
    const begun = performance.now();
    await host.api('GET', path);
    times.push(performance.now() - begun);
  }
  return quantile(times, 0.5);
}

/** Waits until nothing has still to follow. */
function followed(db) {
  const lagging = `select exists (select from connector_host.operations where lagging)
    or exists (select from connector_host.work_items where lagging) as lagging`;
  return until(async () => !(await db.query(lagging)).rows[0].lagging, { everyMs: 50 });
}

/** What was left over in all other systems has ended: somebody who is open in the last one alone is settled with it. */
const others = `with ended as (
    update connector_host.work_items set state = 'done', ended = '{}' where kind = 'erase-elsewhere' and state = 'open' and system <> $1
    returning id
  ) update connector_host.leftovers l set state = 'done', ended = '{}' from ended where l.work = ended.id`;

/**
 * Closes the items of a system, the one of batches and the one of people who came one by one.
 * @returns milliseconds of the call, and for 5,000 people until their states follow, as they pass and of the processors.
 */
async function closeSystem(host, db, system, name) {
  const programs = [host.pid, await serverProcess(db)];
  // Only what somebody has read can be done.
  const { rows } = await db.query(
    `with read as (
      update connector_host.work_items set listed_at = coalesce(listed_at, now()), read_at = now()
      where kind = 'erase-elsewhere' and state = 'open' and system = $1 returning id, people
    ) select * from read order by id`,
    [system],
  );
  const found = {};
  for (const [at, kind] of ['in batches', 'one by one'].entries()) {
    const { id, people: all } = rows[at];
    const what = `closing ${name}, ${kind}`;
    const cost = -processorTime(programs);
    const begun = performance.now();
    await host.api('POST', `/api/v1/work/${id}/close`, { outcome: 'done', reason: 'By hand.' });
    found[`${what}: the call`] = performance.now() - begun;
    await followed(db);
    found[`${what}: until the people follow`] = ((performance.now() - begun) * OPERATION) / Number(all);
    found[`${what}: processor`] = ((cost + processorTime(programs)) * 1000 * OPERATION) / Number(all);
  }
  return found;
}

/** Closes one system of all, and then the last one, with which its people are settled. */
async function close(host, db) {
  const one = await closeSystem(host, db, 'destination:1', 'one of many systems');
  const last = `destination:${SYSTEMS}`;
  await db.query(others, [last]);
  await db.query('vacuum analyze');
  return { ...one, ...(await closeSystem(host, db, last, 'the last system')) };
}

/** Concludes people who come now, on top of all others. @returns the share of time that opening their work takes. */
async function open(dataDir, sandbox, db, size) {
  const inFile = Math.min(FRESH.file, size);
  process.env.BENCH_STATEMENTS = join(folder('statements'), 'took.json');
  const nodeArgs = ['--import', new URL('../statements.mjs', import.meta.url).pathname];
  const host = await startHost({
    dataDir,
    endpoint: sandbox.url,
    nodeArgs,
    project: projectWithoutPace(),
    flags: ['--plan-window', '1000', '--poll-interval', '1000'],
  });
  await upload(host, await writeImportFile(folder('files'), inFile), inFile);
  // Apart, so that they are many operations of few people.
  for (let n = 0; n < FRESH.single; n += 1) {
    const identifiers = [{ kind: 'user_id', value: userId(inFile + n) }];
    await host.api('POST', '/api/v1/requests', {
      requestId: requestId(inFile + n),
      right: 'deletion',
      identifiers,
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const unfinished = `select exists (select from connector_host.requests where state = 'processing') as unfinished`;
  await until(async () => !(await db.query(unfinished)).rows[0].unfinished, { everyMs: 500 });
  await host.stop();
  return JSON.parse(readFileSync(process.env.BENCH_STATEMENTS, 'utf8'));
}

async function once(size) {
  const dataDir = folder('data');
  const sandbox = await startSandbox();
  const resting = await startHost({ dataDir, endpoint: sandbox.url, flags: ['--no-work'] });
  const connection = await connect(resting, sandbox);
  const db = await embeddedClient(dataDir);
  await fill(db, connection, size);
  const [{ id, about }] = (
    await db.query(
      `select id, about from connector_host.work_items where kind = 'direct-contact' order by id desc limit 1`,
    )
  ).rows;
  const calls = {
    'list of what is open': '/api/v1/work?state=open',
    'list of everything': '/api/v1/work',
    'list of what is overdue': '/api/v1/work?state=open&due=overdue',
    'list of a kind': '/api/v1/work?state=open&kind=erase-elsewhere',
    'list of an owner': '/api/v1/work?state=open&owner=desk7@example.com',
    'work of a task': `/api/v1/work?state=open&task=${about}&connection=${connection}`,
    'one piece of work': `/api/v1/work/${id}`,
    counts: '/api/v1/work/counts',
  };
  const listed = {};
  for (const [name, path] of Object.entries(calls)) listed[name] = await median(resting, path);
  await resting.stop();
  const working = await startHost({ dataDir, endpoint: sandbox.url });
  // The host looks at once which systems there are.
  const detections = `/api/v1/connections/${connection}/detections`;
  await until(async () => (await working.api('GET', detections)).items[0]?.state === 'complete');
  const closed = await close(working, db);
  await working.stop();
  // The vendor does not have them, so that they counted as gone.
  await db.query(systems, [connection]);
  const opened = await open(dataDir, sandbox, db, size);
  await clear();
  return { listed, closed, opened };
}

export async function run({ size, repeats }) {
  const found = [];
  for (let turn = 0; turn < repeats; turn += 1) found.push(await once(size));
  const lines = (of, more) =>
    Object.keys(found[0][of]).map((what) => {
      const times = found.map((one) => one[of][what]);
      return { what, size, ...more, ratio: spread(times), figures: { ms: spread(times) } };
    });
  const opened = (name) => found.map(({ opened: one }) => one[name]);
  return [
    ...lines('listed', {}),
    ...lines('closed', { goal: closing }),
    {
      what: 'opening',
      size,
      goal: opening,
      ratio: spread(found.map(({ opened: { opening: part, all } }) => part / all)),
      figures: {
        'statements that open work, ms': spread(opened('opening')),
        'all statements, ms': spread(opened('all')),
      },
    },
  ];
}
