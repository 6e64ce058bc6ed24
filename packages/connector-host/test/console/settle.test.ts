/** A submission of which nobody can find out whether it arrived: a person decides, in the console. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { expectAccessible, openPage, picture, signIn, type WatchedPage } from './browser.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let stage: Stage;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
  // The older of Segment's APIs has no list of regulations in which a lost one could be looked for.
  await stage.connect('Older', stage.sandbox.tokens.configAdmin);
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN);
});
afterAll(() => stage?.stop());

/** Loses the answer to a person's submission, and opens the request once the host has given up finding out. */
async function lose(requestId: string): Promise<void> {
  stage.sandbox.faults.add({ on: 'POST /v1beta/workspaces/{slug}/regulations', kind: 'lost-after', times: 1 });
  const identifiers = [{ kind: 'user_id', value: `u-${requestId}` }];
  await stage.call('POST', '/api/v1/requests', { requestId, right: 'deletion', identifiers });
  await page.goto(`${stage.url}/console/requests/${requestId}`);
  await page.getByText('Somebody has to decide').waitFor();
}

test('says what happened, and offers no retry that the host would refuse', async () => {
  await lose('ada');
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  await expectAccessible(page);
  await picture(page, 'undecided');
});

test('it arrived: the batch is followed under the reference that was entered, and nothing is sent', async () => {
  const [regulation] = stage.sandbox.regulations();
  await page.getByRole('button', { name: 'It arrived' }).click();
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: 'It arrived' });
  expect(await button.isDisabled()).toBe(true);
  await dialog.getByLabel('Reference at the vendor').fill(regulation?.id ?? '');
  // With less motion asked for, what may be pressed looks so at once, in a page that is not drawn just now too.
  expect(await button.evaluate((element) => getComputedStyle(element).transitionProperty)).toBe('none');
  await expectAccessible(page);
  await picture(page, 'undecided-confirm');
  await button.click();
  await page.getByRole('heading', { level: 1 }).locator('xpath=..').getByText('Left over', { exact: true }).waitFor();
  expect(stage.sandbox.regulations()).toHaveLength(1);
});

test('a reference that belongs to another batch is refused, with the reason in the dialog; then it is sent again', async () => {
  await lose('bob');
  const [first] = stage.sandbox.regulations();
  await page.getByRole('button', { name: 'It arrived' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reference at the vendor').fill(first?.id ?? '');
  await dialog.getByRole('button', { name: 'It arrived' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Send it again' }).click();
  await dialog.getByText(/counts against the quota again/).waitFor();
  await dialog.getByRole('button', { name: 'Send it again' }).click();
  await page.getByRole('heading', { level: 1 }).locator('xpath=..').getByText('Left over', { exact: true }).waitFor();
  expect(stage.sandbox.regulations()).toHaveLength(3);
});

test('who may not decide reads what happened and has no button', async () => {
  await lose('cyd');
  const own = await openPage(stage.browser);
  await signIn(own.page, stage.url, await stage.tokenOf('viewer'), '/console/requests/cyd');
  await own.page.getByText('Somebody has to decide').waitFor();
  expect(await own.page.getByRole('button', { name: /It arrived|Send it again/ }).count()).toBe(0);
  expect([...own.troubles, ...watched.troubles]).toEqual([]);
  await own.page.context().close();
});

test('everything in error is tried again at once, but for what a person has to decide', async () => {
  const on = 'POST /v1beta/workspaces/{slug}/regulations';
  stage.sandbox.faults.add({ on, kind: 'status', status: 400, times: 1 });
  const identifiers = [{ kind: 'user_id', value: 'u-dan' }];
  await stage.call('POST', '/api/v1/requests', { requestId: 'dan', right: 'deletion', identifiers });
  await page.goto(`${stage.url}/console/requests?status=error`);
  await page.getByText('dan', { exact: true }).waitFor();
  // What waits for a decision is no error.
  expect(await page.getByText('cyd', { exact: true }).count()).toBe(0);
  await page.getByRole('button', { name: 'Retry all in error' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 person').first().waitFor();
  await expectAccessible(page);
  await picture(page, 'retry-all');
  await dialog.getByRole('button', { name: 'Retry 1 person' }).click();
  await page.getByText('One task is tried again; one waits for a person’s decision first').waitFor();
  await page.getByText('dan', { exact: true }).waitFor({ state: 'detached' });
  await page.goto(`${stage.url}/console/requests?status=waiting_for_person`);
  await page.getByText('cyd', { exact: true }).waitFor();
  await page.goto(`${stage.url}/console/requests/dan`);
  await page.getByRole('heading', { level: 1 }).locator('xpath=..').getByText('Left over', { exact: true }).waitFor();
  expect(watched.troubles).toEqual([]);
});
