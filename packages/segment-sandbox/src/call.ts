import type { IncomingHttpHeaders } from 'node:http';
import type { Query } from './query.js';

/** A request as the handlers see it. */
export interface Call {
  readonly method: string;
  /** Path without the query, percent-encoded as it came. */
  readonly path: string;
  /** Values of the `{name}` parts of the route, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came; undefined where it was larger than `MAX_BODY_BYTES`. */
  readonly body: Buffer | undefined;
}

/**
 * The largest body taken. Segment's documentation says "4 MB": the smaller reading, so that a client which fits here
 * fits there.
 */
export const MAX_BODY_BYTES = 4_000_000;

/** Reads a body as a JSON object; undefined where it is anything else. */
export function jsonObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
