/** Whether work is in time, as a person sees it and as the database filters by it. */
import { type SQL, sql } from 'drizzle-orm';
import { tasks } from '../store/schema.js';

/** `slow`: more than half of the expected time is gone, which is normal for a vendor that takes weeks. `late`: it should have been done. */
export const lateness = ['on_time', 'slow', 'late'] as const;

/** One of {@link lateness}. */
export type Lateness = (typeof lateness)[number];

/** When something began, by when it should be done, and when it was. */
export interface Times {
  readonly acceptedAt: Date;
  /** The vendor's or the manifest's word, or else the date the person is owed; absent where nobody knows. */
  readonly expectedBy?: Date | null;
  readonly concludedAt?: Date | null;
}

/** Judges one task. Something concluded in time stays on time. */
export function latenessOf({ acceptedAt, expectedBy, concludedAt }: Times, now: number): Lateness {
  if (!expectedBy) return 'on_time';
  if ((concludedAt?.getTime() ?? now) > expectedBy.getTime()) return 'late';
  if (concludedAt) return 'on_time';
  return now > (acceptedAt.getTime() + expectedBy.getTime()) / 2 ? 'slow' : 'on_time';
}

/** The latest of several; `on_time` where there are none. */
export function worstLateness(all: readonly Lateness[]): Lateness {
  return all.reduce<Lateness>(
    (worst, next) => (lateness.indexOf(next) > lateness.indexOf(worst) ? next : worst),
    'on_time',
  );
}

/** A condition on `tasks` that holds for exactly those that {@link latenessOf} judges so. */
export function latenessCondition(wanted: Lateness, now: Date): SQL {
  const until = sql`coalesce(${tasks.expectedBy}, ${tasks.dueAt})`;
  const at = sql`${now.toISOString()}::timestamptz`;
  const late = sql`coalesce(coalesce(${tasks.concludedAt}, ${at}) > ${until}, false)`;
  const half = sql`${tasks.createdAt} + (${until} - ${tasks.createdAt}) / 2`;
  const slow = sql`coalesce(not ${late} and ${tasks.concludedAt} is null and ${at} > ${half}, false)`;
  if (wanted === 'late') return late;
  return wanted === 'slow' ? slow : sql`not ${late} and not ${slow}`;
}
