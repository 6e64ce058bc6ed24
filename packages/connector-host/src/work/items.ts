/** Opens and closes work items, in the transaction of what they are about. One statement, whatever their number. */
import { type SQL, sql } from 'drizzle-orm';
import { given } from '../given.js';
import { tell } from '../outbox.js';
import type { Queryable } from '../store/database.js';
import { workItems } from '../store/schema.js';
import { appendEvents, type NewEvent } from '../timeline.js';
import type { EndOfWork, WorkKind, WorkOutcome } from './kinds.js';

/** Work that somebody is to do. */
export interface NewWork {
  readonly kind: WorkKind;
  readonly connection?: string;
  /** As in `leftovers.system`. */
  readonly system?: string;
  /** Row id of the operation or task that it is about. */
  readonly about?: number;
  readonly name?: string;
  /** Never after the earliest legal date of the people in it. */
  readonly dueAt?: Date | null;
  readonly people?: number;
}

/** Items as they were opened or ended, for the timeline. */
export interface Told extends Record<string, unknown> {
  readonly id: number;
  readonly kind: WorkKind;
  readonly connection: string;
  readonly name: string;
}

/** What is selected of an item for {@link Told}. */
export const toldColumns = sql`id::float8 as id, kind, connection, name`;

/** The event of an item. */
export function workEvent(
  { id, connection }: Pick<Told, 'id' | 'connection'>,
  event: Pick<NewEvent, 'at' | 'kind' | 'actor' | 'data'>,
): NewEvent {
  return { ...event, work: id, ...(connection === '' ? {} : { connection }) };
}

/** Has whoever owns items told that they are theirs. Before the events of the same transaction. */
export async function tellAssigned(
  tx: Queryable,
  items: readonly Pick<typeof workItems.$inferSelect, 'id' | 'kind' | 'connection' | 'name' | 'ownerEmail' | 'dueAt'>[],
  at: Date,
): Promise<void> {
  await tell(
    tx,
    items.map(({ id, kind, connection, name, ownerEmail, dueAt }) => ({
      kind: 'work.assigned',
      at,
      connection: connection === '' ? undefined : connection,
      owner: ownerEmail ?? undefined,
      facts: {
        work: id,
        what: kind,
        ...(name === '' ? {} : { system: name }),
        ...given({ dueAt: dueAt?.toISOString() }),
      },
    })),
  );
}

/** What tells that items were opened. */
export function openedEvents(made: readonly Told[], at: Date): NewEvent[] {
  return made.map((item) =>
    workEvent(item, { at, kind: 'work.opened', data: { kind: item.kind, system: item.name || undefined } }),
  );
}

/** Opens items. Where there is an open one about the same, its people grow by those, and it is due when the first of them is. */
export async function openWork(tx: Queryable, found: readonly NewWork[], now: Date): Promise<void> {
  if (found.length === 0) return;
  const { rows } = await tx.execute<Told & { made: boolean }>(sql`
    insert into ${workItems} (kind, connection, system, about, name, due_at, people, opened_at)
    select kind, coalesce(connection, ''), coalesce(system, ''), coalesce(about, 0), coalesce(name, ''),
      date_trunc('milliseconds', "dueAt"), coalesce(people, 0), ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(found)}::jsonb)
      as n (kind text, connection text, system text, about bigint, name text, "dueAt" timestamptz, people bigint)
    order by 1, 2, 3, 4
    on conflict (kind, connection, system, about) where state = 'open' and listed_at is null
      do update set people = work_items.people + excluded.people, due_at = least(work_items.due_at, excluded.due_at)
    returning ${toldColumns}, xmax = 0 as made`);
  await appendEvents(
    tx,
    openedEvents(
      rows.filter(({ made }) => made),
      now,
    ),
  );
}

/**
 * Ends open items, since what they are about has ended.
 * @param which condition on `work_items`.
 * @returns the ids of those that were ended.
 */
export async function endWork(
  tx: Queryable,
  which: SQL,
  outcome: WorkOutcome,
  end: Omit<EndOfWork, 'at'>,
  now: Date,
): Promise<readonly number[]> {
  const ended: EndOfWork = { at: now.toISOString(), ...end };
  const { rows } = await tx.execute<Told>(sql`
    update ${workItems} set state = ${outcome}, ended = ${JSON.stringify(ended)}::jsonb
    where state = 'open' and ${which} returning ${toldColumns}`);
  await tellEnded(
    tx,
    rows.map((item) => ({ ...item, outcome, why: end.why ?? null })),
    now,
  );
  return rows.map(({ id }) => id);
}

/** Tells that items ended. */
export async function tellEnded(
  tx: Queryable,
  ended: readonly (Told & { readonly outcome: string; readonly why: string | null })[],
  at: Date,
): Promise<void> {
  await appendEvents(
    tx,
    ended.map(({ outcome, why, ...item }) =>
      workEvent(item, { at, kind: 'work.closed', data: { outcome, reason: why ?? undefined } }),
    ),
  );
}
