/** The faults that the host itself gives a task, beside those that connectors answer. */
import { type FaultData, type FieldIssue, faultCodes } from 'connector-contract';
import { issuesText } from '../requests/request-body.js';

/** Codes of {@link FaultData} that only the host gives, with their causes. */
export const lifecycleFaultCodes = {
  DELETION_FAILED: 'The vendor took the deletion and could not carry it out.',
  RECORD_EXPIRED: 'The vendor no longer keeps a record of the deletion, so how it ended cannot be known.',
  ERASED_IN_PART: 'The vendor erased the person in part and did not say what stays.',
  PERSON_REFUSED: 'The vendor refused to erase the person and did not say why.',
  VENDOR_SILENT: 'For a day the vendor has not said how far the deletion is.',
  REFERENCE_REPEATED:
    'The vendor answered with a reference that another operation has, so the two cannot be told apart.',
  REFERENCE_NAMES_SOMEBODY:
    'The vendor answered with a reference that names somebody of the deletion, and a reference is kept in clear.',
  OUTCOME_UNRECORDED: 'What the vendor answered could not be written down, and trying again would not help.',
  IDENTIFIERS_UNREADABLE: 'What the person is known by could not be opened.',
  IDENTIFIERS_PURGED: 'What the person was known by has been purged.',
} as const;

const lookAtVendor = "Look in the vendor's own pages.";

/** An identifier cannot be one, by the rules of today. */
export function identifierRefused(found: readonly FieldIssue[]): FaultData {
  return {
    code: 'IDENTIFIER_REFUSED',
    kind: faultCodes.IDENTIFIER_REFUSED.kind,
    retryable: false,
    message: `${issuesText(found)} Nothing of the person was sent.`,
    remedy: found[0]?.remedy ?? 'Correct the identifier and send the request again.',
  };
}

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

/** The vendor says that something of the person stays, or that all of it does, and not why. */
export function unexplained(code: 'ERASED_IN_PART' | 'PERSON_REFUSED'): FaultData {
  return {
    code,
    kind: 'vendor',
    retryable: false,
    message: lifecycleFaultCodes[code],
    remedy: `${lookAtVendor} Tell the author of the connector: it is to say why.`,
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

/** The vendor has not answered for long. */
export function vendorSilent(fault: FaultData): FaultData {
  return {
    code: 'VENDOR_SILENT',
    kind: 'vendor',
    retryable: true,
    message: `${lifecycleFaultCodes.VENDOR_SILENT} ${fault.message} (${fault.code})`,
    remedy: 'It is asked further, less often. Ask the vendor with the reference of the operation.',
  };
}

/** The vendor answered with a reference that is taken. */
export function referenceRepeated(reference: string): FaultData {
  return {
    code: 'REFERENCE_REPEATED',
    kind: 'vendor',
    retryable: false,
    message: `${lifecycleFaultCodes.REFERENCE_REPEATED} The reference is ${reference}.`,
    remedy: `${lookAtVendor} If the deletion is there, confirm the operation with its reference; if not, resubmit the operation. Tell the author of the connector: one whose vendor gives a reference to several deletions names the feature shared-references.`,
  };
}

/** The vendor's answer is not one that may be kept. */
export function referenceNamesSomebody(): FaultData {
  return {
    code: 'REFERENCE_NAMES_SOMEBODY',
    kind: 'bug',
    retryable: false,
    message: lifecycleFaultCodes.REFERENCE_NAMES_SOMEBODY,
    remedy: `${lookAtVendor} If the deletion is there under another id as well, confirm the operation with that; if it is not there, resubmit the operation. Tell the author of the connector.`,
  };
}

/** The vendor's answer is one that the database does not take. */
export function outcomeUnrecorded(): FaultData {
  return {
    code: 'OUTCOME_UNRECORDED',
    kind: 'bug',
    retryable: false,
    message: lifecycleFaultCodes.OUTCOME_UNRECORDED,
    remedy: `The log of the host says why. ${lookAtVendor} If the deletion is there, confirm the operation with its reference; if not, resubmit the operation.`,
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
    remedy: 'Correct the request: hand the person in again, under a requestId of its own.',
  };
}

/** There is nothing left to send. */
export function identifiersPurged(): FaultData {
  return {
    code: 'IDENTIFIERS_PURGED',
    kind: 'input',
    retryable: false,
    message: lifecycleFaultCodes.IDENTIFIERS_PURGED,
    remedy: 'Correct the request: hand the person in again, under a requestId of its own.',
  };
}
