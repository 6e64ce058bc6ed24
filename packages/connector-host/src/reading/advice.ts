/** What somebody who reads of an error can do about it. Pure. */
import type { FaultData, FaultKind } from 'connector-contract';

/** The ways out of an error that help. `correct`: hand the person in again with other identifiers. */
export const ways = ['retry', 'correct', 'close'] as const;

/** One of {@link ways}. */
export type Way = (typeof ways)[number];

const mend = 'Put the connection right, then try again.';
const again = 'Try again. If it fails once more, ask the vendor.';

/** What to do where a connector says nothing of its own, by the kind of fault. */
const remedies: Readonly<Record<FaultKind, string>> = {
  config: mend,
  auth: mend,
  permission: mend,
  input: 'Correct the request: hand the person in again, with identifiers that are right.',
  'rate-limited': again,
  quota: again,
  vendor: again,
  network: again,
  timeout: again,
  bug: 'Try again. If it fails once more, report it to the author of the connector.',
};

/** Codes of faults that are made up where a row says nothing. */
export const adviceFaultCodes = { CAUSE_UNKNOWN: 'Why this is in error was not recorded.' } as const;

/** A fault as a person is told of it: always with a code and a remedy. */
export function toldFault(fault: FaultData | null): FaultData {
  if (fault === null) {
    const message = adviceFaultCodes.CAUSE_UNKNOWN;
    return { code: 'CAUSE_UNKNOWN', kind: 'bug', retryable: false, message, remedy: remedies.bug };
  }
  return fault.remedy ? fault : { ...fault, remedy: remedies[fault.kind] ?? again };
}

/** The ways out of an error: the same again does not help where the vendor refuses what it was given, and nothing goes to a connection that was removed. */
export function waysOut({ code, kind }: FaultData): readonly Way[] {
  if (code === 'CONNECTION_REMOVED') return ['close'];
  return kind === 'input' ? ['correct', 'close'] : ways;
}
