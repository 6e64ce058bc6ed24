/** What somebody decided about the people whom a deletion does not reach in a system. */
import { type SQL, sql } from 'drizzle-orm';
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
  /** When that day had come, and the decision was asked for again; it counts until somebody decides anew. */
  readonly askedAgainAt?: string;
  /** Id of who decided. */
  readonly by: string;
  readonly at: string;
}

/** How a leftover in a system ends that is treated so; `by-hand` leaves it open for whoever does the work. */
export const endOfLeftover: Readonly<Record<TreatmentKind, LeftoverState>> = {
  'by-hand': 'open',
  'holds-nobody': 'not_needed',
  'covered-elsewhere': 'not_needed',
  accepted: 'could_not',
};

/** Whether somebody is asked for a decision. @param treatment of a system: nobody decided yet, or the day to look at it again has come. */
export function askedFor(treatment: SQL): SQL {
  return sql`(${treatment} is null or ${treatment} ->> 'askedAgainAt' is not null)`;
}
