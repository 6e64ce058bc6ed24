/** The circuit breaker of a connection, shared by all workers: how often it failed in a row, and who may try it. */
import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { Queryable } from '../../store/database.js';
import { circuits } from '../../store/schema.js';
import { CIRCUIT_OPENS_AT } from './back-off.js';

/** How long one call may hold the right to be the one that tries, in milliseconds. */
const PROBE = 60_000;

/**
 * Notes that a call failed for reasons of the vendor or the network.
 * @param began when the call began: a call that was on its way while another failed is not counted again.
 * @returns failures in a row.
 */
export async function noteFailure(tx: Queryable, connection: string, began: Date, now: Date): Promise<number> {
  await tx
    .insert(circuits)
    .values({ connection, failures: 1, failedAt: now })
    .onConflictDoUpdate({
      target: circuits.connection,
      set: { failures: sql`${circuits.failures} + 1`, failedAt: now, probeUntil: null },
      // One that failed in the future was noted before the clock was set back.
      setWhere: sql`${circuits.failedAt} <= ${began.toISOString()}::timestamptz or ${circuits.failedAt} > ${now.toISOString()}::timestamptz`,
    });
  const [row] = await tx.select().from(circuits).where(eq(circuits.connection, connection));
  return row?.failures ?? 1;
}

/** Notes that a call came through: the circuit is closed. */
export async function noteSuccess(tx: Queryable, connection: string): Promise<void> {
  await tx.delete(circuits).where(eq(circuits.connection, connection));
}

/** A row of the circuits. */
export type CircuitRow = typeof circuits.$inferSelect;

/**
 * Whether a call may go out. After several failures in a row only one at a time may, until it has come through.
 * @param row of the connection; `null` where no call has failed since one came through.
 */
export async function admits(tx: Queryable, row: CircuitRow | null, now: Date): Promise<boolean> {
  if (row === null || row.failures < CIRCUIT_OPENS_AT) return true;
  const { connection } = row;
  const until = new Date(now.getTime() + PROBE);
  const free = or(isNull(circuits.probeUntil), lt(circuits.probeUntil, now), gt(circuits.probeUntil, until));
  const taken = await tx
    .update(circuits)
    .set({ probeUntil: until })
    .where(and(eq(circuits.connection, connection), free))
    .returning({ connection: circuits.connection });
  return taken.length > 0;
}
