/** Sessions that a pooler keeps from a time when the database took no writes: it would hand them on for an hour, as they are. */
import pg from 'pg';
import { type Standing, standingQuery } from './session.js';

/** So many are ended at most; then the database itself is believed. */
const MOST = 40;

/** Pause between two looks for them, in milliseconds. */
const AGAIN_MS = 5_000;

/** How long one may take to be looked at, in milliseconds. */
const PATIENCE = 5_000;

/**
 * Ends the sessions that take no writes, until one is met that does. Without a pooler there is nothing to do: sessions are as new as
 * their connections.
 * @returns whether sessions were ended, and one was met then that takes writes.
 */
export async function endStaleSessions(connection: pg.ClientConfig): Promise<boolean> {
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
      const { rows } = await client.query<Standing & { pid: number }>(`${standingQuery}, pg_backend_pid() as pid`);
      const [session] = rows;
      if (session === undefined || session.recovering) return false;
      if (!session.readOnly) return ended > 0;
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
    void endStaleSessions(connection);
  };
}
