import http from 'node:http';
import https from 'node:https';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { notingTransport, type Reach } from './reach.js';

/** Headers of an answer, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

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
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer of any status, its body as it came: signatures are made over bytes. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Uint8Array;
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

/** What came of a request. `sent`: the connection stood, so that some of it may have gone out. */
export type Exchange = HttpAnswer | { readonly failure: FailureCause; readonly sent: boolean };

// Codes that can only come before a connection stands.
const unresolved = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);
const refused = new Set(['ECONNREFUSED', 'EADDRNOTAVAIL']);
const untrusted =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)/;
// A TLS record that is garbled on an established connection has a code of OpenSSL's too.
const garbled = /^(?:HPE_|Z_|ERR__ERROR_|ERR_PADDING|ERR_BUFFER|ERR_SSL_|EPROTO$)/;

/** Makes HTTP requests and never throws: what axios throws carries the credential and the body, so none of it leaves this class. */
export class Http {
  // An instance of its own: interceptors and defaults that a host gives the global axios do not reach it. Proxy settings of the
  // environment are axios's own business and stay as they are.
  private readonly client: AxiosInstance;
  // Shared by all connections; idle sockets are unreferenced and keep no process alive.
  private readonly reused: object;
  // A kept-alive socket may be closed by the other side at the very moment it is used again, which cannot be told from an answer
  // that was lost. A request that must not be repeated therefore gets a connection of its own.
  private readonly fresh: object;

  /** @param authorities certificate authorities (PEM) that TLS connections trust; those of Node.js unless given. */
  constructor(authorities?: readonly string[]) {
    const tls = authorities === undefined ? {} : { ca: [...authorities] };
    const agents = (keepAlive: boolean) => ({
      httpAgent: new http.Agent({ keepAlive, maxFreeSockets: 4 }),
      httpsAgent: new https.Agent({ keepAlive, maxFreeSockets: 4, ...tls }),
    });
    this.reused = agents(true);
    this.fresh = agents(false);
    this.client = axios.create({
      adapter: 'http',
      responseType: 'arraybuffer',
      maxRedirects: 0,
      validateStatus: () => true,
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
    });
  }

  /**
   * Makes one request. Redirects are not followed; the answer that is one is returned as it came.
   * @param signal aborts the request; the failure is then `aborted`.
   */
  async exchange(
    { method, url, headers, body }: HttpRequest,
    bounds: HttpBounds,
    signal: AbortSignal,
  ): Promise<Exchange> {
    if (signal.aborted) return { failure: 'aborted', sent: false };
    const reach: Reach = { connected: false, connectTimedOut: false };
    const whole = new AbortController();
    const timer = setTimeout(() => whole.abort(), bounds.timeoutMs);
    try {
      const response = await this.client.request<unknown>({
        ...(method === 'GET' ? this.reused : this.fresh),
        method,
        url: url.href,
        headers: { ...headers },
        ...(body === undefined ? {} : { data: body }),
        maxContentLength: bounds.maxAnswerBytes,
        maxBodyLength: bounds.maxBodyBytes,
        signal: AbortSignal.any([signal, whole.signal]),
        transport: notingTransport(reach, bounds.connectTimeoutMs),
      });
      const { data, status } = response;
      return { status, headers: lowerCased(response), body: Buffer.isBuffer(data) ? data : Buffer.alloc(0) };
    } catch (error) {
      const sent = reach.connected;
      if (signal.aborted) return { failure: 'aborted', sent };
      if (reach.connectTimedOut) return { failure: 'connect-timeout', sent };
      if (whole.signal.aborted) return { failure: sent ? 'timeout' : 'connect-timeout', sent };
      return failureOf(error, sent);
    } finally {
      clearTimeout(timer);
    }
  }
}

function failureOf(error: unknown, connected: boolean): Exchange {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : '';
  const failed = (failure: FailureCause, sent = connected): Exchange => ({ failure, sent });
  if (message.startsWith('maxContentLength')) return failed('answer-too-large');
  if (message.includes('maxBodyLength')) return failed('request-too-large', false);
  if (unresolved.has(code)) return failed('unresolved', false);
  if (refused.has(code)) return failed('refused', false);
  if (!connected && untrusted.test(code)) return failed('untrusted');
  if (garbled.test(code) || message === 'stream has been aborted') return failed('cut-off');
  return failed(connected ? 'broken' : 'refused');
}

function lowerCased(response: AxiosResponse<unknown>): AnswerHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
  }
  return headers;
}
