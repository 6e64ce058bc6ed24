/** What is shown follows what happens, without a reload: whatever an event bears on, and a stream that was refused. */
import { afterAll, beforeAll, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openPage, signIn } from './browser.js';
import { untilDetected } from './map.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let stage: Stage;
let page: Page;
let acme: string;

beforeAll(async () => {
  stage = await openStage();
  acme = await stage.connect('Acme');
  await untilDetected(stage, 'Acme');
  page = (await openPage(stage.browser)).page;
  await signIn(page, stage.url, ADMIN);
});
afterAll(() => stage?.stop());

const live = (shown: Page) => shown.getByRole('status').getByText('Live', { exact: true }).waitFor();

const request = (requestId: string, rest: object = {}) =>
  stage.call('POST', '/api/v1/requests', {
    requestId,
    right: 'deletion',
    identifiers: [{ kind: 'user_id', value: `u-${requestId}` }],
    ...rest,
  });

const events = '**/api/v1/events';

/** A page that the host does not let listen, as while it is restarted behind a proxy. */
async function unheard(token: string, path: string): Promise<Page> {
  const { page: own } = await openPage(stage.browser);
  await own.route(events, (route) => route.fulfill({ status: 503, contentType: 'application/json', body: '{}' }));
  await signIn(own, stage.url, token, path);
  await own.getByText('Reconnecting').waitFor();
  return own;
}

test('a stream that was refused is asked for again, and then everything that is shown', async () => {
  const own = await unheard(ADMIN, '/console/requests');
  await own.getByText('No requests yet').waitFor();
  await request('while-away', { right: 'access' });
  await own.unroute(events);
  await own.getByRole('link', { name: 'while-away' }).waitFor();
  await live(own);
  await own.context().close();
});

test('where the session ended while the stream was refused, the reader is told so', async () => {
  const own = await unheard(await stage.tokenOf('viewer'), '/console/requests');
  // Nothing is on its way any more that would find it out.
  await own.waitForLoadState('networkidle');
  const { items } = (await stage.call('GET', '/api/v1/tokens')).body;
  const viewer = items.find(({ name }: { name: string }) => name === 'a viewer');
  await stage.call('DELETE', `/api/v1/tokens/${viewer.id}`);
  await own.getByText('Your session ended').waitFor();
  await own.context().close();
});

test('what is sent is taken off the quota that is shown', async () => {
  await live(page);
  await request('first');
  await page.getByText('109,999 of 110,000 people').waitFor();
  await request('second');
  await page.getByText('109,998 of 110,000 people').waitFor();
});

test('a token that was made elsewhere is in the list', async () => {
  await page.goto(`${stage.url}/console/access`);
  await page.getByRole('row', { name: /Super Admin/ }).waitFor();
  await live(page);
  await stage.tokenOf('connections-manager');
  await page.getByRole('row', { name: /a connections-manager/ }).waitFor();
});

test('the systems behind a connection that was removed elsewhere count no more', async () => {
  await page.goto(`${stage.url}/console/overview`);
  await page.getByText(/A deletion reaches/).waitFor();
  await live(page);
  await stage.call('DELETE', `/api/v1/connections/${acme}`);
  await page.getByText(/A deletion reaches/).waitFor({ state: 'detached' });
});

test('a request goes on to name a connection that was removed', async () => {
  await page.goto(`${stage.url}/console/requests/first`);
  await page.getByRole('heading', { name: 'Acme (removed)' }).waitFor();
});

test('what keeps the host from its work is said on every page, in its own words, until it is mended', async () => {
  const { page: own } = await openPage(stage.browser);
  const amiss = "This machine's clock is 3600 s ahead of the database's.";
  const checks = { database: 'ok', disk: 'ok', engine: 'ok', clock: amiss, plugins: 'ok' };
  await own.route('**/readyz', (route) => route.fulfill({ status: 503, json: { ready: false, checks } }));
  await signIn(own, stage.url, ADMIN, '/console/requests');
  await own.getByRole('alert').getByText(`Clock: ${amiss}`).waitFor();
  await own.unroute('**/readyz');
  const idle = `The worker of host-b (7) submits, follows and purges nothing: ${amiss}`;
  const others = { ...checks, clock: 'ok', processes: idle };
  await own.route('**/readyz', (route) => route.fulfill({ json: { ready: true, checks: others } }));
  await own.reload();
  await own.getByRole('alert').getByText(idle).waitFor();
  await own.unroute('**/readyz');
  await own.reload();
  await own.getByRole('heading', { name: 'Requests' }).waitFor();
  await own.getByRole('alert').waitFor({ state: 'detached' });
  await own.context().close();
});
