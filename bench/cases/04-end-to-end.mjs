/**
 * From an uploaded file to everybody concluded, against the durable floor in the same database: COPY of the same rows, then one UPDATE
 * of everybody for each of the two changes of state. Beside it a loop over the vendor's SDK in chunks that keeps nothing.
 */

import { watchMemory } from '../machine.mjs';
import { importFile, userId } from '../people.mjs';
import { inChunks, sdk } from '../sdk.mjs';
import { ratios, seconds, spread } from '../spread.mjs';
import {
  clear,
  client,
  connect,
  embeddedClient,
  folder,
  projectWithoutPace,
  startHost,
  startSandbox,
  startServer,
  until,
} from '../stage.mjs';
import { copyRows, emptyPeers, saveRows, updateRows } from '../stored-rows.mjs';

export const title = 'End to end';
export const goal = { name: 'time, as a multiple of the durable floor', most: 2 };
export const sizes = [10_000, 100_000, 1_000_000];

async function once(kind, size) {
  const dataDir = folder('data');
  const server = kind === 'server' ? await startServer() : undefined;
  const sandbox = await startSandbox();
  const host = await startHost({
    dataDir,
    endpoint: sandbox.url,
    project: projectWithoutPace(),
    flags: ['--plan-window', '5000', '--poll-interval', '200'],
    ...(server === undefined ? {} : { databaseUrl: server.url }),
  });
  await connect(host, sandbox);
  const db = server === undefined ? await embeddedClient(dataDir) : await client(server.url);
  const memory = watchMemory(host.pid);
  const ours = await seconds(async () => {
    const report = await host.api('POST', '/api/v1/requests/import', importFile(size), 'text/csv');
    if (report.accepted !== size) throw new Error(`Only ${report.accepted} of ${size} were accepted.`);
    await until(async () => {
      const { rows } = await db.query(
        `select exists (select 1 from connector_host.requests where state = 'processing') as open`,
      );
      return rows[0].open === false;
    });
  });
  const { host: hostMb, connectors: connectorMb } = memory.stop();
  const { counts } = await host.api('GET', '/api/v1/requests?limit=1');
  if (counts.complete !== size) throw new Error(`Only ${counts.complete} of ${size} are complete.`);
  const tally = await (await fetch(`${sandbox.url}/_sandbox/tally`)).json();
  if (tally.identifiers !== size || tally.doubled !== 0) throw new Error(`At the vendor: ${JSON.stringify(tally)}`);
  await host.stop();
  const rows = folder('rows');
  await saveRows(db, rows);
  await emptyPeers(db);
  const floor = (await copyRows(db, rows)) + (await updateRows(db));
  const other = await startSandbox();
  const ids = Array.from({ length: size }, (_, n) => userId(n));
  const loop = await seconds(() => inChunks(sdk(other), ids));
  await clear();
  return { ours, floor, loop, hostMb, connectorMb, calls: tally.regulations };
}

export async function run({ size, repeats }) {
  const lines = [];
  for (const kind of (process.env.BENCH_KINDS ?? 'embedded,server').split(',')) {
    const found = [];
    for (let turn = 0; turn < repeats; turn += 1) found.push(await once(kind, size));
    const of = (name) => found.map((one) => one[name]);
    lines.push({
      what: `${kind} PostgreSQL`,
      size,
      ratio: ratios(of('ours'), of('floor')),
      figures: {
        'ours, microseconds a person': spread(of('ours').map((one) => (one / size) * 1e6)),
        'durable floor, microseconds a person': spread(of('floor').map((one) => (one / size) * 1e6)),
        'SDK loop that keeps nothing, microseconds a person': spread(of('loop').map((one) => (one / size) * 1e6)),
        'host, MB': spread(of('hostMb')),
        'process of the connector, MB': spread(of('connectorMb')),
        creations: spread(of('calls')),
      },
    });
  }
  return lines;
}
