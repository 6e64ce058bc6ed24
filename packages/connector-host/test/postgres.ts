/**
 * A real PostgreSQL for tests: one server for the whole run, started before its first test. Each test file gets a database of its own, a
 * copy of one that has all tables. Where `CONNECTOR_HOST_TEST_DATABASE_URL` names a server, tests use that one instead.
 */
import { randomBytes } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Logger, openLog } from '../src/log.js';
import { type Database, openDatabase } from '../src/store/database.js';

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

/** For options that ask for a folder which a host with a server's URL never looks at. */
export const sharedDataDir = join(tmpdir(), `connector-host-tests-${userInfo().uid}`);

const server = process.env['CONNECTOR_HOST_TEST_DATABASE_URL'] ?? '';
const template = process.env['CONNECTOR_HOST_TEST_TEMPLATE'] ?? '';

/**
 * Makes a database with all tables and no rows. Call it in `beforeAll`, and its `drop` in `afterAll`.
 * @param poolSize most connections of the pool.
 */
export async function testDatabase(poolSize = 10): Promise<TestDatabase> {
  const name = `test_${Date.now()}_${randomBytes(4).toString('hex')}`;
  const url = server.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${name}`);
  await asAdmin(async (admin) => {
    await dropLeftovers(admin);
    await admin.query(`create database ${name} template ${template}`);
  });
  const db = await openDatabase({ url, dataDir: sharedDataDir, log: testLog, poolSize });
  return {
    db,
    url,
    drop: async () => {
      await db.close();
      await asAdmin((admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  };
}

async function asAdmin(work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client(server);
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
