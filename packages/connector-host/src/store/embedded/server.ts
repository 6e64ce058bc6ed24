/**
 * The PostgreSQL server that the host brings with it: made on first use, started when nobody runs it, shared by every process that
 * names the same data folder, and stopped by the last of them to leave. A process that is killed leaves the server running; the next
 * one uses it.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { run } from '../../child.js';
import { stopwatch } from '../../clock.js';
import type { Logger } from '../../log.js';
import { diskFull } from '../disk-full.js';
import { type Binaries, findBinaries } from './binaries.js';
import { checkVersion, cleanEnvironment, EMBEDDED_ROLE, makeCluster, placeFor, readPassword } from './cluster.js';
import { type Postmaster, readPostmaster } from './postmaster.js';
import { freeBytes, logMegabytes, Room } from './room.js';
import { findRunAs, type RunAs } from './run-as.js';
import { type PidFile, removeStale } from './stale.js';
import { Watch } from './watch.js';

/** Advisory lock that every process using the server holds shared; who gets it alone is the last one. */
const MEMBERS = 4_600_001;

/** A start that takes longer is told. */
const USUAL_START_MS = 5_000;

/** Longest path of a Unix socket that every system takes. */
const SOCKET_PATH = 100;

/** How the server is started. */
export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log: Logger;
  /** `socket` (a Unix socket in the data folder) or `tcp` (loopback, a free port). Default: `socket` where the system and the path allow. */
  readonly via?: 'socket' | 'tcp';
  /** Server settings beside the host's own, such as `{ fsync: 'off' }` for a database that may be lost. Names and values are plain words. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long a server that is there may take until it takes connections. Default: ten minutes, enough to recover from a crash. */
  readonly patienceMs?: number;
  /** How many bytes are free where a folder is. Default: what the system says. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** A running server, as one of its users. */
export interface EmbeddedServer {
  /** How to connect, as {@link EMBEDDED_ROLE}, to the database `postgres`. Holds the password. */
  readonly connection: pg.ClientConfig;
  /** The room on its disk. */
  readonly room: Room;
  /** Stops using the server, and stops it where nobody else uses it. */
  leave(): Promise<void>;
}

/** The pid file, where its process is there. */
async function runningIn(place: string): Promise<PidFile | undefined> {
  const path = join(place, 'cluster', 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  const postmaster = readPostmaster(text);
  if (!postmaster) return undefined;
  try {
    process.kill(postmaster.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  return { path, text, postmaster };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** @param port the TCP port that it had before: whoever uses it knows it by that. */
async function start(
  place: string,
  binaries: Binaries,
  as: RunAs,
  options: EmbeddedOptions,
  port: number | undefined,
): Promise<void> {
  const fits = process.platform !== 'win32' && join(place, 'cluster', '.s.PGSQL.5432').length <= SOCKET_PATH;
  const via = options.via ?? (fits ? 'socket' : 'tcp');
  const listen: Record<string, string> =
    via === 'socket'
      ? { listen_addresses: "''", port: '5432', unix_socket_directories: '.' }
      : { listen_addresses: '127.0.0.1', port: String(port ?? (await freePort())), unix_socket_directories: "''" };
  // What statements are given may be people's data, and a search's is in clear: the server's log leaves it out.
  const quiet = { log_parameter_max_length: '0', log_parameter_max_length_on_error: '0' };
  // PostgreSQL's own defaults are for the smallest of machines; memory is taken only as far as the data needs it, and the disk for its
  // log as far as there is room.
  const free = await (options.freeBytes ?? freeBytes)(place);
  const roomy = { shared_buffers: '256MB', min_wal_size: '32MB', max_wal_size: `${logMegabytes(free)}MB` };
  const settings = { max_connections: '200', ...roomy, ...quiet, ...listen, ...options.settings };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  // Names relative to the folder, so that no path has to survive the shell that pg_ctl starts the server with.
  await run(
    join(binaries.folder, 'pg_ctl'),
    ['start', '-w', '-s', '-D', 'cluster', '-l', 'server.log', '-o', flags.join(' ')],
    {
      cwd: place,
      env: cleanEnvironment(),
      ...as,
    },
  );
}

async function stop(place: string, binaries: Binaries, as: RunAs): Promise<void> {
  await run(join(binaries.folder, 'pg_ctl'), ['stop', '-w', '-s', '-m', 'fast', '-D', 'cluster'], {
    cwd: place,
    env: cleanEnvironment(),
    ...as,
  });
}

async function connect(
  place: string,
  server: Postmaster,
  password: string,
  log: Logger,
): Promise<[pg.Client, pg.ClientConfig]> {
  const folder = server.socketFolder === '.' ? '' : (server.socketFolder ?? '');
  const connection: pg.ClientConfig = {
    host: server.address ?? join(place, 'cluster', folder),
    port: server.port,
    user: EMBEDDED_ROLE,
    password,
    database: 'postgres',
    ssl: false,
  };
  const keeper = new pg.Client({ ...connection, application_name: 'connector-host keeper' });
  keeper.on('error', (error) => log.debug({ err: error }, 'The connection that keeps PostgreSQL running ended'));
  try {
    await keeper.connect();
    await keeper.query('select pg_advisory_lock_shared($1)', [MEMBERS]);
    return [keeper, connection];
  } catch (error) {
    await keeper.end().catch(() => undefined);
    throw error;
  }
}

/**
 * Uses the server of a data folder; makes and starts it where need be. A server that is recovering from a crash is waited for, and one
 * that ends while it is used is started again.
 * @throws ServerUnusable where it is of another account or version; Error with the end of the server's log where it does not start.
 */
export async function joinServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { log } = options;
  const as = await findRunAs();
  const place = await placeFor(options.dataDir, as, log);
  const binaries = await findBinaries(as, as.uid === undefined ? options.dataDir : join(place, '..'));
  if ((await readPassword(place)) === undefined) await makeCluster(place, binaries, as);
  await checkVersion(place, binaries);
  const password = (await readPassword(place)) ?? '';
  const room = new Room(place, log, options.freeBytes);
  const roomy = async (port?: number) => {
    // A server that ended for want of room needs some to begin again.
    await room.look().catch(() => undefined);
    return enter(place, binaries, as, password, options, port).catch(async (error: unknown) => {
      const shortage = await room.shortage();
      throw shortage ? diskFull(shortage) : error;
    });
  };
  const [keeper, connection] = await roomy();
  const watch = new Watch(keeper, log, async () => (await roomy(connection.port))[0]);
  room.watch();
  return {
    connection,
    room,
    leave: async () => {
      await room.close();
      await leave(await watch.stop(), () => stop(place, binaries, as), log);
    },
  };
}

/** Finds the server, or starts it. */
async function enter(
  place: string,
  binaries: Binaries,
  as: RunAs,
  password: string,
  options: EmbeddedOptions,
  port?: number,
): Promise<[pg.Client, pg.ClientConfig]> {
  const { log } = options;
  const begins = waiting(place, options);
  for (let failures = 0; ; ) {
    const found = await runningIn(place);
    const server = found?.postmaster;
    try {
      if (server?.ready) return await connect(place, server, password, log);
    } catch (error) {
      // Shut down meanwhile by the last that used it, or its pid file outlived it: start it.
      log.debug({ err: error }, 'PostgreSQL was there and did not answer');
    }
    if (found && (await removeStale(found))) {
      log.warn({ place, pid: server?.pid }, 'PostgreSQL had crashed, and its number belongs to another process by now');
    } else if (server && !server.ready) {
      await begins(server.pid);
      continue;
    }
    try {
      await start(place, binaries, as, options, port);
      log.info({ place }, 'PostgreSQL started');
    } catch (error) {
      // Another process may have been faster: look again.
      failures += 1;
      if (failures < 50) await delay(100);
      else throw new Error(`PostgreSQL did not start in ${place}: ${(error as Error).message}\n${await logEnd(place)}`);
    }
  }
}

async function leave(keeper: pg.Client | undefined, stopServer: () => Promise<void>, log: Logger): Promise<void> {
  // It ended by itself, and is not there to be stopped.
  if (keeper === undefined) return;
  try {
    // The own share goes first, so that of two that leave at once one finds itself alone.
    await keeper.query('select pg_advisory_unlock_shared($1)', [MEMBERS]);
    const { rows } = await keeper.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [MEMBERS]);
    if (rows[0]?.alone) {
      await stopServer();
      log.info('PostgreSQL stopped');
    }
  } catch (error) {
    log.warn({ err: error }, 'PostgreSQL was left running: it could not be asked who uses it');
  } finally {
    await keeper.end().catch(() => undefined);
  }
}

/** Waits for a server that is there and takes no connections yet: for a while, not for ever. */
function waiting(place: string, { log, patienceMs = 600_000 }: EmbeddedOptions): (pid: number) => Promise<void> {
  let waited: (() => number) | undefined;
  let told = false;
  return async (pid) => {
    waited ??= stopwatch();
    if (waited() >= patienceMs) {
      const remedy = `If process ${pid} is no PostgreSQL, remove ${join(place, 'cluster', 'postmaster.pid')}.`;
      throw new Error(`PostgreSQL in ${place} takes no connections. ${remedy}\n${await logEnd(place)}`);
    }
    if (!told && waited() >= USUAL_START_MS) {
      told = true;
      log.info({ place, pid }, 'PostgreSQL is starting, which takes a while after a crash: waiting for it');
    }
    await delay(100);
  };
}

async function logEnd(place: string): Promise<string> {
  const text = await readFile(join(place, 'server.log'), 'utf8').catch(() => '');
  return text.slice(-2000);
}
