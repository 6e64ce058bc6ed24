/** What no event tells: deadlines, once a day, and the room on the disk. Each is told once, whatever process looks. */
import { sql } from 'drizzle-orm';
import { type NewNotice, tell } from '../outbox.js';
import { unsettledCondition } from '../requests/timing.js';
import { localDate } from '../requests/zoned-days.js';
import type { Database, Queryable } from '../store/database.js';
import { requests, upkeep } from '../store/schema.js';
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

/** Tells of requests that are late or due soon: once a day, how many. */
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
  });
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
