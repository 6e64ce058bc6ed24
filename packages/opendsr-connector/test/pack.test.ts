import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { install, type Packed, pack, root } from '../../../test/packing.js';

const run = promisify(execFile);
const MINUTES = 60_000;

describe('the connector, packed and installed by itself', () => {
  let project: string;
  let connector: Packed;

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'opendsr-connector-'));
    connector = await pack(join(root, 'packages/opendsr-connector'), project);
    const base = await Promise.all(
      ['connector-contract', 'connector-kit'].map((name) => pack(join(root, 'packages', name), project)),
    );
    await install(project, [...base, connector], ['inversify@8.2.3', 'reflect-metadata@0.2.2']);
  }, 5 * MINUTES);

  afterAll(async () => {
    await rm(project, { recursive: true, force: true });
  });

  test('the tarball holds what runs, what is read, and nothing else', () => {
    const paths = connector.files.map(({ path }) => path);
    const allowed = [
      /^dist\/.+\.(js|js\.map|d\.ts)$/,
      /^manifests\/.+\.json$/,
      /^(README\.md|SETUP\.md|LICENSE|package\.json)$/,
    ];
    expect(paths.filter((path) => !allowed.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(paths).toEqual(
      expect.arrayContaining(['dist/module.js', 'dist/module.d.ts', 'manifests/opendsr.json', 'SETUP.md']),
    );
  });

  test('neither a host nor another connector comes with it', async () => {
    const installed = await readdir(join(project, 'node_modules'));
    expect(installed).toEqual(
      expect.arrayContaining(['opendsr-connector', 'connector-contract', 'inversify', 'axios']),
    );
    const strangers = ['connector-host', 'segment-sandbox', 'segment-config-connector', '@peculiar', 'fastify', 'pg'];
    expect(installed.filter((name) => strangers.includes(name))).toEqual([]);
  });

  test('a process that knows the packages only by name reads the manifest, loads the module and validates', async () => {
    const script = `
      import 'reflect-metadata';
      import { readFileSync } from 'node:fs';
      import { fileURLToPath } from 'node:url';
      import { Container } from 'inversify';
      import { parseManifest, ServiceIdentifier } from 'connector-contract';
      const url = import.meta.resolve('opendsr-connector/manifests/opendsr.json');
      const { ok, manifest } = parseManifest(JSON.parse(readFileSync(fileURLToPath(url), 'utf8')));
      const module = await import('opendsr-connector');
      const container = new Container();
      container.load(module[manifest.entry.export]);
      const connector = container.get(ServiceIdentifier.connector);
      const config = { baseUrl: 'https://dsr.processor.example/v2', bearerToken: 'abc' };
      const good = connector.validate(config);
      const bad = connector.validate({ ...config, protocol: 'carrier-pigeon' }).issues.map((one) => one.field);
      process.stdout.write(JSON.stringify({ ok, id: manifest.id, good, bad }));
    `;
    await writeFile(join(project, 'load.mjs'), script);
    const { stdout, stderr } = await run(process.execPath, ['load.mjs'], { cwd: project });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      id: 'opendsr',
      good: { valid: true, issues: [] },
      bad: ['protocol'],
    });
  });
});
