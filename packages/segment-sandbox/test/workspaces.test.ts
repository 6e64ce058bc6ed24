import { describe, expect, test } from '@jest/globals';
import { buildWorkspace, SECRET_PREFIX } from '../src/index.js';
import { lacksDeletionSetup } from '../src/workspace.js';
import { ask, closeAfterEach, sandboxFor } from './run.js';

closeAfterEach();

describe('the demo workspace', () => {
  test('has 17 sources, 29 destinations and 6 warehouses, and coverage of every kind', async () => {
    const [acme] = (await sandboxFor()).workspaces;
    if (!acme) throw new Error('there is no workspace');
    expect([acme.slug, acme.name, acme.plan]).toEqual(['acme-demo', 'Acme Demo', 'business']);
    expect([acme.sources.length, acme.destinations.length, acme.warehouses.length]).toEqual([17, 29, 6]);
    const reach = (wanted: string) => acme.destinations.filter(({ kind }) => kind.reach === wanted).length;
    expect([reach('forwarded'), reach('deleted'), reach('unsupported')]).toEqual([15, 1, 13]);
    expect(acme.destinations.filter(lacksDeletionSetup).map(({ name }) => name)).toEqual([
      'GA Website',
      'Amplitude iOS',
    ]);
    expect(acme.destinations.some(({ connectionMode }) => connectionMode === 'DEVICE')).toBe(true);
    for (const list of [acme.sources, acme.destinations, acme.warehouses])
      expect(list.some(({ enabled }) => !enabled)).toBe(true);
  });

  test('every connection leads to something that is there, and every id is its own', async () => {
    for (const { sources, destinations, warehouses } of (await sandboxFor()).workspaces) {
      const known = new Set(sources.map(({ id }) => id));
      for (const { sourceId } of destinations) expect(known).toContain(sourceId);
      for (const { sourceIds } of warehouses) for (const id of sourceIds) expect(known).toContain(id);
      const ids = [...sources, ...destinations, ...warehouses].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test('is the same in every run, whatever the seed', async () => {
    const [one, other] = [await sandboxFor({ seed: 1 }), await sandboxFor({ seed: 2 })];
    expect(other.workspaces).toEqual(one.workspaces);
  });

  test('settings and write keys hold secrets that a test can look for, and logos are https', async () => {
    const sandbox = await sandboxFor();
    const secrets = sandbox.secrets();
    expect(secrets.length).toBeGreaterThan(40);
    expect(secrets.every((secret) => secret.includes(SECRET_PREFIX))).toBe(true);
    for (const { sources, destinations } of sandbox.workspaces)
      for (const { kind } of [...sources, ...destinations]) expect(kind.logo).toMatch(/^https:\/\//);
  });

  test('connected lists agree with the workspace', async () => {
    const sandbox = await sandboxFor({ rateLimit: 'off' });
    const [acme] = sandbox.workspaces;
    const token = sandbox.tokens.publicOwner;
    const listed = async (path: string, field: string) =>
      (await ask(`${sandbox.url}${path}`, { token })).json.data[field].map(({ id }: { id: string }) => id);
    for (const { id } of acme?.sources ?? []) {
      const destinations = acme?.destinations.filter(({ sourceId }) => sourceId === id).map((each) => each.id);
      expect(await listed(`/sources/${id}/connected-destinations`, 'destinations')).toEqual(destinations);
      const warehouses = acme?.warehouses.filter(({ sourceIds }) => sourceIds.includes(id)).map((each) => each.id);
      expect(await listed(`/sources/${id}/connected-warehouses`, 'warehouses')).toEqual(warehouses);
    }
    for (const { id, sourceIds } of acme?.warehouses ?? [])
      expect(new Set(await listed(`/warehouses/${id}/connected-sources`, 'sources'))).toEqual(new Set(sourceIds));
  });
});

describe('a generated workspace', () => {
  test('has the size asked for, follows the seed, and no source has a kind of destination twice', async () => {
    const generate = { sources: 100, destinations: 900, warehouses: 7 };
    const [one, same, other] = [
      await sandboxFor({ generate, seed: 5 }),
      await sandboxFor({ generate, seed: 5 }),
      await sandboxFor({ generate, seed: 6 }),
    ];
    const [acme] = one.workspaces;
    expect([acme?.sources.length, acme?.destinations.length, acme?.warehouses.length]).toEqual([100, 900, 7]);
    expect(same.workspaces).toEqual(one.workspaces);
    expect(other.workspaces).not.toEqual(one.workspaces);
    const pairs = acme?.destinations.map(({ sourceId, kind }) => `${sourceId} ${kind.slug}`);
    expect(new Set(pairs).size).toBe(900);
  });

  test('needs a source for destinations to belong to', async () => {
    const generate = { sources: 0, destinations: 1, warehouses: 0 };
    await expect(sandboxFor({ generate })).rejects.toThrow('generate.sources');
  });
});

describe('a workspace of one’s own', () => {
  const row = {
    slug: 'own',
    name: 'Own',
    plan: 'team',
    sources: [{ slug: 's', name: 'S', kind: 'javascript' }],
    destinations: [],
    warehouses: [],
  } as const;

  test('stands beside the demo’s, opened by a token of its own', async () => {
    const token = 'own-token';
    const sandbox = await sandboxFor({
      workspaces: [buildWorkspace(row)],
      tokens: [{ value: token, name: 'own', generation: 'public', workspace: 'own', access: 'owner' }],
    });
    expect((await ask(`${sandbox.url}/`, { token })).json.data.workspace).toMatchObject({ slug: 'own', name: 'Own' });
  });

  test('takes only kinds that the catalogue has', () => {
    expect(() => buildWorkspace({ ...row, sources: [{ slug: 's', name: 'S', kind: 'abacus' }] })).toThrow('abacus');
  });
});
