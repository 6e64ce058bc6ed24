/** The host stands still while a connector starts, as a process that was stopped does. */
import { expect, jest, test } from '@jest/globals';
import { loadFixtures } from '../fixtures.js';

test('a connector that was imported while the host stood still is not refused for it', async () => {
  const real = setTimeout;
  let stoodStill = false;
  const spy = jest.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms: number) => {
    // That of the import, longer than any but that of the start.
    if (ms > 2_000 && ms < 60_000 && !stoodStill) {
      stoodStill = true;
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms + 2_000));
    }
    return real(run, ms);
  }) as typeof setTimeout);
  const loading = loadFixtures(['plain'], { isolation: 'fence', importTimeoutMs: 500 });
  const registry = await loading.finally(() => spy.mockRestore());
  expect(stoodStill).toBe(true);
  expect(registry.list()).toMatchObject([{ id: 'plain', state: 'ready' }]);
  await registry.close();
});
