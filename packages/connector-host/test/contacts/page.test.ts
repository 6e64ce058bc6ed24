/** The page of a contact in a browser: below a path, in both themes, on a phone, without a script and with the keyboard. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { type PrefixProxy, prefixProxy } from '../api/prefix-proxy.js';
import { expectAccessible, expectNoSidewaysScroll, openPage, picture } from '../console/browser.js';
import { openBrowser } from '../console/chromium.mjs';
import { type ContactStage, jane, openContactStage } from './stage.js';

let stage: ContactStage;
let proxy: PrefixProxy;
let browser: Browser;

beforeAll(async () => {
  proxy = await prefixProxy(true);
  stage = await openContactStage({ publicUrl: proxy.url });
  proxy.host = stage.running.url;
  browser = await openBrowser();
  await stage.contact({
    ...jane,
    accountId: 'acct 4711',
    notes: 'Please leave out what is in the archive.\nAsk Tom about it.',
  });
});
afterAll(async () => {
  await browser?.close();
  await stage?.stop();
  await proxy.stop();
});

/** Asks about somebody, and answers the link of the mail. */
async function link(requestId: string): Promise<string> {
  await stage.ask(requestId, `${requestId}@a-long-name-of-a-company.example`);
  await stage.running.host.notices.look();
  const [text = ''] = stage.texts();
  const found = /http:\/\/\S+\/answer\/[\w-]{43}/.exec(text)?.[0] ?? '';
  expect(found.startsWith(`${proxy.url}/answer/`)).toBe(true);
  return found;
}

test.each([
  ['light', 1360],
  ['dark', 1360],
  ['light', 375],
  ['dark', 375],
] as const)('is readable and accessible in the %s theme at a width of %d', async (scheme, width) => {
  const { page, troubles } = await openPage(browser, { scheme, width });
  await page.goto(await link(`look-${scheme}-${width}`));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await picture(page, `answer-${scheme}-${width}`);
  await page.getByLabel('We cannot, because').check();
  await page.getByLabel('Why you cannot').waitFor();
  expect(await page.getByLabel('Files').isVisible()).toBe(false);
  await expectAccessible(page);
  await page.getByLabel('Here is the data').check();
  await page.getByRole('button', { name: 'Send the answer' }).click();
  await page.getByRole('alert').getByText('Choose at least one file.').waitFor();
  expect(await page.getByLabel('Here is the data').isChecked()).toBe(true);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await picture(page, `answer-wrong-${scheme}-${width}`);
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('takes files where scripts are off; the link has then ended, and the data can be downloaded', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const address = await link('by-hand');
  await page.goto(address);
  await page.getByLabel('Here is the data').check();
  await page.getByLabel('Files').setInputFiles([
    { name: 'one.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') },
    { name: 'two.html', mimeType: 'text/html', buffer: Buffer.from('<script>alert(1)</script>') },
  ]);
  await page.getByRole('button', { name: 'Send the answer' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  await picture(page, 'answer-thanks');
  await page.goto(address);
  await page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
  await picture(page, 'answer-nowhere');
  const { items } = (await stage.running.call('GET', '/api/v1/requests/by-hand/files')).body;
  expect(items.map(({ name }: { name: string }) => name)).toEqual(['one.csv', 'two.html']);
  expect(proxy.strayed).toEqual([]);
  await context.close();
});
