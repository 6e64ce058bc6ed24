/**
 * Durable intake: an uploaded file until all its lines are on disk, against COPY of the same rows and against an INSERT a person. The host has
 * taken another file in before, as one that is at work has; that first file is given beside it.
 *
 * That is a host that only serves (`--no-work`). Beside it, at the same size and in turn with it: `serve` as people start it, with nothing to
 * plan (the connection is paused) and while people are planned and sent; the first file after a start; and the same people as NDJSON. Left
 * out are files with more than one identifier a person.
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

/** Starts a host with a connection. `paused`: people wait, and nothing is planned. */
async function stage(kind, { work = false, paused = false } = {}) {
  const dataDir = folder('data');
  const server = kind === 'server' ? await startServer() : undefined;
  const sandbox = await startSandbox();
  const host = await startHost({
    dataDir,
    endpoint: sandbox.url,
    flags: work ? [] : ['--no-work'],
    ...(server === undefined ? {} : { databaseUrl: server.url }),
  });
  const connection = await connect(host, sandbox);
  if (paused) await host.api('PATCH', `/api/v1/connections/${connection}`, { state: 'paused' });
  const files = folder('files');
  const takeIn = async (count, from, format = 'csv') => {
    const file = await writeImportFile(files, count, from, format);
    return seconds(() => upload(host, file, count, format));
  };
  const db = () => (server === undefined ? embeddedClient(dataDir) : client(server.url));
  return { host, takeIn, db };
}

async function once(kind, size) {
  const { host, takeIn, db: open } = await stage(kind);
  const db = await open();
  const first = await takeIn(WARM_UP.count, WARM_UP.from);
  const later = await takeIn(WARM_UP.count, WARM_UP.from + WARM_UP.count);
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
  const ndjson = await takeIn(size, size, 'ndjson');
  await clear();
  const working = async (paused) => {
    const { takeIn: takeInto } = await stage(kind, { work: true, paused });
    await takeInto(WARM_UP.count, WARM_UP.from);
    await takeInto(WARM_UP.count, WARM_UP.from + WARM_UP.count);
    const took = await takeInto(size, 0);
    await clear();
    return took;
  };
  return {
    ours,
    first,
    later,
    copy,
    bare,
    single,
    ndjson,
    rssMb,
    idle: await working(true),
    busy: await working(false),
  };
}

const worksIdly = {
  name: 'rate on a host that works and has nothing to plan, as a share of one that only serves',
  least: 0.9,
};
const worksHard = { name: 'rate while people are planned and sent, as a share of a host that only serves', least: 0.6 };
const firstFile = { name: 'rate of the first file after a start, as a share of the next', least: 0.8 };
const asNdjson = { name: 'rate of NDJSON, as a share of CSV' };

export async function run({ size, repeats }) {
  const lines = [];
  for (const kind of (process.env.BENCH_KINDS ?? 'embedded,server').split(',')) {
    const found = [];
    for (let turn = 0; turn < repeats; turn += 1) found.push(await once(kind, size));
    const of = (name) => found.map((one) => one[name]);
    const what = `${kind} PostgreSQL`;
    const rate = (name, count = size) => spread(of(name).map((one) => count / one));
    lines.push(
      {
        what,
        size,
        ratio: ratios(of('copy'), of('ours')),
        figures: {
          'ours, lines/s': rate('ours'),
          'COPY, same indexes, rows/s': rate('copy'),
          'COPY, no indexes, rows/s': rate('bare'),
          'one INSERT a person, people/s': rate('single'),
          'host, MB': spread(of('rssMb')),
        },
      },
      {
        what: `${what}, works`,
        size,
        goal: worksIdly,
        ratio: ratios(of('ours'), of('idle')),
        figures: { 'ours, lines/s': rate('idle') },
      },
      {
        what: `${what}, plans and sends`,
        size,
        goal: worksHard,
        ratio: ratios(of('ours'), of('busy')),
        figures: { 'ours, lines/s': rate('busy') },
      },
      {
        what: `${what}, first file`,
        size,
        goal: firstFile,
        ratio: ratios(of('later'), of('first')),
        figures: {
          'the first file of 10,000, lines/s': rate('first', WARM_UP.count),
          'the next, lines/s': rate('later', WARM_UP.count),
        },
      },
      {
        what: `${what}, NDJSON`,
        size,
        goal: asNdjson,
        ratio: ratios(of('ours'), of('ndjson')),
        figures: { 'ours, lines/s': rate('ndjson') },
      },
    );
  }
  return lines;
}
