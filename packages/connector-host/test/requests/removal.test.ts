import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LINES_PER_BATCH } from '../../src/requests/import-batch.js';
import { type RunningHost, runHost } from '../api/running-host.js';

const actor = { id: 'test', name: 'test', role: 'super-admin' } as const;
let running: RunningHost;

beforeAll(async () => {
  running = await runHost({ planWindowMs: 600_000, work: false });
}, 60_000);
afterAll(() => running.stop());

describe('a connection that is removed while a file comes in', () => {
  test('gets no more people: the rest of the file is judged by the connections that are left', async () => {
    const { host } = running;
    const first = await running.connect('First');
    const second = await running.connect('Second');
    let storedOne: () => void = () => undefined;
    const one = new Promise<void>((resolve) => {
      storedOne = resolve;
    });
    const lines = (from: number) =>
      Array.from({ length: LINES_PER_BATCH }, (_, i) => `r${from + i},u${from + i}\n`).join('');
    const file = Readable.from(
      (async function* () {
        yield 'request_id,user_id\n';
        yield lines(0);
        // The second batch is read, and judged by both connections, before the first of them is removed.
        yield lines(LINES_PER_BATCH).slice(0, -1);
        await one;
        await host.connections.remove(first, actor);
        yield '\n';
      })(),
    );
    const report = await host.requests.import(file, 'csv', actor, { onProgress: () => storedOne() });
    expect(report).toMatchObject({ accepted: 2 * LINES_PER_BATCH, rejected: 0 });
    const targets = async (requestId: string) =>
      (await host.requests.detail(requestId))?.tasks.map((task) => `${task.connection === first} ${task.state}`);
    expect(await targets('r0')).toEqual(['true error', 'false pending']);
    expect(await targets(`r${2 * LINES_PER_BATCH - 1}`)).toEqual(['false pending']);
    expect((await host.requests.list({ connection: second })).total).toBe(2 * LINES_PER_BATCH);
  }, 60_000);
});
