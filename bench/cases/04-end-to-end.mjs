/**
 * From an uploaded file to everybody concluded, against the durable floor in the same database: COPY of the same rows, then one UPDATE
 * of everybody for each of the two changes of state. Beside it a loop over the vendor's SDK in chunks that keeps nothing. The host has
 * carried other people through before, as one that is at work has.
 *
 * What a person costs is the processor time of the host, its connector and the database: a file of any size also waits for the look at
 * new people (a quarter of a second) and at what the vendor did, which costs nothing and tells nothing of growth.
 */

import { processorTime, watchMemory } from '../machine.mjs';
import { userId, WARM_UP, writeImportFile } from '../people.mjs';
import { inChunks, sdk } from '../sdk.mjs';
import { ratios, seconds, spread } from '../spread.mjs';
import {
  clear,
  client,
  connect,
  embeddedClient,
  folder,
  projectWithoutPace,
  serverProcess,
  startHost,
  startSandbox,
  startServer,
  until,
  upload,
} from '../stage.mjs';
import { copyRows, emptyPeers, lastRequest, saveRows, updateRows } from '../stored-rows.mjs';

export const title = 'End to end';
export const goal = { name: 'time, as a multiple of the durable floor', most: 2 };
export const sizes = [10_000, 100_000, 1_000_000];

const memoryGoal = { name: 'resident memory of the host, as a share of 300 MB', most: 1 };
const growthGoal = { name: 'cost a person, as a multiple of that at 10,000 people', most: 1.1 };
const MB = 300;

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
  const programs = [host.pid, await serverProcess(db)];
  const carryThrough = async (file, count) => {
    await upload(host, file, count);
    await until(async () => {
      const { rows } = await db.query(
        `select exists (select 1 from connector_host.requests where state = 'processing') as open`,
      );
      return rows[0].open === false;
    });
  };
  const tally = async () => (await fetch(`${sandbox.url}/_sandbox/tally`)).json();

  const files = folder('files');
  const file = await writeImportFile(files, size);
  await carryThrough(await writeImportFile(files, WARM_UP.count, WARM_UP.from), WARM_UP.count);
  const [before, earlier] = [await lastRequest(db), await tally()];
  const memory = watchMemory(host.pid);
  const cost = -processorTime(programs);
  const ours = await seconds(() => carryThrough(file, size));
  const processor = cost + processorTime(programs);
  const { host: hostMb, connectors: connectorMb } = memory.stop();
  const { counts } = await host.api('GET', '/api/v1/requests?limit=1');
  if (counts.complete !== size + WARM_UP.count) throw new Error(`Complete are ${counts.complete}.`);
  const later = await tally();
  if (later.identifiers !== size + WARM_UP.count || later.doubled !== 0) {
    throw new Error(`At the vendor: ${JSON.stringify(later)}`);
  }
  await host.stop();

  const rows = folder('rows');
  await saveRows(db, rows, before);
  await emptyPeers(db);
  const floor = (await copyRows(db, rows)) + (await updateRows(db));
  const other = await startSandbox();
  const ids = Array.from({ length: size }, (_, n) => userId(n));
  const loop = await seconds(() => inChunks(sdk(other), ids));
  await clear();
  return { ours, processor, floor, loop, hostMb, connectorMb, calls: later.regulations - earlier.regulations };
}

/** Seconds of processor time a person at the smallest size, by kind: what the others are compared with. */
const smallest = new Map();

async function costAtSmallest(kind) {
  const [size] = sizes;
  if (!smallest.has(kind)) smallest.set(kind, (await once(kind, size)).processor / size);
  return smallest.get(kind);
}

export async function run({ size, repeats }) {
  const lines = [];
  for (const kind of (process.env.BENCH_KINDS ?? 'embedded,server').split(',')) {
    const found = [];
    for (let turn = 0; turn < repeats; turn += 1) found.push(await once(kind, size));
    const of = (name) => found.map((one) => one[name]);
    const perPerson = (name) => spread(of(name).map((one) => (one / size) * 1e6));
    const costs = of('processor').map((one) => one / size);
    if (size === sizes[0]) smallest.set(kind, spread(costs).median);
    const least = await costAtSmallest(kind);
    lines.push(
      {
        what: `${kind} PostgreSQL`,
        size,
        ratio: ratios(of('ours'), of('floor')),
        figures: {
          'ours, microseconds a person': perPerson('ours'),
          'durable floor, microseconds a person': perPerson('floor'),
          'SDK loop that keeps nothing, microseconds a person': perPerson('loop'),
          creations: spread(of('calls')),
        },
      },
      {
        what: `${kind} PostgreSQL: memory`,
        size,
        goal: memoryGoal,
        ratio: spread(of('hostMb').map((mb) => mb / MB)),
        figures: {
          'host, MB': spread(of('hostMb')),
          'process of the connector, MB': spread(of('connectorMb')),
        },
      },
      {
        what: `${kind} PostgreSQL: growth`,
        size,
        goal: growthGoal,
        ratio: spread(costs.map((one) => one / least)),
        figures: { 'processor time, microseconds a person': perPerson('processor') },
      },
    );
  }
  return lines;
}
