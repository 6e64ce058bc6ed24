/** A vendor that is done when it answers, with tokens that the host gets: Auth0's users, from a person to the receipt. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import pg from 'pg';
import { Auth0Stub } from '../../../connectors/auth0/test/stub.js';
import { type Answer, type RunningHost, runHost } from '../api/running-host.js';

const stub = new Auth0Stub();
const folder = fileURLToPath(new URL('../../../connectors/auth0', import.meta.url));

let running: RunningHost;
let origin: string;

beforeAll(async () => {
  origin = await stub.start();
  running = await runHost({ isolation: 'process', roots: [folder], allowEndpoints: [origin] });
});
afterAll(async () => {
  await running.stop();
  await stub.stop();
});

/** The people of a file, when nothing is under way for any of them. */
async function erased(...emails: readonly string[]): Promise<void> {
  const lines = emails.map((email) => `${email.split('@')[0]},${email}`);
  await running.call('POST', '/api/v1/requests/import', ['request_id,email', ...lines].join('\n'), {
    type: 'text/csv',
  });
  await running.until('/api/v1/requests', ({ counts }) => counts.pending + counts.processing === 0);
}

const request = async (id: string): Promise<Answer['body']> =>
  (await running.call('GET', `/api/v1/requests/${id}`)).body;

test('a person is looked up, erased and concluded in one call; whom the vendor does not know is told apart, on the receipt as well', async () => {
  const config = stub.config('valid', origin);
  const made = await running.call('POST', '/api/v1/connections', { connector: 'auth0', name: 'Tenant', config });
  expect(made).toMatchObject({ status: 201, body: { check: { status: 'ready' } } });

  stub.accounts.set('ada@people.example', 2);
  stub.unknown('nobody@people.example');
  await erased('ada@people.example', 'nobody@people.example');
  expect(stub.erased()).toEqual(['ada@people.example']);
  expect(stub.asked.filter((one) => one.startsWith('DELETE'))).toHaveLength(2);

  const [ada, nobody] = [await request('ada'), await request('nobody')];
  expect(ada.tasks).toMatchObject([{ state: 'complete', basis: 'vendor' }]);
  expect(nobody.tasks).toMatchObject([{ state: 'complete', basis: 'nobody-known' }]);
  expect(nobody.operations).toMatchObject([{ results: { 'no-match': 1 } }]);
  expect(nobody.timeline.map(({ kind }: { kind: string }) => kind)).toContain('task.no_match');

  for (const [id, basis] of [
    ['ada', 'vendor'],
    ['nobody', 'nobody-known'],
  ] as const) {
    const { body } = await running.call('GET', `/api/v1/requests/${id}/receipt`);
    expect(decodeJwt(body)).toMatchObject({ tasks: [{ state: 'complete', basis }] });
  }
});

test('what its answers say is left is known to the host, whatever process the connector runs in', async () => {
  stub.left = { requests: 1, seconds: 30 };
  await erased('bob@people.example');
  const pool = new pg.Pool({ connectionString: running.databaseUrl });
  const { rows } = await pool.query('select remaining, resets_at from connector_host.paces').finally(() => pool.end());
  expect(rows).toEqual([{ remaining: expect.any(Number), resets_at: expect.any(Number) }]);
});
