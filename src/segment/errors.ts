import type { SegmentFaultCode } from './fault-codes.js';
import { type AnswerHeaders, MAX_RATE_WAIT_MS, quotaReading, waitAdvised } from './limits.js';
import { type RefusalFacts, refusalFacts } from './refusal.js';
import type { Generation } from './segment.js';
import { type SegmentFault, type SegmentFaultOptions, segmentFault } from './segment-fault.js';

export { segmentFaultCodes } from './fault-codes.js';
export { SegmentFault, segmentFault } from './segment-fault.js';

/**
 * What a request is for, as far as a fault depends on it: `workspace` asks for the workspace itself, `read` for anything
 * else, `create` makes a regulation, `probe` tries to and must be refused.
 */
export type CallKind = 'workspace' | 'read' | 'create' | 'probe';

/** An answer of Segment's that is not a success. */
export interface Refusal {
  readonly generation: Generation;
  readonly call: CallKind;
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The body as text. */
  readonly text: string;
  /** Milliseconds since the epoch at which the answer came. */
  readonly now: number;
  /** How many people a creation was about. */
  readonly subjects?: number;
}

/** Why a request brought no answer at all, or none that could be taken. */
export type FailureCause =
  | 'aborted'
  | 'unresolved'
  | 'refused'
  | 'untrusted'
  | 'broken'
  | 'connect-timeout'
  | 'timeout'
  | 'cut-off'
  | 'answer-too-large'
  | 'request-too-large';

interface Verdict extends SegmentFaultOptions {
  readonly code: SegmentFaultCode;
  readonly message: string;
}

const apiName = { public: 'Public API', config: 'Config API' } as const satisfies Record<Generation, string>;

/** What the headers of a creation say of the quota; elsewhere, and in the Config API, they may speak of the request rate. */
export function quotaOf({ call, generation, headers }: Pick<Refusal, 'call' | 'generation' | 'headers'>) {
  return call === 'create' && generation === 'public' ? quotaReading(headers) : undefined;
}

function tooMany(refusal: Refusal, facts: RefusalFacts): Verdict {
  const wait = waitAdvised(refusal.headers, facts.msBeforeNext, refusal.now);
  const quota = quotaOf(refusal);
  const left = quota?.remaining;
  // Only a reset that is far off means the quota: the request rate resets by the minute.
  if (quota !== undefined && left !== undefined && left < (refusal.subjects ?? 1) && (wait ?? 0) > MAX_RATE_WAIT_MS) {
    return {
      code: 'QUOTA_EXHAUSTED',
      message: 'The regulation quota of this month is used up.',
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
      quota,
    };
  }
  return {
    code: 'RATE_LIMITED',
    message: 'Segment asks for fewer requests for a while.',
    ...(wait === undefined ? {} : { retryAfterMs: Math.min(wait, MAX_RATE_WAIT_MS) }),
    ...(quota === undefined ? {} : { quota }),
  };
}

function forbidden({ call, generation, status }: Refusal, facts: RefusalFacts): Verdict {
  // A token that Segment knows can always read its own workspace, so this is about the workspace rather than the token.
  if (facts.aboutPlan || status === 402 || (generation === 'public' && call === 'workspace')) {
    return {
      code: 'PLAN_WITHOUT_API',
      message: 'Segment knows the token but does not offer the API to this workspace.',
    };
  }
  if (call === 'create' || call === 'probe') {
    return { code: 'READ_ONLY_TOKEN', message: 'The API token may not make deletion requests.' };
  }
  return { code: 'PERMISSION_MISSING', message: 'The API token lacks the permission for this call.' };
}

function unauthenticated({ call, generation }: Refusal, facts: RefusalFacts): Verdict {
  if (facts.aboutPlan) {
    return { code: 'PLAN_WITHOUT_API', message: 'Segment does not offer the API on the plan of this workspace.' };
  }
  const ambiguous = generation === 'public' && call !== 'workspace';
  return {
    code: 'UNAUTHENTICATED',
    message: ambiguous
      ? 'The Public API does not accept the API token for this call: the token is wrong, was revoked, or lacks the permission. Segment answers all three alike.'
      : `The ${apiName[generation]} does not accept the API token.`,
  };
}

function notFound({ call, generation }: Refusal): Verdict {
  if (generation === 'config' && call !== 'read') {
    return { code: 'WORKSPACE_NOT_FOUND', message: 'The Config API knows no workspace of that slug.' };
  }
  return { code: 'NOT_FOUND', message: 'Segment does not know what was asked for.' };
}

function refused(facts: RefusalFacts): Verdict {
  const where = facts.field === undefined ? '' : ` It names the field ${facts.field}.`;
  return {
    code: 'INPUT_REFUSED',
    message: `Segment refuses the request as invalid.${where}`,
    ...(facts.field === undefined ? {} : { refusedField: facts.field }),
    ...(facts.aboutValues ? { refusedValues: true } : {}),
  };
}

function vendorTrouble(refusal: Refusal): Verdict {
  // A date of reset says nothing about when a server recovers, so only Retry-After counts here.
  const { 'retry-after': retryAfter } = refusal.headers;
  const wait = waitAdvised(retryAfter === undefined ? {} : { 'retry-after': retryAfter }, undefined, refusal.now);
  return {
    code: 'VENDOR_ERROR',
    message: `Segment answered with an error of its own (HTTP ${refusal.status}).`,
    ...(wait === undefined ? {} : { retryAfterMs: Math.min(wait, MAX_RATE_WAIT_MS) }),
  };
}

function clientError(refusal: Refusal, facts: RefusalFacts): Verdict {
  const { status } = refusal;
  if (status === 401) return unauthenticated(refusal, facts);
  if (status === 408) return { code: 'TIMEOUT', message: 'Segment gave up waiting for the request.' };
  if (status === 413) return { code: 'TOO_LARGE', message: 'Segment takes no request of this size.' };
  if (status === 429) return tooMany(refusal, facts);
  // Segment explains itself in JSON; a page, plain text or nothing comes from something in between, and proves nothing about Segment.
  if (status === 407 || facts.origin !== 'vendor') {
    return {
      code: 'GATEWAY_REFUSED',
      message: `Something on the way to Segment refused the request (HTTP ${status}).`,
    };
  }
  if (status === 402 || status === 403) return forbidden(refusal, facts);
  if (status === 404 || status === 410) return notFound(refusal);
  if (status === 405) return { code: 'NOT_SUPPORTED', message: 'Segment does not offer this call.' };
  if (status === 409)
    return { code: 'CONFLICT', message: 'Segment says that the resource is in a state that forbids the call.' };
  return status === 400 || status === 422 ? refused(facts) : vendorTrouble(refusal);
}

function verdictOf(refusal: Refusal, facts: RefusalFacts): Verdict {
  const { status } = refusal;
  if (status < 300)
    return { code: 'VENDOR_ANSWER_UNREADABLE', message: `Segment answered HTTP ${status} unexpectedly.` };
  if (status < 400) {
    return { code: 'REDIRECTED', message: `The answer was a redirect (HTTP ${status}), which is not followed.` };
  }
  if (status < 500) return clientError(refusal, facts);
  if (status === 501) return { code: 'NOT_SUPPORTED', message: 'This generation of the API does not offer the call.' };
  return vendorTrouble(refusal);
}

/**
 * The one place where an answer of Segment's becomes a fault. Pure. Of the vendor's text nothing gets through.
 *
 * `mayHaveArrived` holds for a creation that was answered by anything but a 4xx: a redirect or a 5xx may come from something
 * in front of Segment after Segment has taken the request.
 */
export function faultOfAnswer(refusal: Refusal): SegmentFault {
  const facts = refusalFacts(refusal.generation, refusal.status, refusal.text);
  const { code, message, ...options } = verdictOf(refusal, facts);
  const clientsOwn = refusal.status >= 400 && refusal.status < 500;
  return segmentFault(code, message, {
    ...options,
    httpStatus: refusal.status,
    mayHaveArrived: refusal.call === 'create' && !clientsOwn,
  });
}

const failures: Record<FailureCause, Verdict> = {
  aborted: { code: 'ABORTED', message: 'The call was called off before Segment had answered.' },
  unresolved: { code: 'UNREACHABLE', message: 'The name of the Segment endpoint could not be resolved.' },
  refused: { code: 'UNREACHABLE', message: 'No connection to Segment could be made.' },
  untrusted: { code: 'TLS_NOT_TRUSTED', message: 'No trusted TLS connection to Segment could be made.' },
  broken: { code: 'UNREACHABLE', message: 'The connection to Segment broke off.' },
  'connect-timeout': { code: 'TIMEOUT', message: 'No connection to Segment came about in time.' },
  timeout: { code: 'TIMEOUT', message: 'Segment did not answer in time.' },
  'cut-off': { code: 'VENDOR_ANSWER_UNREADABLE', message: "Segment's answer broke off or was garbled on its way." },
  'answer-too-large': {
    code: 'VENDOR_ANSWER_UNREADABLE',
    message: "Segment's answer is larger than this connector takes.",
    retryable: false,
    answerTooLarge: true,
  },
  'request-too-large': { code: 'TOO_LARGE', message: 'The request is larger than the 4 MB that Segment takes.' },
};

/**
 * The fault of a request that brought no answer that could be taken. Pure.
 * @param sent whether the connection stood, so that some of the request may have gone out.
 */
export function faultOfFailure(cause: FailureCause, call: CallKind, sent: boolean): SegmentFault {
  const { code, message, ...options } = failures[cause];
  return segmentFault(code, message, { ...options, mayHaveArrived: call === 'create' && sent });
}

/** The fault of an answer that came in full, but not in the shape that Segment documents. `what` names the part in our own words. */
export function unreadable(what: string, call: CallKind = 'read'): SegmentFault {
  return segmentFault('VENDOR_ANSWER_UNREADABLE', `Segment's answer cannot be read: ${what}.`, {
    mayHaveArrived: call === 'create',
  });
}
