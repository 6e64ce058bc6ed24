/** A database as an older version of the host left it: for tests of what a migration makes of the rows in it. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { bringUpToDate } from '../../src/store/migrate.js';
import { type TestDatabase, testLog } from '../postgres.js';

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));

/** The folder of migrations up to and with the one whose tag begins so. */
async function migrationsUntil(tag: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'older-migrations-'));
  await cp(migrations, folder, { recursive: true });
  const path = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: { tag: string }[] };
  const last = journal.entries.findIndex((entry) => entry.tag.startsWith(tag));
  if (last === -1) throw new Error(`There is no migration ${tag}`);
  await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }));
  return folder;
}

/**
 * Makes the tables anew as they were with the migration `tag`, lets `fill` write rows, and brings the database up to date.
 * @param tag how the name of the last migration of that version begins: `0004`.
 */
export async function broughtOver(
  database: TestDatabase,
  tag: string,
  fill: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const connection = { connectionString: database.url };
  const client = new pg.Client(connection);
  const migrationsFolder = await migrationsUntil(tag);
  await client.connect();
  try {
    await client.query('drop schema if exists connector_host, connector_host_migrations cascade');
    await migrate(drizzle(client), { migrationsFolder, migrationsSchema: 'connector_host_migrations' });
    await fill(client);
  } finally {
    await client.end();
    await rm(migrationsFolder, { recursive: true });
  }
  await bringUpToDate({ connection, server: 'the test server', log: testLog, patienceMs: 600_000 });
}
