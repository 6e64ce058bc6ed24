import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { stopwatch } from '../clock.js';
import type { Logger } from '../log.js';
import { HostProblem } from '../problem.js';
import { demandSessions } from './pooler.js';
import { closedBy, demandUsableDatabase, prepareSession, type Standing, standingQuery } from './session.js';
import { endStaleSessions } from './stale-sessions.js';

/** Advisory lock under which migrations run: of several processes that start at once, one migrates and the others wait for it. */
const MIGRATING = 4_600_002;

/** Oldest PostgreSQL the host works with. */
const OLDEST = 150_000;

/** A wait for another process that takes longer is told, in milliseconds. */
const USUAL_WAIT_MS = 3_000;

const config = {
  migrationsFolder: fileURLToPath(new URL('../../migrations', import.meta.url)),
  migrationsSchema: 'connector_host_migrations',
};

/** How to bring the database up to date. */
export interface UpToDateOptions {
  readonly connection: pg.ClientConfig;
  /** Where the server is, in words for people. */
  readonly server: string;
  readonly log: Logger;
  /** How long another process may migrate, in milliseconds. */
  readonly patienceMs: number;
}

/**
 * Brings the database up to the newest tables; forward only, and nothing where it is there already.
 * @throws Error with the remedy where the server is older than PostgreSQL 15; HostProblem where it cannot be used as it is, or where
 *   somebody holds the lock of the migrations for too long, or the tables are those of a version that cannot be brought up to date.
 */
export async function bringUpToDate(options: UpToDateOptions): Promise<void> {
  const open = async () => {
    const client = new pg.Client({ ...options.connection, application_name: 'connector-host migrations' });
    // The query that was under way fails with it; unheard, it would end the process.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const client = await open();
  try {
    await prepareSession(client);
    const { rows } = await client.query<Standing & { version: number; name: string }>(
      `${standingQuery}, current_setting('server_version_num')::int as version, current_setting('server_version') as name`,
    );
    const server = rows[0];
    if (server && server.version < OLDEST) {
      throw new Error(`The database server is PostgreSQL ${server.name}. The host needs PostgreSQL 15 or later.`);
    }
    if (server && closedBy(server) !== undefined) {
      await client.end();
      if (await endStaleSessions(options.connection)) return await bringUpToDate(options);
    }
    if (server) demandUsableDatabase(server);
    await demandSessions(client, open, options.server);
    await lockMigrations(client, options);
    try {
      await demandBaseline(client);
      await migrate(drizzle(client), config);
    } finally {
      // With the connection it goes by itself, unless a pooler keeps the session.
      await client.query('select pg_advisory_unlock($1)', [MIGRATING]).catch(() => undefined);
    }
  } finally {
    await client.end();
  }
}

/**
 * Refuses tables that are older than the baseline. It bears the time of the last migration that it took the place of: the migrator, which
 * goes by the time alone, holds a database that has all of those for one that has the baseline.
 */
async function demandBaseline(client: pg.Client): Promise<void> {
  const applied = `${config.migrationsSchema}.__drizzle_migrations`;
  const { rows: there } = await client.query('select from pg_class where oid = to_regclass($1)', [applied]);
  if (there.length === 0) return;
  const { rows } = await client.query<{ last: number | null }>(
    `select max(created_at)::float8 as last from ${applied}`,
  );
  const [baseline] = readMigrationFiles(config);
  const last = rows[0]?.last ?? null;
  if (baseline === undefined || last === null || last >= baseline.folderMillis) return;
  throw new HostProblem('OPTION_INVALID', 'The tables of the database are those of a version from before 1.0.0.', {
    remedy: 'Begin with an empty database, or with an empty data folder where the host brings its own.',
  });
}

/** Waits for whoever migrates: not for ever, and not without a word. */
async function lockMigrations(client: pg.Client, { log, patienceMs }: UpToDateOptions): Promise<void> {
  const waited = stopwatch();
  for (let told = false; ; ) {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [MIGRATING]);
    if (rows[0]?.got) return;
    if (waited() >= patienceMs) throw heldBy(await holderOf(client));
    if (!told && waited() >= USUAL_WAIT_MS) {
      told = true;
      log.info({ holder: await holderOf(client) }, 'Waiting for another process that brings the database up to date');
    }
    await delay(200);
  }
}

async function holderOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_locks where locktype = 'advisory' and classid = 0 and objid = $1 and objsubid = 1 and granted
      and database = (select oid from pg_database where datname = current_database())`,
    [MIGRATING],
  );
  return rows[0]?.pid;
}

function heldBy(pid: number | undefined): HostProblem {
  return new HostProblem(
    'NOT_READY',
    `Session ${pid ?? 'unknown'} of the database holds the lock of the migrations (advisory lock ${MIGRATING}) and does not let it go.`,
    {
      remedy: `Wait where another host is being updated. Where none is, a pooler has kept the session of one that ended: select pg_terminate_backend(${pid ?? 'PID'}).`,
    },
  );
}
