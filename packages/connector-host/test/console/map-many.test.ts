/** A map of hundreds of systems, which does not fit into the window: what is chosen or has the focus is in sight. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { openPage, picture, signIn, type WatchedPage } from './browser.js';
import { untilDetected } from './map.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let stage: Stage;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  stage = await openStage({ generate: { sources: 150, destinations: 450, warehouses: 10 } });
  await stage.connect('Acme');
  await untilDetected(stage, 'Acme');
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN, '/console/map');
});
afterAll(() => stage?.stop());

const cards = () => page.locator('.react-flow__node').getByRole('button');

/** Whether a system stands whole within the map's frame, and the frame is not scrolled. */
const within = (card: Locator) =>
  card.evaluate((button) => {
    const flow = button.closest('.react-flow');
    if (flow === null) return false;
    const [inner, outer] = [button.getBoundingClientRect(), flow.getBoundingClientRect()];
    return flow.scrollTop === 0 && inner.top >= outer.top && inner.bottom <= outer.bottom;
  });

async function comesIntoSight(card: Locator): Promise<void> {
  for (const giveUpAt = Date.now() + 300_000; !(await within(card)); ) expect(Date.now()).toBeLessThan(giveUpAt);
}

test('what gets the focus out of sight is brought into it', async () => {
  await cards().first().waitFor();
  expect(await cards().count()).toBe(610);
  const last = cards().last();
  expect(await within(last)).toBe(false);
  await last.focus();
  await comesIntoSight(last);
  await picture(page, 'map-many');
  // Back to the first, which is out of sight now.
  const first = cards().first();
  await first.focus();
  await comesIntoSight(first);
});

test('what is chosen is in sight beside its details', async () => {
  const last = cards().last();
  await last.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Details' }).waitFor();
  await comesIntoSight(last);
  await picture(page, 'map-many-chosen');
  expect(watched.troubles).toEqual([]);
});
