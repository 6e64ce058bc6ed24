/**
 * Requests that come one by one: callers of `POST /api/v1/requests`, each with one call under way, against as many sessions that insert and
 * commit a single row in the same database. The host is `serve` as people start it: it works, fsync is on, and each request has its line in
 * the audit log. Set apart from the defaults are the calls a minute, and the plan window where nothing is to be planned meanwhile. A host runs
 * for months: it is measured once its code is compiled, and what it does in the first seconds after a start stands beside that.
 */
import pg from 'pg';
import { atOnce, quantile, requestCallers } from '../callers.mjs';
import { requestId, userId } from '../people.mjs';
import { ratios, spread } from '../spread.mjs';
import { clear, connect, embeddedConnection, folder, startHost, startSandbox, startServer } from '../stage.mjs';

export const title = 'Requests one by one';
export const goal = { name: 'requests/s, as a share of single-row commits/s', least: 0.5 };
export const sizes = [16];
const latency = (most) => ({ name: 'p99 of a request, as a multiple of that of a commit', most });
const alone = { name: 'one caller: median of a request, as a multiple of that of a commit', most: 4 };
const whilePlanning = {
  name: 'requests/s while people are planned and sent, as a share of single-row commits/s',
  least: 0.35,
};

/** How long each side is measured at a time, and the host in its first seconds, in milliseconds. */
const MEASURED = 4_000;
const FIRST = 2_000;

/** Requests that the host takes in before it is measured, and callers that send them. */
const WARM_UP = { requests: 10_000, callers: 128 };

const bodyOf = (n) =>
  JSON.stringify({
    requestId: requestId(n),
    right: 'deletion',
    identifiers: [{ kind: 'user_id', value: userId(n) }],
  });

/** Sessions that insert and commit a single row, as workers. */
async function committers(connection, count) {
  const pool = new pg.Pool({ ...connection, max: count });
  await pool.query('drop schema if exists peer cascade; create schema peer');
  await pool.query(
    'create table peer.single (id bigint generated always as identity primary key, request_id text, content text)',
  );
  const all = await Promise.all(Array.from({ length: count }, () => pool.connect()));
  return {
    workers: all.map(
      (client) => (n) =>
        client.query({
          name: 'single',
          text: 'insert into peer.single (request_id, content) values ($1, $2)',
          values: [requestId(n), bodyOf(n)],
        }),
    ),
    end: async () => {
      for (const client of all) client.release();
      await pool.end();
    },
  };
}

async function once(kind, callers, planning) {
  const dataDir = folder('data');
  const server = kind === 'server' ? await startServer() : undefined;
  const sandbox = await startSandbox();
  const host = await startHost({
    dataDir,
    endpoint: sandbox.url,
    flags: planning ? ['--plan-window', '1000'] : ['--plan-window', '600000'],
    ...(server === undefined ? {} : { databaseUrl: server.url }),
  });
  await connect(host, sandbox);
  const connection = server === undefined ? await embeddedConnection(dataDir) : { connectionString: server.url };
  const peers = await committers(connection, callers);
  const ours = requestCallers(host.url, callers, bodyOf);
  const first = await atOnce(ours.workers, FIRST, 0);
  const many = requestCallers(host.url, WARM_UP.callers, bodyOf);
  let from = first.next;
  while (from < WARM_UP.requests) from = (await atOnce(many.workers, 1_000, from)).next;
  many.end();
  await atOnce(peers.workers, FIRST / 2, 0);
  // In turn, so that what slows the machine down for a moment slows both sides.
  const [commits, requests] = [[], []];
  for (let turn = 0; turn < 2; turn += 1) {
    commits.push(await atOnce(peers.workers, MEASURED / 2, 0));
    const measured = await atOnce(ours.workers, MEASURED / 2, from);
    from = measured.next;
    requests.push(measured);
  }
  ours.end();
  await peers.end();
  await clear();
  const mean = (found) => found.reduce((sum, { perSecond }) => sum + perSecond, 0) / found.length;
  const took = (found) => found.flatMap((one) => one.took);
  const figures = (found) => ({
    perSecond: mean(found),
    p50: quantile(took(found), 0.5),
    p99: quantile(took(found), 0.99),
  });
  return { first: figures([first]), requests: figures(requests), commits: figures(commits) };
}

export async function run({ size, repeats }) {
  const lines = [];
  for (const kind of (process.env.BENCH_KINDS ?? 'embedded,server').split(',')) {
    for (const planning of [false, true]) {
      const what = `${kind} PostgreSQL${planning ? ', while people are planned and sent' : ''}`;
      const found = [];
      for (let turn = 0; turn < repeats; turn += 1) found.push(await once(kind, size, planning));
      const of = (side, name) => found.map((one) => one[side][name]);
      lines.push({
        what,
        size,
        ratio: ratios(of('requests', 'perSecond'), of('commits', 'perSecond')),
        ...(planning ? { goal: whilePlanning } : {}),
        figures: {
          'ours, requests/s': spread(of('requests', 'perSecond')),
          'ours in the first two seconds, requests/s': spread(of('first', 'perSecond')),
          'single-row commits/s': spread(of('commits', 'perSecond')),
          'ours, median, ms': spread(of('requests', 'p50')),
          'commit, median, ms': spread(of('commits', 'p50')),
        },
      });
      lines.push({
        what: `${what}, p99`,
        size,
        ratio: ratios(of('requests', 'p99'), of('commits', 'p99')),
        goal: latency(planning ? 10 : 5),
        figures: { 'ours, ms': spread(of('requests', 'p99')), 'commit, ms': spread(of('commits', 'p99')) },
      });
    }
    const found = [];
    for (let turn = 0; turn < repeats; turn += 1) found.push(await once(kind, 1, false));
    const of = (side) => found.map((one) => one[side].p50);
    lines.push({
      what: `${kind} PostgreSQL, one caller`,
      size,
      ratio: ratios(of('requests'), of('commits')),
      goal: alone,
      figures: { 'ours, ms': spread(of('requests')), 'commit, ms': spread(of('commits')) },
    });
  }
  return lines;
}
