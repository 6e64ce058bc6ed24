import { type ConnectorContext, faultData, isConnectorFault } from 'connector-contract';
import { assertAllowed, type Limit } from './endpoints.js';
import { type CallKind, faultOfAnswer, faultOfFailure, SegmentFault, segmentFault, unreadable } from './errors.js';
import { exchange, type HttpBounds, type HttpRequest } from './http.js';
import { type AnswerHeaders, parseMailDate } from './limits.js';
import { defaultPatience, type Patience, pauseBefore } from './patience.js';
import type { Generation } from './segment.js';

/** A successful answer. */
export interface Answer {
  readonly headers: AnswerHeaders;
  /** The JSON value. */
  readonly body: unknown;
  /** The body as it came, for what JSON numbers lose. */
  readonly text: string;
}

/** The address of a call below the base URL: path segments as they are (they get encoded here) and query parameters. */
export interface Route {
  readonly path: readonly string[];
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Media types asked for, where they are others than those of the client. */
  readonly accept?: string;
}

/** Which API a client speaks to, and as whom. */
export interface ClientIdentity {
  readonly generation: Generation;
  /** Base URL without a slash at its end. */
  readonly base: string;
  readonly token: string;
  /** Media types asked for. */
  readonly accept: string;
  /** The limit that reads count under. */
  readonly limit: Limit;
}

/** What may be set about the requests; the defaults are for real life. */
export type ClientOptions = Partial<HttpBounds & Patience>;

/** A POST. */
export interface Sending {
  readonly call: 'create' | 'probe';
  readonly limit: Limit;
  readonly body: unknown;
  /** How many people it is about. */
  readonly subjects: number;
}

const mebibyte = 1024 * 1024;

/** 10 s to connect, 30 s for all of it, answers up to 32 MiB, bodies up to the 4 MB that Segment takes. */
export const defaultBounds: HttpBounds = {
  connectTimeoutMs: 10_000,
  timeoutMs: 30_000,
  maxAnswerBytes: 32 * mebibyte,
  maxBodyBytes: 4 * mebibyte,
};

/** Requests of one connection to one generation of the API: paced, bounded, and repeated where that is safe. */
export class SegmentClient {
  private readonly bounds: HttpBounds;
  private readonly patience: Patience;

  constructor(
    private readonly ctx: ConnectorContext,
    private readonly identity: ClientIdentity,
    options: ClientOptions = {},
  ) {
    this.bounds = { ...defaultBounds, ...options };
    this.patience = { ...defaultPatience, ...options };
  }

  /** Reads, and reads again a few times where the trouble may pass. @throws SegmentFault */
  async get(route: Route, call: 'workspace' | 'read' = 'read'): Promise<Answer> {
    const request = { method: 'GET', url: this.url(route), headers: this.headers(route.accept) } as const;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(request, call, this.identity.limit);
      } catch (fault) {
        const pause = fault instanceof SegmentFault ? pauseBefore(fault, attempt, this.patience) : undefined;
        if (pause === undefined) throw fault;
        await this.sleep(pause, call);
      }
    }
  }

  /** Sends exactly once. @throws SegmentFault */
  async post(route: Route, { call, limit, body, subjects }: Sending): Promise<Answer> {
    const headers = { ...this.headers(), 'Content-Type': 'application/json' };
    const request = { method: 'POST', url: this.url(route), headers, body: JSON.stringify(body) } as const;
    return this.once(request, call, limit, subjects);
  }

  private url({ path, query = [] }: Route): URL {
    // A dot segment would turn the request into another one, however it is encoded.
    if (path.some((segment) => /^\.{0,2}$/.test(segment))) {
      throw segmentFault('INPUT_REFUSED', 'A reference to a Segment resource is empty or not one at all.');
    }
    const search = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString();
    const address = `${this.identity.base}/${path.map(encodeURIComponent).join('/')}`;
    return new URL(search === '' ? address : `${address}?${search}`);
  }

  private headers(accept = this.identity.accept): Record<string, string> {
    return {
      Accept: accept,
      'Accept-Encoding': 'gzip, deflate',
      Authorization: `Bearer ${this.identity.token}`,
      'User-Agent': 'segment-config-connector',
    };
  }

  private async once(request: HttpRequest, call: CallKind, limit: Limit, subjects?: number): Promise<Answer> {
    assertAllowed(request.url, this.ctx.allowedOrigins);
    await this.pace(limit, call);
    const { clock } = this.ctx;
    const asked = clock.now();
    const came = await exchange(request, this.bounds, this.ctx.signal);
    if (came.kind === 'failure') throw faultOfFailure(came.cause, call, came.sent);
    const { status, headers, text } = came;
    const date = parseMailDate(headers['date'] ?? '');
    // Whole seconds, said somewhere between question and answer.
    if (date !== undefined) clock.heard?.(date + 500 + (clock.now() - asked) / 2);
    if (status < 200 || status > 299) {
      const { generation } = this.identity;
      const now = clock.now();
      throw faultOfAnswer({
        generation,
        call,
        status,
        headers,
        text,
        now,
        ...(subjects === undefined ? {} : { subjects }),
      });
    }
    return { headers, text, body: json(text, call) };
  }

  private async pace(limit: Limit, call: CallKind): Promise<void> {
    this.assertWanted(call);
    try {
      await this.ctx.pace(limit);
    } catch (error) {
      this.assertWanted(call);
      if (isConnectorFault(error)) throw new SegmentFault(faultData(error), false);
      throw segmentFault('CONNECTOR_BUG', 'The host could not say when the request may go out.');
    }
    this.assertWanted(call);
  }

  private async sleep(ms: number, call: CallKind): Promise<void> {
    try {
      await this.ctx.clock.sleep(ms, this.ctx.signal);
    } catch {
      throw faultOfFailure('aborted', call, false);
    }
  }

  private assertWanted(call: CallKind): void {
    if (this.ctx.signal.aborted) throw faultOfFailure('aborted', call, false);
  }
}

function json(text: string, call: CallKind): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable('it is not JSON', call);
  }
}
