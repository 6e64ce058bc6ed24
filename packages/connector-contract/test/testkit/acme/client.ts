import { request as httpRequest } from 'node:http';
import { type ConnectorContext, ConnectorFault, type FaultCode } from '../../../src/index.js';
import { ACME_TIMEOUT_MS } from './manifest.js';

const MOST_BYTES = 200_000;

/** What Acme answered. */
export interface AcmeAnswer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Knows that a request may have reached Acme although the answer is unusable. */
export class AcmeTrouble extends ConnectorFault {
  readonly mayHaveArrived: boolean;

  constructor(code: FaultCode, message: string, mayHaveArrived: boolean, more: { retryAfterMs?: number } = {}) {
    super(ConnectorFault.of(code, message, { remedy: 'Look at the help for this code.', ...more }).toJSON());
    this.mayHaveArrived = mayHaveArrived;
  }
}

const refusals: Readonly<Record<number, FaultCode>> = {
  400: 'INPUT_REFUSED',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_MISSING',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'TOO_LARGE',
  422: 'INPUT_REFUSED',
  429: 'RATE_LIMITED',
};

/** What broken variants change about the way requests are made. */
export interface Transport {
  readonly followRedirects?: boolean;
  readonly askAnywhere?: boolean;
  readonly readEverything?: boolean;
  readonly unpaced?: boolean;
  readonly deaf?: boolean;
  readonly patient?: boolean;
}

/** One request to Acme; everything but a success is thrown as {@link AcmeTrouble}. */
export async function ask(
  ctx: ConnectorContext,
  method: string,
  path: string,
  body?: unknown,
  transport: Transport = {},
): Promise<AcmeAnswer> {
  const origin = String(ctx.config['baseUrl'] ?? 'https://api.acme.example');
  if (!ctx.allowedOrigins.includes(origin) && transport.askAnywhere !== true) {
    throw new AcmeTrouble('ENDPOINT_NOT_ALLOWED', 'The base URL is not allowed here.', false);
  }
  if (transport.unpaced !== true) await ctx.pace('api');
  const answer = await exchange(ctx, method, new URL(path, origin), body, transport);
  const code = refusals[answer.status];
  if (code !== undefined) {
    const wait = Number(answer.retryAfter);
    const more = Number.isFinite(wait) ? { retryAfterMs: wait * 1000 } : {};
    throw new AcmeTrouble(code, `Acme answered with status ${answer.status}.`, false, more);
  }
  if (answer.status >= 500) throw new AcmeTrouble('VENDOR_ERROR', `Acme answered ${answer.status}.`, true);
  if (answer.status >= 300) throw new AcmeTrouble('VENDOR_ANSWER_UNREADABLE', 'Acme points elsewhere.', true);
  try {
    return { status: answer.status, data: Object(JSON.parse(answer.text)) as Record<string, unknown> };
  } catch {
    throw new AcmeTrouble('VENDOR_ANSWER_UNREADABLE', 'The answer of Acme is not JSON.', true);
  }
}

interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
}

function exchange(
  ctx: ConnectorContext,
  method: string,
  url: URL,
  body: unknown,
  transport: Transport,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { apiToken, account, mode, folder = '' } = ctx.config;
    const headers = {
      authorization: `Bearer ${String(apiToken)}`,
      'content-type': 'application/json',
      'x-place': encodeURIComponent(`${String(account)}/${String(mode)}/${String(folder)}`),
    };
    const overdue = transport.patient === true ? undefined : AbortSignal.timeout(ACME_TIMEOUT_MS);
    const signals = [transport.deaf === true ? undefined : ctx.signal, overdue].filter((one) => one !== undefined);
    const outgoing = httpRequest(
      url,
      { method, headers, agent: false, signal: AbortSignal.any(signals) },
      (response) => {
        const { location } = response.headers;
        if (transport.followRedirects === true && location !== undefined) {
          exchange(ctx, method, new URL(location, url), body, transport).then(resolve, reject);
          return;
        }
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MOST_BYTES && transport.readEverything !== true) {
            outgoing.destroy();
            reject(new AcmeTrouble('VENDOR_ANSWER_UNREADABLE', 'The answer of Acme is too large.', true));
          }
        });
        response.on('error', () => reject(brokenOff()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, retryAfter: response.headers['retry-after'] }),
        );
      },
    );
    const brokenOff = (): AcmeTrouble => {
      const code = ctx.signal.aborted ? 'ABORTED' : overdue?.aborted === true ? 'TIMEOUT' : 'UNREACHABLE';
      return new AcmeTrouble(code, 'The connection to Acme broke off.', true);
    };
    outgoing.on('error', () => reject(brokenOff()));
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
