/**
 * Decisions about systems as work: an item for each that a deletion is not known to reach and of which nobody decided how people are
 * treated there, or the day has come to look at that again.
 */
import { type SQL, sql } from 'drizzle-orm';
import { leaves } from '../requests/leftover-codes.js';
import { askedFor } from '../requests/treatment.js';
import type { Queryable } from '../store/database.js';
import { connections, systems, workItems } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { endWork, type NewWork, openWork } from './items.js';

/** A system `s` of which it matters how people are treated there. */
const matters = sql`${leaves(sql`s`)} and not s.archived`;

const undecided = sql`${matters} and ${askedFor(sql`s.treatment`)}`;

/**
 * Asks again for the decisions whose day to be looked at has come. They count as before until somebody decides anew.
 * @param today a date, ISO 8601.
 */
export async function askAgain(tx: Queryable, today: string, now: Date): Promise<void> {
  await ask(tx, sql`s.treatment ->> 'lookAgainOn' <= ${today} and ${matters}`, 'its day has come', now);
}

/**
 * Asks again for the decisions that rely on a connection which is removed: what it covered is covered no more.
 * @returns how many there are.
 */
export async function askAgainForCovered(tx: Queryable, connection: string, now: Date): Promise<number> {
  const which = sql`s.treatment ->> 'kind' = 'covered-elsewhere' and s.treatment ->> 'coveredBy' = ${connection}`;
  return ask(tx, which, 'the connection that covers it was removed', now);
}

/** @param which condition on systems `s`. */
async function ask(tx: Queryable, which: SQL, why: string, now: Date): Promise<number> {
  const { rows } = await tx.execute<{ connection: string; key: string; name: string }>(sql`
    update ${systems} as s set treatment = s.treatment || jsonb_build_object('askedAgainAt', ${now.toISOString()}::text)
    where ${which} and s.treatment ->> 'askedAgainAt' is null
      and exists (select from ${connections} c where c.id = s.connection and c.state <> 'removed')
    returning s.connection, s.key, s.system ->> 'name' as name`);
  for (const connection of [...new Set(rows.map((row) => row.connection))].sort()) {
    await followSystems(tx, connection, now);
  }
  await appendEvents(
    tx,
    rows.map(({ connection, key, name }) => ({
      at: now,
      kind: 'system.asked_again',
      connection,
      data: { key, system: name, why },
    })),
  );
  return rows.length;
}

/**
 * Opens and ends the items of a connection's systems, as the inventory stands now: after a detection that is complete, and after decisions.
 * @param key only of this system.
 */
export async function followSystems(tx: Queryable, connection: string, now: Date, key?: string): Promise<void> {
  const only = key === undefined ? sql`true` : sql`s.key = ${key}`;
  const item = sql`w.kind = 'decide-system' and w.state = 'open' and w.connection = s.connection and w.system = s.key`;
  const { rows } = await tx.execute<{ key: string; name: string } & Record<string, unknown>>(sql`
    select s.key, s.system ->> 'name' as name from ${systems} s
    where s.connection = ${connection} and ${only} and ${undecided} and not exists (select from ${workItems} w where ${item})
    order by s.key`);
  const found = rows.map(({ key: system, name }): NewWork => ({ kind: 'decide-system', connection, system, name }));
  await openWork(tx, found, now);
  const of = sql`kind = 'decide-system' and connection = ${connection} and ${key === undefined ? sql`true` : sql`system = ${key}`}`;
  const like = (condition: ReturnType<typeof sql>) =>
    sql`${of} and exists (select from ${systems} s where s.connection = ${connection} and s.key = work_items.system and ${condition})`;
  await endWork(
    tx,
    like(sql`not ${askedFor(sql`s.treatment`)}`),
    'done',
    { why: 'Somebody decided about the system.' },
    now,
  );
  const why = 'A deletion reaches the system now, or it was archived.';
  await endWork(tx, like(sql`not (${undecided})`), 'not_needed', { why }, now);
}
