/** What a role may see and do, and what happens when a token ends. The server decides; the console shows it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectAccessible, openPage, picture, signIn } from './browser.js';
import { ADMIN, openStage, type Stage } from './stage.js';

let stage: Stage;
let url: string;

beforeAll(async () => {
  stage = await openStage();
  url = stage.url;
  await stage.connect('Production');
  await stage.call('POST', '/api/v1/requests', {
    requestId: 'ada',
    right: 'deletion',
    identifiers: [{ kind: 'email', value: 'ada@example.com' }],
  });
});
afterAll(() => stage?.stop());

describe('a viewer', () => {
  test('may look, but is told who may connect', async () => {
    const { page } = await openPage(stage.browser);
    await signIn(page, url, await stage.tokenOf('viewer'), '/console/connect/segment-config');
    await page.getByText('Your role may look, but not connect. Super Admin, Connections Manager may.').waitFor();
    expect(await page.getByRole('button', { name: 'Configure Integration' }).count()).toBe(0);
    await expectAccessible(page);
    await picture(page, 'viewer-connect');
    await page.goto(`${url}/console/requests`);
    await page.getByText('1 request', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'New request' }).count()).toBe(0);
    expect(await page.getByText('ada@example.com').count()).toBe(0);
    await picture(page, 'viewer-requests');
    await page.context().close();
  });

  test('is refused by the host where the console is got round', async () => {
    const { page } = await openPage(stage.browser);
    await signIn(page, url, await stage.tokenOf('viewer'));
    const statuses = await page.evaluate(async () => {
      const call = async (method: string, path: string, body: unknown) => {
        const proof = sessionStorage.getItem('console-session-proof') ?? '';
        const headers = { 'content-type': 'application/json', 'x-session-proof': proof };
        return (await fetch(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) })).status;
      };
      return [
        await call('POST', '/connections', { connector: 'segment-config', name: 'Mine', config: {} }),
        await call('POST', '/requests', {
          requestId: 'x',
          right: 'deletion',
          identifiers: [{ kind: 'email', value: 'x' }],
        }),
        await call('POST', '/requests/retry', {}),
      ];
    });
    expect(statuses).toEqual([403, 403, 403]);
    await page.context().close();
  });
});

test('a privacy manager erases people and may not change a connection', async () => {
  const { page } = await openPage(stage.browser);
  await signIn(page, url, await stage.tokenOf('privacy-manager'), '/console/requests?new=1');
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  await page.goto(`${url}/console/connections`);
  await page.getByRole('link', { name: 'Production', exact: true }).click();
  await page.getByRole('button', { name: 'Check now' }).waitFor();
  expect(await page.getByRole('button', { name: 'Remove' }).count()).toBe(0);
  await page.context().close();
});

test('when a token expires the console says so, and goes on where it was after signing in again', async () => {
  const token = await stage.tokenOf('super-admin', new Date(Date.now() + 12_000));
  const { page } = await openPage(stage.browser);
  await signIn(page, url, token, '/console/requests?status=complete');
  await page.getByRole('heading', { name: 'Requests' }).waitFor();
  // Whatever is asked next shows it.
  const said = page.getByText('Your session ended');
  for (let state = 'Error'; !(await said.isVisible()); state = state === 'Error' ? 'Cancelled' : 'Error') {
    const filter = { name: new RegExp(`^${state} `) };
    await page.getByRole('button', filter).or(said).click();
    // To choose what is chosen already would take it away.
    await page
      .getByRole('button', { ...filter, pressed: true })
      .or(said)
      .waitFor();
  }
  await expectAccessible(page);
  await picture(page, 'session-ended');
  await page.getByLabel('Access token').fill(ADMIN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Requests' }).waitFor();
  expect(page.url()).toContain('/console/requests?status=');
  await page.context().close();
});

test('signing out takes the session away', async () => {
  const { page } = await openPage(stage.browser);
  await signIn(page, url, ADMIN);
  await page.getByRole('button', { name: /Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('Access token').waitFor();
  expect(await page.evaluate(async () => (await fetch('/api/v1/session')).status)).toBe(401);
  await page.context().close();
});

test('a connection whose credential was refused is loud on every page, and its requests wait', async () => {
  const { page } = await openPage(stage.browser);
  await signIn(page, url, ADMIN);
  const spec = { generation: 'public', workspace: 'acme-demo', access: 'owner' } as const;
  stage.sandbox.addToken({ ...spec, name: 'fragile', value: 'a-token-to-be-revoked' });
  const id = await stage.connect('Fragile', 'a-token-to-be-revoked');
  stage.sandbox.revokeToken('a-token-to-be-revoked');
  await stage.call('POST', `/api/v1/connections/${id}/check`, {});
  await page.getByText('“Fragile” no longer works').waitFor();
  await expectAccessible(page);
  await picture(page, 'reconnect');
  await page.getByRole('link', { name: 'Replace the token' }).click();
  await page.getByRole('dialog').getByText('Replace the credentials of “Fragile”').waitFor();
  await page.context().close();
});
