import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Pages } from '../../../src/plugins/isolation/confined/pages.js';

/** Reads all pages; between two of them, time passes as on the way to another process. */
async function read(pages: Pages): Promise<unknown[]> {
  const items: unknown[] = [];
  for (;;) {
    const page = await pages.next();
    items.push(...page.items);
    if (page.done) return items;
    for (let n = 0; n < 5; n++) await turn();
  }
}

test.each([1, 2, 49, 50, 99, 100, 101, 250])(
  'what comes late, after %i items at once, is in a page all the same',
  async (before) => {
    async function* steps() {
      for (let n = 0; n < before; n++) yield n;
      // Longer than a page waits, and shorter than it takes until the next one is asked for.
      await turn();
      await turn();
      for (let n = before; n < before + 10; n++) yield n;
    }
    expect(await read(new Pages(steps()))).toEqual(Array.from({ length: before + 10 }, (_, n) => n));
  },
);

test('what is there at once goes together; no page waits to be filled', async () => {
  async function* steps() {
    yield 1;
    yield 2;
    await new Promise(() => undefined);
  }
  expect(await new Pages(steps()).next()).toEqual({ items: [1, 2], done: false });
});

test('a failure comes after all that was there before it', async () => {
  async function* steps() {
    yield 1;
    throw new Error('broken');
  }
  const pages = new Pages(steps());
  expect(await pages.next()).toEqual({ items: [1], done: false });
  await expect(pages.next()).rejects.toThrow('broken');
});
