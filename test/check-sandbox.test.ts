import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CheckReport, ConnectorConfig } from 'connector-contract';
import { type Sandbox, startSandbox } from 'segment-sandbox';
import { segmentConnector } from '../src/connector.js';
import { testContext } from './check-context.js';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ recordRequests: 100 });
});
afterEach(async () => {
  await sandbox.close();
});

function check(apiToken: string, more: Partial<ConnectorConfig> = {}): Promise<CheckReport> {
  const config = { apiToken, workspaceName: 'acme-demo', baseUrl: sandbox.url, ...more } as ConnectorConfig;
  return segmentConnector().check(testContext({ config, allowedOrigins: [sandbox.url] }));
}

const outcomes = (report: CheckReport) =>
  Object.fromEntries(report.permissions.map((one) => [one.permission, one.outcome]));

describe.each([
  ['Public API', 'public', 'publicOwner', 'publicMember', 'otherWorkspace', 'revoked'],
  ['Config API', 'config', 'configAdmin', 'configRead', 'configOtherWorkspace', 'configRevoked'],
] as const)('against the sandbox, %s', (_, generation, owner, reader, stranger, revoked) => {
  test('a token of an owner is ready, whether the generation is found out or named', async () => {
    for (const api of ['auto', generation]) {
      const report = await check(sandbox.tokens[owner], { api });
      expect(report).toMatchObject({
        status: 'ready',
        problems: [],
        facts: { api: generation, workspaceSlug: 'acme-demo' },
      });
    }
  });

  test('the workspace may be given by name, slug or id', async () => {
    const acme = sandbox.workspaces[0];
    for (const workspaceName of [acme?.name, acme?.slug, acme?.id, acme?.name.toUpperCase()]) {
      const report = await check(sandbox.tokens[owner], { workspaceName: workspaceName ?? '' });
      expect(report).toMatchObject({ status: 'ready', facts: { workspaceSlug: acme?.slug, workspaceId: acme?.id } });
    }
  });

  test('a check makes no regulation and sends nothing but reads and one dry run', async () => {
    await check(sandbox.tokens[owner]);
    expect(sandbox.regulations()).toEqual([]);
    const writes = sandbox.requests().filter((request) => request.method !== 'GET');
    expect(writes).toEqual([expect.objectContaining({ ending: generation === 'public' ? 422 : 400 })]);
  });

  test('a token that only reads is blocked for deletion, and says why', async () => {
    const report = await check(sandbox.tokens[reader]);
    expect(report.status).toBe('blocked');
    expect(outcomes(report)).toMatchObject({
      'workspace-read': 'granted',
      'regulations-write': 'denied',
      'sources-read': 'granted',
    });
  });

  test('a token of another workspace is blocked, and the message says which', async () => {
    const report = await check(sandbox.tokens[stranger]);
    expect(report).toMatchObject({
      status: 'blocked',
      problems: [{ code: 'WORKSPACE_MISMATCH', field: 'workspaceName', message: expect.stringContaining('Globex') }],
    });
  });

  test('a revoked token is blocked as not authenticated', async () => {
    expect(await check(sandbox.tokens[revoked])).toMatchObject({
      status: 'blocked',
      problems: [{ code: 'UNAUTHENTICATED', field: 'apiToken' }],
    });
  });

  test('no secret of the workspace is in the report', async () => {
    const report = JSON.stringify(await check(sandbox.tokens[owner]));
    for (const secret of sandbox.secrets()) expect(report).not.toContain(secret);
  });
});

describe('against the sandbox', () => {
  test('a plan without API is told apart from a wrong token', async () => {
    const report = await check(sandbox.tokens.noPlan, { workspaceName: 'Initech' });
    expect(report).toMatchObject({ status: 'blocked', problems: [{ code: 'PLAN_WITHOUT_API' }] });
  });

  test('an expired token is blocked as not authenticated', async () => {
    expect((await check(sandbox.tokens.expired)).problems).toMatchObject([{ code: 'UNAUTHENTICATED' }]);
  });

  test('a Segment that has gone away cannot be reached', async () => {
    await sandbox.close();
    expect(await check(sandbox.tokens.publicOwner)).toMatchObject({
      status: 'blocked',
      problems: [{ code: 'UNREACHABLE' }],
    });
  });

  test('a list that answers with errors is unverifiable, and the connection degraded', async () => {
    sandbox.faults.add({ on: 'GET /warehouses', kind: 'status', status: 500 });
    const report = await check(sandbox.tokens.publicOwner);
    expect(report.status).toBe('degraded');
    expect(report.permissions[5]).toMatchObject({ outcome: 'unverifiable', code: 'VENDOR_ERROR' });
  });
});
