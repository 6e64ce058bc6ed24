/** Who is told what, in the console: set up, tested, changed, and what was sent. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  certificate,
  type MailReceiver,
  mailReceiver,
  type WebhookReceiver,
  webhookReceiver,
} from '../notices/receivers.js';
import { expectAccessible, expectNoSidewaysScroll, openPage, picture, signIn, type WatchedPage } from './browser.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let stage: Stage;
let mail: MailReceiver;
let hook: WebhookReceiver;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  const pair = certificate();
  [mail, hook] = [await mailReceiver({ ...pair, authOptional: true, hideSTARTTLS: true }), await webhookReceiver()];
  const server = ['--smtp-server', `localhost:${mail.port}`, '--smtp-security', 'none'];
  const more = ['--mail-from', 'privacy@example.com', '--allow-webhook', hook.origin];
  stage = await openStage({}, [], [...server, ...more]);
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN, '/console/notices');
});
afterAll(async () => {
  await stage?.stop();
  await mail?.stop();
  await hook?.stop();
});

const row = (name: RegExp) => page.getByRole('region', { name: 'List of who is told' }).getByRole('row', { name });
const sent = (name: RegExp) => page.getByRole('region', { name: 'List of what was sent' }).getByRole('row', { name });

test('where nobody is told anything, the page says what could be', async () => {
  await page.getByText('Nobody is told anything yet').waitFor();
  await page.getByText('Nothing was sent yet.').waitFor();
  await expectAccessible(page);
});

test('somebody is told by mail what was chosen, outside of quiet hours', async () => {
  await page.getByRole('button', { name: 'New notice' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Fill this in.').waitFor();
  await dialog.getByLabel('E-mail address').fill('grace at example.com');
  await dialog.getByLabel('Quiet from').fill('22:00');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Fill in both, or neither.').waitFor();
  await dialog.getByLabel('Quiet until').fill('07:00');
  await dialog.getByRole('checkbox', { name: 'A quota is used up' }).uncheck();
  await expectAccessible(page);
  await picture(page, 'notices-new');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This is not an e-mail address.').waitFor();
  await dialog.getByLabel('E-mail address').fill('grace@example.com');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row(/grace@example.com/)
    .getByText('22:00 to 07:00, UTC')
    .waitFor();
  await row(/grace@example.com/)
    .getByText('Everything but:')
    .waitFor();
  await row(/grace@example.com/)
    .getByText('A quota is used up')
    .waitFor();
  expect(
    await row(/grace@example.com/)
      .getByText('Work is overdue')
      .count(),
  ).toBe(0);
});

let secret = '';
test("a webhook's secret is shown this once, and is nowhere in the page after that", async () => {
  await page.getByRole('button', { name: 'New notice' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('How').click();
  await page.getByRole('option', { name: 'Webhook' }).click();
  await dialog.getByLabel('Address of the webhook').fill(`${hook.origin}/hook?key=canary`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  secret = await page.getByLabel('Secret', { exact: true }).inputValue();
  expect(secret).toMatch(/^whsec_/);
  await expectAccessible(page);
  await picture(page, 'notices-secret');
  await page.getByRole('button', { name: 'Done' }).click();
  await row(/Webhook at/)
    .getByText('Everything')
    .waitFor();
  const traces = await page.evaluate(() =>
    [document.documentElement.outerHTML, location.href, ...Object.values(sessionStorage)].join('\n'),
  );
  for (const hidden of [secret, 'canary']) expect(traces).not.toContain(hidden);
});

test('a test says what came of it, and what was not taken is resent', async () => {
  await page.getByRole('button', { name: 'Send a test to: grace@example.com' }).click();
  await page.getByText('The test was delivered').waitFor();
  expect(mail.mails.map(({ to }) => to)).toEqual([['grace@example.com']]);
  await sent(/grace@example.com/)
    .getByText('Delivered')
    .waitFor();
  hook.status = 500;
  await page.getByRole('button', { name: /Send a test to: Webhook/ }).click();
  await page.getByText('The test was not delivered. The receiver did not take the message (500).').waitFor();
  hook.status = 200;
  await page.getByRole('button', { name: /Resend to http/ }).click();
  await sent(/http:/).getByText('Delivered').waitFor();
  const ids = hook.calls.map(({ headers }) => headers['webhook-id']);
  expect([new Set(ids).size, ids.length >= 2]).toEqual([1, true]);
});

test('a notice is switched off, gets a new secret, and is removed', async () => {
  await page.getByRole('button', { name: 'Change: grace@example.com' }).click();
  await page.getByRole('dialog').getByRole('switch', { name: 'Send' }).click();
  for (const kind of ['Work is overdue', 'Work was assigned', 'Work is due tomorrow'])
    await page.getByRole('dialog').getByRole('checkbox', { name: kind }).uncheck();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await row(/grace@example.com/)
    .getByText('Off', { exact: true })
    .waitFor();
  await row(/grace@example.com/)
    .getByText('A submission has to be decided about')
    .waitFor();
  await page.getByRole('button', { name: /New secret: / }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
  expect(await page.getByLabel('Secret', { exact: true }).inputValue()).not.toBe(secret);
  await page.getByRole('button', { name: 'Done' }).click();
  await picture(page, 'notices');
});

test.each([
  ['light', 1360],
  ['dark', 1360],
  ['light', 380],
  ['dark', 380],
] as const)('axe finds nothing in %s at %i, and it fits', async (scheme, width) => {
  const own = await openPage(stage.browser, { scheme, width });
  await signIn(own.page, stage.url, ADMIN, '/console/notices');
  await own.page.getByText('grace@example.com').first().waitFor();
  await own.page.getByRole('region', { name: 'List of what was sent' }).waitFor();
  await expectAccessible(own.page);
  await expectNoSidewaysScroll(own.page);
  await picture(own.page, `notices-${scheme}-${width}`);
  expect(own.troubles).toEqual([]);
  await own.page.context().close();
});

test('what is removed is gone, and a viewer is not shown the page', async () => {
  await page.getByRole('button', { name: 'Remove: grace@example.com' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await row(/grace@example.com/).waitFor({ state: 'detached' });
  const own = await openPage(stage.browser);
  await signIn(own.page, stage.url, await stage.tokenOf('viewer'), '/console/notices');
  await own.page.getByText('Your role does not set up notices').waitFor();
  expect(await own.page.getByRole('link', { name: 'Notices' }).count()).toBe(0);
  expect(watched.troubles).toEqual([]);
  await own.page.context().close();
});
