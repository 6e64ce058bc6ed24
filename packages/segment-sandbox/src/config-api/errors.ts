import type { AnswerStyle } from '../answers.js';
import type { Reply } from '../reply.js';
import { jsonReply } from '../reply.js';

/** Ends a call with an error in the form of the Config API: `{"error": "...", "code": N}`. */
export class ConfigApiError extends Error {
  override readonly name = 'ConfigApiError';

  constructor(
    readonly status: number,
    /** A gRPC status code. */
    readonly code: number,
    message: string,
  ) {
    super(message);
  }

  /** The error as an answer; where broken bodies are asked for, with a comma too many, as a public client has met them. */
  reply({ errorBodies }: AnswerStyle): Reply {
    const whole = jsonReply(this.status, { error: this.message, code: this.code });
    if (errorBodies === 'json') return whole;
    return { ...whole, body: whole.body.map((text) => String(text).replace(/\}$/, ',}')) };
  }
}

/** HTTP status, gRPC code and words of each kind of error. */
const KINDS = {
  invalidArgument: [400, 3, 'invalid argument'],
  unauthenticated: [401, 16, 'unauthenticated'],
  permissionDenied: [403, 7, 'permission denied'],
  notFound: [404, 5, 'not found'],
  alreadyExists: [409, 6, 'already exists'],
  // What the Config API says to a body that is too large is not published.
  tooLarge: [413, 3, 'request entity too large'],
  exhausted: [429, 8, 'resource exhausted'],
  internal: [500, 13, 'internal error'],
  unimplemented: [501, 12, 'Method Not Allowed'],
  unavailable: [503, 14, 'unavailable'],
} as const;

/** An error of a kind, with words of its own where the usual ones say too little. */
export function configError(kind: keyof typeof KINDS, message?: string): ConfigApiError {
  const [status, code, words] = KINDS[kind];
  return new ConfigApiError(status, code, message ?? words);
}

/** An error of any HTTP status, for faults on demand. */
export function configErrorOfStatus(status: number): ConfigApiError {
  const [, code, words] = Object.values(KINDS).find(([known]) => known === status) ?? [status, 2, `error ${status}`];
  return new ConfigApiError(status, code, words);
}

/** What a wrong URL gets: the words of the proxy in front, not JSON. */
export const WRONG_URL: Reply = {
  status: 503,
  headers: { 'content-type': 'text/plain' },
  body: ['upstream connect error or disconnect/reset before headers'],
};
