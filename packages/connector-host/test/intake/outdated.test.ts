/** What people are taken in by changes while they come in: connections that are removed, and the key that seals them. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { LINES_PER_BATCH } from '../../src/intake/import-batch.js';
import { type RunningHost, runHost } from '../api/running-host.js';

const actor = { id: 'test', name: 'test', role: 'super-admin' } as const;
let running: RunningHost;
let database: pg.Client;

/** A file of two full batches of {@link LINES_PER_BATCH}: the second is read and sealed before `meanwhile`, and stored after it. */
function twoBatches(prefix: string, meanwhile: () => Promise<unknown>): [file: Readable, storedOne: () => void] {
  let storedOne: () => void = () => undefined;
  const one = new Promise<void>((resolve) => {
    storedOne = resolve;
  });
  const lines = (from: number) =>
    Array.from({ length: LINES_PER_BATCH }, (_, i) => `${prefix}${from + i},u${from + i}\n`).join('');
  const file = Readable.from(
    (async function* () {
      yield 'request_id,user_id\n';
      yield lines(0);
      yield lines(LINES_PER_BATCH).slice(0, -1);
      await one;
      await meanwhile();
      yield '\n';
    })(),
  );
  return [file, () => storedOne()];
}

beforeAll(async () => {
  running = await runHost({ planWindowMs: 600_000, work: false });
  database = new pg.Client(running.databaseUrl);
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await running.stop();
});

describe('a connection that is removed while a file comes in', () => {
  test('gets no more people: the rest of the file is judged by the connections that are left', async () => {
    const { host } = running;
    const first = await running.connect('First');
    const second = await running.connect('Second');
    const [file, onProgress] = twoBatches('r', () => host.connections.remove(first, actor));
    const report = await host.requests.import(file, 'csv', actor, { onProgress });
    expect(report).toMatchObject({ accepted: 2 * LINES_PER_BATCH, rejected: 0 });
    const targets = async (requestId: string) =>
      (await host.requests.detail(requestId))?.tasks.map((task) => `${task.connection === first} ${task.state}`);
    expect(await targets('r0')).toEqual(['true error', 'false pending']);
    expect(await targets(`r${2 * LINES_PER_BATCH - 1}`)).toEqual(['false pending']);
    expect((await host.requests.list({ connection: second })).total).toBe(2 * LINES_PER_BATCH);
  });
});

test('a connection that is made while a file comes in gets those who are taken in after it', async () => {
  const { host } = running;
  await running.connect('Before');
  let made = '';
  const [file, onProgress] = twoBatches('m', async () => {
    made = await running.connect('Meanwhile');
  });
  expect(await host.requests.import(file, 'csv', actor, { onProgress })).toMatchObject({ rejected: 0 });
  const goes = async (requestId: string) =>
    (await host.requests.detail(requestId))?.tasks.some(({ connection }) => connection === made);
  expect([await goes('m0'), await goes(`m${2 * LINES_PER_BATCH - 1}`)]).toEqual([false, true]);
});

describe('a key that is replaced while people come in', () => {
  const replace = async () =>
    (await running.call('POST', '/api/v1/keys/rotate', { key: 'people' })).body as { id: string; people: number };
  const under = async (key: string) => {
    const { rows } = await database.query(
      `select count(*)::int as count from connector_host.requests where encode(substring(identifiers from 2 for 8), 'hex') = $1`,
      [key],
    );
    return rows[0].count;
  };

  test('seals everybody from then on: those that were sealed by the old one are sealed again before they are stored', async () => {
    await running.connect('Third');
    const { host } = running;
    let made = { id: '', people: 0 };
    const [file, onProgress] = twoBatches('k', async () => {
      made = await replace();
    });
    expect(await host.requests.import(file, 'csv', actor, { onProgress })).toMatchObject({
      accepted: 2 * LINES_PER_BATCH,
      rejected: 0,
    });
    expect(made.people).toBeGreaterThanOrEqual(LINES_PER_BATCH);
    expect(await under(made.id)).toBe(LINES_PER_BATCH);

    const { id } = await replace();
    const body = { requestId: 'alone', right: 'deletion', identifiers: [{ kind: 'user_id', value: 'u' }] };
    await host.requests.accept(body, actor);
    expect(await under(id)).toBe(1);
    const [found] = (await host.requests.list({ search: 'k0' })).items;
    expect(found?.identifiers).toEqual([{ kind: 'user_id', value: 'u0' }]);
    expect((await host.requests.detail('k0'))?.identifiers).toEqual(found?.identifiers);
  });
});
