import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

/** Advisory lock under which migrations run: of several processes that start at once, one migrates and the others wait for it. */
const MIGRATING = 4_600_002;

/** Oldest PostgreSQL the host works with. */
const OLDEST = 150_000;

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * Brings the database up to the newest tables; forward only, and nothing where it is there already.
 * @throws Error with the remedy where the server is older than PostgreSQL 15.
 */
export async function bringUpToDate(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client({ ...connection, application_name: 'connector-host migrations' });
  // The query that was under way fails with it; unheard, it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ version: number; name: string }>(
      "select current_setting('server_version_num')::int as version, current_setting('server_version') as name",
    );
    const server = rows[0];
    if (server && server.version < OLDEST) {
      throw new Error(`The database server is PostgreSQL ${server.name}. The host needs PostgreSQL 15 or later.`);
    }
    await client.query('select pg_advisory_lock($1)', [MIGRATING]);
    await migrate(drizzle(client), { migrationsFolder, migrationsSchema: 'connector_host_migrations' });
  } finally {
    // The lock goes with the connection.
    await client.end();
  }
}
