/** Whether a request is in time by the law, and a vendor by its own word: as a person sees it and as the database filters by it. */
import { type SQL, sql } from 'drizzle-orm';
import { requests, tasks } from '../store/schema.js';

/** `due_soon`: within a week. `late`: the time that the law gives is over. */
export const timings = ['on_time', 'due_soon', 'late'] as const;

/** One of {@link timings}. */
export type Timing = (typeof timings)[number];

/** How long before its due time a request is due soon, in milliseconds. */
export const DUE_SOON_MS = 7 * 86_400_000;

/** Judges a request by its due time alone. One that is settled keeps what it was then: in time or late. */
export function timingOf({ dueAt, settledAt }: { dueAt: Date; settledAt: Date | null }, now: number): Timing {
  const left = dueAt.getTime() - (settledAt?.getTime() ?? now);
  if (left < 0) return 'late';
  return settledAt === null && left <= DUE_SOON_MS ? 'due_soon' : 'on_time';
}

/** By what `requests_due` sorts: what is settled comes after everything that is not. */
export const isSettled: SQL = sql`(${requests.settledAt} is not null)`;

/**
 * A condition on `requests`: not settled, and judged so by {@link timingOf}. Compared as rows, since the server would turn "not settled"
 * by itself into another condition, which the index does not know.
 */
export function unsettledCondition(wanted: Timing, now: number): SQL {
  const place = sql`(${isSettled}, ${requests.dueAt})`;
  const at = (time: number) => sql`(false, ${new Date(time).toISOString()}::timestamptz)`;
  const soon = at(now + DUE_SOON_MS);
  if (wanted === 'late') return sql`${place} < ${at(now)}`;
  return wanted === 'due_soon'
    ? sql`${place} >= ${at(now)} and ${place} <= ${soon}`
    : sql`${place} > ${soon} and ${place} < (true, '-infinity'::timestamptz)`;
}

/** Whether a task's vendor has not kept its own estimate. */
export function isSlow(
  { expectedBy, concludedAt }: { expectedBy: Date | null; concludedAt: Date | null },
  now: number,
): boolean {
  return expectedBy !== null && concludedAt === null && expectedBy.getTime() < now;
}

/** A condition on `tasks` that holds for exactly those that {@link isSlow} judges so. */
export function slowCondition(now: number): SQL {
  const at = sql`${new Date(now).toISOString()}::timestamptz`;
  return sql`(${tasks.concludedAt} is null and ${tasks.expectedBy} < ${at}) is true`;
}
