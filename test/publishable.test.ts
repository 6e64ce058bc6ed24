import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consumer, install, type Packed, pack, root, typeCheck } from './packing.js';

const run = promisify(execFile);
const MINUTES = 60_000;

const packages = {
  'segment-config-connector': '.',
  'connector-contract': 'packages/connector-contract',
  'connector-kit': 'packages/connector-kit',
  'connector-host': 'packages/connector-host',
  'segment-sandbox': 'packages/segment-sandbox',
  'opendsr-connector': 'packages/opendsr-connector',
  'auth0-connector': 'packages/connectors/auth0',
  'mixpanel-connector': 'packages/connectors/mixpanel',
} as const;
const names = Object.keys(packages) as readonly (keyof typeof packages)[];

let project: string;
const packed = new Map<string, Packed>();

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'publishable-'));
  for (const name of names) packed.set(name, await pack(join(root, packages[name]), project));
}, 2 * MINUTES);

afterAll(async () => {
  await rm(project, { recursive: true, force: true });
});

/** What publint has to say about a tarball; in a process of its own, for its checks of types do not know the realm of a test. */
async function lint(tarball: string): Promise<string> {
  const command = join(root, 'node_modules/publint/src/cli.js');
  const failed = (error: { readonly stdout: string }): { readonly stdout: string } => error;
  // A build server's environment asks for colours, which would stand between the words.
  const env = { ...process.env, NO_COLOR: '1' };
  const { stdout } = await run(process.execPath, [command, tarball, '--strict'], { env }).catch(failed);
  return stdout.trim().split('\n').slice(3).join('\n');
}

/** Whether the types of a tarball resolve for whoever imports it; rejects where they do not. */
async function attw(tarball: string): Promise<void> {
  const command = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  await run(process.execPath, [command, tarball, '--profile', 'esm-only', '--quiet'], { maxBuffer: 16 * 1024 * 1024 });
}

function tarballOf(name: string): string {
  return join(project, packed.get(name)?.filename ?? 'missing');
}

describe.each(names)('%s, packed', (name) => {
  test('publint has nothing to say', async () => {
    expect(await lint(tarballOf(name))).toBe('All good!');
  });

  test('the types are right for whoever imports it', async () => {
    await expect(attw(tarballOf(name))).resolves.toBeUndefined();
  });

  test('brings licence and README, and neither sources nor tests nor what the compiler keeps for itself', () => {
    const paths = packed.get(name)?.files.map(({ path }) => path) ?? [];
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    const strangers = paths.filter((path) => /^(src|test|console\/src)\/|\.tsbuildinfo$|\.test\./.test(path));
    expect(strangers.filter((path) => !path.startsWith('templates/'))).toEqual([]);
  });

  test('has the licence of the repository', async () => {
    const [own, whole] = await Promise.all(
      [join(root, packages[name]), root].map((folder) => readFile(join(folder, 'LICENSE'), 'utf8')),
    );
    expect(own).toBe(whole);
  });
});

describe('a package that is not fit to be published is found', () => {
  let folder: string;
  let tarball: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unfit-'));
    const exports = { '.': { types: './index.d.cts', default: './index.js' }, './more': './missing.js' };
    const json = { name: 'unfit', version: '1.0.0', type: 'module', exports };
    await writeFile(join(folder, 'package.json'), JSON.stringify(json));
    await writeFile(join(folder, 'index.js'), 'export const one = 1;\n');
    await writeFile(join(folder, 'index.d.cts'), 'export declare const one: number;\n');
    tarball = join(folder, (await pack(folder, folder)).filename);
  }, MINUTES);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('by publint', async () => {
    expect(await lint(tarball)).toContain('missing.js');
  });

  test('by its types', async () => {
    await expect(attw(tarball)).rejects.toThrow();
  });
});

describe('all of them, installed together', () => {
  beforeAll(async () => {
    const more = ['inversify@8.2.3', 'reflect-metadata@0.2.2', '@types/node@20.19.43'];
    await install(project, [...packed.values()], more);
  }, 5 * MINUTES);

  test('a project in TypeScript compiles against their types', async () => {
    await expect(typeCheck(await consumer(project, 'esm-framework'))).resolves.toBeUndefined();
  });

  test('a project in JavaScript finds, loads and uses both connectors and the sandbox', async () => {
    const folder = await consumer(project, 'javascript');
    const { stdout, stderr } = await run(process.execPath, ['use.mjs'], { cwd: folder });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ segment: 'ready', opendsr: ['baseUrl'], rules: true, host: 'function' });
  });

  test.each(['connector-contract', 'connector-kit', 'connector-host', 'segment-sandbox'])(
    'the command %s runs',
    async (command) => {
      const { stdout } = await run('npm', ['exec', '--offline', '--no', '--', command, '--help'], { cwd: project });
      expect(stdout).toMatch(new RegExp(`Usage: ${command}`));
    },
  );
});
