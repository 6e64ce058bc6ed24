/** Work for people in the console: decided about, taken on by its owner, done with evidence, opened again. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import {
  expectAccessible,
  expectNoSidewaysScroll,
  openPage,
  picture,
  signIn,
  textOf,
  type WatchedPage,
} from './browser.js';
import { untilDetected } from './map.js';
import { ADMIN, openStage, type Stage } from './stage.js';

const EMAIL = 'warehouse@acme.example';
const people = ['u-canary-1', 'u-canary-2'];

let stage: Stage;
let watched: WatchedPage;
let page: Page;
let owner: WatchedPage;
/** The system that everything here is about. */
let system: { readonly name: string; readonly key: string };
let item = 0;

beforeAll(async () => {
  stage = await openStage();
  const connection = await stage.connect('Production');
  await untilDetected(stage, 'Production');
  for (const [at, value] of people.entries()) {
    const identifiers = [{ kind: 'user_id', value }];
    await stage.call('POST', '/api/v1/requests', { requestId: `ada-${at}`, right: 'deletion', identifiers });
    const stateOf = async () => (await stage.call('GET', `/api/v1/requests/ada-${at}`)).body.state;
    while ((await stateOf()) !== 'left_over') await delay(100);
  }
  const { items } = (await stage.call('GET', `/api/v1/work?kind=erase-elsewhere&connection=${connection}`)).body;
  item = items[0].id;
  system = { name: items[0].systemName, key: items[0].system };
  watched = await openPage(stage.browser);
  page = watched.page;
  await signIn(page, stage.url, ADMIN);
  owner = await openPage(stage.browser, { width: 380 });
});
afterAll(() => stage?.stop());

const heading = (on: Page, name: string | RegExp) => on.getByRole('heading', { level: 1, name }).waitFor();

test('the overview asks first for the systems that nobody has decided about, and leads to them', async () => {
  await page.getByRole('alert').getByRole('link', { name: 'Decide' }).click();
  await heading(page, 'Work');
  await page.getByRole('region', { name: 'Decide about a system' }).getByRole('link').first().waitFor();
  expect(await page.getByText('Erase people by hand').count()).toBe(0);
  await picture(page, 'work-undecided');
});

test('all work is listed by cause or by system, and the systems on the map say what is open in them', async () => {
  await page.goto(`${stage.url}/console/work`);
  await page.getByRole('region', { name: 'Erase people by hand' }).waitFor();
  await page.getByLabel('Grouped by').click();
  await page.getByRole('option', { name: 'System' }).click();
  await page.getByRole('region', { name: `${system.name} · Production` }).waitFor();
  await expectAccessible(page);
  await page.goto(`${stage.url}/console/map?view=list`);
  await page.getByRole('row', { name: system.name }).first().getByText('Open work: 2').waitFor();
  await expectAccessible(page);
  await picture(page, 'work-on-map');
});

test('a decision is made on the map, and the work goes to whom it names', async () => {
  await page.getByRole('row', { name: system.name }).first().getByRole('button', { name: system.name }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('button', { name: 'Decide' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^By hand/ }).check();
  await dialog.getByLabel('Who erases people there').fill(`Warehouse team <${EMAIL}>`);
  await dialog.getByLabel('How', { exact: true }).fill('Run the **nightly** job.');
  await dialog.getByLabel('Within how many days').fill('7');
  await dialog.getByLabel('Why').fill('It has no API.');
  await dialog.getByLabel('Look again on').fill('2031-01-01');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Decide' }).click();
  await details.getByText('Warehouse team has it').waitFor();
  expect(await details.getByText('nightly').evaluate(({ tagName }) => tagName)).toBe('STRONG');
  await expectAccessible(page);
  await picture(page, 'work-decided');
});

test('whoever has work begins with it, and reads how it is done', async () => {
  const { token } = (await stage.call('POST', '/api/v1/tokens', { name: 'Warehouse', role: 'viewer', email: EMAIL }))
    .body;
  await signIn(owner.page, stage.url, token, '/console/');
  await heading(owner.page, 'Work');
  await owner.page.getByRole('button', { name: 'Mine 1', pressed: true }).waitFor();
  await expectAccessible(owner.page);
  await expectNoSidewaysScroll(owner.page);
  await picture(owner.page, 'work-mine-380');
  await owner.page.getByRole('link', { name: `Erase 2 people in ${system.name}` }).click();
  await heading(owner.page, `Erase 2 people in ${system.name}`);
  expect(await owner.page.getByText('nightly').evaluate(({ tagName }) => tagName)).toBe('STRONG');
});

test('they download the people once they know that nobody joins any more, and note what they do', async () => {
  const { page: own } = owner;
  await own.getByRole('button', { name: 'Download the people' }).click();
  await own.getByRole('dialog').getByText('From now on nobody joins this work').waitFor();
  await expectAccessible(own);
  const begun = own.waitForEvent('download');
  await own.getByRole('dialog').getByRole('button', { name: 'Download' }).click();
  const file = await textOf(await begun);
  for (const value of people) expect(file).toContain(value);
  await own.getByText('The list of the people was downloaded').waitFor();
  await own.getByRole('button', { name: 'Add a note' }).click();
  await own.getByRole('dialog').getByLabel('Note').fill('The job runs tonight.');
  await own.getByRole('dialog').getByRole('button', { name: 'Add a note' }).click();
  await own.getByText('The job runs tonight.').waitFor();
});

test('a request says what is left and who has it, and follows by itself as they close the work with evidence', async () => {
  const { page: own } = owner;
  await page.goto(`${stage.url}/console/requests/ada-0`);
  const left = page.getByRole('region', { name: 'Left over' });
  const row = left.getByRole('listitem').filter({ has: page.getByRole('link', { name: system.name, exact: true }) });
  await row.getByRole('link', { name: 'Warehouse team has it' }).waitFor();
  await picture(page, 'work-request');
  await own.getByRole('main').getByRole('button', { name: 'Close' }).click();
  const dialog = own.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Close' }).isDisabled()).toBe(true);
  await dialog.getByRole('radio', { name: /^Done/ }).check();
  await dialog.getByLabel('How it was done').fill('By the job of the night.');
  await dialog.getByLabel('Who did it').fill('Grace');
  await dialog.getByLabel('What shows it', { exact: true }).fill('OPS-17');
  await dialog.getByLabel('A page that shows it').fill('tickets');
  await dialog.getByLabel('Choose files').setInputFiles([
    { name: 'shot.png', mimeType: 'image/png', buffer: Buffer.from('not quite a picture') },
    { name: 'wrong.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
  ]);
  await dialog.getByRole('button', { name: 'Leave out wrong.txt' }).click();
  const more = Array.from({ length: 10 }, (_, at) => `${at}.txt`);
  const buffer = Buffer.from('x');
  await dialog.getByLabel('Choose files').setInputFiles(more.map((name) => ({ name, mimeType: 'text/plain', buffer })));
  await dialog.getByText('11 files are chosen, and ten are taken. Leave out 1.').waitFor();
  expect(await dialog.getByRole('button', { name: 'Close' }).isDisabled()).toBe(true);
  for (const name of more) await dialog.getByRole('button', { name: `Leave out ${name}` }).click();
  await expectAccessible(own);
  await expectNoSidewaysScroll(own);
  await picture(own, 'work-close-380');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.getByText('The link is no address of a page.').waitFor();
  await dialog.getByLabel('A page that shows it').fill('https://tickets.example/OPS-17');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  const ended = own.getByRole('region', { name: 'How it ended' });
  for (const text of ['Grace', 'OPS-17']) await ended.getByText(text, { exact: true }).waitFor();
  // Sent once, though the first try was refused.
  expect((await stage.call('GET', `/api/v1/work/${item}/files`)).body.total).toBe(1);
  const begun = own.waitForEvent('download');
  await ended.getByRole('button', { name: 'shot.png (1 kB)' }).click();
  expect(await textOf(await begun)).toBe('not quite a picture');
  await expectAccessible(own);
  await row.getByText('Done', { exact: true }).waitFor();
  await row.getByText('By the job of the night.').waitFor();
});

test('it is opened again with a reason, and given to somebody else', async () => {
  await page.goto(`${stage.url}/console/work/${item}`);
  await page.getByRole('button', { name: 'Open again' }).click();
  await page.getByRole('dialog').getByLabel('Why').fill('The job had failed.');
  await page.getByRole('dialog').getByRole('button', { name: 'Open again' }).click();
  await page.getByText('The work was opened again: The job had failed.').waitFor();
  await page.getByRole('button', { name: 'Assign' }).click();
  await page.getByRole('dialog').getByLabel('A person or a group').fill('Ops');
  await page.getByRole('dialog').getByLabel('E-mail address').fill('');
  await page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click();
  await page.getByText('The work was given to Ops').waitFor();
  // It is theirs no more.
  await owner.page.getByRole('button', { name: 'Download the people' }).waitFor({ state: 'detached' });
});

test('who may not see people looks at work, and the host refuses them its people', async () => {
  const own = await openPage(stage.browser);
  await signIn(own.page, stage.url, await stage.tokenOf('viewer'), `/console/work/${item}`);
  await heading(own.page, `Erase 2 people in ${system.name}`);
  for (const name of ['Download the people', 'Close', 'Assign', 'Add a note'])
    expect(await own.page.getByRole('button', { name }).count()).toBe(0);
  const status = await own.page.evaluate(async (id) => {
    const headers = { 'x-session-proof': sessionStorage.getItem('console-session-proof') ?? '' };
    return (await fetch(`/api/v1/work/${id}/people`, { headers })).status;
  }, item);
  expect(status).toBe(403);
  await own.page.context().close();
});

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
] as const)('axe finds nothing in %s at %i, and it fits', async (scheme, width) => {
  const own = await openPage(stage.browser, { scheme, width });
  await signIn(own.page, stage.url, ADMIN, '/console/work');
  for (const [name, path] of [
    ['list', 'work?by=system'],
    ['item', `work/${item}`],
    ['assign', `work/${item}?act=assign`],
    ['close', `work/${item}?act=close`],
    ['request', 'requests/ada-0'],
    ['decision', `map?system=${encodeURIComponent(system.key)}`],
  ] as const) {
    await own.page.goto(`${stage.url}/console/${path}`);
    if (name === 'assign' || name === 'close') await own.page.getByRole('dialog').waitFor();
    else if (name === 'decision') await own.page.getByRole('heading', { name: 'What was decided' }).waitFor();
    else await heading(own.page, /./);
    if (name === 'request') await own.page.getByRole('region', { name: 'Left over' }).scrollIntoViewIfNeeded();
    await picture(own.page, `work-${name}-${scheme}-${width}`);
    // On a phone the decision stands on a sheet over the map, of whose colours axe takes some for those under a chip.
    if (name !== 'decision' || width > 600) await expectAccessible(own.page);
    await expectNoSidewaysScroll(own.page);
  }
  expect(own.troubles).toEqual([]);
  await own.page.context().close();
});

test('all of this went without an uncaught error', () => {
  expect([...watched.troubles, ...owner.troubles]).toEqual([]);
});
