/**
 * Builds what has changed: sources that are made from others and not committed, the packages, and the console.
 *
 *     node scripts/build.mjs              everything
 *     node scripts/build.mjs --types      all but the console's bundle
 *     node scripts/build.mjs --packages   nothing of the console
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packages } from './packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const within = (/** @type {string[]} */ ...path) => join(root, ...path);
const consoleFolder = within('packages/connector-host/console');
const answers = join(consoleFolder, 'src/api/answers.generated.ts');
/** When {@link answers} was last held against the schemas: it is written only where it changes, or the console would be built anew. */
const answersMade = within('node_modules/.cache/answers-made');

/** Runs a command-line tool of the repository; where it fails, with what it says. */
function run(/** @type {string} */ file, /** @type {string[]} */ ...args) {
  // Under Jest's NODE_ENV the console would be built for development.
  const { NODE_ENV: _mode, ...env } = process.env;
  try {
    execFileSync(process.execPath, [within('node_modules', file), ...args], {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
    throw new Error(`The build fails:\n${stdout}${stderr}`);
  }
}

function compile(/** @type {string} */ project) {
  run('@typescript/native/bin/tsc', '-b', project);
}

/** When the newest of these files was changed; 0 where there is none. */
function newest(/** @type {readonly string[]} */ paths) {
  return Math.max(0, ...paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

/** All files below a folder. */
function filesIn(/** @type {string} */ folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? join(entry.parentPath, entry.name) : [],
  );
}

function isOlder(/** @type {string} */ target, /** @type {readonly string[]} */ sources) {
  return newest([target]) < newest(sources);
}

/** The types of manifests, from their JSON Schema. */
async function makeManifestTypes() {
  const schema = within('packages/connector-contract/schema/manifest.schema.json');
  const target = within('packages/connector-contract/src/manifest/manifest.generated.ts');
  if (!isOlder(target, [schema, within('scripts/manifest-types.mjs')])) return;
  const { manifestTypes } = await import('./manifest-types.mjs');
  writeFileSync(target, await manifestTypes(readFileSync(schema, 'utf8')));
}

/** The manifests of the connectors that stand on `defineConnector`, as modules by which the compiler knows their names. */
function makeManifestModules() {
  const command = within('packages/connector-kit/bin/connector-kit.js');
  for (const folder of packages.filter((name) => name.startsWith('packages/connectors/'))) {
    const cwd = within(folder);
    const [name] = readdirSync(join(cwd, 'manifests'));
    const target = join(cwd, 'src/manifest.generated.ts');
    if (!isOlder(target, [join(cwd, `manifests/${name}`), within('packages/connector-kit/src/cli.ts')])) continue;
    compile('packages/connector-kit');
    execFileSync(process.execPath, [command, 'manifest', `manifests/${name}`, 'src/manifest.generated.ts'], { cwd });
  }
}

/** Makes the types of what the host's API answers from its schemas, for the console. After {@link buildPackages}. */
export async function buildAnswers() {
  const sources = [...filesIn(within('packages/connector-host/src')), within('scripts/answer-types.mjs')];
  if (newest([answers]) > 0 && !isOlder(answersMade, sources)) return;
  const { answerTypes } = await import('./answer-types.mjs');
  const openapi = pathToFileURL(within('packages/connector-host/dist/api/openapi.js')).href;
  const text = await answerTypes((await import(openapi)).namedSchemas);
  if (newest([answers]) === 0 || readFileSync(answers, 'utf8') !== text) writeFileSync(answers, text);
  mkdirSync(dirname(answersMade), { recursive: true });
  writeFileSync(answersMade, '');
}

/** Builds what changed of the packages since the last time. */
export async function buildPackages() {
  await makeManifestTypes();
  makeManifestModules();
  compile('tsconfig.build.json');
}

/** Builds the console where it is older than its sources, or than the way it is built. After {@link buildPackages}. */
export async function buildConsole() {
  await buildAnswers();
  const dist = join(consoleFolder, 'dist');
  const sources = filesIn(consoleFolder).filter((path) => !path.startsWith(dist));
  if (!isOlder(join(dist, 'index.html'), [...sources, fileURLToPath(import.meta.url)])) return;
  run('vite/bin/vite.js', 'build', consoleFolder, '--logLevel', 'warn');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [flag] = process.argv.slice(2);
  try {
    await buildPackages();
    if (flag === '--types') await buildAnswers();
    else if (flag !== '--packages') await buildConsole();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
