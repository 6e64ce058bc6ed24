import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { atRest, type RunningHost, runHost } from '../api/running-host.js';
import { fixture } from '../plugins/fixtures.js';

const deletion = (requestId: string, value = `${requestId}@example.com`) => ({
  requestId,
  right: 'deletion',
  identifiers: [{ kind: 'email', value }],
});

let running: RunningHost;
const call: RunningHost['call'] = (...args) => running.call(...args);
const concluded = (requestId: string) => running.until(`/api/v1/requests/${requestId}`, atRest);

beforeAll(async () => {
  running = await runHost({ isolation: 'process' }, {}, [fixture('import-throws'), fixture('manifest-invalid')]);
});
afterAll(() => running.stop());

describe('what goes wrong is told apart, and stops nothing else', () => {
  test('plugins that cannot be used are listed with code, reason and remedy; the good one is ready', async () => {
    const { items } = (await call('GET', '/api/v1/connectors')).body;
    const states = items.map((item: { packageName: string; state: string }) => `${item.packageName} ${item.state}`);
    expect(states).toEqual(
      expect.arrayContaining(['import-throws refused', 'manifest-invalid refused', 'segment-config-connector ready']),
    );
    for (const item of items.filter(({ state }: { state: string }) => state === 'refused')) {
      expect([typeof item.code, typeof item.reason, typeof item.remedy]).toEqual(['string', 'string', 'string']);
    }
    const refused = await call('POST', '/api/v1/connections', { connector: 'import-throws', name: 'x', config: {} });
    expect([refused.status, refused.body.code]).toEqual([422, 'CONNECTOR_REFUSED']);
    const unknown = await call('POST', '/api/v1/connections', { connector: 'nobody', name: 'x', config: {} });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'CONNECTOR_UNKNOWN']);
  });

  test.each([
    ['a wrong token', { apiToken: 'wrong' }],
    ['a token that was revoked', { apiToken: 'sandbox-public-revoked-token' }],
    ['a token that may not erase', { apiToken: 'sandbox-public-member-token' }],
    ['a token of another workspace', { apiToken: 'sandbox-public-other-workspace-token' }],
    ['a Config API token that may only read', { apiToken: 'sandbox-config-read-token' }],
  ])('%s is refused with the report, and nothing is kept', async (_name, config) => {
    const { status, body } = await call('POST', '/api/v1/connections', {
      connector: 'segment-config',
      name: 'Refused',
      config: { workspaceName: 'acme-demo', baseUrl: running.sandbox.url, ...config },
    });
    expect([status, body.code, body.report.status]).toEqual([422, 'CONNECTION_BLOCKED', 'blocked']);
    expect(typeof body.remedy).toBe('string');
    expect((await call('GET', '/api/v1/connections')).body.total).toBe(0);
  });

  test('an endpoint that the operator does not allow is refused', async () => {
    const { body } = await call('POST', '/api/v1/connections', {
      connector: 'segment-config',
      name: 'Elsewhere',
      config: { apiToken: 'any', workspaceName: 'acme-demo', baseUrl: 'http://127.0.0.1:9' },
    });
    expect([body.code, body.errors[0].field]).toEqual(['CONNECTION_INVALID', 'baseUrl']);
  });

  test('one identifier that the vendor refuses ends in error by itself; the others in the batch go through', async () => {
    await running.connect('Acme');
    // Nothing about it is doubtful; it is longer than the vendor takes.
    const long = Array.from({ length: 300 }, (_, n) => `u${n}`)
      .join('-')
      .slice(0, 1_001);
    const bad = { ...deletion('bad'), identifiers: [{ kind: 'user_id', value: long }] };
    const file = [deletion('good-1'), bad, deletion('good-2')].map((one) => JSON.stringify(one));
    await call('POST', '/api/v1/requests/import', file.join('\n'), { type: 'application/x-ndjson' });
    expect((await concluded('bad')).tasks[0]).toMatchObject({ state: 'error', error: { code: 'IDENTIFIER_REFUSED' } });
    expect((await concluded('good-1')).state).toBe('left_over');
    expect((await concluded('good-2')).state).toBe('left_over');
  });

  test('a deletion that failed at the vendor is retried and completes; what was sent before is still to be seen', async () => {
    running.sandbox.outcomes.add({ subject: 'again@example.com', outcome: 'failed-supported' });
    await call('POST', '/api/v1/requests', deletion('again'));
    const failed = await concluded('again');
    expect(failed.state).toBe('error');
    expect(failed.tasks[0].error.remedy).toBeDefined();
    running.sandbox.outcomes.clear();
    expect((await call('POST', '/api/v1/requests/again/retry')).status).toBe(200);
    const retried = await concluded('again');
    expect(retried.state).toBe('left_over');
    expect(retried.operations).toHaveLength(2);
  });

  test('the vendor failing and the answer being lost delays a deletion and doubles nothing', async () => {
    const { faults } = running.sandbox;
    faults.add({ on: 'POST /regulations', kind: 'lost-after', times: 1 });
    await call('POST', '/api/v1/requests', deletion('lost'));
    expect((await concluded('lost')).state).toBe('left_over');
    const holding = running.sandbox.regulations().filter(({ subjectIds }) => subjectIds.includes('lost@example.com'));
    expect(holding).toHaveLength(1);
  });

  test('a token that stops working turns the connection to reconnect; its people wait, and go on with a new token', async () => {
    const { sandbox } = running;
    sandbox.addToken({
      value: 'short-lived',
      name: 'short-lived',
      generation: 'public',
      workspace: 'acme-demo',
      access: 'owner',
    });
    const id = await running.connect('Second', { apiToken: 'short-lived' });
    sandbox.revokeToken('short-lived');
    await call('POST', '/api/v1/requests', { ...deletion('waiting'), connections: [id] });
    await running.until(`/api/v1/connections/${id}`, ({ state }) => state === 'reconnect');
    expect((await call('GET', '/api/v1/requests/waiting')).body.state).toBe('pending');
    const changed = await call('PATCH', `/api/v1/connections/${id}`, {
      config: { apiToken: sandbox.tokens.publicOwner },
    });
    expect(changed.body.state).toBe('active');
    expect((await concluded('waiting')).state).toBe('left_over');
  });
});
