/** The console of a host that stands below a path of another address. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PrefixProxy, prefixProxy } from '../api/prefix-proxy.js';
import { openPage, signIn } from './browser.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let proxy: PrefixProxy;
let stage: Stage;
beforeAll(async () => {
  proxy = await prefixProxy(true);
  stage = await openStage({}, [], ['--public-url', proxy.url]);
  proxy.host = stage.url;
});
afterAll(async () => {
  await stage?.stop();
  await proxy.stop();
});

test('shows its views, files and events there, and asks for nothing beside it', async () => {
  const { page, troubles } = await openPage(stage.browser);
  await signIn(page, proxy.url, ADMIN, '/console/connections');
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Requests' }).click();
  await page.getByText('No requests yet').waitFor();
  expect(page.url()).toBe(`${proxy.url}/console/requests`);
  await page.reload();
  await page.getByText('No requests yet').waitFor();
  expect(troubles).toEqual([]);
  expect(proxy.strayed).toEqual([]);
});
