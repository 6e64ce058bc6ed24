import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ConnectorConfig, Facts } from 'connector-contract';
import { segmentConnector } from '../src/connector.js';
import { testContext } from './check-context.js';
import { nock } from './nock.js';

const PUBLIC_US = 'https://api.segmentapis.com';
const PUBLIC_EU = 'https://eu1.api.segmentapis.com';
const CONFIG = 'https://platform.segmentapis.com';
const token = 'sgp_CANARY';
const acme = { id: 'ws_1', slug: 'acme', name: 'Acme Inc' };
const refusal = (message: string) => ({ errors: [{ type: 'RequestError', message }] });
const configRefusal = { error: 'the token is invalid', code: 16 };

function check(config: Partial<ConnectorConfig> = {}, more: Omit<Parameters<typeof testContext>[0], 'config'> = {}) {
  const usual = { apiToken: token, workspaceName: 'Acme Inc', region: 'us', api: 'auto' };
  return segmentConnector().check(testContext({ ...more, config: { ...usual, ...config } as ConnectorConfig }));
}

function publicWorkspace(origin = PUBLIC_US, workspace: object = acme) {
  nock(origin).get('/').reply(200, { data: { workspace } });
}

function neitherApi() {
  nock(PUBLIC_US).get('/').reply(401, refusal('Unauthorized'));
  nock(CONFIG)
    .get(/^\/v1beta\/workspaces/)
    .reply(401, configRefusal);
}

/** A Public API whose permissions are all there, but for the answers given by path. */
function publicApi(
  answers: Partial<Record<'write' | 'read' | 'sources' | 'destinations' | 'warehouses', [number, object]>> = {},
) {
  const page = { current: 'MA==', totalEntries: 0 };
  const { write, read, sources, destinations, warehouses } = {
    write: [422, refusal('subjectIds must not be empty')],
    read: [404, refusal('not found')],
    sources: [200, { data: { sources: [], pagination: page } }],
    destinations: [200, { data: { destinations: [], pagination: page } }],
    warehouses: [200, { data: { warehouses: [], pagination: page } }],
    ...answers,
  } as Record<string, [number, object]>;
  const answer = (given: [number, object] | undefined) => () => given ?? [500, {}];
  nock(PUBLIC_US).post('/regulations').reply(answer(write));
  nock(PUBLIC_US)
    .get(/^\/regulations\//)
    .reply(answer(read));
  nock(PUBLIC_US).get('/sources').query(true).reply(answer(sources));
  nock(PUBLIC_US).get('/destinations').query(true).reply(answer(destinations));
  nock(PUBLIC_US).get('/warehouses').query(true).reply(answer(warehouses));
}

describe('a good token of the Public API', () => {
  test('is ready, with every permission granted and the facts worth keeping', async () => {
    publicWorkspace();
    publicApi();
    const report = await check();
    expect(report).toMatchObject({
      status: 'ready',
      problems: [],
      facts: {
        account: 'ws_1',
        api: 'public',
        region: 'us',
        workspaceId: 'ws_1',
        workspaceSlug: 'acme',
        workspaceName: 'Acme Inc',
      },
    });
    expect(report.permissions.map((one) => one.outcome)).toEqual(Array(6).fill('granted'));
  });

  test.each(['Acme Inc', 'acme', 'ws_1', 'ACME INC', 'Acme\u00a0Inc', 'Acme  Inc'])(
    'is ready where the workspace is given as %s',
    async (workspaceName) => {
      publicWorkspace();
      publicApi();
      expect((await check({ workspaceName })).status).toBe('ready');
    },
  );

  test('is asked only for what the switched-on capabilities need', async () => {
    publicWorkspace();
    const report = await check({}, { capabilities: [] });
    expect(report.status).toBe('ready');
    expect(report.permissions.slice(1).map((one) => one.outcome)).toEqual(Array(5).fill('skipped'));
  });

  test('tries regulations with a request that names nobody', async () => {
    publicWorkspace();
    let sent: unknown;
    nock(PUBLIC_US)
      .post('/regulations', (body: unknown) => {
        sent = body;
        return true;
      })
      .reply(422, refusal('subjectIds must not be empty'));
    nock(PUBLIC_US)
      .get(/^\/regulations\//)
      .reply(404, refusal('not found'));
    await check({}, { capabilities: ['deletion'] });
    expect(sent).toMatchObject({ subjectType: 'CONNECTION_CHECK', subjectIds: [] });
  });

  test('is degraded where Segment takes the request that it cannot take: nothing is known then', async () => {
    publicWorkspace();
    publicApi({ write: [200, { data: { regulateId: 'r1' } }] });
    const report = await check();
    expect(report.status).toBe('degraded');
    expect(report.permissions.find(({ permission }) => permission === 'regulations-write')?.outcome).toBe(
      'unverifiable',
    );
  });

  test('tries regulations of the type that its deletions would be', async () => {
    publicWorkspace();
    nock(PUBLIC_US)
      .get(/^\/regulations\//)
      .reply(404, refusal('not found'));
    nock(PUBLIC_US)
      .post('/regulations', { regulationType: 'DELETE_INTERNAL', subjectType: 'CONNECTION_CHECK', subjectIds: [] })
      .reply(422, refusal('subjectType must be one of USER_ID, OBJECT_ID'));
    const report = await check({ regulationType: 'DELETE_INTERNAL' }, { capabilities: ['deletion'] });
    expect(report.status).toBe('ready');
  });
});

describe('what is wrong is told apart, with its field and a remedy', () => {
  const remedy = expect.stringMatching(/\w/);

  test('a wrong token', async () => {
    neitherApi();
    nock(PUBLIC_EU).get('/').reply(401, refusal('Unauthorized'));
    const report = await check();
    expect(report).toMatchObject({
      status: 'blocked',
      facts: {},
      problems: [{ code: 'UNAUTHENTICATED', field: 'apiToken', remedy }],
    });
    expect(report.permissions[0]).toMatchObject({
      outcome: 'denied',
      code: 'UNAUTHENTICATED',
      field: 'apiToken',
      remedy,
    });
    expect(report.permissions.slice(1).map((one) => one.outcome)).toEqual(Array(5).fill('skipped'));
  });

  test('a token of another workspace, saying which', async () => {
    publicWorkspace(PUBLIC_US, { id: 'ws_2', slug: 'globex', name: 'Globex Ltd' });
    const report = await check();
    expect(report).toMatchObject({ status: 'blocked', facts: {} });
    expect(report.problems).toEqual([
      expect.objectContaining({
        code: 'WORKSPACE_MISMATCH',
        field: 'workspaceName',
        message: expect.stringMatching(/"Globex Ltd".*"globex"/),
        remedy,
      }),
    ]);
    expect(report.permissions[0]).toMatchObject({
      outcome: 'denied',
      code: 'WORKSPACE_MISMATCH',
      field: 'workspaceName',
    });
  });

  test('a token of the other region', async () => {
    neitherApi();
    publicWorkspace(PUBLIC_EU);
    expect((await check()).problems).toEqual([
      expect.objectContaining({
        code: 'WRONG_REGION',
        field: 'region',
        message: expect.stringContaining('EU'),
        remedy,
      }),
    ]);
  });

  test('a token of the generation that was not chosen', async () => {
    nock(CONFIG)
      .get(/^\/v1beta\/workspaces/)
      .reply(401, configRefusal);
    publicWorkspace();
    expect((await check({ api: 'config' })).problems).toMatchObject([
      { code: 'WRONG_GENERATION', field: 'api', remedy },
    ]);
  });

  test('a plan without API', async () => {
    nock(PUBLIC_US).get('/').reply(403, refusal('The Public API is not part of your plan'));
    const report = await check();
    expect(report).toMatchObject({
      status: 'blocked',
      problems: [{ code: 'PLAN_WITHOUT_API', kind: 'permission', remedy }],
    });
  });

  test.each(['write', 'sources'] as const)('a plan without the call to %s', async (call) => {
    publicWorkspace();
    publicApi({ [call]: [403, refusal('This feature is not included in your plan. Please upgrade.')] });
    const report = await check();
    expect(report).toMatchObject({ status: 'blocked', problems: [] });
    expect(report.permissions.filter((one) => one.outcome !== 'granted')).toMatchObject([
      { outcome: 'denied', code: 'PLAN_WITHOUT_API', remedy: expect.stringMatching(/plan/i) },
    ]);
  });

  test('something in between that refuses without a word is not taken for Segment', async () => {
    publicWorkspace();
    nock(PUBLIC_US).post('/regulations').reply(400);
    nock(PUBLIC_US)
      .get(/^\/regulations\//)
      .reply(404);
    const report = await check({}, { capabilities: ['deletion'] });
    expect(report.status).toBe('degraded');
    expect(report.permissions.slice(1, 3)).toMatchObject([
      { outcome: 'unverifiable', code: 'GATEWAY_REFUSED' },
      { outcome: 'unverifiable', code: 'GATEWAY_REFUSED' },
    ]);
  });

  test('a read-only token', async () => {
    publicWorkspace();
    publicApi({ write: [401, refusal('Unauthorized')] });
    const report = await check();
    expect(report).toMatchObject({ status: 'blocked', problems: [] });
    expect(report.permissions.filter((one) => one.outcome !== 'granted')).toEqual([
      expect.objectContaining({
        permission: 'regulations-write',
        outcome: 'denied',
        code: 'READ_ONLY_TOKEN',
        field: 'apiToken',
        remedy,
      }),
    ]);
  });

  test('a member token that may see neither regulations nor warehouses', async () => {
    publicWorkspace();
    const denied: [number, object] = [403, refusal('Forbidden')];
    publicApi({ write: denied, read: denied, warehouses: denied });
    const report = await check();
    expect(report.status).toBe('blocked');
    expect(
      report.permissions
        .filter((one) => one.outcome === 'denied')
        .map(({ permission, code, field }) => [permission, code, field]),
    ).toEqual([
      ['regulations-write', 'PERMISSION_MISSING', 'apiToken'],
      ['regulations-read', 'PERMISSION_MISSING', 'apiToken'],
      ['warehouses-read', 'PERMISSION_MISSING', 'apiToken'],
    ]);
  });

  test('the same token is ready where nothing switched on needs what it lacks', async () => {
    publicWorkspace();
    publicApi({ write: [403, refusal('Forbidden')] });
    expect((await check({}, { capabilities: ['system-detection'] })).status).toBe('ready');
  });

  test('a Segment that cannot be reached', async () => {
    nock(PUBLIC_US)
      .get('/')
      .times(3)
      .replyWithError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const report = await check();
    expect(report).toMatchObject({
      status: 'blocked',
      facts: {},
      problems: [{ code: 'UNREACHABLE', kind: 'network', remedy }],
    });
    expect(report.permissions[0]).toMatchObject({ outcome: 'unverifiable', code: 'UNREACHABLE', remedy });
  });

  test('an address that the operator does not allow', async () => {
    const report = await check({ baseUrl: 'http://127.0.0.1:9' });
    expect(report).toMatchObject({
      status: 'blocked',
      problems: [{ code: 'ENDPOINT_NOT_ALLOWED', field: 'baseUrl', remedy }],
    });
    // Nobody was asked, so nothing is known of it.
    expect(report.permissions[0]).toMatchObject({ permission: 'workspace-read', outcome: 'unverifiable' });
  });

  test('a configuration that is not valid, without asking Segment', async () => {
    const report = await check({ region: 'moon', workspaceName: '' });
    expect(report.problems).toMatchObject([
      { code: 'CONFIG_INVALID', field: 'workspaceName', remedy },
      { code: 'CONFIG_INVALID', field: 'region', remedy },
    ]);
    expect(report.permissions.map((one) => one.outcome)).toEqual(Array(6).fill('skipped'));
  });
});

describe('what cannot be verified', () => {
  test('degrades, and says why', async () => {
    publicWorkspace();
    publicApi({ write: [409, refusal('Conflict')], sources: [409, refusal('Conflict')] });
    const report = await check();
    expect(report.status).toBe('degraded');
    expect(
      report.permissions
        .filter((one) => one.outcome === 'unverifiable')
        .map(({ permission, code }) => [permission, code]),
    ).toEqual([
      ['regulations-write', undefined],
      ['sources-read', 'CONFLICT'],
    ]);
  });

  test('says so of the dry run too, where Segment was too busy to answer it', async () => {
    publicWorkspace();
    publicApi({ write: [429, refusal('Too many requests')] });
    const report = await check();
    expect(report.permissions[1]).toMatchObject({
      permission: 'regulations-write',
      outcome: 'unverifiable',
      code: 'RATE_LIMITED',
      message: expect.stringContaining('fewer requests'),
    });
  });

  test('does not hide what is denied', async () => {
    publicWorkspace();
    publicApi({ write: [409, refusal('Conflict')], sources: [401, refusal('Unauthorized')] });
    expect((await check()).status).toBe('blocked');
  });
});

describe('a token of the Config API', () => {
  const workspace = {
    name: 'workspaces/acme',
    display_name: 'Acme Inc',
    id: 'ws_1',
    create_time: '2020-01-01T00:00:00Z',
  };
  const missing = { error: 'not found', code: 5 };

  beforeEach(() => {
    nock(PUBLIC_US).get('/').reply(401, refusal('Unauthorized'));
  });

  function configApi(
    write: [number, object] = [400, { error: 'values must not be empty', code: 3 }],
    slugs: readonly string[] = ['js', 'ios'],
  ) {
    const under = '/v1beta/workspaces/acme';
    const sources = slugs.map((slug) => ({
      name: `workspaces/acme/sources/${slug}`,
      parent: 'workspaces/acme',
      catalog_name: 'catalog/sources/javascript',
    }));
    nock(CONFIG)
      .post(`${under}/regulations`)
      .reply(() => write);
    nock(CONFIG)
      .get(/^\/v1beta\/workspaces\/acme\/regulations\//)
      .reply(404, missing);
    nock(CONFIG).get(under).reply(200, workspace);
    nock(CONFIG).get(`${under}/sources`).query(true).times(2).reply(200, { sources, next_page_token: '' });
    // Of one source alone: a workspace may have hundreds.
    nock(CONFIG)
      .get(`${under}/sources/js/destinations`)
      .query(true)
      .reply(200, { destinations: [], next_page_token: '' });
  }

  test('is blocked where it has no regulations of the type that was chosen, and none is sent as another', async () => {
    configApi();
    const config = { workspaceName: 'acme', regulationType: 'SUPPRESS_WITH_DELETE_INTERNAL' };
    const report = await check(config);
    expect(report).toMatchObject({
      status: 'blocked',
      problems: [
        { code: 'CONFIG_INVALID', field: 'regulationType', remedy: expect.stringMatching(/another Regulation Type/) },
      ],
      facts: { account: 'ws_1', api: 'config' },
    });
    expect(nock.pendingMocks().some((mock) => mock.startsWith('POST '))).toBe(true);
  });

  test('calls a workspace what it was called before, where one of the two answers has no id', async () => {
    const called = async (answer: object, facts: Facts) => {
      nock.cleanAll();
      nock(PUBLIC_US).get('/').reply(401, refusal('Unauthorized'));
      nock(CONFIG).get('/v1beta/workspaces/acme').reply(200, answer);
      configApi();
      return (await check({ workspaceName: 'acme' }, { facts })).facts['account'];
    };
    const { id, ...withoutId } = workspace;
    const by = (account: string, more: object = {}) => ({ account, workspaceSlug: 'acme', ...more });
    expect(await called(withoutId, by('ws_1', { workspaceId: id }))).toBe('ws_1');
    expect(await called(workspace, by('acme'))).toBe('acme');
    expect(await called(workspace, by('ws_9', { workspaceId: 'ws_9' }))).toBe('ws_1');
    expect(await called(withoutId, { account: 'ws_9', workspaceSlug: 'globex' })).toBe('acme');
  });

  test('is found out, and its slug is looked up by name; warehouses have no list there', async () => {
    nock(CONFIG)
      .get('/v1beta/workspaces')
      .query(true)
      .reply(200, { workspaces: [workspace], next_page_token: '' });
    configApi();
    const report = await check();
    expect(report).toMatchObject({
      status: 'ready',
      facts: { api: 'config', workspaceSlug: 'acme', workspaceName: 'Acme Inc' },
    });
    expect(report.permissions.map((one) => one.outcome)).toEqual([
      'granted',
      'granted',
      'granted',
      'granted',
      'granted',
      'skipped',
    ]);
  });

  test('of a workspace without sources is ready, and says what could not be tried', async () => {
    nock(CONFIG).get('/v1beta/workspaces/acme').reply(200, workspace);
    configApi(undefined, []);
    const report = await check({ workspaceName: 'acme' });
    expect(report.status).toBe('ready');
    expect(report.permissions[4]).toMatchObject({
      permission: 'destinations-read',
      outcome: 'skipped',
      message: expect.stringContaining('no sources yet'),
    });
  });

  test('with scope workspace:read is read-only', async () => {
    nock(CONFIG).get('/v1beta/workspaces/acme').reply(200, workspace);
    configApi([403, { error: 'insufficient scope', code: 7 }]);
    const report = await check({ workspaceName: 'acme' });
    expect(report.status).toBe('blocked');
    expect(report.permissions[1]).toMatchObject({ outcome: 'denied', code: 'READ_ONLY_TOKEN', field: 'apiToken' });
  });

  test('of another workspace is told which', async () => {
    const globex = { name: 'workspaces/globex', display_name: 'Globex Ltd' };
    nock(CONFIG)
      .get('/v1beta/workspaces')
      .query(true)
      .reply(200, { workspaces: [globex], next_page_token: '' });
    nock(PUBLIC_EU).get('/').reply(401, refusal('Unauthorized'));
    expect((await check()).problems).toMatchObject([
      { code: 'WORKSPACE_MISMATCH', field: 'workspaceName', message: expect.stringMatching(/Globex Ltd.*globex/) },
    ]);
  });
});

test('a check that was called off throws ABORTED', async () => {
  await expect(check({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
});

test('neither a report nor the log ever holds the token', async () => {
  publicWorkspace();
  publicApi({ write: [401, refusal(`Token ${token} is not allowed`)], sources: [422, refusal(token)] });
  const ctx = testContext({ config: { apiToken: token, workspaceName: 'acme' } });
  const report = await segmentConnector().check(ctx);
  expect(JSON.stringify([report, ctx.lines])).not.toContain('CANARY');
});
