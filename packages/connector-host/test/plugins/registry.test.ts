import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { refusalCodes } from 'connector-contract/loading';
import { ConnectorRegistry, type RegistryOptions } from '../../src/plugins/registry.js';
import { testLog } from '../postgres.js';
import { fixture, isolations, loadFixtures } from './fixtures.js';

const refusals = [
  ['package-unreadable', 'PACKAGE_UNREADABLE', 'not valid JSON'],
  ['manifest-not-declared', 'MANIFEST_NOT_DECLARED', 'names no manifest'],
  ['manifest-missing', 'MANIFEST_MISSING', './manifest.json'],
  ['manifest-outside', 'MANIFEST_OUTSIDE_PACKAGE', '../plain/manifest.json'],
  ['manifest-unreadable', 'MANIFEST_UNREADABLE', 'manifest.txt'],
  ['manifest-invalid', 'MANIFEST_INVALID', 'surprise'],
  ['version-mismatch', 'VERSION_MISMATCH', '1.0.1'],
  ['contract-mismatch', 'CONTRACT_MISMATCH', '^9.0.0'],
  ['feature-missing', 'FEATURE_NOT_OFFERED', 'does not offer: telepathy'],
  ['entry-not-exported', 'ENTRY_NOT_EXPORTED', './connector'],
  ['entry-missing', 'ENTRY_MISSING', 'does not exist'],
  ['entry-outside', 'ENTRY_OUTSIDE_PACKAGE', 'leads out'],
  ['import-throws', 'IMPORT_FAILED', 'a dependency is not there'],
  ['import-hangs', 'IMPORT_TIMEOUT', 'did not end within'],
  ['export-missing', 'EXPORT_MISSING', 'theConnector'],
  ['export-not-a-module', 'EXPORT_NOT_A_MODULE', 'connectorModule'],
  ['module-throws', 'MODULE_FAILED', 'half-way'],
  ['connector-not-bound', 'CONNECTOR_NOT_BOUND', 'binds nothing to ServiceIdentifier.connector'],
  ['capability-not-bound', 'CAPABILITY_NOT_BOUND', 'declares deletion'],
  ['capability-not-declared', 'CAPABILITY_NOT_DECLARED', 'binds systemDetection'],
  ['keyword-missing', 'KEYWORD_MISSING', 'does not have the keyword'],
  ['capability-incomplete', 'CAPABILITY_INCOMPLETE', 'submit, reconcile, status'],
] as const;

/** Only where a connector has a process of its own. */
const ownProcess = [
  ['import-exits', 'PROCESS_ENDED', 'ended by itself with code 0'],
  ['import-floods', 'PROCESS_ENDED', 'memory'],
  ['import-blocks', 'IMPORT_TIMEOUT', 'let nothing else run'],
] as const;

describe.each(isolations)('a registry with isolation %s', (isolation) => {
  const load = (names: readonly string[], options: Partial<RegistryOptions> = {}) =>
    loadFixtures(names, { isolation, ...options });

  test.each(isolation === 'process' ? [...refusals, ...ownProcess] : refusals)(
    'lists %s as refused with code %s, a reason and a remedy, and loads its neighbour',
    async (name, code, reason) => {
      // Only who hangs is waited for in vain.
      const importTimeoutMs = code === 'IMPORT_TIMEOUT' ? 300 : 60_000;
      const registry = await load([name, 'plain'], { importTimeoutMs, limits: { memoryMiB: 300, watchMs: 20 } });
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
    const tried = new Set<string>([
      ...[...refusals, ...ownProcess].map(([, code]) => code),
      'DUPLICATE_ID',
      // See lock.test.ts.
      'CHANGED_SINCE_LOCK',
      // See isolation/wall.test.ts.
      'WALL_REQUIRED',
      // See isolation/keeping.test.ts.
      'CRASHED_REPEATEDLY',
      // See mistakes.test.ts.
      'FIELD_NOT_DECLARED',
      'HOST_NOT_DECLARED',
    ]);
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
    const registry = await load(['manifest-invalid']);
    await registry.close();
    expect(globalThis).not.toHaveProperty('manifestInvalidRan');
  });

  test('uses the highest version of an id that loads, and refuses the others', async () => {
    const registry = await load(['twice-1.0.0', 'twice-2.0.0-broken', 'twice-1.2.0']);
    expect(registry.runner('twice')?.manifest.version).toBe('1.2.0');
    expect(registry.list().map(({ version, state, code }) => [version, state, code])).toEqual([
      ['1.2.0', 'ready', undefined],
      ['2.0.0', 'refused', 'IMPORT_FAILED'],
      ['1.0.0', 'refused', 'DUPLICATE_ID'],
    ]);
    await registry.close();
  });

  test('uses none of several packages that claim one id, whatever their versions', async () => {
    const registry = await load(['twice-1.2.0', 'twice-impostor', 'plain']);
    expect(registry.runner('twice')).toBeUndefined();
    expect(registry.list().map(({ id, packageName, state, code }) => [id, packageName, state, code])).toEqual([
      ['plain', 'plain', 'ready', undefined],
      ['twice', 'twice', 'refused', 'DUPLICATE_ID'],
      ['twice', 'twice-impostor', 'refused', 'DUPLICATE_ID'],
    ]);
    expect(registry.list()[1]?.reason).toContain('twice, twice-impostor');
    await registry.close();
  });

  test('loads a connector that is not at the package root entry, with all its capabilities', async () => {
    const registry = await load(['harbour']);
    const runner = registry.runner('harbour');
    expect(registry.list()).toEqual([
      expect.objectContaining({ id: 'harbour', packageName: 'harbour', state: 'ready' }),
    ]);
    expect(runner?.cancel).toBeDefined();
    await registry.close();
  });

  test('loads the connector of this repository', async () => {
    const registry = await ConnectorRegistry.load({ roots: [fixture('../../../../..')], log: testLog, isolation });
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

describe.each(isolations)('an installation with isolation %s', (isolation) => {
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
    const registry = await ConnectorRegistry.load({ roots: [root, fixture('plain')], log: testLog, isolation });
    expect(registry.list().map(({ id, state }) => [id, state])).toEqual([
      ['harbour', 'ready'],
      ['plain', 'ready'],
    ]);
    await registry.close();
  });

  test('with every fixture at once still loads all that are right', async () => {
    const breaking = new Set<string>(ownProcess.map(([name]) => name));
    const all = (await readdir(fixture('.'))).filter((name) => isolation === 'process' || !breaking.has(name));
    const limits = { memoryMiB: 300, watchMs: 20 };
    const registry = await loadFixtures(all, { isolation, importTimeoutMs: 300, limits });
    const ready = registry.list().filter((one) => one.state === 'ready');
    expect(ready.map(({ id }) => id)).toEqual([
      'caller',
      'harbour',
      'keeper',
      'misbehaving',
      'plain',
      'rampant',
      'usurper',
    ]);
    await registry.close();
  });
});
