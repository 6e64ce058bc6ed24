/** Sessions that a pooler keeps from a time when the database took no writes: it would hand them on for an hour, as they are. */
import pg from 'pg';
import { type Standing, standingQuery } from './session.js';

/** So many are ended at most in a row. */
const MOST = 200;

/** Pause between two looks for them, in milliseconds. */
const AGAIN_MS = 5_000;

/** How long one may take to be looked at, in milliseconds. */
const PATIENCE = 5_000;

/** What a session says of itself; times in seconds by the database's clock. */
interface Session extends Standing {
  readonly pid: number;
  readonly born: number;
  readonly now: number;
}

const query = `${standingQuery}, pg_backend_pid() as pid, extract(epoch from clock_timestamp())::float8 as now,
  (select extract(epoch from backend_start)::float8 from pg_stat_activity where pid = pg_backend_pid()) as born`;

/**
 * Ends the sessions that take no writes, until one is met that does. Without a pooler there is nothing to do: sessions are as new as
 * their connections.
 * @returns whether one was met that takes writes: those before it were ended here, or by another process in the same moment.
 */
export async function endStaleSessions(connection: pg.ClientConfig): Promise<boolean> {
  let began = Number.POSITIVE_INFINITY;
  for (let ended = 0; ended < MOST; ended += 1) {
    const client = new pg.Client({
      ...connection,
      application_name: 'connector-host ends stale sessions',
      connectionTimeoutMillis: PATIENCE,
      query_timeout: PATIENCE,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const [session] = (await client.query<Session & pg.QueryResultRow>(query)).rows;
      if (session === undefined || session.recovering) return false;
      if (!session.readOnly) return true;
      // One that was opened just now is as the database is.
      if (session.born > began) return false;
      began = Math.min(began, session.now);
      // A pooler gives a number of its own for the session's.
      if (session.pid === (client as unknown as { processID: number }).processID) return false;
      await client.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}

/** {@link endStaleSessions} for whoever meets one: many do at once. */
export function staleSessionsEnder(connection: pg.ClientConfig): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - last < AGAIN_MS) return;
    last = performance.now();
    endStaleSessions(connection).catch(() => undefined);
  };
}
