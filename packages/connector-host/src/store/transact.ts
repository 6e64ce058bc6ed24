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
