/** What follows from a connector's answer to a submission. Pure. */
import type { FaultData, Operation, SubjectResult, SubmitOutcome } from 'connector-contract';
import { nextMonth } from '../../connections/quota.js';

/** What is to be done about an operation after its submission. */
export type Decision =
  | {
      readonly act: 'accept';
      readonly reference: string;
      readonly expectedBy: Date | undefined;
      readonly result: readonly SubjectResult[] | undefined;
    }
  /** Nobody knows whether the vendor has it: look before anything is sent again. */
  | { readonly act: 'reconcile'; readonly fault: FaultData }
  /** The smaller operations take its place. */
  | { readonly act: 'divide'; readonly parts: readonly Operation[]; readonly fault: FaultData }
  /** The quota is used up: wait for the reset. */
  | { readonly act: 'await-quota'; readonly until: Date; readonly fault: FaultData }
  /** The vendor or the way to it has trouble: the connection rests, then the same again. */
  | { readonly act: 'rest'; readonly fault: FaultData }
  /** A person has to mend the connection. */
  | { readonly act: 'reconnect'; readonly fault: FaultData }
  /** The host itself called it off: the same again, at once. */
  | { readonly act: 'again'; readonly fault: FaultData }
  /** The vendor itself says that it will never take these people. */
  | { readonly act: 'refuse'; readonly fault: FaultData };

const mendable: ReadonlySet<string> = new Set(['auth', 'permission', 'config']);

/** What is about the way to the vendor says nothing about the people who wait, however final it looks: a proxy's page, a certificate. */
const onTheWay: ReadonlySet<string> = new Set(['network', 'timeout', 'rate-limited']);

/** Codes of a submission that the vendor does not take from anybody: what is called is not there. */
const offersNothing: ReadonlySet<string> = new Set(['NOT_FOUND', 'NOT_SUPPORTED']);

/** A time that the vendor named, where it is one and lies ahead. */
function ahead(text: string | undefined, now: number): Date | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return time > now ? new Date(time) : undefined;
}

/** What to do about a fault of which it is certain that it left nothing behind at the vendor. */
export function decideFault(
  fault: FaultData,
  now: number,
  resetsAt?: string,
): Exclude<Decision, { act: 'accept' | 'divide' | 'reconcile' }> {
  if (fault.code === 'ABORTED') return { act: 'again', fault };
  if (mendable.has(fault.kind)) return { act: 'reconnect', fault };
  if (fault.kind === 'quota') {
    const asked = fault.retryAfterMs === undefined ? nextMonth(now) : new Date(now + fault.retryAfterMs);
    return { act: 'await-quota', until: ahead(resetsAt, now) ?? asked, fault };
  }
  return fault.retryable || onTheWay.has(fault.kind) ? { act: 'rest', fault } : { act: 'refuse', fault };
}

/** What to do after a submission. */
export function decide(outcome: SubmitOutcome, now: number): Decision {
  if (outcome.accepted) {
    const time = outcome.expectedBy === undefined ? Number.NaN : Date.parse(outcome.expectedBy);
    const { reference, result } = outcome;
    return { act: 'accept', reference, result, expectedBy: Number.isNaN(time) ? undefined : new Date(time) };
  }
  const { fault } = outcome;
  if (outcome.certain === 'unknown') return { act: 'reconcile', fault };
  if (outcome.instead !== undefined && outcome.instead.length > 0)
    return { act: 'divide', parts: outcome.instead, fault };
  if (offersNothing.has(fault.code)) return { act: 'reconnect', fault };
  return decideFault(fault, now, outcome.quota?.resetsAt);
}
