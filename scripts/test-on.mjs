// npm run test:on -- 24 [paths]: runs the tests, or some, on another Node, whose binary the npm package `node` brings.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const [version = '', ...paths] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version)) {
  console.error('Say on which Node, and what if not all: npm run test:on -- 24 packages/demo/test/demo.test.ts');
  process.exit(2);
}

/** Installs the binary into a folder of its own, once. */
function binary() {
  const folder = join('node_modules', '.cache', 'node-binaries', version);
  const file = join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // The package fetches the binary of this machine while it is installed.
    writeFileSync(join(folder, 'package.json'), '{"private": true, "allowScripts": {"node": true}}\n');
    run('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], { cwd: folder });
  }
  return join(process.cwd(), file);
}

/** @param {string} command @param {readonly string[]} args @param {import('node:child_process').SpawnSyncOptions} [options] */
function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}

const node = binary();
// Whatever a test starts by the name "node" is to be this one, too.
const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` };
run(node, ['--version'], { env });
run(node, ['--no-warnings', 'node_modules/jest/bin/jest.js', ...paths], { env });
