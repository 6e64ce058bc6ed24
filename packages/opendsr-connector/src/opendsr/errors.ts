import type { OpenDsrFaultCode } from './fault-codes.js';
import { jsonObject } from './json.js';
import { type OpenDsrFault, type OpenDsrFaultOptions, openDsrFault } from './opendsr-fault.js';

/** What a call does: `read` nothing, `create` a request, `cancel` one, `probe` tries to create one that must be refused. */
export type CallKind = 'read' | 'create' | 'cancel' | 'probe';

/** Headers of an answer, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** An answer that is not a success. */
export interface Refusal {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
}

/** Why a call brought no answer that could be taken. */
export type FailureCause =
  | 'aborted'
  | 'unresolved'
  | 'refused'
  | 'untrusted'
  | 'broken'
  | 'timeout'
  | 'cut-off'
  | 'answer-too-large';

/** Longer than an hour no wait is believed: a host asks again by then anyway. */
const MAX_WAIT_MS = 60 * 60 * 1000;

const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Reads `Retry-After` (RFC 9110): whole seconds or a date. Milliseconds from `now`, at most an hour; nonsense is passed over. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * 1000, MAX_WAIT_MS);
  return httpDate.test(text) ? Math.min(Math.max(0, Date.parse(text) - now), MAX_WAIT_MS) : undefined;
}

type Verdict = readonly [code: OpenDsrFaultCode, message: string];

// Whoever says so, the processor or something on the way to it, the same follows.
const saidByAnybody: Readonly<Record<number, Verdict>> = {
  408: ['TIMEOUT', 'The processor gave up waiting for the request.'],
  413: ['TOO_LARGE', 'The processor takes no request of this size.'],
  429: ['RATE_LIMITED', 'The processor asks for fewer requests for a while.'],
};

const invalid: Verdict = ['INPUT_REFUSED', 'The processor refuses the request as invalid.'];

const saidByProcessor: Readonly<Record<number, Verdict>> = {
  400: invalid,
  401: ['UNAUTHENTICATED', 'The processor does not accept the credential.'],
  402: ['PERMISSION_MISSING', 'The processor does not offer the call to this account.'],
  403: ['PERMISSION_MISSING', 'The credential may not make this call.'],
  404: ['NOT_FOUND', 'The processor does not know what was asked for.'],
  405: ['NOT_SUPPORTED', 'The processor does not offer this call.'],
  409: ['CONFLICT', 'The processor says that the request is in a state that forbids the call.'],
  410: ['NOT_FOUND', 'The processor does not keep what was asked for any more.'],
  422: invalid,
};

// A conflict over an id that only this operation has means that the processor knows the request already; it has to be looked for.
const undecided: ReadonlySet<number> = new Set([408, 409]);

/**
 * The specification has JSON for errors and leaves open what is in it; a page or plain text comes from something in between. So may an
 * empty body: it is believed of a refused credential only, from which nothing final follows.
 */
function isProcessors({ status, body }: Refusal): boolean {
  if (status === 407) return false;
  return jsonObject(body) !== undefined || (status === 401 && body.toString('utf8').trim() === '');
}

function vendorError(status: number): Verdict {
  return ['VENDOR_ERROR', `The processor answered with an error of its own (HTTP ${status}).`];
}

function clientError(refusal: Refusal): Verdict {
  const { status } = refusal;
  const anybodys = saidByAnybody[status];
  if (anybodys !== undefined) return anybodys;
  if (!isProcessors(refusal)) {
    return ['GATEWAY_REFUSED', `Something other than the processor refused the request (HTTP ${status}).`];
  }
  return saidByProcessor[status] ?? vendorError(status);
}

function verdictOf(refusal: Refusal): Verdict {
  const { status } = refusal;
  if (status < 300) return ['VENDOR_ANSWER_UNREADABLE', `The processor answered HTTP ${status} unexpectedly.`];
  if (status < 400) return ['REDIRECTED', `The answer was a redirect (HTTP ${status}), which is not followed.`];
  if (status < 500) return clientError(refusal);
  if (status === 501) return ['NOT_SUPPORTED', 'The processor does not offer this call.'];
  return vendorError(status);
}

/**
 * The fault of an answer that is not a success. Pure. Of the body nothing gets through: it is not signed, and may hold anything. It
 * only tells the processor's word from that of something on the way to it.
 * @param now milliseconds since the epoch.
 */
export function faultOfAnswer(answer: Refusal, call: CallKind, now: number): OpenDsrFault {
  const { status, headers } = answer;
  const [code, message] = verdictOf(answer);
  const retryAfterMs = status === 429 || status >= 500 ? parseRetryAfter(headers['retry-after'], now) : undefined;
  const refusal = status >= 400 && status < 500 && !undecided.has(status);
  return openDsrFault(code, message, {
    httpStatus: status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    mayHaveArrived: changes(call) && !refusal,
  });
}

const failures: Readonly<Record<FailureCause, Verdict>> = {
  aborted: ['ABORTED', 'The call was called off before the processor had answered.'],
  unresolved: ['UNREACHABLE', 'The host name of the processor could not be resolved.'],
  refused: ['UNREACHABLE', 'No connection to the processor could be made.'],
  untrusted: ['TLS_NOT_TRUSTED', 'No trusted TLS connection to the processor could be made.'],
  broken: ['UNREACHABLE', 'The connection to the processor broke off.'],
  timeout: ['TIMEOUT', 'The processor did not answer in time.'],
  'cut-off': ['VENDOR_ANSWER_UNREADABLE', 'The answer of the processor broke off or was garbled on its way.'],
  'answer-too-large': ['VENDOR_ANSWER_UNREADABLE', 'The answer of the processor is larger than this connector takes.'],
};

/**
 * The fault of a call that brought no answer that could be taken. Pure.
 * @param sent whether some of it may have gone out.
 */
export function faultOfFailure(cause: FailureCause, call: CallKind, sent: boolean): OpenDsrFault {
  return openDsrFault(...failures[cause], { mayHaveArrived: changes(call) && sent });
}

/** The fault of a success whose answer cannot be taken for what it claims to be: the call itself may well have worked. */
export function unsound(
  code: OpenDsrFaultCode,
  message: string,
  call: CallKind,
  options: OpenDsrFaultOptions = {},
): OpenDsrFault {
  return openDsrFault(code, message, { ...options, mayHaveArrived: changes(call) });
}

function changes(call: CallKind): boolean {
  return call === 'create' || call === 'cancel';
}
