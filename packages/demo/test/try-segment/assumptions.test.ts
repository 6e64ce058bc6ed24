import { afterEach, describe, expect, test } from '@jest/globals';
import { type Sandbox, type SandboxOptions, startSandbox } from 'segment-sandbox';
import { ASSUMPTIONS } from '../../src/try-segment/try-out.js';
import { type Alter, everyCall } from './middleman.js';

const running: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
});

const asItIs: Alter = () => {};

async function verdicts(options: SandboxOptions = {}, alter: Alter = asItIs): Promise<Record<string, string>> {
  const sandbox = await startSandbox({ rateLimit: { requests: 1_000, config: 1_000 }, ...options });
  running.push(sandbox);
  const exchanges = await everyCall(sandbox, alter);
  return Object.fromEntries(ASSUMPTIONS.map(({ id, judge }) => [id, judge(exchanges)]));
}

/** Changes the answers of one route. */
const on =
  (route: string, change: (answer: Parameters<Alter>[0]) => void): Alter =>
  (answer) => {
    if (answer.route === route) change(answer);
  };
/** Changes each item of a list. */
const each = (route: string, field: string, change: (item: Record<string, never>) => void): Alter =>
  on(route, ({ body }) => (body.data ?? body)[field]?.forEach(change));
const without = (route: string, field: string, name: string): Alter =>
  each(route, field, (item) => Reflect.deleteProperty(item, name));
const withoutOfProduct = (route: string, field: string, name: string): Alter =>
  each(route, field, (item) => Reflect.deleteProperty(item['metadata'] ?? {}, name));

/** For each assumption: a Segment in which it does not hold. */
const DIFFERENT: Record<string, Alter | SandboxOptions> = {
  'public-workspace': on('GET /', ({ body }) => Reflect.deleteProperty(body.data.workspace, 'slug')),
  'public-envelope': on('GET /spaces', ({ body }) => Object.assign(body, { errors: [] })),
  'public-error-type': on('GET /regulations/{id}', ({ body }) => {
    if (body.errors) body.errors = [{ message: 'It is not there' }];
  }),
  'public-page-size': on('GET /sources', ({ body }) => {
    body.data.sources = Array.from({ length: 201 }, () => body.data.sources[0]);
  }),
  'public-page-end': on('GET /warehouses', ({ body }) => Object.assign(body.data.pagination, { next: { page: 2 } })),
  'public-sources': withoutOfProduct('GET /sources', 'sources', 'status'),
  'public-destinations': without('GET /destinations', 'destinations', 'sourceId'),
  'public-components': withoutOfProduct('GET /destinations', 'destinations', 'components'),
  'public-warehouses': without('GET /warehouses', 'warehouses', 'settings'),
  'public-connected-sources': on('GET /warehouses/{id}/connected-sources', (answer) => {
    answer.status = 404;
  }),
  'public-functions': without('GET /functions', 'functions', 'displayName'),
  'public-models': without('GET /reverse-etl-models', 'models', 'sourceId'),
  'public-spaces': without('GET /spaces', 'spaces', 'name'),
  'public-profiles-warehouses': each('GET /spaces/{id}/profiles-warehouses', 'profilesWarehouses', (one) =>
    Object.assign(one, { id: 'another' }),
  ),
  'public-window-headers': on('GET /sources', ({ headers }) => {
    headers['x-ratelimit-reset'] = '60';
  }),
  'public-probe': on('POST /regulations', (answer) => {
    if (answer.status === 422) answer.status = 400;
  }),
  'public-unknown-regulation': on('GET /regulations/{id}', (answer) => {
    if (answer.status === 404) answer.status = 422;
  }),
  'public-list-fields': without('GET /regulations', 'regulations', 'regulationType'),
  'public-list-order': { answers: { listOrder: 'oldest-first' } },
  'public-list-90-days': each('GET /regulations', 'regulations', (one) =>
    Object.assign(one, { createdAt: '2020-01-01T00:00:00.000Z' }),
  ),
  'public-statuses': { outcomes: [{ outcome: 'no-action' }], speed: Number.POSITIVE_INFINITY },
  'public-create': on('POST /regulations', ({ body }) => {
    if (body.data) body.data = { id: body.data.regulateId };
  }),
  'public-created-is-listed': each('GET /regulations', 'regulations', (one) =>
    Object.assign(one, { subjects: ['another'] }),
  ),
  'public-created-is-readable': on('GET /regulations/{id}', (answer) => {
    answer.status = 404;
  }),
  'public-quota-headers': on('POST /regulations', ({ headers }) =>
    Reflect.deleteProperty(headers, 'x-ratelimit-reset'),
  ),
  'public-quota-headers-second-spelling': {},
  'config-workspace': on('GET /v1beta/workspaces/{id}', ({ body }) => Reflect.deleteProperty(body, 'display_name')),
  'config-page-end': on('GET /v1beta/workspaces/{id}/sources', ({ body }) =>
    Reflect.deleteProperty(body, 'next_page_token'),
  ),
  'config-sources': without('GET /v1beta/workspaces/{id}/sources', 'sources', 'catalog_name'),
  'config-destinations': without(
    'GET /v1beta/workspaces/{id}/sources/{id}/destinations',
    'destinations',
    'connection_mode',
  ),
  'config-errors': { answers: { errorBodies: 'broken' } },
  'config-probe': on('POST /v1beta/workspaces/{id}/regulations', (answer) => {
    if (answer.status === 400) answer.status = 422;
  }),
  'config-unknown-regulation': on('GET /v1beta/workspaces/{id}/regulations/{id}', (answer) => {
    if (answer.status === 404) answer.status = 500;
  }),
  'config-no-list': { answers: { configList: 'there' } },
  'config-create': on('POST /v1beta/workspaces/{id}/regulations', ({ body }) =>
    Reflect.deleteProperty(body, 'regulate_id'),
  ),
  'config-regulation-body': { answers: { fields: 'camelCase' } },
};

/** What today's sandbox does not do as it is assumed, because it does the other of two things that exclude each other. */
const OTHERWISE: Record<string, SandboxOptions> = {
  'public-quota-headers-second-spelling': { answers: { quotaHeaders: 'x-regulation-ratelimit' } },
};

describe('each assumption', () => {
  test('has an id of its own, and a Segment in which it does not hold', () => {
    expect(Object.keys(DIFFERENT)).toEqual(ASSUMPTIONS.map(({ id }) => id));
  });

  test('is not seen where nothing was asked', () => {
    for (const { judge } of ASSUMPTIONS) expect(judge([])).toBe('not seen');
  });

  test('is confirmed by a sandbox that does as it says', async () => {
    const found = await verdicts();
    const expected = Object.fromEntries(ASSUMPTIONS.map(({ id }) => [id, id in OTHERWISE ? 'refuted' : 'confirmed']));
    expect(found).toEqual(expected);
  });

  test.each(Object.entries(OTHERWISE))('%s is confirmed by a sandbox that does so', async (id, options) => {
    expect((await verdicts(options))[id]).toBe('confirmed');
  });

  test.each(Object.entries(DIFFERENT))('%s is refuted by a Segment that differs', async (id, different) => {
    const found = typeof different === 'function' ? await verdicts({}, different) : await verdicts(different);
    expect(found[id]).toBe('refuted');
  });

  test('says nothing of a token without the right', async () => {
    const denied: Alter = (answer) => {
      if (answer.route.startsWith('POST ')) answer.status = 403;
    };
    const found = await verdicts({}, denied);
    expect([found['public-probe'], found['config-probe']]).toEqual(['not seen', 'not seen']);
  });
});
