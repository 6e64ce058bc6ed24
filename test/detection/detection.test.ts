import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { type ConnectorContext, CoverageState, type DetectedSystem } from 'connector-contract';
import nock from 'nock';
import type { Workspace } from 'segment-sandbox';
import { SegmentDetection } from '../../src/detection/detection.js';
import { connected, generations } from '../deletion/connected.js';

async function detect(ctx: ConnectorContext): Promise<DetectedSystem[]> {
  const systems: DetectedSystem[] = [];
  for await (const system of new SegmentDetection().detect(ctx)) systems.push(system);
  return systems;
}

const ofKind = (systems: readonly DetectedSystem[], kind: DetectedSystem['kind']) =>
  systems.filter((system) => system.kind === kind);
const byName = (systems: readonly DetectedSystem[]) => new Map(systems.map((system) => [system.name, system]));

describe.each(generations)('with the %s API', (generation) => {
  test('every source and destination of the workspace is told once, and every warehouse where the API lists them', async () => {
    const { sandbox, ctx } = await connected(generation);
    const [acme] = sandbox.workspaces as readonly [Workspace, ...Workspace[]];
    const systems = await detect(ctx);
    expect(ofKind(systems, 'source')).toHaveLength(acme.sources.length);
    expect(ofKind(systems, 'destination')).toHaveLength(acme.destinations.length);
    expect(ofKind(systems, 'warehouse')).toHaveLength(generation === 'public' ? acme.warehouses.length : 0);
    expect(new Set(systems.map(({ key }) => key)).size).toBe(systems.length);
    for (const { key, kind, vendor, seenIn, coverage } of systems) {
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
    const { ctx } = await connected(generation, { faults: [{ on, kind: 'status', status: 403 }] });
    const told: string[] = [];
    const run = async () => {
      for await (const { key } of new SegmentDetection().detect(ctx)) told.push(key);
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
    for await (const { kind } of new SegmentDetection().detect(ctx)) if (kind === 'destination') break;
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
    const counts = { source: 0, destination: 0, warehouse: 0 };
    for await (const { kind } of new SegmentDetection().detect(ctx)) counts[kind] += 1;
    expect(counts).toEqual({ source: 1_000, destination: 5_000, warehouse: 2 });
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

  test('tells a system once though two pages bring it, and links nothing to a source that it has not seen', async () => {
    pages('/sources', 'sources', [source('s1'), source('s2')], [source('s2')]);
    pages(
      '/destinations',
      'destinations',
      [destination('d1', 's1')],
      [destination('d1', 's1'), destination('d2', 'new')],
    );
    pages('/warehouses', 'warehouses', []);
    const { ctx } = await connected('public');
    const { baseUrl: _, ...config } = ctx.config;
    const systems = await detect({ ...ctx, config });
    expect(systems.map(({ key, connectedTo }) => [key, connectedTo])).toEqual([
      ['destination:d1', ['source:s1']],
      ['destination:d2', []],
      ['source:s1', ['destination:d1']],
      ['source:s2', []],
    ]);
    expect(systems[1]?.seenIn).toEqual(['Destinations of the Segment workspace']);
  });
});
