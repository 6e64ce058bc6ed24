/** What the console says of a check is what was found: a connection that does not work, or not wholly, is never called good. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openPage, signIn, type WatchedPage } from './browser.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let stage: Stage;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  const connection = await stage.connect('Production');
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN, `/console/connections/${connection}`);
});
afterAll(() => stage?.stop());

const WORKS = 'The connection was checked and works';

async function check(says: string): Promise<void> {
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByRole('alert').getByText(says, { exact: true }).waitFor();
  if (says !== WORKS) expect(await page.getByText(WORKS).count()).toBe(0);
}

test('a check that fails says so, and so does one that leaves something open', async () => {
  stage.sandbox.faults.add({ on: 'POST /regulations', kind: 'status', status: 409, times: 1_000 });
  await check('The connection was checked: it is usable, with something missing');
  await page.getByText('Something is missing').first().waitFor();
  stage.sandbox.faults.clear();
  stage.sandbox.faults.add({ on: 'GET /', kind: 'status', status: 401, times: 1_000 });
  await check('The check failed: the connection does not work as it is');
  stage.sandbox.faults.clear();
  await check(WORKS);
  expect(watched.troubles).toEqual([]);
});
