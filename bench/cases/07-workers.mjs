/** One, two and four workers on one PostgreSQL server, at a vendor that answers in 200 ms: one full round of submissions each. */

import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { requestId, userId } from '../people.mjs';
import { seconds, spread } from '../spread.mjs';
import { clear, client, folder, projectWithoutPace, startHost, startSandbox, startServer, until } from '../stage.mjs';

export const title = 'Many workers';
export const goal = { name: 'throughput of four workers, as a multiple of one', least: 2 };
export const sizes = [160, 640];

/** People in each operation. */
const PEOPLE = 5;

async function once(workers, operations) {
  const server = await startServer({ shared_preload_libraries: 'pg_stat_statements' });
  if (server === undefined) return undefined;
  const sandbox = await startSandbox();
  const project = projectWithoutPace();
  const shared = {
    databaseUrl: server.url,
    endpoint: sandbox.url,
    project,
    masterKey: randomBytes(32).toString('base64'),
  };
  const host = await startHost({ ...shared, dataDir: folder('data'), flags: ['--no-work'] });
  const connections = [];
  for (let n = 0; n < operations; n += 1) {
    const made = await host.api('POST', '/api/v1/connections', {
      connector: 'segment-config',
      name: `Connection ${n}`,
      capabilities: ['deletion'],
      config: {
        apiToken: sandbox.tokens.publicOwner,
        workspaceName: sandbox.workspace,
        baseUrl: sandbox.url,
        userIdsAreEmails: true,
        asyncDeletionBehavior: 'complete-on-submit',
      },
    });
    connections.push(made.id);
  }
  const lines = connections.flatMap((id, n) =>
    Array.from({ length: PEOPLE }, (_, i) => {
      const person = n * PEOPLE + i;
      return JSON.stringify({
        requestId: requestId(person),
        right: 'deletion',
        identifiers: [{ kind: 'user_id', value: userId(person) }],
        connections: [id],
      });
    }),
  );
  const report = await host.api(
    'POST',
    '/api/v1/requests/import',
    Readable.from([Buffer.from(lines.join('\n'))], { objectMode: false }),
    'application/x-ndjson',
  );
  if (report.accepted !== lines.length) throw new Error('Not everybody was accepted.');
  await fetch(`${sandbox.url}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on: '*', kind: 'slow', afterMs: 200 }),
  });
  const db = await client(server.url);
  await db.query('create extension if not exists pg_stat_statements; select pg_stat_statements_reset()');
  const open = async () =>
    Number((await db.query(`select count(*) from connector_host.requests where state = 'processing'`)).rows[0].count);
  const starting = Array.from({ length: workers }, () =>
    startHost({ ...shared, command: 'worker', dataDir: folder('worker'), flags: ['--plan-window', '0'] }),
  );
  await Promise.all(starting);
  const all = await open();
  const taken = await seconds(() => until(async () => (await open()) === 0, { everyMs: 50 }));
  const { rows } = await db.query(
    `select sum(calls)::int as calls from pg_stat_statements where query not like '%state = $1' or query like '%connector_host_jobs%'`,
  );
  await clear();
  return { rate: all / PEOPLE / taken, calls: rows[0].calls / operations };
}

export async function run({ size, repeats }) {
  const found = new Map([1, 2, 4].map((workers) => [workers, []]));
  for (let turn = 0; turn < repeats; turn += 1) {
    for (const workers of found.keys()) {
      const one = await once(workers, size);
      if (one === undefined) return [];
      found.get(workers).push(one);
    }
  }
  const rates = (workers) => found.get(workers).map(({ rate }) => rate);
  return [...found.keys()].map((workers) => ({
    what: `${workers} worker${workers > 1 ? 's' : ''}`,
    size,
    ratio: spread(rates(workers).map((rate, at) => rate / rates(1)[at])),
    ...(workers === 4 ? {} : { noGoal: true }),
    figures: {
      'operations/s': spread(rates(workers)),
      'database statements an operation': spread(found.get(workers).map(({ calls }) => calls)),
    },
  }));
}
