/** The console does what was meant and nothing else: not later, not again, not for more people than somebody confirmed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { expectAccessible, expectNoSidewaysScroll, openPage, picture, signIn, type WatchedPage } from './browser.js';
import { untilDetected } from './map.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let stage: Stage;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  stage = await openStage({}, [], ['--confirm-above', '4']);
  await stage.connect('Production');
  await untilDetected(stage, 'Production');
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN, '/console/requests');
});
afterAll(() => stage?.stop());

const dialog = () => page.getByRole('dialog');
const press = (name: string | RegExp) => dialog().getByRole('button', { name }).click();
const known = async () => (await stage.call('GET', '/api/v1/requests?limit=1')).body.total;

/** Fills in the form for one person, and goes on to what it would do. */
async function review(requestId: string, value: string): Promise<void> {
  await page.goto(`${stage.url}/console/requests?new=1`);
  await dialog().getByLabel('Request id').fill(requestId);
  await dialog().getByLabel('Value').fill(value);
  await press('Continue');
  await dialog().getByText('Erase this person?').waitFor();
}

test('before a person is erased it stands there where, what is missed and what of the quota is left; nothing was sent', async () => {
  await review('ada', 'ada@example.com');
  await dialog().getByText('1 person would go out in 1 call.').waitFor();
  await dialog().getByText('Production', { exact: true }).waitFor();
  await dialog().getByText('Quota left').waitFor();
  await dialog()
    .getByText(/systems it would not reach/)
    .waitFor();
  expect(await known()).toBe(0);
  expect(stage.sandbox.regulations()).toEqual([]);
  await expectAccessible(page);
  await picture(page, 'confirm-request');
});

test('without a network a deletion fails at once; once it is cancelled it is never sent', async () => {
  await page.context().setOffline(true);
  await press('Erase this person');
  await dialog().getByText('The host does not answer.').waitFor();
  await dialog()
    .getByText(/Nothing is sent by itself later/)
    .waitFor();
  await expectAccessible(page);
  await picture(page, 'confirm-offline');
  await press('Cancel');
  await dialog().waitFor({ state: 'detached' });
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && new URL(request.url()).pathname.endsWith('/requests')) sent.push(request.url());
  });
  await page.context().setOffline(false);
  // The list is read again: by then whatever had been kept for later would have been sent.
  await page.goto(`${stage.url}/console/requests`);
  await page.getByText('No requests yet').waitFor();
  expect(sent).toEqual([]);
  expect(await known()).toBe(0);
});

test('a deletion that is kept for a network which comes back while its dialog is gone would be sent: none is kept', async () => {
  await review('bea', 'bea@example.com');
  await page.context().setOffline(true);
  await press('Erase this person');
  await press('Cancel');
  await dialog().waitFor({ state: 'detached' });
  await page.context().setOffline(false);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  // The page itself goes on: another call of it arrives after whatever was kept.
  await page.getByLabel('Request id or identifier').fill('bea');
  await page.getByText('Nothing fits these filters').waitFor();
  expect(await known()).toBe(0);
});

test('cancelled while it is being sent, the call is taken back, and that is said', async () => {
  await review('cyd', 'cyd@example.com');
  let held: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    held = resolve;
  });
  await page.route('**/api/v1/requests', () => held());
  const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/v1/requests'));
  await press('Erase this person');
  await reached;
  await press('Cancel');
  await failed;
  await page.getByText(/Sending was stopped/).waitFor();
  await page.unroute('**/api/v1/requests');
  expect(await known()).toBe(0);
});

test('an answer of the host that says to come back later is not followed by the browser itself', async () => {
  await review('dan', 'dan@example.com');
  let calls = 0;
  await page.route('**/api/v1/requests', async (route) => {
    calls += 1;
    await route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"Not now."}' });
  });
  await press('Erase this person');
  await dialog().getByText('Not now.').waitFor();
  await page.unroute('**/api/v1/requests');
  expect(calls).toBe(1);
  await press('Back');
  expect(await dialog().getByLabel('Request id').inputValue()).toBe('dan');
  await press('Cancel');
});

test('a doubtful identifier is shown with its reason, waits, and goes out when somebody says that it is meant', async () => {
  await review('eve', 'eve@example.com');
  await press('Back');
  await dialog().getByLabel('Kind').first().click();
  await page.getByRole('option', { name: /user id/i }).click();
  await dialog().getByLabel('Value').fill('undefined');
  await press('Continue');
  await dialog().getByText('Doubtful: this may not name a person at all').waitFor();
  await dialog()
    .getByText(/cannot be undone/)
    .waitFor();
  await expectAccessible(page);
  await picture(page, 'confirm-doubtful');
  await press('Submit, to wait for a decision');
  await page.getByRole('heading', { level: 1, name: 'eve' }).waitFor();
  await page.getByText('Doubtful: this may not name a person at all').waitFor();
  await page.getByText('Waiting for a person').first().waitFor();
  expect(stage.sandbox.regulations()).toEqual([]);
  await expectAccessible(page);
  await picture(page, 'held');
  await page.getByRole('button', { name: 'It is meant: send it' }).click();
  await dialog()
    .getByText(/cannot be undone/)
    .waitFor();
  await press('It is meant: send it');
  await page.getByText('Somebody has said that the doubtful identifiers are meant.').waitFor();
  await page.getByText('Reference at the vendor').waitFor();
  expect(stage.sandbox.regulations()).toHaveLength(1);
});

/** A file of people, dragged into the dialog. */
async function check(name: string, content: string): Promise<void> {
  await page.goto(`${stage.url}/console/requests?import=1`);
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  await press('Check the file');
}

test('a file: mended places are listed, columns nobody knows are skipped on a word, doubtful lines are kept back or sent', async () => {
  const before = await known();
  await check('crm.csv', 'Request ID,user_id,Shoe size\r\nf-1, u-1 ,39\r\nf-2,undefined,40\r\nf-3,u-3,41\r\n');
  await dialog()
    .getByText(/Shoe size/)
    .waitFor();
  await expectAccessible(page);
  await picture(page, 'import-extra-columns');
  await press('Skip these columns');
  await dialog().getByText('What was mended while reading').waitFor();
  await dialog()
    .getByText(/White space around cells was taken away/)
    .waitFor();
  await dialog().getByText('2 people would go out').waitFor();
  expect(await dialog().getByRole('button', { name: 'Import 2 requests' }).isEnabled()).toBe(true);
  await expectAccessible(page);
  await picture(page, 'import-doubtful');
  await dialog()
    .getByLabel(/it is meant: send it too/)
    .click();
  await dialog().getByText('3 people would go out').waitFor();
  expect(await known()).toBe(before);
  await press('Import 3 requests');
  await dialog().getByRole('region', { name: 'The import is done' }).waitFor();
  expect(await known()).toBe(before + 3);
});

test('a value that stands for many people cannot be kept back by an import: it takes nothing before somebody has decided', async () => {
  await check('shared.csv', `request_id,user_id\n${[1, 2, 3, 4, 5, 6].map((n) => `s-${n},u-77`).join('\n')}\n`);
  await dialog()
    .getByText(/cannot be kept back by an import/)
    .waitFor();
  expect(await dialog().getByRole('button', { name: 'Import 6 requests' }).isDisabled()).toBe(true);
  await press('Cancel');
});

const many = `request_id,user_id\n${Array.from({ length: 5 }, (_, at) => `m-${at},many-${at}`).join('\n')}\n`;

test('more people than the host is set to are confirmed by typing how many they are', async () => {
  const before = await known();
  await check('many.csv', many);
  const start = dialog().getByRole('button', { name: 'Import 5 requests' });
  await start.waitFor();
  expect(await start.isDisabled()).toBe(true);
  await dialog().getByLabel('Type 5 to confirm').fill('4');
  expect(await start.isDisabled()).toBe(true);
  await dialog().getByLabel('Type 5 to confirm').fill('5');
  await expectAccessible(page);
  await picture(page, 'import-confirm-number');
  stage.sandbox.faults.add({ on: 'POST /regulations', kind: 'status', status: 400, times: 1000 });
  await start.click();
  await dialog().getByRole('region', { name: 'The import is done' }).waitFor();
  expect(await known()).toBe(before + 5);
});

test('all in error are tried again only after their cause, number and cost were shown, and the number was typed', async () => {
  await page.goto(`${stage.url}/console/requests?status=error`);
  await page.getByText('5 requests').waitFor();
  stage.sandbox.faults.clear();
  await page.getByRole('button', { name: 'Retry all in error' }).click();
  const retry = dialog().getByRole('button', { name: 'Retry 5 people' });
  await retry.waitFor();
  await dialog()
    .getByText(/5 identifiers count against the quota/)
    .waitFor();
  await dialog()
    .getByText(/systems are not reached/)
    .waitFor();
  expect(await retry.isDisabled()).toBe(true);
  await dialog().getByLabel('Type 5 to confirm').fill('5');
  await expectAccessible(page);
  await picture(page, 'retry-all-confirm');
  await retry.click();
  await page.getByText('5 tasks are tried again').waitFor();
});

test('what is confirmed fits a phone, in the dark too', async () => {
  const own = await openPage(stage.browser, { width: 380, scheme: 'dark' });
  await signIn(own.page, stage.url, ADMIN, '/console/requests?new=1');
  await own.page.getByLabel('Value').fill('fay@example.com');
  await own.page.getByRole('button', { name: 'Continue' }).click();
  await own.page.getByText('Erase this person?').waitFor();
  await expectAccessible(own.page);
  await expectNoSidewaysScroll(own.page);
  await picture(own.page, 'confirm-request-dark-380');
  expect(own.troubles).toEqual([]);
  await own.page.context().close();
});
