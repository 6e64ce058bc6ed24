import { type NodePgDatabase, NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import type pg from 'pg';

/**
 * Gives a session to `work`, which begins a transaction there and commits it. What it throws rolls back; a session that cannot even do
 * that goes to nobody else.
 */
export async function transact<Answer>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Answer>,
): Promise<Answer> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * `transaction` of the typed queries. Drizzle's own keeps its session for good where `begin` fails, so that a database that goes away
 * under load leaves a host without any; and where it cannot roll back, it tells of that instead of what went wrong before.
 */
export function transactionsOf(pool: pg.Pool): NodePgDatabase['transaction'] {
  const dialect = new PgDialect();
  return (work) =>
    transact(pool, async (client) => {
      await client.query('begin');
      const session = new NodePgSession<Record<string, never>, Record<string, never>>(client, dialect, undefined);
      const answer = await work(new NodePgTransaction(dialect, session, undefined));
      await client.query('commit');
      return answer;
    });
}
