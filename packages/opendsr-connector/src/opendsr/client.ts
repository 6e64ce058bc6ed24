import { type ConnectorContext, faultData, isConnectorFault } from 'connector-contract';
import type { Settings } from '../settings.js';
import { assertAllowed } from './address.js';
import { type CallKind, faultOfAnswer, faultOfFailure } from './errors.js';
import type { Http, HttpAnswer, HttpRequest } from './http.js';
import { OpenDsrFault, openDsrFault } from './opendsr-fault.js';
import { dialects } from './protocol.js';

/** The rate limit of the manifest (`limits.rate[].id`) that all calls are paced by. */
export const LIMIT = 'processor';

/** The calls of OpenDSR, for one connection. Every one is made exactly once: what to repeat, and when, is the host's to say. */
export class OpenDsrClient {
  constructor(
    readonly ctx: ConnectorContext,
    readonly settings: Settings,
    private readonly http: Http,
  ) {}

  /** `GET /discovery`. @throws OpenDsrFault */
  discovery(): Promise<HttpAnswer> {
    return this.call('read', { method: 'GET', url: this.url('discovery'), headers: this.headers() });
  }

  /** `POST /requests`. @param body JSON text. @throws OpenDsrFault */
  create(body: string, call: 'create' | 'probe' = 'create'): Promise<HttpAnswer> {
    const headers = { ...this.headers(), 'Content-Type': 'application/json' };
    return this.call(call, { method: 'POST', url: this.url(this.requests), headers, body });
  }

  /** `GET /requests/{id}`. @throws OpenDsrFault */
  status(id: string): Promise<HttpAnswer> {
    return this.call('read', { method: 'GET', url: this.url(this.requests, id), headers: this.headers() });
  }

  /** `DELETE /requests/{id}`. @throws OpenDsrFault */
  cancel(id: string): Promise<HttpAnswer> {
    return this.call('cancel', { method: 'DELETE', url: this.url(this.requests, id), headers: this.headers() });
  }

  /** The certificate, from wherever it is published: the credential stays at home. @throws OpenDsrFault */
  certificate(url: URL): Promise<HttpAnswer> {
    const headers = { Accept: 'application/x-pem-file, application/pkix-cert, */*', 'User-Agent': 'opendsr-connector' };
    return this.call('read', { method: 'GET', url, headers });
  }

  private get requests(): string {
    return dialects[this.settings.protocol].requests;
  }

  private url(...path: readonly string[]): URL {
    // A dot segment would turn the call into another one, however it is encoded.
    if (path.some((segment) => /^\.{0,2}$/.test(segment))) {
      throw openDsrFault('INPUT_REFUSED', 'A reference to a request is empty or not one at all.');
    }
    return new URL(`${this.settings.base}/${path.map(encodeURIComponent).join('/')}`);
  }

  private headers(): Record<string, string> {
    return {
      Accept: 'application/json',
      // Signatures are made over the bytes that travel.
      'Accept-Encoding': 'identity',
      Authorization: this.settings.authorization,
      'User-Agent': 'opendsr-connector',
    };
  }

  private async call(call: CallKind, request: HttpRequest): Promise<HttpAnswer> {
    assertAllowed(request.url, this.ctx);
    await this.pace(call);
    const came = await this.http.exchange(request, this.ctx.signal);
    if ('failure' in came) throw faultOfFailure(came.failure, call, came.sent);
    if (came.status >= 200 && came.status < 300) return came;
    throw faultOfAnswer(came, call, this.ctx.clock.now());
  }

  private async pace(call: CallKind): Promise<void> {
    const { ctx } = this;
    try {
      if (!ctx.signal.aborted) await ctx.pace(LIMIT);
    } catch (error) {
      if (isConnectorFault(error)) throw new OpenDsrFault(faultData(error), false);
      if (!ctx.signal.aborted) {
        throw openDsrFault('CONNECTOR_BUG', 'The host could not say when the request may go out.');
      }
    }
    if (ctx.signal.aborted) throw faultOfFailure('aborted', call, false);
  }
}
