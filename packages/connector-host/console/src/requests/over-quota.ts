import type { ConnectionPlan } from '../api/model.js';

/** How many identifiers are more than the quota has left; 0 where it has enough, or nobody knows. The vendor counts each one that is sent. */
export function overQuota({
  identifiers,
  quotaLeft = Number.POSITIVE_INFINITY,
}: Pick<ConnectionPlan, 'identifiers' | 'quotaLeft'>): number {
  return Math.max(0, identifiers - quotaLeft);
}
