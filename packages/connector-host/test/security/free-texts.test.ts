/** What somebody writes about a request or about work stays, and is read by those who see no people: it names nobody. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { atRest, type RunningHost, runHost } from '../api/running-host.js';

let running: RunningHost;
const call: RunningHost['call'] = (...given) => running.call(...given);
const canary = 'canary-person-77';
const naming = `This is ${canary.toUpperCase()}, who is complicated.`;

beforeAll(async () => {
  running = await runHost();
  const connection = await running.connect('Acme');
  await running.until(`/api/v1/connections/${connection}/detections`, ({ items }) => items[0]?.state === 'complete');
});
afterAll(() => running.stop());

const hand = async (requestId: string, kind: string, value: string) => {
  const body = { requestId, right: 'deletion', identifiers: [{ kind, value }] };
  await call('POST', '/api/v1/requests', body);
  return running.until(`/api/v1/requests/${requestId}`, atRest);
};

async function expectRefused(path: string, body: object, field: string): Promise<void> {
  const refused = await call('POST', `/api/v1/${path}`, body);
  expect([path, refused.status, refused.body.errors?.[0]]).toEqual([
    path,
    422,
    expect.objectContaining({ field, code: 'NAMES_PERSON', remedy: expect.any(String) }),
  ]);
}

test('a text about one request names nobody whom it is about', async () => {
  await hand('one', 'user_id', canary);
  const { dueAt } = (await call('GET', '/api/v1/requests/one')).body;
  const until = new Date(Date.parse(dueAt) + 86_400_000).toISOString();
  await expectRefused('requests/one/extend', { until, reason: naming }, 'reason');
  running.sandbox.outcomes.add({ outcome: 'failed-supported', subject: canary });
  expect((await hand('two', 'user_id', canary)).state).toBe('error');
  running.sandbox.outcomes.clear();
  await expectRefused('requests/two/close', { reason: naming }, 'reason');
  await hand('three', 'email', `${canary}@example.com`);
  const end = { code: 'NO_KNOWN_USER_ID', requestId: 'three', outcome: 'not_needed' };
  const byMail = `This is ${canary}@example.com.`;
  await expectRefused('requests/leftovers/close', { ...end, reason: byMail }, 'reason');
  expect((await call('POST', '/api/v1/requests/one/extend', { until, reason: 'Complicated.' })).status).toBe(200);
});

test('a text about work names nobody who is in it', async () => {
  const [{ id }] = (await call('GET', '/api/v1/work?kind=erase-elsewhere&state=open')).body.items;
  await expectRefused(`work/${id}/assign`, { owner: { name: 'Ops' }, note: naming }, 'note');
  const end = { outcome: 'could_not', reason: 'No key.' };
  await expectRefused(`work/${id}/close`, { ...end, reason: naming }, 'reason');
  await expectRefused(`work/${id}/close`, { ...end, evidence: { text: naming } }, 'evidence.text');
  await expectRefused(
    `work/${id}/close`,
    { ...end, evidence: { link: `https://x.example/${canary}` } },
    'evidence.link',
  );
  expect((await call('POST', `/api/v1/work/${id}/close`, end)).status).toBe(200);
  await expectRefused(`work/${id}/reopen`, { reason: naming }, 'reason');
});
