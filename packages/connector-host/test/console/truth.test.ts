/** What the console says of a request is what is known of it: deadline, state, on whose word, what was left over and how it ended. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { expectAccessible, expectNoSidewaysScroll, openPage, picture, signIn, type WatchedPage } from './browser.js';
import { headline, untilDetected } from './map.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let stage: Stage;
let watched: WatchedPage;
let page: Page;
let production: string;

beforeAll(async () => {
  stage = await openStage();
  production = await stage.connect('Production');
  await untilDetected(stage, 'Production');
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN);
});
afterAll(() => stage?.stop());

const dialog = () => page.getByRole('dialog');
const press = (name: string | RegExp) => dialog().getByRole('button', { name }).click();
const day = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * day).toISOString();

async function request(requestId: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const identifiers = [{ kind: 'user_id', value: `u-${requestId}` }];
  const { status } = await stage.call('POST', '/api/v1/requests', {
    requestId,
    right: 'deletion',
    identifiers,
    ...more,
  });
  expect(status).toBe(202);
}

const open = (requestId: string) => page.goto(`${stage.url}/console/requests/${requestId}`);
const badge = (text: string) =>
  page.getByRole('heading', { level: 1 }).locator('xpath=..').getByText(text, { exact: true }).waitFor();
const section = (name: string) => page.getByRole('region', { name });

test('a deletion that the vendor ended and that left systems over says so, names each, and is not called complete', async () => {
  await request('ada');
  await open('ada');
  await badge('Left over');
  await page.getByText(/^Done in Twilio Segment; \d+ systems left\.$/).waitFor();
  const leftovers = section('Left over');
  await leftovers.getByRole('link', { name: 'GA Website' }).waitFor();
  expect(await leftovers.getByText('Open', { exact: true }).count()).toBeGreaterThan(1);
  await expectAccessible(page);
  await picture(page, 'left-over');
});

test('a system has one name on the request and on the map; what is decided there ends what it left over', async () => {
  await section('Left over').getByRole('link', { name: 'GA Website' }).click();
  await page.getByRole('heading', { level: 2, name: 'GA Website' }).waitFor();
  await page.getByText(/Nobody has decided what becomes of people here/).waitFor();
  const before = await headline(page);
  await page.getByRole('button', { name: 'Decide', exact: true }).click();
  await dialog().getByLabel('By hand: somebody erases people there').check();
  expect(await dialog().getByRole('button', { name: 'Decide' }).isDisabled()).toBe(true);
  await dialog().getByLabel('Who erases people there').fill('web@acme.example');
  await dialog().getByLabel('Why').fill('Reports by person only.');
  await expectAccessible(page);
  await picture(page, 'treatment');
  await dialog().getByLabel('Holds nobody: no people are kept in it').check();
  await press('Decide');
  await page.getByText('The decision is recorded').waitFor();
  await page.getByText('Reports by person only.').waitFor();
  await page
    .getByText('; 1 is decided')
    .or(page.getByText(/1 is decided/))
    .first()
    .waitFor();
  expect(await headline(page)).toEqual({ ...before, needYou: before.needYou - 1 });
  await expectAccessible(page);
  await picture(page, 'system-decided');
  await open('ada');
  await section('Left over')
    .getByText(/Holds nobody: .*Reports by person only\./)
    .waitFor();
  await section('Left over').getByText('Not needed', { exact: true }).waitFor();
  await picture(page, 'left-over-ended');
});

test('an archived system says why and is taken out again; the headline is no better for it', async () => {
  await page.goto(`${stage.url}/console/map`);
  const before = await headline(page);
  await page.getByRole('button', { name: /^GA Website/ }).click();
  await page.getByLabel('Why it goes to the archive').fill('Not in use.');
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByText(/Archived: it still counts/).waitFor();
  expect(await headline(page)).toEqual(before);
  await page.goto(`${stage.url}/console/map?state=archived&view=list`);
  await page.getByRole('button', { name: 'GA Website' }).click();
  await page.getByText(/In the archive: Not in use\./).waitFor();
  await page.getByRole('button', { name: 'Take out of the archive' }).click();
  await page.getByText('Taken out of the archive').waitFor();
  expect(await headline(page)).toEqual(before);
});

test('an access request waits for a person, and ends when their answer is written down', async () => {
  await request('bea', { right: 'access' });
  await open('bea');
  await badge('Waiting for a person');
  await page.getByText('Waits for somebody’s answer').waitFor();
  expect(await page.getByRole('button', { name: 'Download the receipt' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Record the answer' }).click();
  expect(await dialog().getByRole('button', { name: 'Record' }).isDisabled()).toBe(true);
  await dialog().getByLabel('Done: the person was served').check();
  await dialog().getByLabel('Who answered').fill('The data team');
  await dialog().getByLabel('Answered on').fill('2026-11-28');
  await dialog().getByLabel('What they said').fill('A copy was sent by post.');
  await expectAccessible(page);
  await picture(page, 'answer');
  await press('Record');
  await badge('Complete');
  await page.getByText('A copy was sent by post.').first().waitFor();
  await page.getByText('Somebody recorded it').waitFor();
  await picture(page, 'answered');
});

test('the law’s deadline leads the overview, filters and orders the list, and is not the vendor’s estimate', async () => {
  await stage.call('PATCH', `/api/v1/connections/${production}`, { state: 'paused' });
  await request('late-one', { receivedAt: ago(40) });
  await request('soon-one', { receivedAt: ago(27) });
  await request('fresh-one');
  await page.goto(`${stage.url}/console/overview`);
  const tiles = page.getByRole('heading', { level: 2 });
  await page.getByRole('link', { name: 'Due soon' }).waitFor();
  expect((await tiles.allTextContents()).slice(0, 2)).toEqual(['Late', 'Due soon']);
  await expectAccessible(page);
  await picture(page, 'overview-deadlines');
  await page.getByRole('link', { name: 'Late', exact: true }).click();
  await page.getByText('1 request', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'late-one' }).waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByLabel('Order').click();
  await page.getByRole('option', { name: 'Due first' }).click();
  await page.waitForURL(/sort=due/);
  const first = page.getByRole('row').nth(1);
  await first.getByRole('link', { name: 'late-one' }).waitFor();
  await first.getByText('Late', { exact: true }).waitFor();
  await expectAccessible(page);
  await picture(page, 'requests-due-first');
});

test('a deadline is extended once, with a reason; before and after stand on the page', async () => {
  const clock = section('Legal deadline');
  // A time that has passed is extended no more.
  await open('late-one');
  await clock.getByText('GDPR: one calendar month').waitFor();
  expect(await clock.getByRole('button', { name: 'Extend the deadline' }).count()).toBe(0);
  await open('soon-one');
  await clock.getByText('GDPR: one calendar month').waitFor();
  await clock.getByRole('button', { name: 'Extend the deadline' }).click();
  await dialog()
    .getByLabel('New due date')
    .fill(new Date(Date.now() + 20 * day).toISOString().slice(0, 10));
  expect(await dialog().getByRole('button', { name: 'Extend' }).isDisabled()).toBe(true);
  await dialog().getByLabel('Reason').fill('Many systems have to be asked.');
  await expectAccessible(page);
  await picture(page, 'extend');
  await press('Extend');
  await clock.getByText('Due before the extension').waitFor();
  await clock.getByText('Many systems have to be asked.').waitFor();
  expect(await clock.getByRole('button', { name: 'Extend the deadline' }).count()).toBe(0);
  await picture(page, 'extended');
});

test('an error is corrected by a new request that names the old one, or closed with a reason', async () => {
  await stage.call('PATCH', `/api/v1/connections/${production}`, { state: 'active' });
  stage.sandbox.faults.add({ on: 'POST /regulations', kind: 'status', status: 400, times: 2 });
  await request('cyd');
  await open('cyd');
  await page.getByText('This request ended in error').waitFor();
  await expectAccessible(page);
  await picture(page, 'error-open');
  await page.getByRole('button', { name: 'Correct it and send again' }).click();
  await dialog().getByLabel('Value').fill('u-cyd-right');
  await expectAccessible(page);
  await picture(page, 'correct');
  stage.sandbox.faults.clear();
  await press('Continue');
  await dialog().getByText('1 person would go out in 1 call.').waitFor();
  await press('Erase this person');
  await page.getByRole('heading', { level: 1, name: 'cyd-corrected' }).waitFor();
  await page.getByText('Corrects', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'cyd', exact: true }).click();
  await page.getByText('This error is closed').waitFor();

  stage.sandbox.faults.add({ on: 'POST /regulations', kind: 'status', status: 400, times: 2 });
  await request('dan');
  await open('dan');
  await page.getByRole('button', { name: 'Close it' }).click();
  await dialog().getByLabel('Reason').fill('The person took it back.');
  await press('Close it');
  await page
    .getByText(/The person took it back\./)
    .first()
    .waitFor();
  await page.getByText('This error is closed').waitFor();
  stage.sandbox.faults.clear();
  await picture(page, 'error-closed');
});

test('the legal time of a request is said under a fold, and what is wrong with it stands there', async () => {
  await page.goto(`${stage.url}/console/requests?new=1`);
  await dialog().getByLabel('Request id').fill('eve');
  await dialog().getByLabel('Value').fill('eve@example.com');
  const fold = dialog().getByRole('button', { name: /Legal deadline GDPR: one calendar month, from today/ });
  expect(await fold.getAttribute('aria-expanded')).toBe('false');
  await fold.click();
  await dialog().getByLabel('The person asked on').fill('2026-11-02');
  await dialog().getByLabel('Law').click();
  await page.getByRole('option', { name: 'Another law' }).click();
  await press('Continue');
  await dialog()
    .getByText(/needs days, or dueAt/)
    .waitFor();
  await dialog().getByLabel('Days that this law gives').fill('20');
  await expectAccessible(page);
  await picture(page, 'new-request-legal');
  await press('Continue');
  await press('Erase this person');
  await page.getByRole('heading', { level: 1, name: 'eve' }).waitFor();
  const clock = section('Legal deadline');
  await clock.getByText('Another law: 20 days').waitFor();
  const { receivedAt, dueAt, jurisdiction, days } = (await stage.call('GET', '/api/v1/requests/eve')).body;
  expect({ receivedAt, dueAt, jurisdiction, days }).toEqual({
    receivedAt: '2026-11-02T00:00:00.000Z',
    dueAt: '2026-11-22T23:59:59.999Z',
    jurisdiction: 'other',
    days: 20,
  });
});

test('whom the vendor could not know by an e-mail address is handed in with the id, or is not needed there', async () => {
  await request('fay', { identifiers: [{ kind: 'email', value: 'fay@example.com' }], receivedAt: '2026-11-20' });
  await request('gus', { identifiers: [{ kind: 'email', value: 'gus@example.com' }] });
  await open('fay');
  await badge('Left over');
  await page.getByRole('button', { name: 'Hand in with an id' }).click();
  await dialog().getByText('As of the request that is corrected, unless you say otherwise.').waitFor();
  await dialog().getByRole('button', { name: 'Add an identifier' }).click();
  await dialog().getByLabel('Kind').nth(1).click();
  await page.getByRole('option', { name: /user id/i }).click();
  await dialog().getByLabel('Value').nth(1).fill('u-fay');
  await expectAccessible(page);
  await picture(page, 'correct-not-known');
  await press('Continue');
  await press('Erase this person');
  await page.getByRole('heading', { level: 1, name: 'fay-corrected' }).waitFor();
  await page.getByText('Corrects', { exact: true }).waitFor();
  const corrected = (await stage.call('GET', '/api/v1/requests/fay-corrected')).body;
  expect(corrected.receivedAt).toBe('2026-11-20T00:00:00.000Z');
  await page.getByRole('link', { name: 'fay', exact: true }).click();
  await section('Left over')
    .getByText(/fay-corrected hands the person in again/)
    .waitFor();

  await open('gus');
  await badge('Left over');
  await page.getByRole('button', { name: 'Not needed' }).click();
  await dialog().getByLabel('Reason').fill('Wrote to us only once.');
  await expectAccessible(page);
  await picture(page, 'not-needed');
  await press('It is not needed');
  await section('Left over')
    .getByText(/Wrote to us only once\./)
    .waitFor();
  expect(await page.getByRole('button', { name: 'Not needed' }).count()).toBe(0);
});

test.each(['America/Los_Angeles', 'Pacific/Auckland'])(
  'a day is the one that counts, also for a reader in %s',
  async (zone) => {
    const own = await openPage(stage.browser, { zone });
    await signIn(own.page, stage.url, ADMIN, '/console/requests/eve');
    const clock = own.page.getByRole('region', { name: 'Legal deadline' });
    await clock.getByText('Nov 22, 2026').waitFor();
    await own.page.goto(`${stage.url}/console/requests?search=eve`);
    const row = own.page.getByRole('row').filter({ has: own.page.getByRole('link', { name: 'eve', exact: true }) });
    await row.getByText('Due Nov 22, 2026').waitFor();
    await own.page.goto(`${stage.url}/console/requests/bea`);
    await own.page.getByText('Nov 28, 2026', { exact: true }).waitFor();
    await own.page.context().close();
  },
);

test('how something ended stands in the timeline in plain words', async () => {
  await open('ada');
  await page.getByText('GA Website is not left over any more: not needed (Reports by person only.)').waitFor();
  // Times within it are the reader's, like those beside it.
  await page
    .getByText(/accepted the batch as \w+; expected by \w{3} \d+, \d{4}, \d+:\d\d:\d\d [AP]M GMT\+\d/)
    .waitFor();
  await open('bea');
  await page.getByText(/^An answer was written down: done/).waitFor();
});

test.each([
  ['light', 380],
  ['dark', 1360],
] as const)('all of it is read as well %s, %i pixels wide', async (scheme, width) => {
  const own = await openPage(stage.browser, { scheme, width });
  await signIn(own.page, stage.url, ADMIN);
  for (const [name, path, shown] of [
    ['left-over', '/requests/ada', 'Legal deadline'],
    ['answered', '/requests/bea', 'Legal deadline'],
    ['error', '/requests/dan', 'This error is closed'],
    ['due', '/requests?sort=due', 'late-one'],
    ['overview', '/overview', 'Due soon'],
  ] as const) {
    await own.page.goto(`${stage.url}/console${path}`);
    await own.page.getByText(shown).first().waitFor();
    await expectAccessible(own.page);
    await expectNoSidewaysScroll(own.page);
    await picture(own.page, `truth-${name}-${scheme}-${width}`);
  }
  expect([...own.troubles, ...watched.troubles]).toEqual([]);
  await own.page.context().close();
});
