import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { type ConnectorContext, CoverageState, type DetectedSystem, type SystemKind } from 'connector-contract';
import type { Workspace } from 'segment-sandbox';
import { segmentDetection } from '../../src/detection/detection.js';
import { connected, generations } from '../deletion/connected.js';
import { nock } from '../nock.js';

async function detect(ctx: ConnectorContext): Promise<DetectedSystem[]> {
  const systems: DetectedSystem[] = [];
  for await (const system of segmentDetection().detect(ctx)) systems.push(system);
  return systems;
}

const ofKind = (systems: readonly DetectedSystem[], kind: DetectedSystem['kind']) =>
  systems.filter((system) => system.kind === kind);
/** What only the Public API lists. */
const notListed = [
  'Functions (not listed)',
  'Reverse-ETL models (not listed)',
  'Unify spaces (not listed)',
  'Warehouses (not listed)',
];
const byName = (systems: readonly DetectedSystem[]) => new Map(systems.map((system) => [system.name, system]));

describe.each(generations)('with the %s API', (generation) => {
  test('every source and destination of the workspace is told once, and all else, or that the API does not list it', async () => {
    const { sandbox, ctx } = await connected(generation);
    const [acme] = sandbox.workspaces as readonly [Workspace, ...Workspace[]];
    const all = await detect(ctx);
    const systems = all.filter((system) => !system.unlisted);
    expect(ofKind(systems, 'source')).toHaveLength(acme.sources.length);
    expect(ofKind(systems, 'destination')).toHaveLength(acme.destinations.length);
    const further = generation === 'public' ? acme : undefined;
    expect(ofKind(systems, 'warehouse')).toHaveLength(further?.warehouses.length ?? 0);
    expect(ofKind(systems, 'function')).toHaveLength(further?.functions.length ?? 0);
    expect(ofKind(systems, 'space')).toHaveLength(further?.spaces.length ?? 0);
    const audiences = further?.spaces.flatMap((space) => space.audiences) ?? [];
    expect(ofKind(systems, 'model')).toHaveLength((further?.models.length ?? 0) + audiences.length);
    expect(all.filter(({ unlisted }) => unlisted).map(({ name }) => name)).toEqual(further ? [] : notListed);
    expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
    for (const { key, kind, vendor, seenIn, coverage } of all) {
      expect(key.startsWith(`${kind}:`)).toBe(true);
      expect(vendor.slug).not.toBe('');
      expect(seenIn.length).toBeGreaterThan(0);
      expect(Object.values(CoverageState)).toContain(coverage.state);
      expect(coverage.reason).toMatch(/\.$/);
    }
  });

  test('a second detection gives the same', async () => {
    const { ctx } = await connected(generation);
    expect(await detect(ctx)).toEqual(await detect(ctx));
  });

  test('what feeds what is told from both sides', async () => {
    const { ctx } = await connected(generation);
    const systems = await detect(ctx);
    const byKey = new Map(systems.map((system) => [system.key, system]));
    let edges = 0;
    for (const system of systems) {
      for (const other of system.connectedTo) {
        expect(byKey.get(other)?.connectedTo).toContain(system.key);
        edges += 1;
      }
    }
    expect(edges).toBeGreaterThan(40);
    const web = byKey.get(ofKind(systems, 'destination')[0]?.connectedTo[0] ?? '');
    expect(web?.kind).toBe('source');
  });

  test('no write key, setting or config value is in what comes out, nor in what is logged', async () => {
    const { sandbox, ctx, logged } = await connected(generation);
    const shown = inspect([await detect(ctx), logged], { depth: 20, showHidden: true });
    expect(sandbox.secrets().length).toBeGreaterThan(20);
    for (const secret of sandbox.secrets()) expect(shown).not.toContain(secret);
    expect(shown).not.toContain(String(ctx.config['apiToken']));
  });

  test('what comes out is plain data', async () => {
    const { ctx } = await connected(generation);
    const systems = await detect(ctx);
    expect(structuredClone(systems)).toEqual(systems);
    expect(JSON.parse(JSON.stringify(systems))).toEqual(systems);
  });

  test('a page that fails is a fault; what was told before stays told', async () => {
    const on =
      generation === 'public' ? 'GET /warehouses' : 'GET /v1beta/workspaces/acme-demo/sources/shop/destinations';
    const { ctx } = await connected(generation, { faults: [{ on, kind: 'status', status: 503 }] });
    const told: string[] = [];
    const run = async () => {
      for await (const { key } of segmentDetection().detect(ctx)) told.push(key);
    };
    await expect(run()).rejects.toMatchObject({ name: 'ConnectorFault', code: expect.any(String) });
    expect(told.length).toBeGreaterThan(0);
  });

  test('it ends when it is called off', async () => {
    const { ctx, abort } = await connected(generation);
    abort.abort();
    await expect(detect(ctx)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('whoever stops looking causes no more calls', async () => {
    const { sandbox, ctx } = await connected(generation);
    for await (const { kind } of segmentDetection().detect(ctx)) if (kind === 'destination') break;
    expect(Object.keys(sandbox.calls()).some((route) => route.includes('warehouses'))).toBe(false);
  });
});

describe('with the Public API', () => {
  test('coverage is what the rules say of each system', async () => {
    const { ctx } = await connected('public');
    const systems = byName(await detect(ctx));
    const states = Object.fromEntries([...systems].map(([name, { coverage }]) => [name, coverage.state]));
    expect(states).toMatchObject({
      'Amplitude Web': 'forwarded',
      'GA Website': expect.stringMatching(/needs-setup|not-reached/),
      'Facebook Pixel': 'not-reached',
      Appcues: 'forwarded',
      Salesforce: 'not-reached',
      Backend: 'reached',
    });
    expect(new Set(Object.values(states)).size).toBeGreaterThanOrEqual(4);
  });

  test('the regulation type decides: one that stays inside Segment forwards nothing', async () => {
    const { ctx } = await connected('public', {}, { regulationType: 'DELETE_INTERNAL' });
    const states = new Set(
      (await detect(ctx)).filter(({ kind }) => kind === 'destination').map(({ coverage }) => coverage.state),
    );
    expect(states).not.toContain('forwarded');
    expect(states).not.toContain('needs-setup');
  });

  test('vendors have their website and logo', async () => {
    const { ctx } = await connected('public');
    const systems = byName(await detect(ctx));
    expect(systems.get('Amplitude Web')?.vendor).toMatchObject({
      slug: 'amplitude',
      domain: expect.stringContaining('amplitude.com'),
    });
    expect(systems.get('Salesforce')?.vendor.domain).toBe('salesforce.com');
    for (const { vendor } of systems.values()) if (vendor.logo) expect(vendor.logo).toMatch(/^https:/);
  });

  test('where a system was seen is said in plain words', async () => {
    const { ctx } = await connected('public');
    const systems = byName(await detect(ctx));
    expect(systems.get('Amplitude Web')?.seenIn).toEqual(['Destinations of the source acme.com']);
    expect(systems.get('Backend')?.seenIn).toEqual(['Sources of the Segment workspace']);
  });

  test('1,000 sources and 5,000 destinations take no more calls than they have pages', async () => {
    const generate = { sources: 1_000, destinations: 5_000, warehouses: 2 };
    const { sandbox, ctx } = await connected('public', { generate }, { workspaceName: 'x' });
    const counts: Partial<Record<SystemKind, number>> = {};
    for await (const { kind } of segmentDetection().detect(ctx)) counts[kind] = (counts[kind] ?? 0) + 1;
    expect(counts).toMatchObject({ source: 1_000, destination: 5_000, warehouse: 2 });
    const calls = Object.entries(sandbox.calls()).map(([route, byStatus]) => [
      route,
      Object.values(byStatus).reduce((a, b) => a + b, 0),
    ]);
    const perPage = 200;
    const { 'GET /sources': sources, 'GET /destinations': destinations } = Object.fromEntries(calls);
    expect(sources).toBeLessThanOrEqual(Math.ceil(1_000 / perPage));
    expect(destinations).toBeLessThanOrEqual(Math.ceil(5_000 / perPage));
  });
});

test('what the Config API does not list is of every kind that the Public API lists, says so and how to get the list', async () => {
  const { ctx } = await connected('config');
  const systems = await detect(ctx);
  const further = ['warehouse', 'function', 'model', 'space'] as const;
  for (const kind of further) {
    const [entry, ...others] = ofKind(systems, kind);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ unlisted: true, coverage: { state: 'unknown' }, connectedTo: [] });
    expect(entry?.coverage.reason).toMatch(
      /^The Config API has no list of .+, so what there is of them is not known\. Create a token for the Public API/,
    );
  }
  // The key is that of a list that the Public API refused: what was decided about it goes on.
  expect(ofKind(systems, 'warehouse')[0]?.key).toBe('warehouse:not-listed:warehouses');
});

test('with the Config API, 300 sources take one call each for their destinations', async () => {
  const generate = { sources: 300, destinations: 1_500, warehouses: 0 };
  const { sandbox, ctx } = await connected('config', { generate });
  const systems = await detect({ ...ctx, facts: { ...ctx.facts, workspaceSlug: sandbox.workspaces[0]?.slug ?? '' } });
  expect(ofKind(systems, 'source')).toHaveLength(300);
  expect(ofKind(systems, 'destination')).toHaveLength(
    new Set(systems.filter(({ kind }) => kind === 'destination').map(({ key }) => key)).size,
  );
  const made = Object.values(sandbox.calls()).flatMap((byStatus) => Object.values(byStatus));
  expect(made.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(300 + Math.ceil(300 / 100));
});

describe('a workspace that changes while it is read', () => {
  const metadata = {
    slug: 'iterable',
    name: 'Iterable',
    categories: ['Email Marketing'],
    logos: {},
    website: 'https://iterable.com',
  };
  const source = (id: string) => ({
    id,
    slug: id,
    name: id,
    enabled: true,
    metadata: { slug: 'ios', name: 'iOS', categories: ['Mobile'], logos: {} },
  });
  const destination = (id: string, sourceId: string) => ({
    id,
    name: id,
    enabled: true,
    metadata,
    sourceId,
    settings: {},
  });

  function pages(path: string, items: string, ...lists: unknown[][]): void {
    lists.forEach((list, at) => {
      const pagination = { current: String(at), ...(at + 1 < lists.length ? { next: String(at + 1) } : {}) };
      nock('https://api.segmentapis.com')
        .get(path)
        .query((query) => (at === 0 ? !('pagination.cursor' in query) : query['pagination.cursor'] === String(at)))
        .reply(200, { data: { [items]: list, pagination } });
    });
  }

  /** A connection to Segment itself, which nock plays. */
  async function real(): Promise<ConnectorContext> {
    const { ctx } = await connected('public');
    const { baseUrl: _, ...config } = ctx.config;
    return { ...ctx, config };
  }

  /** No functions, models and spaces. */
  function nothingFurther(): void {
    for (const [path, items] of [
      ['/functions', 'functions'],
      ['/reverse-etl-models', 'models'],
      ['/spaces', 'spaces'],
    ] as const) {
      const body = { data: { [items]: [], pagination: {} } };
      nock('https://api.segmentapis.com').persist().get(path).query(true).reply(200, body);
    }
  }

  describe('with functions, reverse ETL and Unify', () => {
    const answer = (path: string, items: string, list: unknown[], query: object = {}) =>
      nock('https://api.segmentapis.com')
        .get(path)
        .query({ 'pagination.count': 200, ...query })
        .reply(200, { data: { [items]: list, pagination: { current: 'x' } } });
    const functionsOf = (resourceType: string, ...list: object[]) =>
      answer('/functions', 'functions', list, { resourceType });
    const fn = (id: string, catalogId: string) => ({
      id,
      displayName: 'Amplitude',
      catalogId,
      code: 'canary()',
      settings: [{ name: 'canary' }],
      previewWebhookUrl: 'https://canary.example',
    });
    const warehouse = (id: string, slug: string) => ({
      id,
      enabled: true,
      metadata: { slug, name: slug },
      settings: { password: 'canary' },
    });

    function workspace(): void {
      answer('/sources', 'sources', [
        source('s1'),
        { ...source('s2'), metadata: { id: 'c-fn-source', slug: 'fn-in', name: 'In', categories: [] } },
        { ...source('s3'), metadata: { slug: 'snowflake', name: 'Snowflake', categories: ['Warehouse'] } },
      ]);
      const called = { ...metadata, id: 'c-fn', slug: 'fn-amplitude', name: 'Amplitude' };
      answer('/destinations', 'destinations', [
        { ...destination('d1', 's1'), metadata: called, settings: { secretKey: 'x' } },
      ]);
      functionsOf('SOURCE', fn('f1', 'c-fn-source'));
      functionsOf('DESTINATION', fn('f2', 'c-fn'));
      functionsOf('INSERT_SOURCE');
      functionsOf('INSERT_DESTINATION', fn('f3', 'c-other'));
      functionsOf('INSERT_TRANSFORMATION');
      const model = { id: 'm1', name: 'Churn risk', sourceId: 's3', enabled: true, query: 'select canary' };
      answer('/reverse-etl-models', 'models', [model]);
      answer('/spaces', 'spaces', [{ id: 'spa1', slug: 'prod', name: 'Production' }]);
      answer('/spaces/spa1/profiles-warehouses', 'profilesWarehouses', [warehouse('w1', 'databricks')]);
      const audience = {
        id: 'aud1',
        spaceId: 'spa1',
        name: 'Big spenders',
        enabled: true,
        definition: { query: 'canary' },
      };
      answer('/spaces/spa1/audiences', 'audiences', [audience]);
      answer('/warehouses', 'warehouses', [warehouse('w1', 'databricks'), warehouse('w2', 'snowflake')]);
      answer('/warehouses/w1/connected-sources', 'sources', []);
      answer('/warehouses/w2/connected-sources', 'sources', [{ id: 's1' }]);
    }

    test('tells each with what a deletion does there, and what it is connected to from both sides', async () => {
      workspace();
      const systems = await detect(await real());
      const told = systems.map(({ key, kind, coverage, connectedTo }) => [
        key,
        kind,
        coverage.state,
        [...connectedTo].sort(),
      ]);
      expect(told.sort()).toEqual([
        ['destination:d1', 'destination', 'unknown', ['function:f2', 'source:s1']],
        ['function:f1', 'function', 'not-reached', ['source:s2']],
        ['function:f2', 'function', 'unknown', ['destination:d1']],
        ['function:f3', 'function', 'unknown', []],
        ['model:audience:aud1', 'model', 'reached', ['space:spa1']],
        ['model:m1', 'model', 'not-reached', ['source:s3']],
        ['source:s1', 'source', 'reached', ['destination:d1', 'warehouse:w2']],
        ['source:s2', 'source', 'not-reached', ['function:f1']],
        ['source:s3', 'source', 'not-reached', ['model:m1']],
        ['space:spa1', 'space', 'reached', ['model:audience:aud1', 'warehouse:w1']],
        ['warehouse:w1', 'warehouse', 'reached', ['space:spa1']],
        ['warehouse:w2', 'warehouse', 'reached', ['source:s1']],
      ]);
      expect(nock.pendingMocks()).toEqual([]);
      expect(JSON.stringify(systems)).not.toContain('canary');
    });

    test.each([
      ['a permission', 401, { errors: [{ type: 'unauthorized' }] }, 'UNAUTHENTICATED'],
      ['a plan', 403, { errors: [{ message: 'Upgrade your plan' }] }, 'PLAN_WITHOUT_API'],
      ['the list', 404, { errors: [{ type: 'not-found' }] }, 'NOT_FOUND'],
    ])('where %s is missing, says so in place of the list, and tells the others', async (_, status, body, code) => {
      answer('/sources', 'sources', [source('s1')]);
      answer('/destinations', 'destinations', [destination('d1', 's1')]);
      for (const path of ['/functions', '/reverse-etl-models', '/spaces', '/warehouses'])
        nock('https://api.segmentapis.com').get(path).query(true).once().reply(status, body);
      const systems = await detect(await real());
      const unlisted = systems.filter((system) => system.unlisted);
      expect(systems.filter((system) => !system.unlisted).map(({ key }) => key)).toEqual([
        'destination:d1',
        'source:s1',
      ]);
      expect(unlisted.map(({ name, kind }) => [name, kind])).toEqual([
        ['Functions (not listed)', 'function'],
        ['Reverse-ETL models (not listed)', 'model'],
        ['Unify spaces (not listed)', 'space'],
        ['Warehouses of Profiles Sync (not listed)', 'warehouse'],
        ['Audiences (not listed)', 'model'],
        ['Warehouses (not listed)', 'warehouse'],
      ]);
      // What is listed by space is not known either where the spaces are not, although nobody refused that.
      const bySpace = ['Warehouses of Profiles Sync (not listed)', 'Audiences (not listed)'];
      for (const { name, coverage } of unlisted) {
        const why = bySpace.includes(name) ? 'The reason stands with Unify spaces' : code;
        expect(coverage).toMatchObject({ state: 'unknown', reason: expect.stringContaining(why) });
      }
    });

    test('a token that opens nothing any more is a fault', async () => {
      nock('https://api.segmentapis.com')
        .get('/sources')
        .query(true)
        .reply(401, { errors: [{ type: 'unauthorized' }] });
      await expect(detect(await real())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    });
  });

  test('tells a system once though two pages bring it, and links nothing to a source that it has not seen', async () => {
    pages('/sources', 'sources', [source('s1'), source('s2')], [source('s2')]);
    pages(
      '/destinations',
      'destinations',
      [destination('d1', 's1')],
      [destination('d1', 's1'), destination('d2', 'new')],
    );
    pages('/warehouses', 'warehouses', []);
    nothingFurther();
    const systems = await detect(await real());
    expect(systems.map(({ key, connectedTo }) => [key, connectedTo])).toEqual([
      ['destination:d1', ['source:s1']],
      ['destination:d2', []],
      ['source:s1', ['destination:d1']],
      ['source:s2', []],
    ]);
    expect(systems[1]?.seenIn).toEqual(['Destinations of the Segment workspace']);
  });
});
