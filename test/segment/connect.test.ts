import { describe, expect, test } from '@jest/globals';
import { openSegment } from '../../src/segment/connect.js';
import { discoverGeneration } from '../../src/segment/discover.js';
import { nock } from '../nock.js';
import {
  type ContextOptions,
  configOrigin,
  euOrigin,
  faultOf,
  httpServer,
  publicOrigin,
  recordedContext,
  TOKEN,
  useLoopback,
} from './harness.js';

useLoopback();

type Reply = readonly [status: number, body: unknown];

const publicDenied: Reply = [401, { errors: [{ type: 'unauthorized', message: `bad ${TOKEN}` }] }];
const configDenied: Reply = [401, { error: `bad ${TOKEN}`, code: 16 }];
const publicAcme: Reply = [200, { data: { workspace: { id: 'w1', slug: 'acme', name: 'Acme Inc.' } } }];
const configAcme: Reply = [200, { name: 'workspaces/acme', display_name: 'Acme Inc.', id: 'w1' }];
const forbidden: Reply = [403, { error: 'permission denied', code: 7 }];
const unknownSlug: Reply = [404, { error: 'not found', code: 5 }];
const broken: Reply = [503, 'upstream connect error'];

interface World {
  readonly public?: Reply;
  readonly eu?: Reply;
  /** By slug. */
  readonly config?: Readonly<Record<string, Reply>>;
  readonly workspaces?: Reply;
}

/** Segment as the token sees it; answers what was asked, in order. */
function world({
  public: us = publicDenied,
  eu = publicDenied,
  config = {},
  workspaces = configDenied,
}: World): string[] {
  const asked: string[] = [];
  const answering =
    (name: string, [status, body]: Reply) =>
    () => {
      asked.push(name);
      return [status, JSON.stringify(body)] as const;
    };
  nock(publicOrigin).persist().get('/').reply(answering('us', us));
  nock(euOrigin).persist().get('/').reply(answering('eu', eu));
  for (const [slug, reply] of Object.entries({ acme: configDenied, ...config })) {
    nock(configOrigin)
      .persist()
      .get(`/v1beta/workspaces/${slug}`)
      .reply(answering(`config:${slug}`, reply));
  }
  nock(configOrigin).persist().get('/v1beta/workspaces').query(true).reply(answering('config:list', workspaces));
  return asked;
}

const discover = (options: ContextOptions = {}) => discoverGeneration(recordedContext(options).ctx);
const listOf = (...slugs: string[]): Reply => [
  200,
  {
    workspaces: slugs.map((slug) => ({ name: `workspaces/${slug}`, display_name: `The ${slug}` })),
    next_page_token: '',
  },
];

describe('opening', () => {
  test.each([
    ['what the configuration names', { config: { api: 'public' }, facts: { api: 'config' } }, 'public'],
    ['what the check found', { facts: { api: 'public' } }, 'public'],
    ['what the check found', { facts: { api: 'config', workspaceSlug: 'acme' } }, 'config'],
  ])('takes %s', (_, options: ContextOptions, generation) => {
    expect(openSegment(recordedContext(options).ctx).generation).toBe(generation);
  });

  test('asks the workspace that the check found, whatever was entered', async () => {
    const asked = world({ config: { 'acme-prod': configAcme } });
    const options = { config: { workspaceName: 'Acme Inc.' }, facts: { api: 'config', workspaceSlug: 'acme-prod' } };
    await openSegment(recordedContext(options).ctx).workspace();
    expect(asked).toEqual(['config:acme-prod']);
  });

  test.each([
    ['which API', {}, 'api'],
    ['which workspace', { config: { api: 'config', workspaceName: 'Acme Inc.' } }, 'workspaceName'],
  ])('is refused where it is not known %s', async (_, options: ContextOptions, field) => {
    const fault = await faultOf(() => openSegment(recordedContext(options).ctx));
    expect(fault).toMatchObject({ code: 'CONNECTION_NOT_CHECKED', field });
  });

  test.each([
    ['apiToken', ''],
    ['apiToken', `${TOKEN} `],
    ['apiToken', `${TOKEN}\nX-Evil: 1`],
    ['apiToken', `${TOKEN}é`],
    ['region', 'mars'],
    ['api', 'v3'],
    ['baseUrl', 'nowhere'],
  ])('is refused where %s is %j', (field, value) => {
    const { ctx } = recordedContext({ config: { api: 'public', [field]: value } });
    expect(() => openSegment(ctx)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', field }));
    expect(() => openSegment(ctx)).not.toThrow(new RegExp(TOKEN));
  });

  test('goes to the endpoint of the configuration where the operator allows it, and nowhere else', async () => {
    const urls: (string | undefined)[] = [];
    const origin = await httpServer((request, response) => {
      urls.push(request.url);
      response.end(JSON.stringify(request.url === '/' ? publicAcme[1] : configAcme[1]));
    });
    const config = { baseUrl: origin };
    const allowed = { allowedOrigins: [origin] };
    await openSegment(recordedContext({ ...allowed, config: { ...config, api: 'public' } }).ctx).workspace();
    await openSegment(recordedContext({ ...allowed, config: { ...config, api: 'config' } }).ctx).workspace();
    const refused = openSegment(recordedContext({ config: { ...config, api: 'public' } }).ctx).workspace();
    expect(await faultOf(refused)).toMatchObject({ code: 'ENDPOINT_NOT_ALLOWED', field: 'baseUrl' });
    expect(urls).toEqual(['/', '/v1beta/workspaces/acme']);
  });
});

describe('a token that works is found', () => {
  test('in the Public API, by one request', async () => {
    const asked = world({ public: publicAcme });
    const { segment, workspace } = await discover();
    expect([segment.generation, workspace]).toEqual(['public', { id: 'w1', slug: 'acme', name: 'Acme Inc.' }]);
    expect(asked).toEqual(['us']);
  });

  test('in the Public API of the region that is configured', async () => {
    const asked = world({ eu: publicAcme });
    await discover({ config: { region: 'eu' } });
    expect(asked).toEqual(['eu']);
  });

  test('in the Config API, by the slug that was entered', async () => {
    const asked = world({ config: { acme: configAcme } });
    const { segment, workspace } = await discover();
    expect([segment.generation, workspace.slug]).toEqual(['config', 'acme']);
    expect(asked).toEqual(['us', 'config:acme']);
  });

  test.each(['The acme', 'ACME', 'the ACME'])(
    'in the Config API, by another name of the workspace: %s',
    async (workspaceName) => {
      world({ config: { [workspaceName]: unknownSlug, acme: configAcme }, workspaces: listOf('other', 'acme') });
      const { segment, workspace } = await discover({ config: { api: 'config', workspaceName } });
      expect(workspace).toEqual({ slug: 'acme', name: 'The acme' });
      expect((await segment.workspace()).slug).toBe('acme');
    },
  );

  test('in the generation that an earlier check found, asked first', async () => {
    const asked = world({ config: { acme: configAcme } });
    await discover({ facts: { api: 'config' } });
    expect(asked).toEqual(['config:acme']);
  });

  test('in the other generation where the token was replaced', async () => {
    world({ public: publicAcme });
    const { segment } = await discover({ facts: { api: 'config' } });
    expect(segment.generation).toBe('public');
  });
});

describe('a token that does not work is told apart', () => {
  test.each<[string, World, ContextOptions, string, RegExp]>([
    ['wrong everywhere', {}, {}, 'UNAUTHENTICATED', /^Neither the Public API nor the Config API/],
    ['of the EU region', { eu: publicAcme }, {}, 'WRONG_REGION', /EU region/],
    ['of the US region', { public: publicAcme }, { config: { region: 'eu' } }, 'WRONG_REGION', /US region/],
    ['of the EU region, API named', { eu: publicAcme }, { config: { api: 'public' } }, 'WRONG_REGION', /EU region/],
    [
      'of the Config API',
      { config: { acme: configAcme } },
      { config: { api: 'public' } },
      'WRONG_GENERATION',
      /belongs to the Config API/,
    ],
    [
      'of the Public API',
      { public: publicAcme },
      { config: { api: 'config' } },
      'WRONG_GENERATION',
      /belongs to the Public API/,
    ],
    [
      'of the Config API and another workspace',
      { config: { acme: forbidden }, workspaces: listOf('other') },
      { config: { api: 'public' } },
      'WRONG_GENERATION',
      /Config API/,
    ],
    [
      'on a plan without API (401)',
      { public: [401, { errors: [{ type: 'x', message: 'Your plan lacks it' }] }] },
      {},
      'PLAN_WITHOUT_API',
      /./,
    ],
    [
      'on a plan without API (403)',
      { public: [403, { errors: [{ type: 'forbidden' }] }] },
      {},
      'PLAN_WITHOUT_API',
      /./,
    ],
    [
      'of another workspace',
      { config: { acme: forbidden }, workspaces: listOf('other') },
      {},
      'WORKSPACE_MISMATCH',
      /"The other" \(slug "other"\)/,
    ],
    [
      'of several other workspaces',
      { config: { acme: unknownSlug }, workspaces: listOf('a', 'b', 'c', 'd') },
      {},
      'WORKSPACE_MISMATCH',
      /"The a".*"The c".* and others/,
    ],
    [
      'of a workspace that is not there',
      { config: { acme: unknownSlug }, workspaces: listOf() },
      {},
      'WORKSPACE_NOT_FOUND',
      /./,
    ],
    [
      'of a workspace it may not see',
      { config: { acme: unknownSlug }, workspaces: forbidden },
      {},
      'WORKSPACE_NOT_FOUND',
      /./,
    ],
    ['without any permission', { config: { acme: forbidden }, workspaces: forbidden }, {}, 'PERMISSION_MISSING', /./],
    [
      'wrong, where the other API is down',
      { config: { acme: broken } },
      {},
      'UNAUTHENTICATED',
      /Config API could not be asked \(VENDOR_ERROR\)/,
    ],
  ])('%s', async (_, segment, options, code, message) => {
    world(segment);
    const fault = await faultOf(discover(options));
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(message);
    expect(fault.remedy).toBeDefined();
  });

  test.each<[string, World, ContextOptions, string]>([
    ['of an API that is down', { public: broken }, {}, 'VENDOR_ERROR'],
    ['of an API that asks to wait', { public: [429, {}] }, {}, 'RATE_LIMITED'],
    ['of an API that redirects', { public: [302, ''] }, {}, 'REDIRECTED'],
    ['of a known generation that is down', { config: { acme: broken } }, { facts: { api: 'config' } }, 'VENDOR_ERROR'],
  ])('not on the word %s: nothing else is asked', async (_, segment, options, code) => {
    const asked = world(segment);
    expect((await faultOf(discover(options))).code).toBe(code);
    expect(new Set(asked).size).toBe(1);
  });

  test('without asking another region where the endpoint is not Segment itself', async () => {
    const asked = world({ eu: publicAcme });
    const origin = await httpServer((_, response) => {
      response
        .writeHead(401, { 'content-type': 'application/json' })
        .end('{"error":"no","code":16,"errors":[{"type":"x"}]}');
    });
    const fault = await faultOf(discover({ config: { baseUrl: origin }, allowedOrigins: [origin] }));
    expect(fault.code).toBe('UNAUTHENTICATED');
    expect(asked).toEqual([]);
  });

  test('unless the work is called off', async () => {
    const recorded = recordedContext();
    nock(publicOrigin)
      .get('/')
      .reply(() => {
        recorded.abort.abort();
        return [401, ''];
      });
    expect((await faultOf(discoverGeneration(recorded.ctx))).code).toBe('ABORTED');
  });
});
