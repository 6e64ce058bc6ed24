import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { install, pack, root, typeCheck } from './packing.js';

const run = promisify(execFile);
const MINUTES = 60_000;

/** Asks the rules; those that wait for a time-out to pass are asked in the connector's own tests. */
const script = `
  import { contractTests } from 'connector-contract/testkit';
  const { options } = await import(process.argv[2]);
  const { tests, start, stop } = contractTests(options);
  const failed = [];
  await start();
  for (const { rule, name, run } of tests) {
    if (rule.id !== 'H11') await run().catch((error) => failed.push(name + ': ' + error.message));
  }
  await stop();
  process.stdout.write(JSON.stringify({ asked: tests.length, failed }));
`;

let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'connectors-'));
  const packed = await Promise.all(
    ['connector-contract', 'connector-kit'].map((name) => pack(join(root, 'packages', name), project)),
  );
  await install(project, packed, ['inversify@8.2.3', 'reflect-metadata@0.2.2', '@types/node@20.19.43']);
  await cp(join(root, 'tsconfig.base.json'), join(project, 'tsconfig.base.json'));
  await writeFile(join(project, 'rules.mjs'), script);
}, 5 * MINUTES);

afterAll(async () => {
  await rm(project, { recursive: true, force: true });
});

/** A connector's own files, without what was built of them: what its author would have. */
async function sourcesOf(name: string): Promise<string> {
  const folder = join(project, name);
  const own = ['package.json', 'SETUP.md', 'manifests', 'src', 'test'];
  for (const part of own) {
    await cp(join(root, 'packages/connectors', name, part), join(folder, part), {
      recursive: true,
      filter: (path) => !/\.(test|generated)\.ts$/.test(path),
    });
  }
  await compilerOptions(folder, '..', { rootDir: 'src', outDir: 'dist' }, ['src']);
  await compilerOptions(join(folder, 'test'), '../..', {}, ['*.ts']);
  return folder;
}

async function compilerOptions(folder: string, up: string, options: object, include: readonly string[]): Promise<void> {
  const config = { extends: `${up}/tsconfig.base.json`, compilerOptions: { ...options, composite: false }, include };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
}

describe.each(readdirSync(join(root, 'packages/connectors')))(
  '%s, from its sources and the packed packages alone',
  (name) => {
    let folder: string;

    beforeAll(async () => {
      folder = await sourcesOf(name);
    });

    test('is built', async () => {
      const exec = ['exec', '--offline', '--no', '--', 'connector-kit', 'manifest'];
      await run('npm', [...exec, `manifests/${name}.json`, 'src/manifest.generated.ts'], { cwd: folder });
      await typeCheck(folder);
      expect(await readdir(join(folder, 'dist'))).toEqual(expect.arrayContaining(['module.js', 'module.d.ts']));
      await typeCheck(join(folder, 'test'));
    });

    test(
      'keeps the contract',
      async () => {
        const { stdout, stderr } = await run(process.execPath, ['rules.mjs', join(folder, 'test/contract.js')], {
          cwd: project,
        });
        expect(stderr).toBe('');
        const { asked, failed } = JSON.parse(stdout);
        expect(failed).toEqual([]);
        expect(asked).toBeGreaterThan(50);
      },
      5 * MINUTES,
    );

    test('has at most 130 lines of its own', async () => {
      const files = (await readdir(join(folder, 'src'))).filter((file) => !file.endsWith('.generated.ts'));
      const sources = await Promise.all(files.map((file) => readFile(join(folder, 'src', file), 'utf8')));
      expect(sources.join('').split('\n').length).toBeLessThanOrEqual(130);
    });
  },
);

test('the manifests that the compiler knows are those of the files', async () => {
  for (const name of await readdir(join(root, 'packages/connectors'))) {
    const made = join(project, `${name}.ts`);
    const folder = join(root, 'packages/connectors', name);
    const command = join(root, 'packages/connector-kit/bin/connector-kit.js');
    await run(process.execPath, [command, 'manifest', `manifests/${name}.json`, made], { cwd: folder });
    const [expected, committed] = await Promise.all(
      [made, join(folder, 'src/manifest.generated.ts')].map((path) => readFile(path, 'utf8')),
    );
    expect(committed).toBe(expected);
  }
});
