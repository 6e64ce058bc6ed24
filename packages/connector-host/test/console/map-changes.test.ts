/** The map after something changed in the workspace: what is new, what is gone, and a map that fits again. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Destination } from 'segment-sandbox';
import { expectAccessible, openPage, picture, signIn, type WatchedPage } from './browser.js';
import { headline, mapIsWhole, untilDetected } from './map.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let stage: Stage;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  await stage.connect('Acme');
  await untilDetected(stage, 'Acme');
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN, '/console/map');
  await headline(page);
});
afterAll(() => stage?.stop());

/** Buttons of the map, one for each system. */
const card = (name: RegExp) => page.locator('.react-flow__node').getByRole('button', { name });
const onlyChanged = () => page.getByRole('switch', { name: 'Only what changed' });

/** Somebody puts Hotjar away at Segment and adds another analytics tool. */
function changeWorkspace(): void {
  const destinations = stage.sandbox.workspaces[0]?.destinations as Destination[];
  const at = destinations.findIndex(({ name }) => name === 'Hotjar');
  const [hotjar] = destinations.splice(at, 1);
  if (hotjar === undefined) throw new Error('The demo workspace has no Hotjar.');
  destinations.push({ ...hotjar, id: `${hotjar.id.slice(0, -4)}beef`, name: 'Heat maps of the shop' });
}

test('nothing has changed yet', async () => {
  await onlyChanged().click();
  await page.getByText('Nothing fits these filters').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await mapIsWhole(page);
});

test('another look says what is new and what is gone, and the map shows the new system as new', async () => {
  changeWorkspace();
  await page.getByRole('button', { name: 'Look now' }).click();
  await page.getByText(/\d+ systems found, 1 new, 1 gone/).waitFor();
  await card(/^Heat maps of the shop New · Hotjar/).waitFor();
  expect(await card(/^Hotjar/).count()).toBe(0);
  await mapIsWhole(page);
  await expectAccessible(page);
  await picture(page, 'map-new');
});

test('what changed is shown alone: the new system, the one that is gone, and the source that fed it', async () => {
  await onlyChanged().click();
  await card(/^Hotjar Gone · Destination/).waitFor();
  await card(/^Heat maps of the shop New · Hotjar/).waitFor();
  await card(/^acme.com/).waitFor();
  expect(await card(/./).count()).toBe(3);
  await mapIsWhole(page);
  await expectAccessible(page);
  await picture(page, 'map-changed');
});

test('a system that is gone tells so, and when it was last seen', async () => {
  await card(/^Hotjar Gone/).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByText('Gone', { exact: true }).waitFor();
  await details.getByText('Last seen').waitFor();
  await mapIsWhole(page);
  await picture(page, 'map-gone');
});

test('the map fits again whenever its room or its content changes', async () => {
  await page.goto(`${stage.url}/console/map`);
  for (const width of [1700, 1100, 1360]) {
    await page.setViewportSize({ width, height: 860 });
    await mapIsWhole(page);
  }
  const search = page.getByLabel('Name, vendor or category');
  await search.pressSequentially('braze');
  await card(/^Heat maps/).waitFor({ state: 'detached' });
  expect(await search.inputValue()).toBe('braze');
  await mapIsWhole(page);
  await search.fill('');
  await card(/^Heat maps/).waitFor();
  await mapIsWhole(page);
});

test('all of this went without an uncaught error', () => {
  expect(watched.troubles).toEqual([]);
});
