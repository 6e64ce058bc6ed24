/** What somebody decided about the people whom a deletion does not reach in a system. */
import { type SQL, sql } from 'drizzle-orm';
import { connections, operationMembers, operations, tasks } from '../store/schema.js';
import type { LeftoverState } from './states.js';

/** Kinds of treatment. */
export const treatments = ['by-hand', 'holds-nobody', 'covered-elsewhere', 'accepted'] as const;

/** One of {@link treatments}. */
export type TreatmentKind = (typeof treatments)[number];

/** A decision about a system, with who made it. Times are ISO 8601. */
export interface Treatment {
  readonly kind: TreatmentKind;
  /** Plain words. */
  readonly reason: string;
  /** For `by-hand`: who erases people there, how, and within how many days. */
  readonly owner?: string;
  readonly instructions?: string;
  readonly days?: number;
  /** For `covered-elsewhere`: id of the connection that reaches it. */
  readonly coveredBy?: string;
  /** The day to look at the decision again. */
  readonly lookAgainOn?: string;
  /** When that day had come, or the connection that covers the system was removed, and the decision was asked for again. */
  readonly askedAgainAt?: string;
  /** Id of who decided. */
  readonly by: string;
  readonly at: string;
}

/**
 * How a leftover in a system ends that is treated so; `by-hand` leaves it open for whoever does the work, and `covered-elsewhere` where
 * {@link counts} says that it does not count.
 */
export const endOfLeftover: Readonly<Record<TreatmentKind, LeftoverState>> = {
  'by-hand': 'open',
  'holds-nobody': 'not_needed',
  'covered-elsewhere': 'not_needed',
  accepted: 'could_not',
};

/**
 * Whether a treatment counts for an operation. Of `covered-elsewhere` that is so only where everybody in it is erased at the other connection,
 * too: has a task there that was not taken back, and the connection was not removed. A leftover is everybody's together: where one person
 * is not covered, it stays open for all of them.
 * @param operation its row id.
 */
export function counts(treatment: SQL, operation: SQL): SQL {
  // Person by person: joined, the server reads whole tables for every system.
  return sql`case when ${treatment} ->> 'kind' = 'covered-elsewhere' then not exists (
    select from ${operationMembers} m join ${operations} o on o.id = m.operation join ${tasks} t on t.id = m.task
    where m.operation = ${operation} and t.operation = any(array[o.id, o.root]) and not exists (
      select from ${tasks} c join ${connections} k on k.id = c.connection
      where c.request = t.request and c.connection = ${treatment} ->> 'coveredBy' and c.state not in ('cancelled', 'not_applicable')
        and k.state <> 'removed' offset 0)) else true end`;
}

/** Whether somebody is asked for a decision. @param treatment of a system: nobody decided yet, or the day to look at it again has come. */
export function askedFor(treatment: SQL): SQL {
  return sql`(${treatment} is null or ${treatment} ->> 'askedAgainAt' is not null)`;
}
