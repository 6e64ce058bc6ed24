/** Every call of the OpenAPI document that changes something leaves its line in the audit log; those that do not are named with the reason. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AuditView } from '../../src/audit/chain.js';
import { openDatabase } from '../../src/store/database.js';
import { atRest, type CallOptions, formWith, type RunningHost, runHost } from '../api/running-host.js';
import { testLog } from '../postgres.js';

/** What the log says of each call; `nothing` for calls that keep and change nothing. */
const told: Readonly<Record<string, readonly string[] | 'nothing'>> = {
  'POST /api/v1/connections/validate': 'nothing',
  'POST /api/v1/requests/plan': 'nothing',
  'POST /api/v1/requests/import/plan': 'nothing',
  'POST /api/v1/requests/search': 'nothing',
  'POST /api/v1/requests/export': ['request.exported'],
  'POST /api/v1/connections': ['connection.created'],
  'PATCH /api/v1/connections/{id}': ['connection.updated', 'connection.paused'],
  'DELETE /api/v1/connections/{id}': ['connection.removed'],
  'POST /api/v1/connections/{id}/check': ['connection.checked'],
  'POST /api/v1/connections/{id}/detections': ['detection.started'],
  'PATCH /api/v1/connections/{id}/systems/{key}': ['system.archived'],
  'POST /api/v1/requests': ['request.accepted'],
  'POST /api/v1/requests/import': ['request.imported'],
  'POST /api/v1/requests/{requestId}/retry': ['task.retried'],
  'POST /api/v1/requests/{requestId}/close': ['request.closed'],
  'POST /api/v1/requests/{requestId}/correct': ['request.corrected', 'request.accepted'],
  'POST /api/v1/requests/{requestId}/cancel': ['task.cancelled'],
  'POST /api/v1/requests/{requestId}/extend': ['request.extended'],
  'POST /api/v1/requests/{requestId}/allow': ['request.doubtful_allowed'],
  'POST /api/v1/requests/{requestId}/files': ['task.file_received'],
  'POST /api/v1/requests/{requestId}/answer': ['task.answered'],
  'POST /api/v1/requests/leftovers/close': ['leftovers.closed'],
  'POST /api/v1/requests/retry': ['task.retried'],
  'POST /api/v1/operations/{id}/settle': ['operation.settled'],
  'POST /api/v1/tokens': ['access.token_created'],
  'DELETE /api/v1/tokens/{id}': ['access.token_revoked'],
  'POST /api/v1/session': ['access.signed_in'],
  'DELETE /api/v1/session': ['access.signed_out'],
  'DELETE /api/v1/sessions/{id}': ['access.signed_out'],
  'POST /api/v1/keys/rotate': ['keys.rotated'],
  'POST /api/v1/purge': ['request.purged'],
  'POST /api/v1/work/{id}/assign': ['work.assigned'],
  'POST /api/v1/work/{id}/files': ['work.file_received'],
  'POST /api/v1/work/{id}/close': ['work.closed'],
  'POST /api/v1/work/{id}/reopen': ['work.reopened'],
  'POST /api/v1/notices': ['notice.created'],
  'PATCH /api/v1/notices/{id}': ['notice.changed'],
  'DELETE /api/v1/notices/{id}': ['notice.removed'],
  'POST /api/v1/notices/{id}/secret': ['notice.secret_replaced'],
  'POST /api/v1/notices/{id}/test': ['notice.tested'],
  'POST /api/v1/notices/deliveries/{id}/resend': ['notice.resent'],
};

let running: RunningHost;
const done = new Map<string, readonly string[]>();

beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.stop());

const entries = async (after: number): Promise<AuditView[]> =>
  (await running.call('GET', `/api/v1/audit?after=${after}&limit=1000`)).body.items;

/** Makes a call, which must succeed, and notes what the log says of its caller since. */
async function act(method: string, path: string, body?: unknown, options: CallOptions = {}) {
  const { head } = (await running.call('GET', '/api/v1/audit?limit=1')).body;
  const answer = await running.call(method, path, body, options);
  expect([method, path, answer.status, answer.status < 300 ? '' : answer.body]).toEqual([
    method,
    path,
    expect.any(Number),
    '',
  ]);
  const since = (await entries(head.seq)).filter(({ actor }) => actor === 'environment');
  done.set(
    `${method} ${running.document.template(path.split('?')[0] ?? '')}`,
    since.map(({ action }) => action),
  );
  return answer.body;
}

test('every call that changes something is in the audit log, and no other', async () => {
  const changing = running.document.calls.filter((one) => !/^(GET|HEAD) /.test(one));
  expect(Object.keys(told).sort()).toEqual(changing.sort());

  const request = (requestId: string) => ({
    requestId,
    right: 'deletion',
    identifiers: [{ kind: 'email', value: `${requestId}@example.com` }],
  });
  const concluded = (id: string) => running.until(`/api/v1/requests/${id}`, atRest);
  const config = {
    apiToken: running.sandbox.tokens.publicOwner,
    workspaceName: 'acme-demo',
    baseUrl: running.sandbox.url,
  };
  await act('POST', '/api/v1/connections/validate', { connector: 'segment-config', config });
  const { id } = await act('POST', '/api/v1/connections', { connector: 'segment-config', name: 'Acme', config });
  await act('POST', `/api/v1/connections/${id}/check`, {});
  // The host looks by itself once it is connected; who asks meanwhile starts nothing.
  const detections = `/api/v1/connections/${id}/detections`;
  await running.until(detections, ({ items }) => items[0]?.state === 'complete');
  await act('POST', detections, {});
  const { items } = (await running.call('GET', '/api/v1/systems?limit=1')).body;
  await act('PATCH', `/api/v1/connections/${id}/systems/${encodeURIComponent(items[0].key)}`, {
    archived: true,
    reason: 'Not in use.',
  });
  await act('POST', '/api/v1/requests/plan', { requests: [request('r-0')] });
  await running.call('POST', '/api/v1/requests', { ...request('a-1'), right: 'access' });
  await act('POST', '/api/v1/requests/a-1/files', formWith('x'));
  await act('POST', '/api/v1/requests/a-1/answer', { outcome: 'done', answeredBy: 'Dana', said: 'Sent by letter.' });
  const doubtful = { kind: 'user_id', value: 'undefined' };
  await running.call('POST', '/api/v1/requests', { ...request('doubtful'), identifiers: [doubtful] });
  await act('POST', '/api/v1/requests/doubtful/allow');
  await concluded('doubtful');
  const [work] = (await running.call('GET', '/api/v1/work?kind=erase-elsewhere&state=open')).body.items;
  await act('POST', `/api/v1/work/${work.id}/assign`, { owner: { name: 'Ops' } });
  await act('POST', `/api/v1/work/${work.id}/files`, formWith('x'));
  await running.call('GET', `/api/v1/work/${work.id}/people`);
  await act('POST', `/api/v1/work/${work.id}/close`, { outcome: 'done', reason: 'By hand.' });
  await act('POST', `/api/v1/work/${work.id}/reopen`, { reason: 'Not yet.' });
  await act('POST', '/api/v1/requests/leftovers/close', { code: 'NOT_REACHED', outcome: 'could_not', reason: 'No.' });
  const file = 'request_id,email\nr-2,r-2@example.com\n';
  await act('POST', '/api/v1/requests/import/plan', file, { type: 'text/csv' });
  await act('POST', '/api/v1/requests/import', file, { type: 'text/csv' });
  await act('POST', '/api/v1/requests/search', { search: 'r-2@example.com' });
  await act('POST', '/api/v1/requests/export', { search: 'r-2@example.com' });

  for (const [n, path] of [
    [1, 'requests/failed-1/retry'],
    [2, 'requests/retry'],
    [3, 'requests/failed-3/close'],
    [4, 'requests/failed-4/correct'],
  ] as const) {
    running.sandbox.outcomes.add({ outcome: 'failed-supported', subject: `failed-${n}@example.com` });
    await act('POST', '/api/v1/requests', request(`failed-${n}`));
    expect((await concluded(`failed-${n}`)).state).toBe('error');
    running.sandbox.outcomes.clear();
    const { requestId, identifiers } = request('corrected');
    const bodies = { 3: { reason: 'left the company' }, 4: { requestId, identifiers } };
    await act('POST', `/api/v1/${path}`, bodies[n as 3 | 4] ?? {});
    await concluded(n === 4 ? 'corrected' : `failed-${n}`);
  }
  const [last] = (await running.call('GET', '/api/v1/operations?limit=1')).body.items;
  // A submission of which nobody knows whether it arrived.
  const db = await openDatabase({ url: running.databaseUrl, dataDir: '', log: testLog });
  await db.pool.query(`update connector_host.operations set state = 'undecided', reference = null where id = $1`, [
    last.id,
  ]);
  await db.close();
  await act('POST', `/api/v1/operations/${last.id}/settle`, { decision: 'resubmit' });

  await act('PATCH', `/api/v1/connections/${id}`, { state: 'paused', name: 'Acme EU' });
  await running.call('POST', '/api/v1/requests', request('r-3'));
  const until = new Date(Date.now() + 45 * 86_400_000).toISOString();
  await act('POST', '/api/v1/requests/r-3/extend', { until, reason: 'A complex request.' });
  await act('POST', '/api/v1/requests/r-3/cancel', {});
  await act('POST', '/api/v1/session');
  const [{ id: session }] = (await running.call('GET', '/api/v1/sessions')).body.items;
  await act('DELETE', `/api/v1/sessions/${session}`);
  const begun = await running.call('POST', '/api/v1/session');
  const [cookie = ''] = String(begun.headers.get('set-cookie')).split(';');
  const headers = { cookie, 'x-session-proof': begun.body.proof };
  await act('DELETE', '/api/v1/session', undefined, { token: null, headers });
  const { view } = await act('POST', '/api/v1/tokens', { name: 'short', role: 'viewer' });
  await act('DELETE', `/api/v1/tokens/${view.id}`);
  const { notice } = await act('POST', '/api/v1/notices', { channel: 'webhook', url: 'https://hooks.example/x' });
  const [delivery] = (await act('POST', `/api/v1/notices/${notice.id}/test`, {})).items;
  await act('POST', `/api/v1/notices/deliveries/${delivery.id}/resend`, {});
  await act('PATCH', `/api/v1/notices/${notice.id}`, { active: false });
  await act('POST', `/api/v1/notices/${notice.id}/secret`, {});
  await act('DELETE', `/api/v1/notices/${notice.id}`);
  await act('POST', '/api/v1/purge', { retentionDays: 0, longestRetentionDays: 0 });
  await act('DELETE', `/api/v1/connections/${id}`);
  await act('POST', '/api/v1/keys/rotate', { key: 'master' });

  const expected = Object.entries(told).map(([name, actions]) => [
    name,
    actions === 'nothing' ? [] : [...actions].sort(),
  ]);
  expect(Object.fromEntries([...done].map(([name, actions]) => [name, [...actions].sort()]))).toEqual(
    Object.fromEntries(expected),
  );
});
