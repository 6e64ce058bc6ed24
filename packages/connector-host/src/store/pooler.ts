/** Whether a pooler between the host and the server gives each connection a session of its own. */
import type pg from 'pg';
import { HostProblem } from '../problem.js';

/** How often two connections are held against each other: a pooler may hand out another session by chance. */
const ROUNDS = 3;

const pidOf = async (client: pg.Client): Promise<number> =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;

/** Whether there is something between: it says another number for the session than the session itself. */
async function isPooled(client: pg.Client): Promise<boolean> {
  return (client as unknown as { processID: number | null }).processID !== (await pidOf(client));
}

/** Whether sessions are handed from connection to connection: while one waits, another gets its session. */
async function shares(first: pg.Client, second: pg.Client): Promise<boolean> {
  const own = await pidOf(first);
  await second.query('begin');
  try {
    if ((await pidOf(second)) === own) return true;
    return (await pidOf(first)) !== own;
  } finally {
    await second.query('rollback');
  }
}

/**
 * Demands that a connection is a session: locks of a session and `LISTEN` stand on it.
 * @throws HostProblem OPTION_INVALID behind a pooler that shares sessions out by transaction or statement.
 */
export async function demandSessions(client: pg.Client, open: () => Promise<pg.Client>, server: string): Promise<void> {
  if (!(await isPooled(client))) return;
  const other = await open();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [first, second] = round % 2 === 0 ? [client, other] : [other, client];
      if (await shares(first, second)) throw sharedOut(server);
    }
  } catch (error) {
    // What a pooler says that shares out single statements.
    if ((error as { code?: string }).code === '08P01') throw sharedOut(server);
    throw error;
  } finally {
    await other.end().catch(() => undefined);
  }
}

function sharedOut(server: string): HostProblem {
  return new HostProblem(
    'OPTION_INVALID',
    `CONNECTOR_HOST_DATABASE_URL: the pooler at ${server} gives each transaction to another session; the host needs sessions of its own, for its locks and to hear of events.`,
    {
      remedy:
        'Give the URL of the server itself (often port 5432), or of a pooler in session mode (PgBouncer: pool_mode = session).',
    },
  );
}
