/**
 * Durable intake: an uploaded file until all its lines are on disk, against COPY of the same rows and against an INSERT a person. The host
 * has taken another file in before, as one that is at work has; that first file is given beside it.
 */

import { watchMemory } from '../machine.mjs';
import { WARM_UP, writeImportFile } from '../people.mjs';
import { ratios, seconds, spread } from '../spread.mjs';
import {
  clear,
  client,
  connect,
  embeddedClient,
  folder,
  startHost,
  startSandbox,
  startServer,
  upload,
} from '../stage.mjs';
import { copyRows, emptyPeers, insertRows, lastRequest, saveRows } from '../stored-rows.mjs';

export const title = 'Durable intake';
export const goal = { name: 'rate, as a share of COPY into the same tables', least: 0.5 };
export const sizes = [10_000, 100_000, 1_000_000];

/** People of the single INSERTs; what they take is given for each person. */
const SINGLE = 500;

async function once(kind, size) {
  const dataDir = folder('data');
  const server = kind === 'server' ? await startServer() : undefined;
  const sandbox = await startSandbox();
  const host = await startHost({
    dataDir,
    endpoint: sandbox.url,
    flags: ['--no-work'],
    ...(server === undefined ? {} : { databaseUrl: server.url }),
  });
  await connect(host, sandbox);
  const db = server === undefined ? await embeddedClient(dataDir) : await client(server.url);
  const files = folder('files');
  const takeIn = async (count, from) => {
    const file = await writeImportFile(files, count, from);
    return seconds(() => upload(host, file, count));
  };
  const first = await takeIn(WARM_UP.count, WARM_UP.from);
  const before = await lastRequest(db);
  const memory = watchMemory(host.pid);
  const ours = await takeIn(size, 0);
  const { host: rssMb } = memory.stop();
  const rows = folder('rows');
  await saveRows(db, rows, before);
  await emptyPeers(db);
  const copy = await copyRows(db, rows);
  await emptyPeers(db, { indexes: false });
  const bare = await copyRows(db, rows);
  await emptyPeers(db);
  const single = ((await insertRows(db, SINGLE)) / SINGLE) * size;
  await clear();
  return { ours, first, copy, bare, single, rssMb };
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
      ratio: ratios(of('copy'), of('ours')),
      figures: {
        'ours, lines/s': spread(of('ours').map((one) => size / one)),
        'the first file after the start, lines/s': spread(of('first').map((one) => WARM_UP.count / one)),
        'COPY, same indexes, rows/s': spread(of('copy').map((one) => size / one)),
        'COPY, no indexes, rows/s': spread(of('bare').map((one) => size / one)),
        'one INSERT a person, people/s': spread(of('single').map((one) => size / one)),
        'host, MB': spread(of('rssMb')),
      },
    });
  }
  return lines;
}
