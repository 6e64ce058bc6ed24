import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const host = fileURLToPath(new URL('../../packages/connector-host', import.meta.url));

/** Folder of the server for tests. It is kept from run to run; several runs at once share it, and the last of them stops it. */
const dataDir = join(tmpdir(), `connector-host-tests-${userInfo().uid}`);

/** Data of tests may be lost, and a template that the server looks after cannot be copied. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '300',
};

/** Any number will do, as long as all runs take the same. */
const MAKING_THE_TEMPLATE = 4_600_099;

/** Stops the server where no other run uses it. */
export let stopServer = async () => {};

/**
 * Starts the host's own PostgreSQL, unless `CONNECTOR_HOST_TEST_DATABASE_URL` names a server, and makes the database on it that the
 * test files' own are copies of. The server's address and the template's name are for the workers in the environment.
 */
export async function startServer() {
  const given = process.env['CONNECTOR_HOST_TEST_DATABASE_URL'];
  const url = given ?? (await embedded());
  process.env['CONNECTOR_HOST_TEST_DATABASE_URL'] = url;
  process.env['CONNECTOR_HOST_TEST_TEMPLATE'] = await makeTemplate(url);
}

async function embedded() {
  const { joinServer } = await import('../../packages/connector-host/dist/store/embedded/server.js');
  const { connection, leave } = await joinServer({ dataDir, log: await quietLog(), settings });
  stopServer = async () => {
    delete process.env['CONNECTOR_HOST_TEST_DATABASE_URL'];
    await leave();
  };
  const { user, password, host = '', port } = connection;
  return `postgresql://${user}:${encodeURIComponent(String(password))}@/postgres?host=${encodeURIComponent(host)}&port=${port}`;
}

/** Makes a database with all tables of the host and of its job engine, where there is none of this version; answers its name. */
async function makeTemplate(/** @type {string} */ url) {
  const name = `template_${version()}`;
  const admin = new pg.Client(url);
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock($1)', [MAKING_THE_TEMPLATE]);
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 1) return name;
    await admin.query(`drop database if exists ${name}_unfinished with (force)`);
    await admin.query(`create database ${name}_unfinished`);
    await fill(urlOf(url, `${name}_unfinished`));
    await admin.query(`alter database ${name}_unfinished rename to ${name}`);
    return name;
  } finally {
    await admin.end();
  }
}

async function fill(/** @type {string} */ url) {
  const { openDatabase } = await import('../../packages/connector-host/dist/store/database.js');
  const { PgBossEngine } = await import('../../packages/connector-host/dist/engine/pg-boss-engine.js');
  const log = await quietLog();
  const database = await openDatabase({ url, dataDir, log });
  const engine = new PgBossEngine({ db: database, log });
  await engine.start();
  await engine.stop(0);
  await database.close();
}

/** Changes with everything that makes tables. */
function version() {
  const migrations = join(host, 'migrations');
  const files = readdirSync(migrations).filter((name) => name.endsWith('.sql'));
  const hash = createHash('sha256').update(readFileSync(join(host, 'dist/engine/pg-boss-engine.js')));
  hash.update(readFileSync(join(host, 'package.json')));
  for (const name of files.sort()) hash.update(name).update(readFileSync(join(migrations, name)));
  return hash.digest('hex').slice(0, 16);
}

async function quietLog() {
  const { openLog } = await import('../../packages/connector-host/dist/log.js');
  return openLog({ level: 'fatal' });
}

/** Address of another database on the same server. */
function urlOf(/** @type {string} */ url, /** @type {string} */ name) {
  return url.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${name}`);
}
