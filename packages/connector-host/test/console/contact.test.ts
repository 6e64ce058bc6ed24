/** An access request that a contact answers, from the connection to the purge: named in the console, asked by mail, answered by the link. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { certificate, type MailReceiver, mailReceiver } from '../notices/receivers.js';
import { dump, tracesIn } from '../security/traces.js';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  openPage,
  picture,
  signIn,
  textOf,
  type WatchedPage,
} from './browser.js';
import { ADMIN, openStage, type Stage } from './stage.js';

const PERSON = 'ada@person.example';
const canary = `canary-content-${randomBytes(8).toString('hex')}`;
const folder = mkdtempSync(join(tmpdir(), 'contact-'));

let stage: Stage;
let mail: MailReceiver;
let pool: pg.Pool;
let watched: WatchedPage;
let page: Page;
let connection = '';

beforeAll(async () => {
  const pair = certificate();
  mail = await mailReceiver({ ...pair, authOptional: true });
  writeFileSync(join(folder, 'ca.pem'), pair.cert);
  const server = ['--smtp-server', `localhost:${mail.port}`, '--smtp-ca', join(folder, 'ca.pem')];
  const sender = ['--mail-from', 'privacy@example.com'];
  // Where the link leads to is the operator's to say; the test knows where the host really is.
  stage = await openStage({}, [], [...server, ...sender, '--public-url', 'http://127.0.0.1:9']);
  pool = new pg.Pool({ connectionString: stage.databaseUrl });
  connection = await stage.connect('Production');
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN, `/console/connections/${connection}`);
});
afterAll(async () => {
  await pool?.end();
  await stage?.stop();
  await mail?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits for a mail, and answers its link on the host of the test. */
async function linkOf(nth: number): Promise<string> {
  while (mail.mails.length < nth) await delay(100);
  const text = (mail.mails[nth - 1]?.raw ?? '').replace(/=\r\n/g, '').replaceAll('=3D', '=');
  return `${stage.url}${/\/answer\/[\w-]{43}/.exec(text)?.[0] ?? ''}`;
}

test('the contact is named with the connection', async () => {
  await page.getByRole('button', { name: 'Name a contact' }).click();
  await page.getByLabel('Contact’s name').fill('Jane Roe');
  await page.getByLabel('Contact’s e-mail address').fill('jane@harbour.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The contact is saved').waitFor();
  await page.getByText('jane@harbour.example').waitFor();
});

test('they are asked by mail, and the request says so, and how often they were reminded', async () => {
  const identifiers = [{ kind: 'email', value: PERSON }];
  await stage.call('POST', '/api/v1/requests', { requestId: 'ask-ada', right: 'access', identifiers });
  await linkOf(1);
  await page.goto(`${stage.url}/console/requests/ask-ada`);
  await page.getByText(/^Jane Roe was asked on .+\. The answer is due/).waitFor();
  // Two days pass.
  await pool.query(`update connector_host.contact_asks set asked_at = asked_at - interval '2 days', next_at = now()`);
  await linkOf(2);
  expect(mail.mails[1]?.headers.get('subject')).toMatch(/^Reminder: W-\d+: /);
  await page.reload();
  await page.getByText(/^Jane Roe was asked on .+, with 1 reminder since\./).waitFor();
  await expectAccessible(page);
  await picture(page, 'contact-asked');
  for (const { raw } of mail.mails) expect(tracesIn(raw, [PERSON, 'ask-ada'])).toEqual([]);
});

test('they open the link without an account, see whom it is about, and send a file', async () => {
  const own = await openPage(stage.browser, { width: 380 });
  await own.page.goto(await linkOf(2));
  await own.page.getByText(PERSON).waitFor();
  await own.page.getByLabel('Here is the data').check();
  const buffer = Buffer.from(`name,secret\nAda,${canary}\n`);
  await own.page.getByLabel('Files').setInputFiles([{ name: 'ada.csv', mimeType: 'text/csv', buffer }]);
  await expectAccessible(own.page);
  await expectNoSidewaysScroll(own.page);
  await own.page.getByRole('button', { name: 'Send the answer' }).click();
  await own.page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(own.troubles).toEqual([]);
  await own.page.context().close();
});

test('the answer and its file are with the request, for those who may see people', async () => {
  await page.reload();
  await page.getByText('Complete', { exact: true }).first().waitFor();
  const begun = page.waitForEvent('download');
  await page.getByRole('button', { name: 'ada.csv (1 kB)' }).click();
  expect(await textOf(await begun)).toContain(canary);
  await expectAccessible(page);
  await picture(page, 'contact-answered');
  const viewer = await openPage(stage.browser);
  await signIn(viewer.page, stage.url, await stage.tokenOf('viewer'), '/console/requests/ask-ada');
  await viewer.page.getByText('Jane Roe').first().waitFor();
  expect(await viewer.page.getByRole('button', { name: /ada\.csv/ }).count()).toBe(0);
  await viewer.page.context().close();
});

test('a purge leaves nothing of the person and of what was sent, byte for byte', async () => {
  const { rows: pieces } = await pool.query('select sealed from connector_host.file_pieces');
  expect(pieces).toHaveLength(1);
  expect((await stage.call('POST', '/api/v1/purge', { retentionDays: 0 })).body.purged).toBe(1);
  await page.reload();
  await page.getByText('Complete', { exact: true }).first().waitFor();
  expect(await page.getByRole('button', { name: /ada\.csv/ }).count()).toBe(0);
  const kept = [...(await dump(pool)).values()].join('\n');
  expect(kept).not.toContain((pieces[0].sealed as Buffer).toString('hex'));
  expect(tracesIn(kept, [PERSON, canary, 'ada.csv'])).toEqual([]);
  expect(watched.troubles).toEqual([]);
});
