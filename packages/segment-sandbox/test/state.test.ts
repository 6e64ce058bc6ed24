import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startSandbox } from '../src/index.js';
import { ask, closeAfterEach, DAY, deletion, HandClock, regulate, sandboxFor } from './run.js';

closeAfterEach();

let folder = '';
let state = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-state-'));
  state = join(folder, 'state');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a sandbox with a file of its state', () => {
  test('goes on where the last one ended: regulations, what was taken back, time and quota', async () => {
    const clock = new HandClock();
    const first = await sandboxFor({ state, clock, quota: 5 });
    const taken = await regulate(first, 'u1', 'u2');
    const cancelled = await regulate(first, 'u3');
    await ask(`${first.url}/regulations/${cancelled}`, { token: first.tokens.publicOwner, method: 'DELETE' });
    first.clock.advance(6 * DAY);
    const before = first.regulations().map(({ subjectIds, ...rest }) => ({ ...rest, subjectIds }));
    await first.close();

    const second = await sandboxFor({ state, clock, quota: 5 });
    expect(second.regulations().map(({ subjectIds, ...rest }) => ({ ...rest, subjectIds }))).toEqual(before);
    expect(before.map(({ id, status, cancelled: gone }) => [id, status, gone])).toEqual([
      [taken, 'FINISHED', false],
      [cancelled, 'FINISHED', true],
    ]);
    expect(second.clock.now()).toBe(clock.now() + 6 * DAY);
    const shown = await ask(`${second.url}/regulations/${taken}`, { token: second.tokens.publicOwner });
    expect(shown.json.data.regulation).toMatchObject({ id: taken, overallStatus: 'FINISHED' });
    const more = { token: second.tokens.publicOwner, body: deletion('u4', 'u5', 'u6') };
    expect((await ask(`${second.url}/regulations`, more)).status).toBe(429);
    expect(await regulate(second, 'u4', 'u5')).not.toBe(taken);
  });

  test('gives no id out twice, not even when it begins anew', async () => {
    const ids = new Set<string>();
    for (const file of [state, state, join(folder, 'another')]) {
      const sandbox = await startSandbox({ state: file });
      ids.add(await regulate(sandbox, 'u1'));
      await sandbox.close();
    }
    expect(ids.size).toBe(3);
  });

  test('forgets the half line of a process that was killed while it wrote, and only that', async () => {
    const first = await sandboxFor({ state });
    const id = await regulate(first, 'u1');
    await first.close();
    appendFileSync(state, '{"kind":"made","regulation":{"id":"ha');
    const second = await startSandbox({ state });
    expect(second.regulations().map((each) => each.id)).toEqual([id]);
    const later = await regulate(second, 'u2');
    await second.close();
    const third = await sandboxFor({ state });
    expect(third.regulations().map((each) => each.id)).toEqual([id, later]);
  });

  test('can be read by its owner only, and is named by /_sandbox', async () => {
    const sandbox = await sandboxFor({ state });
    expect(statSync(state).mode & 0o777).toBe(0o600);
    expect((await ask(`${sandbox.url}/_sandbox`)).json).toMatchObject({ state });
  });

  test.each([
    ['something else', 'some notes\n'],
    ['something else without a line end', 'some notes'],
    ['a damaged line', '{"kind":"sandbox"}\n{"kind":\n{"kind":"advanced","ms":1}\n'],
  ])('a file that holds %s is refused by name and left as it is', async (_what, text) => {
    writeFileSync(state, text);
    await expect(startSandbox({ state })).rejects.toThrow(`${state} is not the state of a sandbox, or is damaged`);
    expect(readFileSync(state, 'utf8')).toBe(text);
  });
});
