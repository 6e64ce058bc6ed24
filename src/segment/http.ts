import http from 'node:http';
import https from 'node:https';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import type { FailureCause } from './errors.js';
import type { AnswerHeaders } from './limits.js';
import { notingTransport, type Reach } from './reach.js';

/** Bounds of one request. */
export interface HttpBounds {
  /** Milliseconds until the connection stands. */
  readonly connectTimeoutMs: number;
  /** Milliseconds until the answer is there in full. */
  readonly timeoutMs: number;
  /** Bytes of an answer, decompressed. */
  readonly maxAnswerBytes: number;
  /** Bytes of a request body. */
  readonly maxBodyBytes: number;
}

/** One request, complete. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
}

/** What came of a request: an answer of any status, or why there is none. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: AnswerHeaders; readonly text: string }
  | { readonly kind: 'failure'; readonly cause: FailureCause; readonly sent: boolean };

// Shared by all connections; idle sockets are unreferenced and keep no process alive.
const keepAlive = {
  httpAgent: new http.Agent({ keepAlive: true, maxFreeSockets: 4 }),
  httpsAgent: new https.Agent({ keepAlive: true, maxFreeSockets: 4 }),
};

// A kept-alive socket may be closed by the other side at the very moment it is used again, which cannot be told from an answer
// that was lost. A request that must not be repeated therefore gets a connection of its own.
const single = {
  httpAgent: new http.Agent({ keepAlive: false }),
  httpsAgent: new https.Agent({ keepAlive: false }),
};

// An instance of its own: interceptors and defaults that a host gives the global axios do not reach it. Proxy settings of the
// environment are axios's own business and stay as they are.
const client: AxiosInstance = axios.create({
  adapter: 'http',
  responseType: 'text',
  maxRedirects: 0,
  validateStatus: () => true,
  transformRequest: [(data: unknown) => data],
  transformResponse: [(data: unknown) => data],
});

// Codes that can only come before a connection stands.
const unresolved = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);
const refused = new Set(['ECONNREFUSED', 'EADDRNOTAVAIL']);
const untrusted =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)/;
const garbled = /^(?:HPE_|Z_|ERR__ERROR_|ERR_PADDING|ERR_BUFFER)/;

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function failureOf(error: unknown, { connected }: Reach): Exchange {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  const failure = (cause: FailureCause, sent = connected): Exchange => ({ kind: 'failure', cause, sent });
  if (message.startsWith('maxContentLength')) return failure('answer-too-large');
  if (message.includes('maxBodyLength')) return failure('request-too-large', false);
  if (unresolved.has(code)) return failure('unresolved', false);
  if (refused.has(code)) return failure('refused', false);
  if (untrusted.test(code) && !connected) return failure('untrusted');
  if (garbled.test(code) || message === 'stream has been aborted') return failure('cut-off');
  return failure(connected ? 'broken' : 'refused');
}

function lowerCased(response: AxiosResponse<unknown>): AnswerHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
  }
  return headers;
}

/**
 * Makes one request and never throws: what axios throws carries the token and the body, so none of it leaves this function.
 * Redirects are not followed; the answer that is one is returned as it came.
 * @param signal aborts the request; the failure is then `aborted`.
 */
export async function exchange(request: HttpRequest, bounds: HttpBounds, signal: AbortSignal): Promise<Exchange> {
  if (signal.aborted) return { kind: 'failure', cause: 'aborted', sent: false };
  const reach: Reach = { connected: false, connectTimedOut: false };
  const whole = new AbortController();
  const timer = setTimeout(() => whole.abort(), bounds.timeoutMs);
  try {
    const response = await client.request<unknown>({
      ...(request.method === 'GET' ? keepAlive : single),
      method: request.method,
      url: request.url.href,
      headers: { ...request.headers },
      ...(request.body === undefined ? {} : { data: request.body }),
      maxContentLength: bounds.maxAnswerBytes,
      maxBodyLength: bounds.maxBodyBytes,
      signal: AbortSignal.any([signal, whole.signal]),
      transport: notingTransport(reach, bounds.connectTimeoutMs),
    });
    const text = typeof response.data === 'string' ? response.data : '';
    return { kind: 'answer', status: response.status, headers: lowerCased(response), text };
  } catch (error) {
    const sent = reach.connected;
    if (signal.aborted) return { kind: 'failure', cause: 'aborted', sent };
    if (reach.connectTimedOut) return { kind: 'failure', cause: 'connect-timeout', sent };
    if (whole.signal.aborted) return { kind: 'failure', cause: sent ? 'timeout' : 'connect-timeout', sent };
    return failureOf(error, reach);
  } finally {
    clearTimeout(timer);
  }
}
