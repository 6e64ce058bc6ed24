// npm run walk: the files that one deletion goes through, from `POST /api/v1/requests` to the call at the vendor, with the lines of each.
// Counted by what ran: of a host as people start it, and of the plugin's process, whose code is called here as the host calls it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ServiceIdentifier } from 'connector-contract';
import { Container } from 'inversify';
import { clear, connect, folder, startHost, startSandbox } from './stage.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'walk-'));
const hook = join(reports, 'hook.mjs');
// Each signal writes down what ran since the one before.
writeFileSync(hook, "import v8 from 'node:v8';\nprocess.on('SIGUSR2', () => v8.takeCoverage());\n");

/** @typedef {{url: string, functions: {functionName: string, ranges: {count: number}[]}[]}} Script */

/**
 * The files of which a function ran. What runs as a file is loaded is no part of the walk.
 * @param {Script[]} scripts
 */
function entered(scripts) {
  const ran = scripts.filter(({ functions }) =>
    functions.some(({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0),
  );
  return ran.flatMap(({ url }) => (url.startsWith('file:') ? sourceOf(fileURLToPath(url)) : []));
}

/** @param {string} path */
function sourceOf(path) {
  const inside = relative(root, path);
  if (inside.startsWith('..') || inside.includes('node_modules') || !/(^|\/)dist\//.test(inside)) return [];
  return [inside.replace(/(^|\/)dist\//, '$1src/').replace(/\.js$/, '.ts')];
}

async function ofTheHost() {
  const sandbox = await startSandbox();
  process.env.NODE_V8_COVERAGE = reports;
  const host = await startHost({
    dataDir: folder('data'),
    endpoint: sandbox.url,
    flags: ['--plan-window', '100'],
    nodeArgs: ['--import', hook],
  });
  delete process.env.NODE_V8_COVERAGE;
  await connect(host, sandbox);
  // What follows from connecting, a first look for systems, is none of a deletion's.
  while ((await host.api('GET', '/api/v1/systems?limit=1')).total === 0) await pause(200);
  await pause(3000);
  const written = () => readdirSync(reports).filter((name) => name.startsWith('coverage-'));
  const take = async () => {
    const before = written().length;
    process.kill(host.pid, 'SIGUSR2');
    while (written().length === before) await pause(50);
    await pause(500);
  };
  const regulations = async () => {
    const answer = await fetch(`${sandbox.url}/_sandbox`);
    return /** @type {{regulations: number}} */ (await answer.json()).regulations;
  };
  const walk = async (/** @type {string} */ requestId) => {
    await take();
    for (const name of written()) rmSync(join(reports, name));
    const before = await regulations();
    const identifiers = [{ kind: 'user_id', value: requestId }];
    await host.api('POST', '/api/v1/requests', { requestId, right: 'deletion', identifiers });
    while ((await regulations()) === before) await pause(20);
    await take();
    const [report = ''] = written();
    return new Set(entered(JSON.parse(readFileSync(join(reports, report), 'utf8')).result));
  };
  const walks = [];
  for (const requestId of ['walk-1', 'walk-2', 'walk-3', 'walk-4']) walks.push(await walk(requestId));
  // What comes round by the clock meanwhile is there in some of them only.
  const [first = new Set(), ...others] = walks;
  return { files: [...first].filter((file) => others.every((walk) => walk.has(file))), sandbox };
}

/** @param {Awaited<ReturnType<typeof startSandbox>>} sandbox */
async function ofThePlugin(sandbox) {
  const { connectorModule } = await import('../dist/module.js');
  const manifest = JSON.parse(readFileSync(join(root, 'manifests/segment-config.json'), 'utf8'));
  const container = new Container();
  await container.load(connectorModule);
  const deletion = container.get(ServiceIdentifier.deletion);
  const defaults = manifest.config.fields.filter((field) => field.default !== undefined);
  const config = {
    ...Object.fromEntries(defaults.map((field) => [field.key, field.default])),
    apiToken: sandbox.tokens.publicOwner,
    workspaceName: sandbox.workspace,
    baseUrl: sandbox.url,
  };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const context = {
    config,
    facts: {},
    capabilities: ['deletion'],
    allowedOrigins: [sandbox.url],
    signal: new AbortController().signal,
    log,
    clock: { now: Date.now, sleep: pause },
    pace: async () => {},
  };
  const { facts = {} } = await container.get(ServiceIdentifier.connector).check(context);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  const { operations } = await deletion.plan([{ id: '1', identifiers: [{ kind: 'user_id', value: 'walk' }] }], {
    config,
    facts,
  });
  await deletion.submit(operations[0], { ...context, facts });
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  return entered(result);
}

/** @param {string} file */
const linesOf = (file) => readFileSync(join(root, file), 'utf8').split('\n').length - 1;

const host = await ofTheHost();
const place = (/** @type {string} */ file) => `${dirname(file)}/`;
// The contract's are in both processes: to a reader they are the same.
const all = [...new Set([...host.files, ...(await ofThePlugin(host.sandbox))])].sort(
  (a, b) => place(a).localeCompare(place(b)) || a.localeCompare(b),
);
await clear();
rmSync(reports, { recursive: true });
const say = (text) => process.stdout.write(`${text}\n`);
let shown = '';
for (const file of all) {
  if (dirname(file) !== shown) say(dirname(file));
  shown = dirname(file);
  say(`  ${String(linesOf(file)).padStart(5)}  ${basename(file)}`);
}
const lines = all.map(linesOf);
const sum = lines.reduce((a, b) => a + b);
say(`\n${all.length} files, ${sum} lines; ${lines.filter((one) => one > 300).length} of more than 300 lines.`);
