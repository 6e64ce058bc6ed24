import {
  type ConnectorContext,
  type ConnectorManifest,
  faultData,
  isConnectorFault,
  ratesOf,
} from 'connector-contract';
import { boundsOf } from './bounds.js';
import { type FaultMaker, VendorFault } from './fault.js';
import { isAllowed } from './hosts.js';
import {
  type AnswerHeaders,
  type FailureCause,
  Http,
  type HttpAnswer,
  type HttpBounds,
  type HttpRequest,
} from './http/exchange.js';
import { leftBy } from './http/left.js';
import { parseMailDate } from './http/waiting.js';
import { once, type Patience, pauseBefore } from './patience.js';
import { parsedJson, ShapeError } from './reading.js';
import {
  type Effect,
  isJsonObject,
  leavesOpen,
  type Refusal,
  usualVerdict,
  type Verdict,
  verdictOfFailure,
} from './verdict.js';

/** A successful answer. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** As it came. */
  readonly body: Uint8Array;
  readonly text: string;
  /** The JSON value. @throws ShapeError where it is none. */
  readonly json: () => unknown;
}

/** One call. */
export interface Call<Limit extends string = string, Kind extends string = string> {
  /** Default `GET`. */
  readonly method?: HttpRequest['method'];
  /** Below the base URL: path segments as they are (they get encoded here). Or an address of its own, which the credential is not sent to. */
  readonly path: readonly string[] | URL;
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Beside those of the connection, or in their place. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  /** The rate limit of the manifest (`limits.rate[].id`) that the call counts under. */
  readonly limit: Limit;
  /** Unless given: a GET reads, anything else changes something. */
  readonly effect?: Effect;
  /** What the connector calls the call, where what a refusal means depends on it. */
  readonly kind?: Kind;
}

/** What is the same for all connections of a connector. */
export interface Vendor<Code extends string = never, Kind extends string = string> {
  readonly manifest: () => ConnectorManifest;
  /** As it stands within a sentence: `Segment`, `the processor`. */
  readonly name: string;
  readonly fault: FaultMaker<Code>;
  /** Whether a refusal is the vendor's own word; a JSON object unless told otherwise. */
  readonly isVendors?: (refusal: Refusal<Kind>) => boolean;
  /** What an answer that is no success means where it is not the usual; `undefined` where it is. */
  readonly judge?: (refusal: Refusal<Kind>) => Verdict<Code> | undefined;
  readonly http?: Http;
  readonly bounds?: Partial<HttpBounds>;
  readonly patience?: Partial<Patience>;
}

/** Where a connection leads, and as whom. */
export interface Connection {
  /** URL; everything below it is the vendor's. */
  readonly base: string;
  /** Sent with every call: the credential above all. */
  readonly headers: Readonly<Record<string, string>>;
  /** Gives the token that is sent as bearer, such as that of `authOf`. Asked again, once, where the first answer to a read was 401. */
  readonly token?: (refused?: string) => Promise<string>;
}

const shared = new Http();
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The calls of one connection: to allowed hosts only, each in its turn, within bounds, no redirect followed. A change is made exactly once,
 * and leaves within `limits.timeoutMs` after the client was made, or not at all: so `reconcile` knows when a lost one can no longer arrive.
 */
export class VendorClient<Code extends string = never, Kind extends string = string> {
  /** Milliseconds that the vendor's clock was behind the host's at most, by the answers so far. */
  behindMs = 0;
  private readonly bounds: HttpBounds;
  private readonly patience: Patience;
  private readonly latest: number;
  /** Whether a change was made: a call that fails afterwards leaves it half-way. */
  private changed = false;

  constructor(
    readonly ctx: ConnectorContext,
    private readonly connection: Connection,
    readonly vendor: Vendor<Code, Kind>,
  ) {
    this.bounds = boundsOf(vendor.manifest(), vendor.bounds);
    this.patience = { ...once, ...vendor.patience };
    this.latest = ctx.clock.now() + this.bounds.timeoutMs;
  }

  /** Makes a call and answers what `read` makes of a success. A read is repeated as `patience` has it. @throws VendorFault */
  async ask<T>(call: Call<string, Kind>, read: (answer: Answer) => T | Promise<T>): Promise<T> {
    try {
      return await this.attempts(call, read);
    } catch (fault) {
      if (!this.changed || !(fault instanceof VendorFault)) throw fault;
      throw new VendorFault(fault.toJSON(), { ...fault, mayHaveArrived: true });
    }
  }

  private async attempts<T>(call: Call<string, Kind>, read: (answer: Answer) => T | Promise<T>): Promise<T> {
    const effect = call.effect ?? ((call.method ?? 'GET') === 'GET' ? 'read' : 'change');
    const request = this.request(call);
    let token = await this.token(call);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.exchange(bearing(request, token), call, effect);
        return await this.reading(effect, async () => read(answer));
      } catch (fault) {
        const refused = fault instanceof VendorFault && fault.httpStatus === 401 ? token : undefined;
        if (refused !== undefined && effect === 'read' && attempt === 1) {
          token = await this.token(call, refused);
          continue;
        }
        const pause =
          effect === 'read' && fault instanceof VendorFault ? pauseBefore(fault, attempt, this.patience) : undefined;
        if (pause === undefined) throw fault;
        await this.sleep(pause);
      }
    }
  }

  /** A fault of an answer that came in full, but not as the vendor documents it. `why` in the connector's own words. */
  unreadable(why: string, effect: Effect): VendorFault {
    return this.vendor.fault('VENDOR_ANSWER_UNREADABLE', `The answer of ${this.vendor.name} cannot be read: ${why}.`, {
      mayHaveArrived: effect === 'change',
    });
  }

  private async reading<T>(effect: Effect, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw error instanceof ShapeError ? this.unreadable(error.message, effect) : error;
    }
  }

  /** The token of the connection; an address of its own gets none. */
  private async token({ path }: Call, refused?: string): Promise<string | undefined> {
    const { token } = this.connection;
    if (path instanceof URL || token === undefined) return undefined;
    try {
      return await token(refused);
    } catch (error) {
      if (isConnectorFault(error)) throw new VendorFault(faultData(error));
      throw this.vendor.fault('CONNECTOR_BUG', 'The host could not say which token is good.');
    }
  }

  private request({ method = 'GET', path, query = [], headers, body }: Call): HttpRequest {
    const own = path instanceof URL ? undefined : this.connection.headers;
    const url = path instanceof URL ? path : this.url(path, query);
    if (!isAllowed(url, this.vendor.manifest(), this.ctx)) {
      throw this.vendor.fault('ENDPOINT_NOT_ALLOWED', `Requests to ${url.protocol}//${url.host} are not allowed.`);
    }
    const typed = body === undefined || typeof body === 'string' ? {} : { 'Content-Type': 'application/json' };
    return {
      method,
      url,
      headers: { 'User-Agent': this.vendor.manifest().id, Accept: 'application/json', ...own, ...typed, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    };
  }

  private url(path: readonly string[], query: readonly (readonly [name: string, value: string])[]): URL {
    // A dot segment would turn the request into another one, however it is encoded.
    if (path.some((segment) => /^\.{0,2}$/.test(segment))) {
      throw this.vendor.fault('INPUT_REFUSED', 'A reference to what the vendor keeps is empty or not one at all.');
    }
    const url = new URL(`${this.connection.base.replace(/(?<!\/)\/+$/, '')}/${path.map(encodeURIComponent).join('/')}`);
    for (const [name, value] of query) url.searchParams.append(name, value);
    return url;
  }

  private async exchange(request: HttpRequest, call: Call<string, Kind>, effect: Effect): Promise<Answer> {
    const { ctx, vendor } = this;
    await this.turn(call.limit, effect);
    const asked = ctx.clock.now();
    const came = await (vendor.http ?? shared).exchange(request, this.bounds, ctx.signal);
    if ('failure' in came) throw this.failure(came.failure, effect, came.sent);
    this.hear(came, asked);
    this.handOn(call.limit, came);
    const text = utf8.decode(came.body);
    if (came.status >= 200 && came.status < 300) {
      this.changed ||= effect === 'change';
      return { ...came, text, json: () => jsonOf(text) };
    }
    const { status, headers } = came;
    const refusal = { effect, status, headers, text, now: ctx.clock.now() };
    throw this.faultOfAnswer(call.kind === undefined ? refusal : { ...refusal, kind: call.kind });
  }

  private faultOfAnswer(refusal: Refusal<Kind>): VendorFault {
    const { vendor } = this;
    const { isVendors = isJsonObject, judge } = vendor;
    const { code, message, ...options } = judge?.(refusal) ?? usualVerdict(refusal, vendor.name, isVendors(refusal));
    const { status: httpStatus, effect } = refusal;
    const mayHaveArrived = effect === 'change' && (options.mayHaveArrived ?? leavesOpen(httpStatus));
    return vendor.fault(code, message, { ...options, httpStatus, mayHaveArrived });
  }

  private failure(cause: FailureCause, effect: Effect, sent: boolean): VendorFault {
    const { code, message, ...options } = verdictOfFailure(cause, this.vendor.name);
    return this.vendor.fault(code, message, { ...options, mayHaveArrived: effect === 'change' && sent });
  }

  /** The vendor's clock, by its answer: whole seconds, said somewhere between question and answer. */
  private hear({ headers }: HttpAnswer, asked: number): void {
    const { clock } = this.ctx;
    const date = parseMailDate(headers['date'] ?? '');
    if (date === undefined) return;
    const now = clock.now();
    const heard = date + 500 + (now - asked) / 2;
    this.behindMs = Math.max(this.behindMs, now - heard);
    clock.heard?.(heard);
  }

  /** What the vendor says is left, where the manifest says which headers tell. */
  private handOn(limit: string, { headers }: HttpAnswer): void {
    const { clock, left } = this.ctx;
    for (const { id, byHeader } of ratesOf(this.vendor.manifest().limits, limit)) {
      const found = byHeader && leftBy(byHeader, headers, clock.now());
      if (found) left?.(id, found.requests, found.resetsAt);
    }
  }

  private async turn(limit: string, effect: Effect): Promise<void> {
    const { ctx, vendor } = this;
    this.assertWanted(effect);
    try {
      await ctx.pace(limit);
    } catch (error) {
      this.assertWanted(effect);
      if (isConnectorFault(error)) throw new VendorFault(faultData(error));
      throw vendor.fault('CONNECTOR_BUG', 'The host could not say when the request may go out.');
    }
    this.assertWanted(effect);
    if (effect === 'change' && ctx.clock.now() > this.latest) {
      const retryAfterMs = 1_000;
      throw vendor.fault('RATE_LIMITED', 'The submission waited too long for its turn and was not sent.', {
        retryAfterMs,
      });
    }
  }

  private async sleep(ms: number): Promise<void> {
    try {
      await this.ctx.clock.sleep(ms, this.ctx.signal);
    } catch {
      throw this.failure('aborted', 'read', false);
    }
  }

  private assertWanted(effect: Effect): void {
    if (this.ctx.signal.aborted) throw this.failure('aborted', effect, false);
  }
}

function bearing(request: HttpRequest, token: string | undefined): HttpRequest {
  if (token === undefined) return request;
  return { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } };
}

function jsonOf(text: string): unknown {
  const value = parsedJson(text);
  if (value === undefined) throw new ShapeError('it is not JSON');
  return value;
}
