import type { FaultOptions, KitCode } from './fault.js';
import type { AnswerHeaders, FailureCause } from './http/exchange.js';
import { MAX_RATE_WAIT_MS, parseRetryAfter } from './http/waiting.js';
import { present } from './present.js';
import { isJson, parsedJson } from './reading.js';

/** What a call does at the vendor: `read` nothing, `change` something, `probe` tries to change something and must be refused. */
export type Effect = 'read' | 'change' | 'probe';

/** An answer that is not a success. */
export interface Refusal<Kind extends string = string> {
  readonly effect: Effect;
  /** What the connector calls the call, where a fault depends on it. */
  readonly kind?: Kind;
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The body. The vendor's words may quote an identifier or a credential: look, and leave them behind. */
  readonly text: string;
  /** Milliseconds since the epoch at which the answer came. */
  readonly now: number;
}

/** What an answer means: the parts of a fault. */
export interface Verdict<Code extends string = never> extends FaultOptions {
  readonly code: Code | KitCode;
  readonly message: string;
}

/** With its first letter as at the start of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A vendor explains itself in JSON; a page, plain text or nothing may come from something in between, and proves nothing about the vendor. */
export function isJsonObject({ text }: Pick<Refusal, 'text'>): boolean {
  return isJson(parsedJson(text));
}

/** How long `Retry-After` asks to wait, at most an hour; `undefined` where it does not say. */
function rateWait({ headers, now }: Pick<Refusal, 'headers' | 'now'>): number | undefined {
  const wait = parseRetryAfter(headers['retry-after'], now);
  return wait === undefined ? undefined : Math.min(wait, MAX_RATE_WAIT_MS);
}

/** Statuses that mean the same whoever says so, the vendor or something on the way to it. */
function anybodys({ status, headers, now }: Refusal, vendor: string): Verdict | undefined {
  const Vendor = capital(vendor);
  const retryAfterMs = rateWait({ headers, now });
  if (status < 300)
    return { code: 'VENDOR_ANSWER_UNREADABLE', message: `${Vendor} answered HTTP ${status} unexpectedly.` };
  if (status < 400)
    return { code: 'REDIRECTED', message: `The answer was a redirect (HTTP ${status}), which is not followed.` };
  switch (status) {
    case 408:
      return { code: 'TIMEOUT', message: `${Vendor} gave up waiting for the request.` };
    case 413:
      return { code: 'TOO_LARGE', message: `${Vendor} takes no request of this size.`, refusedPart: 'some' };
    case 429:
      return {
        code: 'RATE_LIMITED',
        message: `${Vendor} asks for fewer requests for a while.`,
        ...present({ retryAfterMs }),
      };
    case 501:
      return { code: 'NOT_SUPPORTED', message: `${Vendor} does not offer this call.` };
    default:
      return status < 500 ? undefined : vendorError(status, vendor, retryAfterMs);
  }
}

function vendorError(status: number, vendor: string, retryAfterMs?: number): Verdict {
  const message = `${capital(vendor)} answered with an error of its own (HTTP ${status}).`;
  return { code: 'VENDOR_ERROR', message, ...present({ retryAfterMs }) };
}

const refusals: Readonly<Record<number, readonly [code: KitCode, message: string]>> = {
  400: ['INPUT_REFUSED', 'refuses the request as invalid.'],
  401: ['UNAUTHENTICATED', 'does not accept the credential.'],
  402: ['PERMISSION_MISSING', 'does not offer the call to this account.'],
  403: ['PERMISSION_MISSING', 'does not let the credential make this call.'],
  404: ['NOT_FOUND', 'does not know what was asked for.'],
  405: ['NOT_SUPPORTED', 'does not offer this call.'],
  409: ['CONFLICT', 'says that the resource is in a state that forbids the call.'],
  410: ['NOT_FOUND', 'does not keep what was asked for any more.'],
  422: ['INPUT_REFUSED', 'refuses the request as invalid.'],
};

/**
 * What an answer that is not a success means by its status. Pure. Of the vendor's words nothing gets through.
 * @param vendor as it stands within a sentence.
 * @param isVendors whether the vendor itself says so, and not something on the way to it.
 */
export function usualVerdict(refusal: Refusal, vendor: string, isVendors: boolean): Verdict {
  const { status } = refusal;
  const said = anybodys(refusal, vendor);
  if (said) return said;
  if (status === 407 || !isVendors) {
    return {
      code: 'GATEWAY_REFUSED',
      message: `Something on the way to ${vendor} refused the request (HTTP ${status}).`,
    };
  }
  const [code, message] = refusals[status] ?? [];
  if (code === undefined) return vendorError(status, vendor);
  const refusedPart = code === 'INPUT_REFUSED' ? ('some' as const) : undefined;
  return { code, message: `${capital(vendor)} ${message}`, ...present({ refusedPart }) };
}

/** Whether a change that was answered with this status may have been made: a refusal is none; anything else may come from in front of the vendor. */
export function leavesOpen(status: number): boolean {
  return status < 400 || status > 499 || status === 408;
}

/** What the lack of an answer means. Pure. */
export function verdictOfFailure(cause: FailureCause, vendor: string): Verdict {
  const unreadable = 'VENDOR_ANSWER_UNREADABLE';
  const verdicts: Record<FailureCause, Verdict> = {
    aborted: { code: 'ABORTED', message: `The call was called off before ${vendor} had answered.` },
    unresolved: { code: 'UNREACHABLE', message: `The host name of ${vendor} could not be resolved.` },
    refused: { code: 'UNREACHABLE', message: `No connection to ${vendor} could be made.` },
    untrusted: { code: 'TLS_NOT_TRUSTED', message: `No trusted TLS connection to ${vendor} could be made.` },
    broken: { code: 'UNREACHABLE', message: `The connection to ${vendor} broke off.` },
    'connect-timeout': { code: 'TIMEOUT', message: `No connection to ${vendor} came about in time.` },
    timeout: { code: 'TIMEOUT', message: `${capital(vendor)} did not answer in time.` },
    'cut-off': { code: unreadable, message: `The answer of ${vendor} broke off or was garbled on its way.` },
    'answer-too-large': {
      code: unreadable,
      message: `The answer of ${vendor} is larger than this connector takes.`,
      retryable: false,
      answerTooLarge: true,
    },
    'request-too-large': { code: 'TOO_LARGE', message: `The request is larger than ${vendor} takes.` },
  };
  return verdicts[cause];
}
