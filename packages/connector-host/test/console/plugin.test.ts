/** Another plugin appears in the console without a line of UI code: a fixture whose form has every kind of field. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { expectAccessible, expectNoSidewaysScroll, openPage, picture, signIn, type WatchedPage } from './browser.js';
import { ADMIN, openStage, type Stage } from './stage.js';

const fixture = fileURLToPath(new URL('fixtures/plugins/every-field', import.meta.url));
const refused = fileURLToPath(new URL('../fixtures/plugins/manifest-invalid', import.meta.url));

let stage: Stage;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  stage = await openStage({}, [fixture, refused], ['--isolation', 'process']);
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN);
});
afterAll(() => stage?.stop());

const form = () => page.getByRole('form', { name: 'Your configuration' });

test('what is refused is listed with the reason and the remedy', async () => {
  await page.goto(`${stage.url}/console/connect`);
  await page.getByRole('heading', { name: 'Refused connectors' }).waitFor();
  await page.getByText('MANIFEST_INVALID').waitFor();
  await page.getByText('What to do:').first().waitFor();
  await expectAccessible(page);
  await picture(page, 'connectors-refused');
});

test('every kind of field is drawn with its label and help', async () => {
  await page.goto(`${stage.url}/console/connect/every-field`);
  await form().waitFor();
  expect(await form().getByLabel('Access Token').first().getAttribute('type')).toBe('password');
  await form().getByPlaceholder('north').waitFor();
  await form().getByLabel('Callback (optional)').waitFor();
  await form()
    .getByRole('radio', { name: /Only a window/ })
    .waitFor();
  await form()
    .getByRole('button', { name: /^Advanced/ })
    .click();
  expect(await form().getByLabel('Page Size (optional)').inputValue()).toBe('100');
  await expectAccessible(page);
  await picture(page, 'plugin-form');
});

test('Markdown is drawn; addresses that are not of the web do not become links', async () => {
  const note = form().getByRole('note').first();
  await note.getByRole('listitem').first().waitFor();
  expect(await note.getByRole('link', { name: /Tokens/ }).getAttribute('rel')).toContain('noopener');
  await page.getByText('click this').waitFor();
  expect(await page.getByRole('link', { name: 'click this' }).count()).toBe(0);
});

test('HTML of a manifest is not drawn, and neither runs nor fetches anything', async () => {
  await page.getByText('click this').waitFor();
  expect(await page.evaluate(() => 'scripted' in window)).toBe(false);
  // Icons of connectors stand in their manifests.
  expect(await page.locator('script:not([src]), img:not([src^="data:"])').count()).toBe(0);
  expect(await page.locator('body').textContent()).not.toContain('<script');
});

test('fields appear with the value they hang on, also through another that is hidden itself', async () => {
  const days = form().locator('input[name=days]');
  expect(await days.count()).toBe(0);
  await form()
    .getByRole('radio', { name: /Only a window/ })
    .check();
  await days.fill('30');
  await form().getByRole('switch', { name: 'Include the archive' }).check();
  await form().locator('input[name=archiveKey]').fill('archive-key-of-a-test');
  await form().getByText('This takes long').waitFor();
  await expectAccessible(page);
  await picture(page, 'plugin-form-visible');
  await form()
    .getByRole('radio', { name: /Everything/ })
    .check();
  await days.waitFor({ state: 'detached' });
  expect(await form().locator('input[name=archiveKey]').count()).toBe(0);
});

test("a fault that only the connector's own code finds is said at its field", async () => {
  await form().getByLabel('Access Token').first().fill('a-long-token');
  await form().getByPlaceholder('north').fill('nobody');
  await form().getByPlaceholder('north').blur();
  await form().getByText('Nobody lives there.').waitFor();
});

test('what is hidden is not sent', async () => {
  await form().getByPlaceholder('north').fill('north');
  const [sent] = await Promise.all([
    page.waitForRequest((one) => one.method() === 'POST' && one.url().endsWith('/api/v1/connections')),
    page.getByRole('button', { name: 'Configure Integration' }).click(),
  ]);
  expect(sent.postDataJSON().config).toEqual({ token: 'a-long-token', account: 'north', mode: 'full' });
  await page.getByText('Usable, with something missing').waitFor();
  await page.getByText('Not verifiable').waitFor();
  await expectAccessible(page);
  await picture(page, 'plugin-connected');
});

test('every secret can be replaced: one that was not set before, and one that hangs on another field', async () => {
  const config = { token: 'a-long-token', account: 'north', mode: 'window', days: 30, archive: true };
  const body = { connector: 'every-field', name: 'North', config: { ...config, archiveKey: 'the-first-key' } };
  const { id } = (await stage.call('POST', '/api/v1/connections', body)).body;
  await page.goto(`${stage.url}/console/connections/${id}?edit=secrets`);
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[name=webhookSecret]').fill('the-hook-secret');
  await dialog.locator('input[name=archiveKey]').fill('the-second-key');
  expect(await dialog.locator('input').count()).toBe(3);
  const [sent] = await Promise.all([
    page.waitForRequest((one) => one.method() === 'PATCH'),
    dialog.getByRole('button', { name: 'Check and save' }).click(),
  ]);
  expect(sent.postDataJSON()).toEqual({ config: { webhookSecret: 'the-hook-secret', archiveKey: 'the-second-key' } });
  await page.getByText('Saved and checked').waitFor();
  const kept = (await stage.call('GET', `/api/v1/connections/${id}`)).body.config;
  expect(kept).toMatchObject({ ...config, token: { set: true }, webhookSecret: { set: true } });
});

test('long texts break: nothing is wider than a phone', async () => {
  const narrow = await openPage(stage.browser, { width: 380, scheme: 'dark' });
  await signIn(narrow.page, stage.url, ADMIN, '/console/connect/every-field');
  await narrow.page.getByRole('form', { name: 'Your configuration' }).waitFor();
  await expectNoSidewaysScroll(narrow.page);
  await expectAccessible(narrow.page);
  await picture(narrow.page, 'plugin-form-narrow');
  await narrow.page.context().close();
});

test('all of this went without an uncaught error', () => {
  expect(watched.troubles).toEqual([]);
});
