/** What no event tells: deadlines, once a day, and the room on the disk. Each is told once, whatever process looks. */
import { sql } from 'drizzle-orm';
import { type NewNotice, tell } from '../outbox.js';
import { unsettledCondition } from '../requests/timing.js';
import { endOfDay, localDate } from '../requests/zoned-days.js';
import type { Database, Queryable } from '../store/database.js';
import { requests, upkeep, workItems } from '../store/schema.js';
import { minuteOfDay } from './quiet.js';

/** From this minute of the day on, by the host's zone, the day's digest is made. */
const DIGEST_AT = 8 * 60;

/** Free bytes below which the disk is nearly full, and above which that is over. */
export const diskSizes = { low: 1024 ** 3, well: 1.25 * 1024 ** 3 } as const;

const DIGEST = 'notices: deadlines';
const DISK = 'notices: disk';

/** What is looked at. */
export interface WatchParts {
  readonly db: Database;
  /** The host's zone, in which a day begins. */
  readonly zone: string;
}

/** Marks something as told, where it was not told since `again`. @returns whether it was not: of several callers, one is told so. */
async function claim(tx: Queryable, name: string, at: Date, again: Date): Promise<boolean> {
  const { rowCount } = await tx.execute(sql`
    insert into ${upkeep} as u (name, after, finished_at) values (${name}, 0, ${at.toISOString()}::timestamptz)
    on conflict (name) do update set finished_at = excluded.finished_at where u.finished_at < ${again.toISOString()}::timestamptz`);
  return rowCount === 1;
}

/** Tells once a day how many requests are late or due soon, and owners what of their work is due tomorrow or came to be overdue. */
export async function tellDeadlines({ db, zone }: WatchParts, now: number): Promise<void> {
  if (minuteOfDay(now, zone) < DIGEST_AT) return;
  // Whatever was told today was told by now, and what was told yesterday on another date.
  const [last] = await db.orm.select({ at: upkeep.finishedAt }).from(upkeep).where(sql`${upkeep.name} = ${DIGEST}`);
  if (last?.at && localDate(last.at.getTime(), zone) === localDate(now, zone)) return;
  await db.orm.transaction(async (tx) => {
    const at = new Date(now);
    if (!(await claim(tx, DIGEST, at, new Date((last?.at?.getTime() ?? 0) + 1)))) return;
    const count = async (timing: 'late' | 'due_soon') => {
      const { rows } = await tx.execute<{ n: number }>(
        sql`select count(*)::int as n from ${requests} where ${unsettledCondition(timing, now)}`,
      );
      return rows[0]?.n ?? 0;
    };
    const [late, dueSoon] = [await count('late'), await count('due_soon')];
    if (late + dueSoon > 0) await tell(tx, [{ kind: 'requests.deadlines', at, facts: { late, dueSoon } }]);
    const tonight = endOfDay(localDate(now, zone), zone) + 1;
    const tomorrow = endOfDay(localDate(tonight, zone), zone) + 1;
    await tellWork(tx, 'work.due_tomorrow', at, tonight, tomorrow);
    // What came to be overdue since the day before is told once.
    await tellWork(tx, 'work.overdue', at, last?.at?.getTime() ?? 0, now);
  });
}

/**
 * Tells each owner of open work that is due from one time until before another, in milliseconds since the epoch, how much that is. What was
 * opened after it was due came to be due then.
 */
async function tellWork(
  tx: Queryable,
  kind: 'work.due_tomorrow' | 'work.overdue',
  at: Date,
  from: number,
  until: number,
): Promise<void> {
  const { rows } = await tx.execute<{
    owner: string | null;
    items: number;
    work: number;
    what: string;
    name: string;
    due: Date;
  }>(sql`
    select min(owner_email) as owner, count(*)::int as items, min(id)::float8 as work, min(kind) as what, min(name) as name,
           min(due_at) as due
      from ${workItems}
     where state = 'open' and greatest(due_at, opened_at) >= ${new Date(from).toISOString()}::timestamptz
       and due_at < ${new Date(until).toISOString()}::timestamptz
     group by lower(owner_email)`);
  const found = rows.map(({ owner, items, work, what, name, due }) => ({
    kind,
    at,
    owner: owner ?? undefined,
    facts: { items, work, what, ...(name === '' ? {} : { system: name }), dueAt: new Date(due).toISOString() },
  }));
  await tell(tx, found);
}

/** Tells that the disk is nearly full: once, until there was room again. */
export async function tellDisk({ db }: WatchParts, now: number): Promise<void> {
  const free = await db.freeBytes();
  if (free === undefined || (free >= diskSizes.low && free < diskSizes.well)) return;
  if (free >= diskSizes.well) {
    await db.orm.execute(sql`delete from ${upkeep} where name = ${DISK}`);
    return;
  }
  const at = new Date(now);
  const notice: NewNotice = { kind: 'disk.nearly_full', at, facts: { freeMegabytes: Math.floor(free / 1024 ** 2) } };
  await db.orm.transaction(async (tx) => {
    if (await claim(tx, DISK, at, new Date(0))) await tell(tx, [notice]);
  });
}
