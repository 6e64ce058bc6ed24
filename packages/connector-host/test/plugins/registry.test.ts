import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { refusalCodes } from '../../src/plugins/refusal.js';
import { ConnectorRegistry } from '../../src/plugins/registry.js';
import { testLog } from '../postgres.js';
import { fixture, loadFixtures } from './fixtures.js';

const refusals = [
  ['package-unreadable', 'PACKAGE_UNREADABLE', 'not valid JSON'],
  ['manifest-not-declared', 'MANIFEST_NOT_DECLARED', 'names no manifest'],
  ['manifest-missing', 'MANIFEST_MISSING', './manifest.json'],
  ['manifest-outside', 'MANIFEST_OUTSIDE_PACKAGE', '../plain/manifest.json'],
  ['manifest-unreadable', 'MANIFEST_UNREADABLE', 'manifest.txt'],
  ['manifest-invalid', 'MANIFEST_INVALID', 'surprise'],
  ['version-mismatch', 'VERSION_MISMATCH', '1.0.1'],
  ['contract-mismatch', 'CONTRACT_MISMATCH', '^9.0.0'],
  ['entry-not-exported', 'ENTRY_NOT_EXPORTED', './connector'],
  ['entry-missing', 'ENTRY_MISSING', 'does not exist'],
  ['entry-outside', 'ENTRY_OUTSIDE_PACKAGE', 'leads out'],
  ['import-throws', 'IMPORT_FAILED', 'a dependency is not there'],
  ['import-hangs', 'IMPORT_TIMEOUT', '300 ms'],
  ['export-missing', 'EXPORT_MISSING', 'theConnector'],
  ['export-not-a-module', 'EXPORT_NOT_A_MODULE', 'connectorModule'],
  ['module-throws', 'MODULE_FAILED', 'half-way'],
  ['connector-not-bound', 'CONNECTOR_NOT_BOUND', 'binds no Connector'],
  ['capability-not-bound', 'CAPABILITY_NOT_BOUND', 'declares deletion'],
  ['capability-not-declared', 'CAPABILITY_NOT_DECLARED', 'binds systemDetection'],
  ['capability-incomplete', 'CAPABILITY_INCOMPLETE', 'submit, reconcile, status'],
] as const;

describe('a registry', () => {
  test.each(refusals)(
    'lists %s as refused with code %s, a reason and a remedy, and loads its neighbour',
    async (name, code, reason) => {
      const registry = await loadFixtures([name, 'plain'], { importTimeoutMs: 300 });
      const refused = registry.list().filter((one) => one.state === 'refused');
      expect(refused).toHaveLength(1);
      expect(refused[0]).toMatchObject({ code, reason: expect.stringContaining(reason), remedy: refusalCodes[code] });
      expect(registry.runner(name)).toBeUndefined();
      expect(registry.list()).toContainEqual(
        expect.objectContaining({ id: 'plain', state: 'ready', version: '1.0.0' }),
      );
      expect(registry.runner('plain')?.manifest.displayName).toBe('plain');
      await registry.close();
    },
  );

  test('has a fixture for every refusal code', () => {
    const tried = new Set<string>([...refusals.map(([, code]) => code), 'DUPLICATE_ID']);
    expect(Object.keys(refusalCodes).filter((code) => !tried.has(code))).toEqual([]);
  });

  test('has every refusal code documented', async () => {
    const page = await readFile(
      fileURLToPath(new URL('../../../../docs/connector-refusals.md', import.meta.url)),
      'utf8',
    );
    for (const [code, remedy] of Object.entries(refusalCodes)) {
      expect(page).toContain(`### ${code}\n`);
      expect(page).toContain(remedy);
    }
  });

  test('runs no code of a package whose manifest is invalid', async () => {
    await loadFixtures(['manifest-invalid']);
    expect(globalThis).not.toHaveProperty('manifestInvalidRan');
  });

  test('uses the highest version of an id that loads, and refuses the others', async () => {
    const registry = await loadFixtures(['twice-1.0.0', 'twice-2.0.0-broken', 'twice-1.2.0']);
    expect(registry.runner('twice')?.manifest.version).toBe('1.2.0');
    expect(registry.list().map(({ version, state, code }) => [version, state, code])).toEqual([
      ['1.2.0', 'ready', undefined],
      ['2.0.0', 'refused', 'IMPORT_FAILED'],
      ['1.0.0', 'refused', 'DUPLICATE_ID'],
    ]);
  });

  test('loads a connector that is not at the package root entry, with all its capabilities', async () => {
    const registry = await loadFixtures(['harbour']);
    const runner = registry.runner('harbour');
    expect(registry.list()).toEqual([
      expect.objectContaining({ id: 'harbour', packageName: 'harbour', state: 'ready' }),
    ]);
    expect(runner?.cancel).toBeDefined();
  });

  test('loads the connector of this repository', async () => {
    const registry = await ConnectorRegistry.load({ roots: [fixture('../../../../..')], log: testLog });
    expect(registry.list()).toContainEqual(
      expect.objectContaining({ id: 'segment-config', packageName: 'segment-config-connector', state: 'ready' }),
    );
    await registry.close();
  });

  test('finds nothing in a package that has not the keyword', async () => {
    expect((await loadFixtures(['not-a-plugin'])).list()).toEqual([]);
  });

  test('finds nothing where a root does not exist', async () => {
    expect((await loadFixtures(['no-such-folder'])).list()).toEqual([]);
  });
});

describe('an installation', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'installation-'));
    await mkdir(join(root, 'node_modules', '@scope'), { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  test('is searched in node_modules and in scopes, and a package that is linked twice counts once', async () => {
    await symlink(fixture('plain'), join(root, 'node_modules', 'plain'));
    await symlink(fixture('plain'), join(root, 'node_modules', 'plain-again'));
    await symlink(fixture('harbour'), join(root, 'node_modules', '@scope', 'harbour'));
    await symlink(join(root, 'nowhere'), join(root, 'node_modules', 'dangling'));
    const registry = await ConnectorRegistry.load({ roots: [root, fixture('plain')], log: testLog });
    expect(registry.list().map(({ id, state }) => [id, state])).toEqual([
      ['harbour', 'ready'],
      ['plain', 'ready'],
    ]);
  });

  test('with every fixture at once still loads all that are right', async () => {
    const all = await readdir(fixture('.'));
    const registry = await loadFixtures(all, { importTimeoutMs: 300 });
    const ready = registry.list().filter((one) => one.state === 'ready');
    expect(ready.map(({ id }) => id)).toEqual(['harbour', 'misbehaving', 'plain', 'twice']);
  });
});
