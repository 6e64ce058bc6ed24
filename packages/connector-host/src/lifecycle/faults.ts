/** The faults that the host itself gives a task, beside those that connectors answer. */
import { type FaultData, faultCodes } from 'connector-contract';

/** Codes of {@link FaultData} that only the host gives, with their causes. */
export const lifecycleFaultCodes = {
  DELETION_FAILED: 'The vendor took the deletion and could not carry it out.',
  RECORD_EXPIRED: 'The vendor no longer keeps a record of the deletion, so how it ended cannot be known.',
  IDENTIFIERS_UNREADABLE: 'What the person is known by could not be opened.',
  IDENTIFIERS_PURGED: 'What the person was known by has been purged.',
} as const;

/** The vendor says that it failed. */
export function deletionFailed(reasons: readonly { readonly system: string; readonly reason: string }[]): FaultData {
  const told = reasons.map(({ system, reason }) => `${system}: ${reason}`).join('; ');
  return {
    code: 'DELETION_FAILED',
    kind: 'vendor',
    retryable: false,
    message: told === '' ? lifecycleFaultCodes.DELETION_FAILED : `The vendor could not carry out the deletion. ${told}`,
    remedy: 'Retry. If it fails again, ask the vendor with the reference of the operation.',
  };
}

/** The vendor has forgotten it. */
export function recordExpired(): FaultData {
  return {
    code: 'RECORD_EXPIRED',
    kind: 'vendor',
    retryable: false,
    message: lifecycleFaultCodes.RECORD_EXPIRED,
    remedy: 'Retry, which submits the person again, or ask the vendor with the reference of the operation.',
  };
}

/** Nobody knows whether the vendor took the submission. */
export function submissionUncertain(fault: FaultData): FaultData {
  return {
    code: 'SUBMISSION_UNCERTAIN',
    kind: faultCodes.SUBMISSION_UNCERTAIN.kind,
    retryable: false,
    message: `${faultCodes.SUBMISSION_UNCERTAIN.cause} ${fault.message}`,
    remedy:
      "Look in the vendor's own pages. If the deletion is there, confirm the operation with its reference; if not, resubmit the operation.",
  };
}

/** The quota has no room for so many identifiers before its reset. */
export function quotaUsedUp(identifiers: number): FaultData {
  return {
    code: 'QUOTA_EXHAUSTED',
    kind: faultCodes.QUOTA_EXHAUSTED.kind,
    retryable: true,
    message: `The quota of this month has no room for another ${identifiers} identifiers.`,
    remedy:
      'It goes on by itself after the reset. Where the vendor allows this account more, set the monthly quota of the connection.',
  };
}

/** The sealed identifiers did not open. */
export function identifiersUnreadable(): FaultData {
  return {
    code: 'IDENTIFIERS_UNREADABLE',
    kind: 'bug',
    retryable: false,
    message: lifecycleFaultCodes.IDENTIFIERS_UNREADABLE,
    remedy: 'Send the request again under another requestId.',
  };
}

/** There is nothing left to send. */
export function identifiersPurged(): FaultData {
  return {
    code: 'IDENTIFIERS_PURGED',
    kind: 'input',
    retryable: false,
    message: lifecycleFaultCodes.IDENTIFIERS_PURGED,
    remedy: 'Send the request again under another requestId.',
  };
}
