/** The whole job in a browser, in the order in which a privacy team does it: each test stands on the one before. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compactVerify, createLocalJWKSet } from 'jose';
import type { Page, Request } from 'playwright-core';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  openPage,
  picture,
  signIn,
  textOf,
  type WatchedPage,
} from './browser.js';
import { headline, mapIsWhole, untilDetected } from './map.js';
import { ADMIN, openStage, type Stage } from './stage.js';

const exampleFile = fileURLToPath(new URL('../../../../examples/subjects.csv', import.meta.url));
/** Bytes on the wire that the first view may take. */
const budget = 350 * 1000;

let stage: Stage;
let watched: WatchedPage;
let page: Page;
let url: string;
let sandboxUrl: string;

beforeAll(async () => {
  stage = await openStage({ outcomes: [{ index: 2, outcome: 'failed-unsupported' }] }, [], ['--isolation', 'process']);
  url = stage.url;
  sandboxUrl = stage.sandbox.url;
  watched = await openPage(stage.browser);
  page = watched.page;
});
afterAll(() => stage?.stop());

const field = (key: string) => page.locator(`input[name=${key}]`);

async function fillForm(token: string, workspace = 'Acme Demo'): Promise<void> {
  await field('apiToken').fill(token);
  await field('workspaceName').fill(workspace);
  const advanced = page.getByRole('button', { name: /^Advanced/ });
  if ((await advanced.getAttribute('aria-expanded')) === 'false') await advanced.click();
  await field('baseUrl').fill(sandboxUrl);
}

const configure = () => page.getByRole('button', { name: 'Configure Integration' }).click();
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

describe('signing in', () => {
  test('who is not signed in is asked for a token, and a wrong one is told so', async () => {
    await page.goto(url);
    await page.getByLabel('Access token').fill('not-a-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This token is not known here').waitFor();
    await expectAccessible(page);
    await picture(page, 'sign-in-refused');
  });

  test('with a right one the overview asks to connect a system first, and no script can read the session', async () => {
    await signIn(page, url, ADMIN);
    await page.getByText('Nothing is connected yet').waitFor();
    expect(await page.evaluate(() => document.cookie)).toBe('');
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(stored).not.toContain(ADMIN);
    await expectAccessible(page);
    await picture(page, 'overview-empty');
  });

  test('a session changes nothing for a call that another site could make', async () => {
    const status = await page.evaluate(
      async () => (await fetch('/api/v1/requests/retry', { method: 'POST', body: '{}' })).status,
    );
    // The cookie comes along by itself; without the proof of the page it is nobody.
    expect(status).toBe(401);
  });
});

describe('connecting', () => {
  test('what a field lacks is said at the field as one types', async () => {
    await page.goto(`${url}/console/connect/segment-config`);
    await heading('Connect Segment Config');
    await field('workspaceName').fill(' Acme Demo');
    await field('workspaceName').blur();
    await page
      .getByText(/white space/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await picture(page, 'connect');
  });

  test('a token that Segment does not know is refused with the remedy, and nothing is saved', async () => {
    await fillForm('a-token-that-was-mistyped');
    await configure();
    await page.getByText('The connection was not saved').waitFor();
    await page.getByText('Segment does not accept the token').first().waitFor();
    expect((await stage.call('GET', '/api/v1/connections')).body.total).toBe(0);
    await page.getByText('The connection was not saved').scrollIntoViewIfNeeded();
    await expectAccessible(page);
    await picture(page, 'connect-wrong-token');
  });

  test('a token of another workspace is refused, and the message says whose it is', async () => {
    await fillForm(stage.sandbox.tokens.otherWorkspace);
    await configure();
    await page
      .getByRole('region', { name: 'The connection was not saved' })
      .getByText(/belongs to/)
      .first()
      .waitFor();
    expect((await stage.call('GET', '/api/v1/connections')).body.total).toBe(0);
    await page.getByText('The connection was not saved').scrollIntoViewIfNeeded();
    await picture(page, 'connect-other-workspace');
  });

  test('with the right token every permission is granted, and the secret is nowhere on the page any more', async () => {
    await page.getByRole('textbox', { name: 'Connection name' }).fill('Production');
    await fillForm(stage.sandbox.tokens.publicOwner);
    await configure();
    await heading('“Production” is connected');
    expect(await page.getByText('Granted', { exact: true }).count()).toBe(6);
    expect(await page.content()).not.toContain(stage.sandbox.tokens.publicOwner);
    await expectAccessible(page);
    await picture(page, 'connected');
  });

  test('a second connection is marked complete on submission', async () => {
    await page.goto(`${url}/console/connect/segment-config`);
    await page.getByRole('textbox', { name: 'Connection name' }).fill('Quick');
    await page.getByRole('radio', { name: /Mark integration as complete/ }).check();
    await fillForm(stage.sandbox.tokens.publicOwner);
    await configure();
    await heading('“Quick” is connected');
  });
});

async function newRequest(requestId: string, only: string): Promise<void> {
  await page.goto(`${url}/console/requests?new=1`);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Request id').fill(requestId);
  await dialog.getByLabel('Value').fill(`${requestId}@example.com`);
  await page.getByRole('radio', { name: 'Only these connections' }).check();
  for (const name of ['Production', 'Quick']) {
    if (name !== only) await page.getByRole('checkbox', { name }).uncheck();
  }
}

describe('erasing one person', () => {
  test('a dry run says what would be sent and what would not be reached, and sends nothing', async () => {
    await untilDetected(stage, 'Production');
    await newRequest('ada', 'Production');
    const before = stage.sandbox.regulations().length;
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('1 person would go out in 1 call.').waitFor();
    await page.getByText(/systems it would not reach/).waitFor();
    expect(stage.sandbox.regulations().length).toBe(before);
    await expectAccessible(page);
    await picture(page, 'dry-run');
  });

  test('the deletion is followed to its end without a reload, and its receipt holds', async () => {
    await page.getByRole('button', { name: 'Erase this person' }).click();
    await heading('ada');
    await page.getByRole('heading', { level: 1 }).locator('xpath=..').getByText('Left over', { exact: true }).waitFor();
    await page.getByText(/Twilio Segment accepted the batch as .*expected by/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the receipt' }).click(),
    ]);
    const jws = await textOf(download);
    const keys = await (await fetch(`${url}/.well-known/jwks.json`)).json();
    expect((await compactVerify(jws, createLocalJWKSet(keys))).payload.length).toBeGreaterThan(0);
    await expectAccessible(page);
    await picture(page, 'request-complete');
  });

  test('where the connection says so it is complete on submission', async () => {
    await newRequest('bob', 'Quick');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Erase this person' }).click();
    await heading('bob');
    await page.getByText(/marked complete on submission/).waitFor();
    await page.getByText(/^The submission alone/).waitFor();
    await page.getByText(/^Submitted to Twilio Segment, which has not confirmed it; \d+ systems left/).waitFor();
    await picture(page, 'request-complete-on-submission');
  });
});

describe('importing a file', () => {
  test('one that is dragged in is asked for, let go of when it leaves again, and taken when it is dropped', async () => {
    await page.goto(`${url}/console/requests?import=1`);
    const asked = page.getByText('Drop a file here, or choose one');
    const box = await asked.boundingBox();
    const over = { x: (box?.x ?? 0) + 10, y: (box?.y ?? 0) + 5 };
    const beside = { x: 5, y: 5 };
    // As the desktop does: the browser itself reads the file.
    const desktop = await page.context().newCDPSession(page);
    const drag = (type: 'dragEnter' | 'dragOver' | 'drop', at: typeof over) =>
      desktop.send('Input.dispatchDragEvent', {
        type,
        ...at,
        data: { items: [], files: [exampleFile], dragOperationsMask: 1 },
      });
    await drag('dragEnter', over);
    await drag('dragOver', over);
    await page.getByText('Drop it here').waitFor();
    await drag('dragOver', beside);
    await asked.waitFor();
    // The browser tells of the entrance first, and of what is over it the next time.
    await drag('dragOver', over);
    await drag('dragOver', over);
    await page.getByText('Drop it here').waitFor();
    await drag('drop', over);
    await page.getByText(/^subjects\.csv, /).waitFor();
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByText('Would be accepted').waitFor();
    await desktop.detach();
  });

  test('a dry run reads the whole file and keeps nothing of it', async () => {
    await page.goto(`${url}/console/requests?import=1`);
    await page.locator('input[type=file]').setInputFiles(exampleFile);
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByText('Would be accepted').waitFor();
    await page.getByText(/people would go out in/).waitFor();
    expect((await stage.call('GET', '/api/v1/requests?limit=1')).body.total).toBe(2);
    await expectAccessible(page);
    await picture(page, 'import-dry-run');
  });

  test('good lines are taken, bad ones are named and can be downloaded', async () => {
    const start = page.getByRole('button', { name: 'Import 10,001 requests' });
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel('Type 10,001 to confirm').fill('10,001');
    await start.click();
    await page.getByRole('region', { name: 'The import is done' }).waitFor();
    await page.getByText('3401').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the bad lines' }).click(),
    ]);
    const [header, ...lines] = (await textOf(download)).split('\r\n');
    expect(header).toBe('line,message,content');
    const bad = lines.find((line) => line.startsWith('3401,'));
    const content = readFileSync(exampleFile, 'utf8').split('\n')[3400]?.trim() ?? 'missing';
    expect(bad).toContain(content.replaceAll('"', '""'));
    await expectAccessible(page);
    await picture(page, 'import-done');
  });

  test('only rows in view are drawn of thousands; more are read as one scrolls', async () => {
    await page.getByRole('button', { name: 'See the requests' }).click();
    await page.getByText('10,003 requests').waitFor();
    const table = page.getByRole('region', { name: 'Requests' });
    const rows = table.getByRole('row');
    const drawn = async () => (await rows.count()) < 80;
    expect(await drawn()).toBe(true);
    for (let scrolled = 0; scrolled < 6; scrolled++) {
      const before = await table.evaluate((element) => element.scrollHeight);
      await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.waitForFunction(
        (was) => (document.querySelector('[role=region][aria-label=Requests]')?.scrollHeight ?? 0) > was,
        before,
      );
    }
    expect(await drawn()).toBe(true);
    await picture(page, 'requests-scrolled');
  });

  test('filters stand in the address; a search does not, since it may be a person', async () => {
    await page.goto(`${url}/console/requests`);
    await page.getByRole('button', { name: 'Processing 0', exact: true }).waitFor();
    await page.getByRole('button', { name: /^With exceptions/ }).click();
    await page.waitForURL(/status=complete_with_exceptions/);
    await page.getByRole('button', { name: /^All/ }).click();
    const called: string[] = [];
    page.on('request', (request) => called.push(`${request.method()} ${request.url()}`));
    await page.getByLabel('Request id or identifier').fill('ada@example.com');
    await page.getByText('1 request', { exact: true }).waitFor();
    expect(page.url()).not.toContain('ada');
    expect(called.filter((one) => one.includes('POST') && one.includes('/requests/search'))).not.toEqual([]);
    expect(called.filter((one) => one.includes('ada'))).toEqual([]);
    await expectAccessible(page);
    await picture(page, 'requests-search');
  });

  test('a dialog above the list keeps the search', async () => {
    for (const name of ['New request', 'Import a file']) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await page.getByLabel('Request id or identifier').inputValue()).toBe('ada@example.com');
      await page.getByText('1 request', { exact: true }).waitFor();
    }
  });

  test('what is shown can be taken along as CSV, without identifiers', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    const [header, line] = (await textOf(download)).split('\r\n');
    expect(header).toContain('request_id,right,state');
    expect(line).toMatch(/^ada,deletion,left_over,/);
    expect(line).not.toContain('@');
  });
});

describe('the map', () => {
  test('the headline says what a deletion reaches and what needs somebody', async () => {
    await page.goto(`${url}/console/map`);
    const { reached, total, needYou, unknown } = await headline(page);
    expect(reached).toBeGreaterThan(10);
    expect(reached + needYou + unknown).toBe(total);
    await mapIsWhole(page);
    await expectAccessible(page);
    await picture(page, 'map');
  });

  test('a system tells why, where it was seen and what it is connected to; the address keeps it', async () => {
    await page.getByRole('button', { name: /^Optimizely .*Needs setup/ }).click();
    await page.getByRole('heading', { name: 'Optimizely' }).waitFor();
    await mapIsWhole(page);
    await page.getByText(/only after a step/).waitFor();
    await page.waitForURL(/system=/);
    await page.reload();
    await page.getByRole('heading', { name: 'Optimizely' }).waitFor();
    await expectAccessible(page);
    await picture(page, 'map-system');
  });

  test('an archived system needs a reason, and makes the headline no better', async () => {
    const before = await headline(page);
    expect(await page.getByRole('button', { name: 'Archive', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel('Why it goes to the archive').fill('Not in use.');
    await page.getByRole('button', { name: 'Archive', exact: true }).click();
    await page.getByText(/Archived: it still counts/).waitFor();
    expect(await headline(page)).toEqual(before);
  });

  test('the list begins with what needs somebody', async () => {
    await page.getByRole('button', { name: 'List' }).click();
    const first = page.getByRole('table').getByRole('row').nth(1);
    await first.getByText('Not known').waitFor();
    await expectAccessible(page);
    await picture(page, 'map-list');
  });

  test('another look says what it found', async () => {
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.getByText(/\d+ systems found, 0 new, 0 gone/).waitFor();
  });
});

describe('a connection', () => {
  test('pauses and goes on', async () => {
    await page.goto(`${url}/console/connections`);
    await page.getByRole('link', { name: 'Quick', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Working', { exact: true }).waitFor();
    await expectAccessible(page);
    await picture(page, 'connection');
  });

  test('goes back to the list after a dialog was opened and closed', async () => {
    const dialog = page.getByRole('dialog');
    for (const name of ['Edit', 'Replace token', 'Change settings', 'Remove']) {
      await page.getByRole('button', { name, exact: true }).click();
      // The second click comes before the dialog is gone.
      await dialog.getByRole('button', { name: 'Cancel' }).dblclick();
      await dialog.waitFor({ state: 'detached' });
    }
    await heading('Quick');
    await page.goBack();
    await heading('Connections');
    await page.goForward();
    await heading('Quick');
  });

  test('whose dialog was opened by a link stays when that is closed', async () => {
    const there = page.url();
    await page.goto(`${there}?edit=secrets`);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.waitForURL(there);
    await heading('Quick');
  });

  test('has settings: whether lost answers are repeated, and its own quota', async () => {
    await page.getByRole('button', { name: 'Change settings' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('People a month').fill('many');
    await dialog.getByText(/A whole number from 1/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByLabel('People a month').fill('200000');
    await dialog.getByRole('checkbox', { name: /Send again when nobody can tell/ }).check();
    await expectAccessible(page);
    await picture(page, 'connection-settings');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Sent again by itself').waitFor();
    await page.getByText('200,000', { exact: true }).waitFor();
    const { items } = (await stage.call('GET', '/api/v1/connections')).body;
    const settings = items.map((one: { settings: unknown }) => one.settings);
    expect(settings).toContainEqual({ repeatUncertain: true, monthlyQuota: 200_000 });
    await page.getByRole('button', { name: 'Change settings' }).click();
    await dialog.getByLabel('People a month').fill('');
    await dialog.getByRole('checkbox').uncheck();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('A person decides').waitFor();
    await page.getByText('110,000 (usual)').waitFor();
  });

  test('takes a new token only where that passes the check', async () => {
    await page.getByRole('button', { name: 'Replace token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[name=apiToken]').fill('mistyped-again');
    await dialog.getByRole('button', { name: 'Check and save' }).click();
    await dialog.getByText('Segment does not accept the token').first().waitFor();
    await expectAccessible(page);
    await picture(page, 'replace-token');
    await dialog.locator('input[name=apiToken]').fill(stage.sandbox.tokens.publicOwner);
    await dialog.getByRole('button', { name: 'Check and save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Working', { exact: true }).waitFor();
  });

  test('is removed after its name was typed, and says what becomes of open requests', async () => {
    await page.getByRole('button', { name: 'Remove' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('No open request is affected.').waitFor();
    await expectAccessible(page);
    await picture(page, 'remove');
    await dialog.getByLabel(/Type/).fill('Quick');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await heading('Connections');
    await page.getByRole('link', { name: 'Quick', exact: true }).waitFor({ state: 'detached' });
  });
});

const views: readonly (readonly [name: string, path: string, shown: string])[] = [
  ['overview', '/overview', 'By connection'],
  ['requests', '/requests', '10,003 requests'],
  ['request', '/requests/ada', 'Timeline'],
  ['map', '/map', 'A deletion reaches'],
  ['connections', '/connections', 'Production'],
  ['connect', '/connect', 'Segment Config'],
  ['connect-segment', '/connect/segment-config', 'Your configuration'],
  ['not-found', '/nothing-here', 'There is no such page'],
];

describe.each([
  ['light', 1360],
  ['dark', 1360],
  ['light', 380],
] as const)('every view, %s, %i pixels wide', (scheme, width) => {
  let own: WatchedPage;
  beforeAll(async () => {
    own = await openPage(stage.browser, { scheme, width });
    await signIn(own.page, url, ADMIN);
  });
  afterAll(() => own.page.context().close());

  test.each(views)('%s: axe finds nothing and it fits', async (name, path, shown) => {
    await own.page.goto(`${url}/console${path}`);
    await own.page.getByText(shown).first().waitFor();
    await own.page.waitForLoadState('load');
    await expectAccessible(own.page);
    await expectNoSidewaysScroll(own.page);
    await picture(own.page, `view-${name}-${scheme}-${width}`);
    expect(own.troubles).toEqual([]);
  });
});

describe('the page itself', () => {
  test('is at most 350 kB on the wire until the first view stands, kept for good, and nothing comes from elsewhere', async () => {
    const fresh = await openPage(stage.browser);
    const asked: Request[] = [];
    fresh.page.on('requestfinished', (request) => asked.push(request));
    await signIn(fresh.page, url, ADMIN);
    await fresh.page.getByText('By connection').waitFor();
    const files = asked.filter((one) => one.url().includes('/assets/'));
    const sizes = await Promise.all(files.map((one) => one.sizes()));
    const answers = await Promise.all(
      files.map(async (one) => (await one.response())?.allHeaders() ?? Promise.resolve<Record<string, string>>({})),
    );
    expect(files.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0)).toBeLessThan(budget);
    expect(new Set(answers.map((headers) => headers['cache-control']))).toEqual(
      new Set(['public, max-age=31536000, immutable']),
    );
    expect(answers.filter((headers) => headers['content-encoding'] === 'br').length).toBeGreaterThan(3);
    expect(asked.filter((one) => !one.url().startsWith(url))).toEqual([]);
    await fresh.page.context().close();
  });

  test('went through all of this without an uncaught error or a breach of its own policy', () => {
    expect(watched.troubles).toEqual([]);
  });

  test('is used by keyboard: the first stop skips to the content', async () => {
    await page.goto(`${url}/console/overview`);
    await page.getByText('By connection').waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Skip to the content' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  });
});
