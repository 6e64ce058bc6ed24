import type { AnswerStyle } from '../answers.js';
import type { LimitState } from '../limits.js';
import type { Reply } from '../reply.js';
import { jsonReply } from '../reply.js';

/** One entry of the `errors` of an answer. */
export interface ErrorEntry {
  readonly type: string;
  readonly message: string;
  readonly field?: string;
  readonly data?: unknown;
}

/** Ends a call with an error in the form of the Public API. */
export class PublicApiError extends Error {
  override readonly name = 'PublicApiError';

  constructor(
    readonly status: number,
    readonly errors: readonly ErrorEntry[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(errors.map(({ message }) => message).join('; '));
  }

  /** The error as an answer of this media type. */
  reply(mediaType: string): Reply {
    return jsonReply(this.status, { errors: this.errors }, this.headers, mediaType);
  }
}

/**
 * 401: a missing, wrong or revoked token. The name of the type here and in the errors below is a guess; published are only
 * `input-validation` and `RequestError`.
 */
export function unauthorized(message: string): PublicApiError {
  return new PublicApiError(401, [{ type: 'unauthorized', message }]);
}

/** A token without the right, or a plan without the API: a 401 by Segment's pages, a 403 by what clients have met. */
export function missingRight({ missingRight: status }: AnswerStyle, message: string): PublicApiError {
  return new PublicApiError(status, [{ type: status === 401 ? 'unauthorized' : 'forbidden', message }]);
}

/** 404: there is no such thing, or no longer. */
export function notFound(message: string): PublicApiError {
  return new PublicApiError(404, [{ type: 'not-found', message }]);
}

/** 422: a parameter is not valid. */
export function invalid(field: string, message: string): PublicApiError {
  return new PublicApiError(422, [{ type: 'input-validation', message, field }]);
}

/** 429 as the vendor's limiter words it. `Retry-After` comes with the limit of the token, not with the monthly quota. */
export function tooManyRequests(
  limit: LimitState,
  now: number,
  headers: Readonly<Record<string, string>> = {},
): PublicApiError {
  const data = {
    remainingPoints: limit.remaining,
    msBeforeNext: Math.max(1, limit.resetAt - now),
    consumedPoints: limit.consumed,
  };
  return new PublicApiError(429, [{ type: 'RequestError', message: 'Too many requests', data }], headers);
}

const MESSAGES: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['bad-request', 'The request could not be read'],
  401: ['unauthorized', 'Unauthorized'],
  403: ['forbidden', 'Forbidden'],
  404: ['not-found', 'Not found'],
  409: ['conflict', 'The resource is in conflict with another'],
  413: ['payload-too-large', 'The request is larger than 4 MB'],
  422: ['input-validation', 'The request is not valid'],
  500: ['server-error', 'Internal server error'],
  503: ['server-error', 'Service unavailable'],
};

/** An error of any status, for faults on demand. */
export function errorOfStatus(status: number, now: number): PublicApiError {
  if (status === 429) {
    const limit: LimitState = { allowed: false, remaining: 0, consumed: 0, resetAt: now + 1_000 };
    return tooManyRequests(limit, now, { 'retry-after': '1' });
  }
  const [type, message] = MESSAGES[status] ?? ['server-error', `Error ${status}`];
  return new PublicApiError(status, [{ type, message }]);
}
