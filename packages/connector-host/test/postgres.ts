/**
 * A real PostgreSQL for tests: the host's own embedded server, one for all test files that run at the same time, kept in the system's
 * folder for temporary files. The last test file to finish stops it. Each test file gets a database of its own. Where
 * `CONNECTOR_HOST_TEST_DATABASE_URL` names a server, tests use that one instead.
 */
import { randomBytes } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import pg from 'pg';
import { type Logger, openLog } from '../src/log.js';
import { type Database, openDatabase } from '../src/store/database.js';
import { type EmbeddedServer, joinServer } from '../src/store/embedded/server.js';

// A real server on a machine that others use too takes its time.
jest.setTimeout(60_000);

/** A database of a test's own. */
export interface TestDatabase {
  readonly db: Database;
  /** For a second process, or a second {@link openDatabase}, on the same database. */
  readonly url: string;
  /** Closes it and drops the database. */
  drop(): Promise<void>;
}

/** Says nothing below errors; set `CONNECTOR_HOST_TEST_LOG=debug` to hear more. */
export const testLog: Logger = openLog({ level: process.env['CONNECTOR_HOST_TEST_LOG'] ?? 'fatal' });

/** Folder of the server that tests share. Its data may be lost, so it does without fsync. */
export const sharedDataDir = join(tmpdir(), `connector-host-tests-${userInfo().uid}`);

const given = process.env['CONNECTOR_HOST_TEST_DATABASE_URL'];

const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  log_min_duration_statement: '80',
};

/**
 * Makes an empty, migrated database. Call it in `beforeAll`, and its `drop` in `afterAll`.
 * @param poolSize most connections of the pool.
 */
export async function testDatabase(poolSize = 10): Promise<TestDatabase> {
  const server = await findServer();
  const name = `test_${Date.now()}_${randomBytes(4).toString('hex')}`;
  const url = urlOf(server.connection, name);
  let db: Database;
  try {
    await asAdmin(server.connection, async (admin) => {
      await dropLeftovers(admin);
      await admin.query(`create database ${name}`);
    });
    db = await openDatabase({ url, dataDir: sharedDataDir, log: testLog, poolSize });
  } catch (error) {
    await server.leave();
    throw error;
  }
  return {
    db,
    url,
    drop: async () => {
      await db.close();
      await asAdmin(server.connection, (admin) => admin.query(`drop database if exists ${name} with (force)`));
      await server.leave();
    },
  };
}

/**
 * Keeps the server running between the databases of one test file. Call it in `beforeAll`, and what it answers in `afterAll`.
 */
export async function keepServer(): Promise<() => Promise<void>> {
  const server = await findServer();
  return () => server.leave();
}

async function findServer(): Promise<EmbeddedServer> {
  if (given === undefined) return joinServer({ dataDir: sharedDataDir, log: testLog, settings });
  return { connection: { connectionString: given }, leave: async () => undefined };
}

/** Address of another database on the same server. */
function urlOf(connection: pg.ClientConfig, name: string): string {
  if (given !== undefined) {
    const url = new URL(given);
    url.pathname = `/${name}`;
    return url.href;
  }
  const { user, password, host = '', port } = connection;
  return `postgresql://${user}:${encodeURIComponent(String(password))}@/${name}?host=${encodeURIComponent(host)}&port=${port}`;
}

async function asAdmin(connection: pg.ClientConfig, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client(connection);
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

/** Drops what tests that were killed left behind more than an hour ago. */
async function dropLeftovers(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    "select datname as name from pg_database where datname ~ '^test_[0-9]+_'",
  );
  for (const { name } of rows) {
    if (Date.now() - Number(name.split('_')[1]) > 3_600_000)
      await admin.query(`drop database if exists ${name} with (force)`);
  }
}
