/** What a case runs on: servers in processes of their own, as an operator would start them. Everything is gone again at the end. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = (path) => join(root, path);
const run = promisify(execFile);

/** The super-admin's token of every host here. */
export const ADMIN = 'admin-token-of-the-benchmark-0123456789';

const endings = [];
const atEnd = (ending) => {
  endings.push(ending);
  return ending;
};

/** Ends everything that was started since the last call, the last first. */
export async function clear() {
  for (const ending of endings.splice(0).reverse()) await ending();
}

/** A folder that is removed by {@link clear}. */
export function folder(name) {
  const path = mkdtempSync(join(tmpdir(), `bench-${name}-`));
  chmodSync(path, 0o755);
  atEnd(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Starts a Node.js process that prints a line `{"ready": true, ...}`; `stop` ends it and waits. */
export async function start(args, { env = {}, nodeArgs = [], quiet = true } = {}) {
  const child = spawn(process.execPath, [...nodeArgs, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', quiet ? 'ignore' : 'inherit'],
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await gone;
  };
  atEnd(stop);
  const ready = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes) => {
      text += bytes;
      const line = text.split('\n').find((one) => one.includes('"ready"'));
      if (line !== undefined && text.includes('\n')) resolve(JSON.parse(line));
    });
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code} before it was ready`)));
  });
  return { ...ready, pid: child.pid, stop };
}

/** The vendor: a sandbox without limits, whose regulations are done at once, unless the flags say otherwise. */
export function startSandbox(flags = ['--speed', 'Infinity', '--rate-limit', 'off', '--quota', 'off']) {
  return start([file('packages/segment-sandbox/dist/cli.js'), '--port', '0', ...flags], {
    nodeArgs: ['--max-old-space-size=8192'],
  });
}

/**
 * A project with this plugin installed, its manifest's rate limits lifted: what is measured against a vendor without limits is then the
 * host and not the vendor's pace. Code and checks are those of the plugin.
 */
export function projectWithoutPace() {
  const place = folder('project');
  const plugin = join(place, 'node_modules', 'segment-config-connector');
  mkdirSync(plugin, { recursive: true });
  for (const name of ['dist', 'data', 'manifests', 'package.json'])
    cpSync(file(name), join(plugin, name), { recursive: true });
  // As package managers that share what they install do it: a link for each package that it names.
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(file('package.json'), 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    mkdirSync(dirname(join(place, 'node_modules', name)), { recursive: true });
    symlinkSync(realpathSync(file(`node_modules/${name}`)), join(place, 'node_modules', name));
  }
  const path = join(plugin, 'manifests', 'segment-config.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  for (const limit of manifest.limits.rate) limit.requests = 1_000_000;
  writeFileSync(path, JSON.stringify(manifest));
  writeFileSync(
    join(place, 'package.json'),
    JSON.stringify({ name: 'project', dependencies: { 'segment-config-connector': '*' } }),
  );
  return place;
}

/** For profiles: `BENCH_NODE_ARGS='--cpu-prof --cpu-prof-dir=/tmp/profiles'`. */
const profiling = (process.env.BENCH_NODE_ARGS ?? '').split(' ').filter(Boolean);

/** A host of its own process; `api` calls it. */
export async function startHost({
  command = 'serve',
  dataDir,
  databaseUrl,
  endpoint,
  flags = [],
  project = root,
  nodeArgs = profiling,
  masterKey,
}) {
  const serve = command === 'serve';
  const args = [file('packages/connector-host/dist/cli/main.js'), command, '--data-dir', dataDir, '--root', project];
  if (serve) args.push('--port', '0', '--calls-per-minute', '1000000');
  if (endpoint !== undefined) args.push('--allow-endpoint', endpoint);
  const host = await start([...args, ...flags], {
    nodeArgs,
    quiet: process.env.BENCH_LOG === undefined,
    env: {
      CONNECTOR_HOST_LOG_LEVEL: process.env.BENCH_LOG ?? 'warn',
      ...(serve ? { CONNECTOR_HOST_ADMIN_TOKEN: ADMIN } : {}),
      ...(databaseUrl === undefined ? {} : { CONNECTOR_HOST_DATABASE_URL: databaseUrl }),
      ...(masterKey === undefined ? {} : { CONNECTOR_HOST_MASTER_KEY: masterKey }),
    },
  });
  const api = async (method, path, body, type = 'application/json') => {
    const answer = await fetch(host.url + path, {
      method,
      headers: { authorization: `Bearer ${ADMIN}`, ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'object' && 'pipe' in body ? body : JSON.stringify(body), duplex: 'half' }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 500)}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return { ...host, api };
}

/**
 * Connects the host to the sandbox; answers the connection's id. The monthly quota is lifted: a million people would otherwise wait for
 * the months to come.
 */
export async function connect({ api }, sandbox, config = {}) {
  const made = await api('POST', '/api/v1/connections', {
    connector: 'segment-config',
    name: 'Measured',
    config: {
      apiToken: sandbox.tokens.publicOwner,
      workspaceName: sandbox.workspace,
      baseUrl: sandbox.url,
      userIdsAreEmails: true,
      ...config,
    },
  });
  await api('PATCH', `/api/v1/connections/${made.id}`, { settings: { monthlyQuota: 1_000_000_000 } });
  return made.id;
}

/** Uploads an import file; every line of it must be taken. */
export async function upload({ api }, path, count, format = 'csv') {
  const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
  const report = await api('POST', '/api/v1/requests/import', createReadStream(path), type);
  if (report.accepted !== count) throw new Error(`Only ${report.accepted} of ${count} were accepted.`);
}

/** How to connect to the embedded server of a data folder. */
export async function embeddedConnection(dataDir) {
  const { joinServer } = await import('../packages/connector-host/dist/store/embedded/server.js');
  const { openLog } = await import('../packages/connector-host/dist/log.js');
  const server = await joinServer({ dataDir, log: openLog({ level: 'fatal' }) });
  atEnd(() => server.leave());
  return server.connection;
}

/** A connection to the embedded server of a data folder. */
export async function embeddedClient(dataDir) {
  return client(await embeddedConnection(dataDir));
}

/** The process of the server behind a connection, on the same machine. */
export async function serverProcess(db) {
  const [{ pid }] = (await db.query('select pg_backend_pid() as pid')).rows;
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
}

/** A connection that {@link clear} ends. */
export async function client(connection) {
  const found = new pg.Client(connection);
  await found.connect();
  atEnd(() => found.end().catch(() => undefined));
  return found;
}

const settings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

function serverPrograms() {
  const newest = existsSync('/usr/lib/postgresql')
    ? readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a))
    : [];
  for (const version of newest) {
    const place = join('/usr/lib/postgresql', version, 'bin');
    if (existsSync(join(place, 'initdb')) && existsSync(join(place, 'pg_ctl'))) return place;
  }
  return undefined;
}

/**
 * A plain PostgreSQL server as its distribution sets it up, with fsync on. Answers `undefined` where none is installed.
 * @param more settings beside the defaults.
 */
export async function startServer(more = {}, programs = serverPrograms()) {
  if (programs === undefined) return undefined;
  const place = folder('server');
  const asRoot = process.getuid?.() === 0;
  const account = asRoot ? accountOf('postgres') : {};
  if (asRoot) execFileSync('chown', [`${account.uid}:${account.gid}`, place]);
  const options = { ...account, cwd: place, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };
  const data = join(place, 'data');
  const password = randomBytes(12).toString('hex');
  writeFileSync(join(place, 'password'), password, { mode: 0o644 });
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'bench', '-A', 'scram-sha-256', '--pwfile', join(place, 'password'), '-E', 'UTF8'],
    options,
  );
  const port = await freePort();
  const flags = Object.entries({
    ...settings,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: place,
    port,
    max_connections: 200,
    ...more,
  });
  await run(
    join(programs, 'pg_ctl'),
    [
      'start',
      '-w',
      '-s',
      '-D',
      data,
      '-l',
      join(place, 'log'),
      '-o',
      flags.map(([name, value]) => `-c ${name}=${value}`).join(' '),
    ],
    options,
  );
  atEnd(() =>
    run(join(programs, 'pg_ctl'), ['stop', '-w', '-s', '-m', 'fast', '-D', data], options).catch(() => undefined),
  );
  const url = `postgresql://bench:${password}@127.0.0.1:${port}/postgres`;
  return { url };
}

function accountOf(name) {
  const id = (flag) => Number(execFileSync('id', [flag, name]).toString());
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until `holds` answers true. */
export async function until(holds, { everyMs = 100, patienceMs = 1_800_000 } = {}) {
  const giveUpAt = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error('It did not come to that in time.');
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
