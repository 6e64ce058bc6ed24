/** What a connector's process may read: the code that it needs, wherever that lies, and no more. */
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { outermost, readingRights } from '../../../src/plugins/isolation/reading-rights.js';
import { testContext } from '../context.js';
import { fixture, loadFixtures } from '../fixtures.js';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'rights-')));
});
afterEach(() => rm(root, { recursive: true }));

/** Writes files, by their paths in the root. */
async function lay(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), '');
  }
}

/** A package.json that needs other packages. */
async function needs(folder: string, names: readonly string[], block = 'dependencies'): Promise<void> {
  const json = { [block]: Object.fromEntries(names.map((name) => [name, '*'])) };
  await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, folder, 'package.json'), JSON.stringify(json));
}

async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await symlink(target, join(root, path));
}

/** The rights of a package in the root, by their paths in it. */
async function rightsOf(folder: string, secret: readonly string[] = []): Promise<string[]> {
  const closed = secret.map((path) => join(root, path));
  return (await readingRights(join(root, folder), closed)).map((path) => path.slice(root.length + 1)).sort();
}

describe('a connector does not open a folder for itself', () => {
  test('by the name of a dependency that is a path', async () => {
    await needs('app/own', ['../../private', '..', './own/../../private', '@scope/../../../private', '.hidden', '/']);
    await lay('private/package.json', 'app/own/node_modules/.hidden/package.json', 'app/package.json');
    expect(await rightsOf('app/own')).toEqual(['app/own']);
  });

  test('by a link to what is no package', async () => {
    await needs('own', ['private']);
    await link('own/node_modules/private', join(root, 'private'));
    await lay('private/key');
    expect(await rightsOf('own')).toEqual(['own/package.json']);
  });

  test('by a link in its package, in its modules or to the project that it lies in', async () => {
    await lay('app/node_modules/own/lib/index.js', 'app/node_modules/other/index.js', 'app/key', 'key');
    await link('app/node_modules/own/lib/out', join(root, 'key'));
    await link('app/node_modules/own/lib/in', 'index.js');
    await link('app/node_modules/own/nowhere', join(root, 'not-there-yet'));
    await link('app/node_modules/@scope/key', join(root, 'key'));
    await link('app/node_modules/self', '..');
    expect(await rightsOf('app/node_modules/own')).toEqual([
      'app/node_modules/other',
      'app/node_modules/own/lib/in',
      'app/node_modules/own/lib/index.js',
      'app/node_modules/self',
    ]);
  });

  test('by what lies beside what its package publishes', async () => {
    await lay('own/dist/index.js', 'own/secret.json', 'own/index.js', 'own/node_modules/one/index.js');
    await writeFile(join(root, 'own/package.json'), JSON.stringify({ files: ['./dist/**', '!x'], main: 'index.js' }));
    expect(await rightsOf('own')).toEqual(['own/dist', 'own/index.js', 'own/node_modules', 'own/package.json']);
  });
});

describe('a connector may read', () => {
  test('its package and the modules that Node looks through for it', async () => {
    await lay('app/node_modules/own/index.js', 'app/node_modules/other/index.js', 'app/main.js', 'elsewhere/index.js');
    expect(await rightsOf('app/node_modules/own')).toEqual(['app/node_modules']);
  });

  test('of a package in a folder of its own all but names with a dot and what is secret', async () => {
    await lay('own/index.js', 'own/.env', 'own/host.conf', 'own/lib/index.js', 'own/lib/data/key', 'own/lib/deep/a.js');
    expect(await rightsOf('own', ['own/host.conf', 'own/lib/data'])).toEqual([
      'own/index.js',
      'own/lib/deep',
      'own/lib/index.js',
    ]);
  });

  test('nothing secret, where that lies among modules either', async () => {
    await lay('node_modules/own/index.js', 'node_modules/own/data/key', 'node_modules/.store/a.js');
    expect(await rightsOf('node_modules/own', ['node_modules/own/data'])).toEqual([
      'node_modules/.store',
      'node_modules/own/index.js',
    ]);
    expect(await rightsOf('node_modules/own', ['node_modules'])).toEqual([]);
  });

  test('what it depends on and what that depends on, wherever the links lead; not the other packages that are linked', async () => {
    await needs('own', ['one']);
    await link('own/node_modules/one', join(root, 'work/one'));
    await link('own/node_modules/@scope/idle', join(root, 'work/idle'));
    await lay('work/one/index.js', 'work/one/.env', 'work/idle/index.js');
    await needs('work/one', ['@scope/two'], 'peerDependencies');
    await link('work/one/node_modules/@scope/two', join(root, 'store/two'));
    await lay('store/two/index.js');
    await needs('store/two', ['one', 'missing']);
    expect(await rightsOf('own')).toEqual([
      'own/node_modules/one',
      'own/package.json',
      'store/two',
      'work/one/index.js',
      'work/one/node_modules',
      'work/one/package.json',
    ]);
  });

  test('a dependency through the nearest link alone', async () => {
    await needs('app/own', ['one']);
    await link('app/own/node_modules/one', join(root, 'near'));
    await link('app/node_modules/one', join(root, 'far'));
    await lay('near/package.json', 'far/package.json');
    expect(await rightsOf('app/own')).toEqual(['app/own', 'near']);
  });
});

test('of folders in one another only the outermost is told', () => {
  expect(outermost(['/a/b/c', '/a/b-c', '/a/b'])).toEqual(['/a/b', '/a/b-c']);
  expect(outermost(['/a/b', '/a', '/a.b', '/a b/c', '/ab/c', '/ab/c'])).toEqual(['/a', '/a b/c', '/a.b', '/ab/c']);
});

/** More than a command line may hold, were each entry of each of them named there. */
const many = 600;
const longName = (index: number) => `${'a-package-whose-name-is-long-'.repeat(6)}${index}`;

describe(`a connector among ${many} packages that are linked`, () => {
  const files = ['package.json', ...Array.from({ length: 16 }, (_, index) => `file-${index}.js`)];

  /** Puts a package where a `node_modules` links to it. */
  async function linked(modules: string, name: string, target: string, entries: readonly string[]): Promise<void> {
    await mkdir(join(root, target), { recursive: true });
    await Promise.all(entries.map((file) => writeFile(join(root, target, file), '')));
    await link(join(modules, name), join(root, target));
  }

  /** The fixture, in a folder of its own, with what it imports beside it. */
  async function plainAt(folder: string, modules: string, dependencies: readonly string[]): Promise<void> {
    await cp(fixture('plain'), join(root, folder), { recursive: true });
    const packageJson = createRequire(import.meta.url)(join(fixture('plain'), 'package.json')) as object;
    const needed = Object.fromEntries(dependencies.map((name) => [name, '*']));
    await writeFile(join(root, folder, 'package.json'), JSON.stringify({ ...packageJson, dependencies: needed }));
    const installed = fileURLToPath(new URL('../../../../../node_modules', import.meta.url));
    for (const name of ['connector-contract', 'inversify']) await link(join(modules, name), join(installed, name));
  }

  async function works(folder: string): Promise<void> {
    const registry = await loadFixtures([], { roots: [join(root, folder)], isolation: 'process' });
    try {
      expect(registry.list()).toEqual([expect.objectContaining({ state: 'ready' })]);
      expect(await registry.runner('plain')?.check(testContext({}))).toMatchObject({ status: 'ready' });
    } finally {
      await registry.close();
    }
  }

  test('as pnpm lays them runs', async () => {
    const hoisted = 'app/node_modules/.pnpm/node_modules';
    const names = Array.from({ length: many }, (_, index) => longName(index));
    for (const name of names) {
      await linked(hoisted, name, `app/node_modules/.pnpm/${name}@1.0.0/node_modules/${name}`, files);
    }
    const place = 'app/node_modules/.pnpm/plain@1.0.0/node_modules';
    await plainAt(`${place}/plain`, place, []);
    await works(`${place}/plain`);
  });

  test('that it all needs, each in a folder of its own, runs', async () => {
    const names = Array.from({ length: many }, (_, index) => longName(index));
    for (const name of names) await linked('app/node_modules', name, `work/${name}`, files);
    await plainAt('app/plain', 'app/node_modules', ['connector-contract', 'inversify', ...names]);
    await works('app/plain');
  });
});
