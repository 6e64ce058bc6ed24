/** A connection stays at one account of its vendor: what is known of it, and what is on its way there, is about that one alone. */
import type { CheckReport, Facts } from 'connector-contract';
import { accountChanged } from './faults.js';

/**
 * A check's report, blocked where it found another account (fact `account`) than the checks before it did. An account that it does
 * not tell stays what it was.
 * @param known what the checks before it learnt.
 */
export function atOneAccount(known: Facts, report: CheckReport): CheckReport {
  const { account } = known;
  const { facts, problems, status } = report;
  if (account === undefined || status === 'blocked' || facts['account'] === account) return report;
  if (facts['account'] === undefined) return { ...report, facts: { ...facts, account } };
  return { ...report, status: 'blocked', problems: [accountChanged, ...problems] };
}
