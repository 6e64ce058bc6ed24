/** Giving access to others in the console, and taking it back. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { expectAccessible, expectNoSidewaysScroll, openPage, picture, signIn, type WatchedPage } from './browser.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let stage: Stage;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN, '/console/access');
});
afterAll(() => stage?.stop());

const statusWith = async (token: string, path: string) =>
  (await fetch(`${stage.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).status;

let token: string;

test('who signs in first sees the token they came in with', async () => {
  await page
    .getByRole('row', { name: /Super Admin/ })
    .getByText('Works')
    .waitFor();
  await expectAccessible(page);
});

test('a token is made for somebody, with a role and a last day, and shown this once', async () => {
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await dialog.getByText('Enter a name.').waitFor();
  await dialog.getByLabel('Name').fill('Grace, privacy team');
  await dialog.getByLabel('Role').click();
  await page.getByRole('option', { name: 'Privacy Manager' }).click();
  await dialog.getByLabel('Last day it works').fill('2001-01-01');
  await dialog.getByText('This day has passed.').waitFor();
  await dialog.getByLabel('Last day it works').fill('2099-12-31');
  await expectAccessible(page);
  await picture(page, 'access-new');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  token = await dialog.getByLabel('Access token').inputValue();
  await expectAccessible(page);
  expect(await statusWith(token, '/requests')).toBe(200);
  expect(await statusWith(token, '/tokens')).toBe(403);
  await picture(page, 'access-made');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });
});

test('after that it is nowhere in the page, its address or what it stores', async () => {
  const row = page.getByRole('row', { name: /Grace, privacy team/ });
  await row.getByText('Privacy Manager').waitFor();
  await row.getByText('Dec 31, 2099').waitFor();
  const traces = await page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      location.href,
      JSON.stringify(history.state),
      ...Object.values(localStorage),
      ...Object.values(sessionStorage),
    ].join('\n'),
  );
  expect(token.length).toBeGreaterThan(20);
  expect(traces).not.toContain(token);
});

test.each([
  ['light', 1360],
  ['dark', 1360],
  ['light', 380],
] as const)('axe finds nothing in %s at %i, and it fits', async (scheme, width) => {
  const own = await openPage(stage.browser, { scheme, width });
  await signIn(own.page, stage.url, ADMIN, '/console/access');
  await own.page.getByText('Grace, privacy team').waitFor();
  await expectAccessible(own.page);
  await expectNoSidewaysScroll(own.page);
  await picture(own.page, `view-access-${scheme}-${width}`);
  await own.page.context().close();
});

test('a revoked token stops working at once and stays in the list', async () => {
  await page.getByRole('button', { name: 'Revoke the token of Grace, privacy team' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/It stops working at once/).waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
  const row = page.getByRole('row', { name: /Grace, privacy team/ });
  await row.getByText('Revoked').waitFor();
  expect(await row.getByRole('button').count()).toBe(0);
  expect(await statusWith(token, '/requests')).toBe(401);
});

test('Back leaves the view once its dialogs are closed, and closes one that is open', async () => {
  await page.goto(`${stage.url}/console/overview`);
  await page.getByRole('link', { name: 'Access' }).click();
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New token' }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'New token' }).click();
  await dialog.waitFor();
  await page.goBack();
  await dialog.waitFor({ state: 'detached' });
  await page.goBack();
  await page
    .getByRole('heading', { level: 1, name: 'Overview' })
    .or(page.getByText('Nothing is connected yet'))
    .first()
    .waitFor();
});

test('who may not give access does not find the view, and is told so at its address', async () => {
  const own = await openPage(stage.browser);
  await signIn(own.page, stage.url, await stage.tokenOf('connections-manager'));
  expect(await own.page.getByRole('link', { name: 'Access' }).count()).toBe(0);
  await own.page.goto(`${stage.url}/console/access`);
  await own.page.getByText('Your role does not give access to others').waitFor();
  await expectAccessible(own.page);
  expect(own.troubles).toEqual([]);
  await own.page.context().close();
});

test('all of this went without an uncaught error', () => {
  expect(watched.troubles).toEqual([]);
});
