/** Why something is left over, and where. */
import { type SQL, sql, type Table } from 'drizzle-orm';

/** Why something is left over, by code. */
export const leftoverCodes = {
  VENDOR_EXCEPTION: 'The vendor reports that the deletion did not get through in this system.',
  NOT_REACHED: 'A deletion does not reach this system.',
  NEEDS_SETUP: 'A deletion reaches this system only after a step that nobody has done.',
  COVERAGE_UNKNOWN: 'Nobody knows whether a deletion reaches this system, or which systems there are.',
  NO_KNOWN_USER_ID: 'The vendor knows people by another kind of identifier than those it was given for this person.',
} as const;

/** One of {@link leftoverCodes}. */
export type LeftoverCode = keyof typeof leftoverCodes;

/** The code of a leftover in a system by its coverage there. */
export const codeOfCoverage = {
  'not-reached': 'NOT_REACHED',
  'needs-setup': 'NEEDS_SETUP',
  unknown: 'COVERAGE_UNKNOWN',
} as const satisfies Partial<Record<string, LeftoverCode>>;

/** Kinds of systems that are places of their own, so that a deletion can leave something over there. */
export const leavingKinds = ['source', 'destination', 'warehouse'] as const;

/**
 * Whether a deletion leaves something over in a system, or may: it is not known to reach it, and people's records can be there. Also in one
 * that is connected no longer, until somebody decides about it; what stood for a list that the vendor refused is no place.
 * @param s its table, as the statement calls it.
 */
export function leaves(s: SQL | Table): SQL {
  return sql`(${s}.coverage_state in ('not-reached', 'needs-setup', 'unknown')
    and ${s}.system ->> 'kind' = any(${`{${leavingKinds.join(',')}}`}::text[])
    and (${s}.state = 'active' or ${s}.system -> 'unlisted' is null))`;
}
