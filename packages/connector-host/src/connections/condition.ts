/** What work with a connection learns about it on the way: its credential stopped working, it must rest, its quota is so much. */
import type { FaultData, QuotaReading } from 'connector-contract';
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Database } from '../store/database.js';
import { connections } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { openReconnect } from '../work/connections.js';
import { type KeptQuota, sharing } from './quota.js';

/**
 * Turns an active connection to `reconnect`.
 * @param secrets the sealed secrets that were refused: where others have taken their place, nothing is known against those.
 * @returns whether it was active: only then is anything written.
 */
export async function demandReconnect(
  db: Database,
  id: string,
  fault: FaultData,
  at: Date,
  secrets: Buffer | null,
): Promise<boolean> {
  return db.orm.transaction(async (tx) => {
    const changed = await tx
      .update(connections)
      .set({ state: 'reconnect', updatedAt: at })
      .where(
        and(
          eq(connections.id, id),
          eq(connections.state, 'active'),
          secrets === null ? isNull(connections.secrets) : eq(connections.secrets, secrets),
        ),
      )
      .returning({ id: connections.id });
    if (changed.length === 0) return false;
    const data = { code: fault.code, message: fault.message };
    await appendEvents(tx, [{ at, kind: 'connection.reconnect', connection: id, data }]);
    await openReconnect(tx, id, at);
    return true;
  });
}

/** Lets nothing be submitted before `until`. A hold that lasts longer stays as it is. */
export async function holdBack(db: Database, id: string, until: Date, code: string, at: Date): Promise<void> {
  await db.orm.transaction(async (tx) => {
    const changed = await tx
      .update(connections)
      .set({ heldUntil: until, heldCode: code })
      .where(and(eq(connections.id, id), or(isNull(connections.heldUntil), lt(connections.heldUntil, until))))
      .returning({ id: connections.id });
    if (changed.length === 0) return;
    await appendEvents(tx, [
      { at, kind: 'connection.held', connection: id, data: { code, until: until.toISOString() } },
    ]);
  });
}

/** Takes a hold away, whatever it is for. */
export async function letGo(db: Database, id: string): Promise<void> {
  await db.orm.update(connections).set({ heldUntil: null, heldCode: null }).where(eq(connections.id, id));
}

/**
 * Keeps what the vendor said of its quota, for all connections to the account; what it did not say this time is gone, since it may be out of date.
 * @param group the group that it is about; empty where the vendor counts all deletions together.
 */
export async function keepQuota(
  db: Database,
  id: string,
  reading: QuotaReading,
  group: string,
  at: Date,
): Promise<void> {
  const kept: KeptQuota = { ...reading, readAt: at.toISOString(), ...(group === '' ? {} : { group }) };
  // In one order, so that two at once do not wait for each other; what another connection knows of another group stays.
  await db.orm.execute(sql`
    update connector_host.connections c set quota = ${JSON.stringify(kept)}::jsonb
      from (select id from connector_host.connections
             where id in (select shares from (${sharing([id])}) a)
               and (id = ${id} or quota is null or coalesce(quota ->> 'group', '') = ${group})
             order by id for update) together
     where c.id = together.id`);
}
