/**
 * Work in systems that deletions left over: one open item for a connection and system, which operations join until its list of people is
 * first downloaded. Whoever joins locks the item until it commits, and so does whoever downloads or ends it: nobody is missing from a list
 * that was downloaded, and nobody is ended who was not in it.
 */
import { inArray, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { leftovers, operations, systems, workItems } from '../store/schema.js';
import { appendEvents, type NewEvent } from '../timeline.js';
import { openedEvents, type Told, tellAssigned, tellEnded, toldColumns, workEvent } from './items.js';
import { type Owner, ownerOf } from './kinds.js';

const ERASE = sql`kind = 'erase-elsewhere'`;

/** An item that may still be joined. */
const joinable = sql`${ERASE} and state = 'open' and listed_at is null`;

/** Who does the work in a system and by when, as somebody decided about it. */
interface Terms extends Record<string, unknown> {
  readonly connection: string;
  readonly system: string;
  readonly name: string;
  readonly owner: string | null;
  /** There is an item that may be joined. */
  readonly joinable: boolean;
}

/** The systems of open leftovers. */
async function systemsOf(tx: Queryable, which: SQL): Promise<readonly Terms[]> {
  const { rows } = await tx.execute<Terms>(sql`
    select distinct on (l.connection, l.system) l.connection, l.system, l.name,
      case when s.treatment ->> 'kind' = 'by-hand' then s.treatment ->> 'owner' end as owner,
      exists (select from ${workItems} where ${joinable} and connection = l.connection and system = l.system) as joinable
    from ${leftovers} l left join ${systems} s on s.connection = l.connection and s.key = l.system
    where ${which} order by l.connection, l.system, l.id desc`);
  return rows;
}

/** Opens items for systems, but for those where somebody else was faster. Answers what was opened. */
async function openItems(tx: Queryable, missing: readonly Terms[], now: Date): Promise<readonly Told[]> {
  if (missing.length === 0) return [];
  const wanted = missing.map(({ owner, ...row }) => {
    const { name: ownerName, email: ownerEmail }: Partial<Owner> = owner === null ? {} : ownerOf(owner);
    return { ...row, ownerName, ownerEmail };
  });
  const { rows: made } = await tx.execute<Told & { owner: string | null; email: string | null }>(sql`
    insert into ${workItems} (kind, connection, system, name, owner_name, owner_email, opened_at)
    select 'erase-elsewhere', connection, system, name, "ownerName", "ownerEmail", ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
      as n (connection text, system text, name text, "ownerName" text, "ownerEmail" text)
    order by connection, system
    on conflict (kind, connection, system, about) where state = 'open' and listed_at is null do nothing
    returning ${toldColumns}, owner_name as owner, owner_email as email`);
  const owned = made.filter(({ owner }) => owner !== null);
  await tellAssigned(
    tx,
    owned.map(({ email, ...item }) => ({ ...item, ownerEmail: email, dueAt: null })),
    now,
  );
  return made;
}

/**
 * Lets open leftovers join the work in their systems. Near the end of a transaction: the items are locked from here on.
 * @param which condition on leftovers `l`.
 * @returns the events of items that were opened, to be appended at the end of the transaction.
 */
export async function joinWork(tx: Queryable, which: SQL, now: Date): Promise<readonly NewEvent[]> {
  // An item is looked up for each: those of one operation are few, and a join with all items was what the database preferred.
  const homeless = sql`l.state = 'open' and ${which}
    and (select h.state from ${workItems} h where h.id = l.work) is distinct from 'open'`;
  const told: NewEvent[] = [];
  for (;;) {
    const found = await systemsOf(tx, homeless);
    if (found.length === 0) return told;
    const missing = found.filter((one) => !one.joinable);
    const made = await openItems(tx, missing, now);
    told.push(...openedEvents(made, now));
    // Nobody else has an item yet that was opened here.
    const homes = made.length === found.length ? made.map(({ id }) => id) : await lockHomes(tx, homeless);
    // An item that was just listed or ended takes nobody in any more: there is to be a next one.
    if (homes.length > 0 && (await moveIn(tx, homes, homeless)) === 0) return told;
  }
}

async function lockHomes(tx: Queryable, homeless: SQL): Promise<readonly number[]> {
  const { rows } = await tx.execute<{ id: number }>(sql`
    select id::float8 as id from ${workItems} where ${joinable} and (connection, system) in (
      select l.connection, l.system from ${leftovers} l where ${homeless}) order by id for update`);
  return rows.map(({ id }) => id);
}

/**
 * Due by what was decided about the system, and never after the earliest legal date of the people in it.
 * @param homes ids of locked items.
 * @returns how many are still homeless.
 */
async function moveIn(tx: Queryable, homes: readonly number[], homeless: SQL): Promise<number> {
  const { rows } = await tx.execute<{ left: number }>(sql`
    with home as (
      select id, connection, system from ${workItems} where id = any(${sql.param([...homes])}::bigint[])
    ), joined as (
      update ${leftovers} l set work = home.id from home
      where l.connection = home.connection and l.system = home.system and ${homeless} returning l.work, l.operation
    ), grown as (
      select j.work, sum(o.subjects) as people, min(o.due_at) as due_at
      from joined j join ${operations} o on o.id = j.operation group by 1
    ), moved as (
      update ${workItems} w set people = w.people + g.people,
        due_at = date_trunc('milliseconds', least(w.due_at, g.due_at, (
          select w.opened_at + make_interval(days => (s.treatment ->> 'days')::int) from ${systems} s
          where s.connection = w.connection and s.key = w.system and s.treatment ->> 'kind' = 'by-hand')))
      from grown g where w.id = g.work
    )
    select ((select count(*) from ${leftovers} l where ${homeless}) - (select count(*) from joined))::int as left`);
  return rows[0]?.left ?? 0;
}

/**
 * Locks the open items of systems, before leftovers of theirs are: everybody takes the two in that order.
 * @param which condition on `work_items`.
 */
export async function lockWork(tx: Queryable, which: SQL): Promise<void> {
  await tx.execute(sql`select from ${workItems} where ${ERASE} and state = 'open' and ${which} order by id for update`);
}

/**
 * Ends items in which nothing is left over any more, as their leftovers ended.
 * @param of ids of items.
 */
export async function endEmptyWork(tx: Queryable, of: readonly number[], now: Date): Promise<void> {
  if (of.length === 0) return;
  const { rows } = await tx.execute<Told & { outcome: string; why: string | null }>(sql`
    update ${workItems} w set state = e.state, ended = jsonb_strip_nulls(jsonb_build_object(
      'at', ${now.toISOString()}::text, 'by', e.ended -> 'by', 'why', e.ended -> 'why', 'treatment', e.ended -> 'treatment'))
    from (
      select distinct on (l.work) l.work, l.state, l.ended from ${workItems} i join ${leftovers} l on l.work = i.id
      where i.id = any(${sql.param([...of])}::bigint[]) and i.state = 'open'
      order by l.work, array_position('{open,could_not,done,not_needed}', l.state), l.id desc
    ) e
    where w.id = e.work and w.state = 'open' and e.state <> 'open'
    returning w.id::float8 as id, w.kind, w.connection, w.name, w.state as outcome, w.ended ->> 'why' as why`);
  await tellEnded(tx, rows, now);
}

/** A decision about a system, as far as the work there depends on it. */
export interface DecidedWork {
  readonly connection: string;
  readonly system: string;
  /** How it ends; `open` where somebody does the work, it ends with its leftovers, or nothing is decided any more. */
  readonly outcome: 'open' | 'done' | 'not_needed' | 'could_not';
  readonly kind?: string;
  readonly reason?: string;
  readonly by: string;
  /** For work by hand. */
  readonly owner?: string;
  readonly days?: number;
}

/** Lets the work in a system follow a decision about it, in the transaction of that: ends it, opens it again, or gives it to its owner. */
export async function decideWork(tx: Queryable, decided: DecidedWork, now: Date): Promise<void> {
  const { connection, system, outcome, kind, reason, by } = decided;
  const here = sql`${ERASE} and connection = ${connection} and system = ${system}`;
  if (outcome !== 'open') {
    const ended = JSON.stringify({ at: now.toISOString(), by, why: reason, treatment: kind });
    const { rows } = await tx.execute<Told>(sql`
      update ${workItems} set state = ${outcome}, ended = ${ended}::jsonb
      where ${here} and (state = 'open' or ended -> 'treatment' is not null)
      returning ${toldColumns}`);
    await tellEnded(
      tx,
      rows.map((item) => ({ ...item, outcome, why: reason ?? null })),
      now,
    );
    return;
  }
  // What was begun goes on: the list of those people may have been handed out.
  const { rows } = await tx.execute<Told>(sql`
    update ${workItems} set state = 'open', ended = null, listed_at = coalesce(listed_at, ${now.toISOString()}::timestamptz)
    where ${here} and ended -> 'treatment' is not null and ended ->> 'treatment' is distinct from ${kind ?? null} returning ${toldColumns}`);
  await appendEvents(
    tx,
    rows.map((item) =>
      workEvent(item, {
        at: now,
        kind: 'work.reopened',
        data: { reason: reason ?? 'The decision about the system was taken back.' },
      }),
    ),
  );
  const { name, email }: Partial<Owner> = decided.owner === undefined ? {} : ownerOf(decided.owner);
  if (name === undefined && decided.days === undefined) return;
  const open = sql`${here} and state = 'open'`;
  const unowned = await tx.select({ id: workItems.id }).from(workItems).where(sql`${open} and owner_name is null`);
  await tx.execute(sql`
    update ${workItems} set owner_name = coalesce(owner_name, ${name ?? null}),
      owner_email = case when owner_name is null then ${email ?? null} else owner_email end,
      due_at = least(due_at, date_trunc('milliseconds', opened_at + make_interval(days => ${decided.days ?? null}::int)))
    where ${open}`);
  if (name === undefined || unowned.length === 0) return;
  const ids = unowned.map(({ id }) => id);
  await tellAssigned(tx, await tx.select().from(workItems).where(inArray(workItems.id, ids)), now);
}
