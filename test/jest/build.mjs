import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const consoleFolder = join(root, 'packages/connector-host/console');

/** Runs a command-line tool of the repository; where it fails, with what it says. */
function run(/** @type {string} */ file, /** @type {string[]} */ ...args) {
  // Under Jest's NODE_ENV the console would be built for development.
  const { NODE_ENV: _mode, ...env } = process.env;
  try {
    execFileSync(process.execPath, [join(root, 'node_modules', file), ...args], { cwd: root, env, encoding: 'utf8' });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
    throw new Error(`The build fails, so nothing was tested:\n${stdout}${stderr}`);
  }
}

/** Builds what changed of the packages since the last time. */
export function buildPackages() {
  run('@typescript/native/bin/tsc', '-b', 'tsconfig.build.json');
}

/** Builds the console where it is older than its sources, or than the way it is built. */
export function buildConsole() {
  const changed = readdirSync(consoleFolder, { recursive: true, withFileTypes: true })
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.startsWith(join(consoleFolder, 'dist')))
    .concat(fileURLToPath(import.meta.url))
    .map((path) => statSync(path).mtimeMs);
  const built = statSync(join(consoleFolder, 'dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Math.max(...changed) > built) run('vite/bin/vite.js', 'build', consoleFolder, '--logLevel', 'warn');
}
