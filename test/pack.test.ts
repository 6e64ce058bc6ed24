import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consumer, install, type Packed, pack, root, typeCheck } from './packing.js';

const run = promisify(execFile);
const MINUTES = 60_000;

describe('the plugin, packed and installed by itself', () => {
  let project: string;
  let plugin: Packed;
  let contract: Packed;

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'segment-plugin-'));
    plugin = await pack(root, project);
    contract = await pack(join(root, 'packages/connector-contract'), project);
    const kit = await pack(join(root, 'packages/connector-kit'), project);
    await install(project, [contract, kit, plugin], ['inversify@8.2.3', 'reflect-metadata@0.2.2']);
  }, 5 * MINUTES);

  afterAll(async () => {
    await rm(project, { recursive: true, force: true });
  });

  test('the tarball holds what runs, what is read, and nothing else', () => {
    const paths = plugin.files.map(({ path }) => path);
    const allowed = [
      /^dist\/.+\.(js|js\.map|d\.ts)$/,
      /^(manifests|data)\/.+\.json$/,
      /^(README\.md|SETUP\.md|LICENSE|CHANGELOG\.md|package\.json)$/,
    ];
    expect(paths.filter((path) => !allowed.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(paths).toEqual(
      expect.arrayContaining(['dist/module.js', 'dist/module.d.ts', 'manifests/segment-config.json', 'package.json']),
    );
  });

  test('the contract comes with its schema and without its sources', () => {
    const paths = contract.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['dist/index.js', 'schema/manifest.schema.json']));
    expect(paths.filter((path) => path.startsWith('src/') || path.startsWith('test/'))).toEqual([]);
  });

  test('neither host nor sandbox nor anything of theirs comes with it', async () => {
    const installed = await readdir(join(project, 'node_modules'));
    expect(installed).toEqual(
      expect.arrayContaining(['segment-config-connector', 'connector-contract', 'connector-kit', 'inversify']),
    );
    const strangers = ['connector-host', 'segment-sandbox', 'connector-demo', 'fastify', 'pg', 'pg-boss', 'react'];
    expect(installed.filter((name) => strangers.includes(name))).toEqual([]);
  });

  test('a process that knows the packages only by name reads the manifest, loads the module and validates', async () => {
    const script = `
      import 'reflect-metadata';
      import { readFileSync } from 'node:fs';
      import { fileURLToPath } from 'node:url';
      import { Container } from 'inversify';
      import { parseManifest, ServiceIdentifier } from 'connector-contract';
      const url = import.meta.resolve('segment-config-connector/manifests/segment-config.json');
      const parsed = parseManifest(JSON.parse(readFileSync(fileURLToPath(url), 'utf8')));
      const manifest = parsed.manifest;
      const path = manifest.entry.module === '.' ? 'segment-config-connector' : 'segment-config-connector/' + manifest.entry.module.slice(2);
      const plugin = await import(path);
      const container = new Container();
      container.load(plugin[manifest.entry.export ?? 'connectorModule']);
      const connector = container.get(ServiceIdentifier.connector);
      const good = connector.validate({ apiToken: 'sgp_example', workspaceName: 'Acme' });
      const bad = connector.validate({ apiToken: 'sgp_example', workspaceName: 'Acme', region: 'moon' });
      process.stdout.write(JSON.stringify({ ok: parsed.ok, id: manifest.id, good, bad: bad.issues.map((one) => one.field) }));
    `;
    await writeFile(join(project, 'load.mjs'), script);
    const { stdout, stderr } = await run(process.execPath, ['load.mjs'], { cwd: project });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      id: 'segment-config',
      good: { valid: true, issues: [] },
      bad: ['region'],
    });
  });

  test('a CommonJS host loads it by import()', async () => {
    const folder = await consumer(project, 'commonjs-host');
    const { stdout } = await run(process.execPath, ['host.js'], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual({ id: 'segment-config', good: true, bad: ['apiToken'] });
  });

  test('an ESM host in TypeScript compiles against its types', async () => {
    await typeCheck(await consumer(project, 'esm-types'));
  });
});
