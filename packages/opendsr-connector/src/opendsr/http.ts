import http from 'node:http';
import https from 'node:https';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import type { AnswerHeaders, FailureCause } from './errors.js';
import { notingTransport, type Reach } from './reach.js';

/** One HTTP request, complete. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
}

/** An answer of any status, its body as it came: signatures are made over bytes. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
}

/** What came of a request. `sent`: some of it may have reached the other side. */
export type Exchange = HttpAnswer | { readonly failure: FailureCause; readonly sent: boolean };

/** What may be set about the requests of a connector. */
export interface HttpOptions {
  /** Milliseconds until an answer is there in full; 30,000 unless given. */
  readonly timeoutMs?: number;
  /** Certificate authorities (PEM) that TLS connections trust; those of Node.js unless given. */
  readonly authorities?: readonly string[];
}

/** A request that is not answered by then counts as unanswered. The manifest's `limits.timeoutMs` says the same. */
export const TIMEOUT_MS = 30_000;

/** Bytes of an answer. A status has a few hundred, a discovery a few thousand. */
export const MAX_ANSWER_BYTES = 1024 * 1024;

// Where the connection does not stand yet, nothing was sent.
const unresolved = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);
const refused = new Set(['ECONNREFUSED', 'EADDRNOTAVAIL', 'ENETUNREACH', 'EHOSTUNREACH']);
const untrusted =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;
// A TLS record that is garbled on an established connection has a code of these too.
const garbled = /^(?:HPE_|Z_|ERR__ERROR_|ERR_SSL_|EPROTO$)/;

/** Makes HTTP requests and never throws: what axios throws carries credentials and bodies, so none of it leaves this class. */
export class Http {
  private readonly client: AxiosInstance;
  private readonly timeoutMs: number;

  constructor({ timeoutMs = TIMEOUT_MS, authorities }: HttpOptions = {}) {
    this.timeoutMs = timeoutMs;
    // Each request has a connection of its own: on a reused one, a request that was never read cannot be told from a lost answer.
    this.client = axios.create({
      adapter: 'http',
      httpAgent: new http.Agent({ keepAlive: false }),
      httpsAgent: new https.Agent({
        keepAlive: false,
        ...(authorities === undefined ? {} : { ca: [...authorities] }),
      }),
      responseType: 'arraybuffer',
      maxRedirects: 0,
      maxContentLength: MAX_ANSWER_BYTES,
      validateStatus: () => true,
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
    });
  }

  /** @param signal aborts the request; the failure is then `aborted`. */
  async exchange({ method, url, headers, body }: HttpRequest, signal: AbortSignal): Promise<Exchange> {
    if (signal.aborted) return { failure: 'aborted', sent: false };
    const reach: Reach = { connected: false };
    const whole = new AbortController();
    const timer = setTimeout(() => whole.abort(), this.timeoutMs);
    try {
      const answer = await this.client.request<unknown>({
        method,
        url: url.href,
        headers: { ...headers },
        ...(body === undefined ? {} : { data: body }),
        signal: AbortSignal.any([signal, whole.signal]),
        transport: notingTransport(reach),
      });
      return { status: answer.status, headers: lowerCased(answer), body: bytesOf(answer.data) };
    } catch (error) {
      if (signal.aborted) return { failure: 'aborted', sent: true };
      return whole.signal.aborted ? { failure: 'timeout', sent: true } : failureOf(error, reach);
    } finally {
      clearTimeout(timer);
    }
  }
}

function bytesOf(data: unknown): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.alloc(0);
}

function failureOf(error: unknown, { connected }: Reach): Exchange {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('maxContentLength')) return { failure: 'answer-too-large', sent: true };
  if (!connected && unresolved.has(code)) return { failure: 'unresolved', sent: false };
  if (!connected && refused.has(code)) return { failure: 'refused', sent: false };
  if (!connected && untrusted.test(code)) return { failure: 'untrusted', sent: false };
  if (garbled.test(code) || message === 'stream has been aborted') return { failure: 'cut-off', sent: true };
  return { failure: 'broken', sent: true };
}

function lowerCased(answer: AxiosResponse<unknown>): AnswerHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
  }
  return headers;
}
