/**
 * What the host relies on in each session of the database, whatever its role or its server have as their usual. Set by a statement: a
 * pooler in between refuses settings that come with the connection.
 */
import type pg from 'pg';
import { HostProblem } from '../problem.js';

/** Settings of each session, by name. */
const sessionSettings = {
  // The server finds out within half a minute that a process is gone without a word, and keeps its locks until then. A process finds out
  // as soon where nothing is under way; a query under way ends when the system gives up sending it again (Linux: net.ipv4.tcp_retries2).
  tcp_keepalives_idle: '15',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '2',
  tcp_user_timeout: '25000',
  // No transaction of the host waits for anything but the database, and for a plan, which takes less: that of a process that stands still
  // lets go of its rows.
  idle_in_transaction_session_timeout: '30000',
  // Waits are limited where they are made; a limit of the role would end long ones, such as a migration.
  statement_timeout: '0',
  lock_timeout: '0',
  // Rows of a batch are looked up by the thousand and mostly lie in memory. By its default of 4, meant for turning disks, the server
  // reads a whole table instead, which takes the longer the more people there are.
  random_page_cost: '1.1',
  // What is read is read in these forms.
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  client_encoding: 'UTF8',
  // Whoever waited for a row goes on with it as it is then.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // Names without a schema are the server's own.
  search_path: 'public',
} as const;

const statement = `select set_config(name, value, false) from (values ${Object.entries(sessionSettings)
  .map(([name, value]) => `('${name}', '${value}')`)
  .join(', ')}) as wanted (name, value)
  union all
  select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local')`;

/** How long that may take, in milliseconds. */
const PATIENCE = 10_000;

/** Makes a session that was just opened one of the host's. */
export async function prepareSession(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  // The time that a connection may take is over with its login: a server that falls silent then would be waited for without end.
  const limited: pg.QueryConfig & { query_timeout: number } = { text: statement, query_timeout: PATIENCE };
  await client.query(limited);
}

/** What a session says of the database that it is in. */
export interface Standing {
  readonly encoding: string;
  readonly recovering: boolean;
  readonly readOnly: boolean;
}

/** Reads the {@link Standing}. */
export const standingQuery = `select current_setting('server_encoding') as encoding, pg_is_in_recovery() as recovering,
  current_setting('transaction_read_only')::boolean as "readOnly"`;

/** Why the database takes no writes, by the name of what says so; undefined where it takes them. */
export function closedBy({ recovering, readOnly }: Pick<Standing, 'recovering' | 'readOnly'>): string | undefined {
  if (recovering) return 'takes no writes: it is a standby (pg_is_in_recovery)';
  return readOnly ? 'takes no writes: default_transaction_read_only is on' : undefined;
}

/**
 * Demands what no session can set for itself.
 * @throws HostProblem that names the setting.
 */
export function demandUsableDatabase(standing: Standing): void {
  if (standing.encoding !== 'UTF8') {
    throw new HostProblem(
      'OPTION_INVALID',
      `The database has the encoding ${standing.encoding} (server_encoding), which cannot hold every name.`,
      { remedy: "Make one for the host: create database NAME encoding 'UTF8' template template0." },
    );
  }
  const closed = closedBy(standing);
  if (closed === undefined) return;
  throw new HostProblem('NOT_READY', `The database ${closed}.`, {
    remedy:
      'Give the URL of the primary. Where the setting is wrong: alter role or alter database ... reset default_transaction_read_only.',
  });
}
