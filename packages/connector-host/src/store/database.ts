import type { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { given } from '../given.js';
import type { Logger } from '../log.js';
import { HostProblem } from '../problem.js';
import { accountOf } from './embedded/account.js';
import type { Shortage } from './embedded/room.js';
import { type EmbeddedServer, joinServer } from './embedded/server.js';
import { type ReadUrl, readHosts, steered } from './hosts.js';
import { Listener } from './listener.js';
import { bringUpToDate, type UpToDateOptions } from './migrate.js';
import { Outage } from './outage.js';
import { prepareSession } from './session.js';
import { staleSessionsEnder } from './stale-sessions.js';
import { transactionsOf } from './transact.js';
import { troubleProblem } from './trouble.js';

/** Typed queries over the host's tables. */
export type Orm = NodePgDatabase;

/** What a function works on that may run inside a transaction of its caller: {@link Database.orm} or what `orm.transaction` hands out. */
export type Queryable = Pick<Orm, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute'>;

/** The host's database: the operator's server, or one the host started. All state is in it. */
export interface Database {
  /** Connections for statements of our own making, such as `COPY`. */
  readonly pool: pg.Pool;
  /** One connection that sends a statement before the one ahead of it is answered: several of them take one wait. No `COPY`. */
  readonly swift: pg.Pool;
  readonly orm: Orm;
  /** What is announced in it. */
  readonly listener: Listener;
  /** How to open a connection of one's own, or another pool. Holds the password: never log it. */
  readonly connection: pg.PoolConfig;
  /** The server was brought by the host itself. */
  readonly embedded: boolean;
  /** Where trouble with it is told: once, whoever meets it. */
  readonly outage: Outage;
  /** Too little room on the disk to accept anything, where the host can see it: that of an embedded server. */
  shortage(): Promise<Shortage | undefined>;
  /** Bytes that are free on its disk, where the host can see that. */
  freeBytes(): Promise<number | undefined>;
  /** Gives all connections back; stops an embedded server that nobody else uses. May be called twice. */
  close(): Promise<void>;
}

/** How to open the database. */
export interface DatabaseOptions {
  /** `postgresql://...`; absent for the embedded server. */
  readonly url?: string;
  /** Folder of the embedded server; made where it is absent. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Most connections of the pool. Default 10. */
  readonly poolSize?: number;
  /** How long to wait for a server that does not answer yet, in milliseconds; three attempts are made at the least. Default 30 seconds. */
  readonly patienceMs?: number;
  /** How long another process may take to bring the tables up to date, in milliseconds. Default five minutes. */
  readonly migrationMs?: number;
  /** How many bytes are free where a folder is. Default: what the system says. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** How every connection is opened. What a session needs beside that is set once it is there: {@link prepareSession}. */
const watchful: pg.PoolConfig = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 30_000,
  // A new session costs the server many times what its first statement does; the pool's own ten seconds are less than a host's quiet moments.
  idleTimeoutMillis: 300_000,
};

/** What a server says or causes while it is starting, or while the network to it is not there yet. */
const notYet = new Set(['57P03', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT']);

/** What the driver says of a connection that was cut, or that did not come about in time; such errors have no code. */
const unspoken = /connection terminated|timeout expired|query read timeout/i;

/** Attempts that are made at the least: a network that is silent at first may use up all patience with one of them. */
const FEWEST_ATTEMPTS = 3;

/** What a server says where the URL names the wrong account, password or database, or an account that may not make tables there. */
const wrongUrl = new Set(['28P01', '28000', '3D000', '42501']);

const URL_OPTION = 'CONNECTOR_HOST_DATABASE_URL';

/** Where a URL leads to, without the account and the password in it. */
function serverOf(url: string): string {
  try {
    const { host, port } = new pg.Client({ connectionString: url });
    return `${host}:${port}`;
  } catch {
    throw new HostProblem('OPTION_INVALID', `${URL_OPTION} is not a URL that can be read.`, {
      remedy: 'Write it as postgresql://USER:PASSWORD@SERVER/DATABASE, with special characters percent-encoded.',
    });
  }
}

/** The host's own account in its own server, which is left again where it cannot be had. */
async function accountIn(server: EmbeddedServer): Promise<pg.ClientConfig> {
  return accountOf(server.connection).catch(async (error: unknown) => {
    await server.leave();
    throw databaseProblem(error, undefined);
  });
}

/** Every server of a URL, for people. */
function serversOf({ url, places }: ReadUrl): string {
  const first = serverOf(url);
  return places.length === 0 ? first : places.map(({ host, port }) => `${host}:${port}`).join(' or ');
}

/** Trouble with a server in words that say that it is the database; anything else as it is. */
function databaseProblem(error: unknown, server: string | undefined): unknown {
  const { code = '', message } = error as { code?: string; message: string };
  if (server !== undefined && wrongUrl.has(code)) {
    return new HostProblem('OPTION_INVALID', `${URL_OPTION}: the database at ${server} refuses: ${message}.`, {
      remedy: 'Correct the account, the password and the name of the database, which the account must own.',
    });
  }
  if (!notYet.has(code) && !unspoken.test(message))
    return error instanceof HostProblem ? error : (troubleProblem(error) ?? error);
  const place = server === undefined ? 'in the data folder' : `at ${server}`;
  return new HostProblem('NOT_READY', `The database ${place} does not answer (${code || message}).`, {
    remedy: server === undefined ? 'Look at server.log beside it.' : `Start it, or correct ${URL_OPTION}.`,
  });
}

async function migratePatiently(options: UpToDateOptions, patienceMs: number): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bringUpToDate(options);
    } catch (error) {
      const { code = '', message } = error as { code?: string; message: string };
      const over = attempt >= FEWEST_ATTEMPTS && performance.now() > giveUpAt;
      if (over || !(notYet.has(code) || unspoken.test(message))) throw error;
      options.log.info({ code, reason: message }, 'The database does not answer yet');
      await delay(500);
    }
  }
}

/**
 * A session that only reads now leads to a server that was the primary, or was opened while the database took no writes. It is not used
 * again, and neither are those idle beside it, which may be of the same time: the next finds the new primary.
 */
function letGoOf(pool: pg.Pool, client: pg.PoolClient, onStale: () => void): void {
  const { connection } = client as unknown as { connection: EventEmitter };
  connection.on('errorMessage', ({ code }: { code?: string }) => {
    if (code !== '25006') return;
    onStale();
    for (let idle = pool.idleCount; idle > 0; idle -= 1) {
      pool.connect().then(
        (one) => one.release(true),
        () => undefined,
      );
    }
    pool.on('release', function end(_error, released) {
      if (released !== client) return;
      pool.off('release', end);
      // The pool keeps none that is ending.
      void client.end().catch(() => undefined);
    });
  });
}

/**
 * Opens the database and brings its tables up to date. Starts the embedded server where no URL is given.
 * @throws HostProblem NOT_READY where the server does not answer, OPTION_INVALID where the URL is wrong; Error in plain words where the
 *   server cannot be used.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { log } = options;
  const read = options.url === undefined ? undefined : readHosts(options.url);
  const named = read === undefined ? undefined : serversOf(read);
  let server: EmbeddedServer | undefined;
  if (options.url === undefined) {
    const { dataDir, freeBytes } = options;
    server = await joinServer({ dataDir, log, ...given({ freeBytes }) });
  }
  const account = server && (await accountIn(server));
  const connection = steered(
    { ...watchful, onConnect: prepareSession, ...(account ?? { connectionString: read?.url ?? '' }) },
    read?.places ?? [],
  );
  try {
    const migration = {
      connection,
      server: named ?? 'the data folder',
      log,
      patienceMs: options.migrationMs ?? 300_000,
    };
    await migratePatiently(migration, options.patienceMs ?? 30_000);
  } catch (error) {
    await server?.leave();
    throw databaseProblem(error, named);
  }
  // Unheard, the error of a connection that breaks would end the process. The pool hears those that are idle, and replaces them; of one
  // that is in use, the next query fails.
  const outage = new Outage(log);
  const onStale = staleSessionsEnder(connection);
  const poolOf = (more: pg.PoolConfig) => {
    const made = new pg.Pool({ ...connection, application_name: 'connector-host', ...more });
    made.on('error', (error) => outage.met(error, 'A database connection broke'));
    made.on('connect', (client) => {
      outage.over();
      letGoOf(made, client, onStale);
      client.on('error', (error) => log.debug({ err: error }, 'A database connection broke'));
    });
    return made;
  };
  const pool = poolOf({ max: options.poolSize ?? 10 });
  const swift = poolOf({ max: 1, pipeline: true });
  const listener = new Listener(connection, outage);
  let closed: Promise<void> | undefined;
  return {
    pool,
    swift,
    orm: Object.assign(drizzle(pool), { transaction: transactionsOf(pool) }),
    connection,
    listener,
    embedded: server !== undefined,
    outage,
    shortage: async () => server?.room.shortage(),
    freeBytes: async () => server?.room.freeNow(),
    close: () => {
      closed ??= Promise.all([listener.close(), pool.end(), swift.end()]).then(() => server?.leave());
      return closed;
    },
  };
}
