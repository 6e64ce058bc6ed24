import type { ConnectorContext } from 'connector-contract';
import { manifest } from './manifest.js';
import { refusals } from './refusals.js';
import { VendorFault } from './vendor-fault.js';

const MOST_BYTES = 1_000_000;

type Json = Readonly<Record<string, unknown>>;

/**
 * Makes one request and answers its JSON object. This is the only place that speaks to the vendor, so every rule about requests
 * is kept here: allowed hosts only, a turn under the rate, no redirect, a time-out, a bounded answer.
 * @throws VendorFault for everything but a success.
 */
export async function callVendor(
  ctx: ConnectorContext,
  method: 'GET' | 'POST',
  path: string,
  body?: Json,
): Promise<Json> {
  const url = new URL(path, endpoint(ctx));
  await ctx.pace('api');
  if (ctx.signal.aborted) throw new VendorFault('ABORTED', 'The call was called off.', false);
  const overdue = AbortSignal.timeout(manifest.limits.timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${String(ctx.config['apiToken'])}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([ctx.signal, overdue]),
    });
    const text = await textOf(response);
    if (!response.ok) throw faultOf(response);
    return parsed(text);
  } catch (caught) {
    if (caught instanceof VendorFault) throw caught;
    if (ctx.signal.aborted) throw new VendorFault('ABORTED', 'The call was called off.', true);
    if (overdue.aborted) throw new VendorFault('TIMEOUT', 'The vendor did not answer in time.', true);
    // What fetch throws can repeat the request, so nothing of it goes on.
    throw new VendorFault('UNREACHABLE', 'There was no connection to the vendor, or it broke off.', true);
  }
}

function endpoint({ config, allowedOrigins }: ConnectorContext): URL {
  const { allowedHosts } = manifest.network;
  const url = new URL(String(config['baseUrl'] ?? `https://${allowedHosts[0]}`));
  const own = url.protocol === 'https:' && allowedHosts.includes(url.host);
  if (own || allowedOrigins.includes(url.origin)) return url;
  throw new VendorFault('ENDPOINT_NOT_ALLOWED', 'The address is not one that this connector may talk to.', false);
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new VendorFault('VENDOR_ANSWER_UNREADABLE', 'The answer is too large.', true);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function faultOf({ status, headers }: Response): VendorFault {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const detail = { httpStatus: status, ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}) };
  const code = refusals[status];
  if (code !== undefined)
    return new VendorFault(code, `The vendor refuses the request (HTTP ${status}).`, false, detail);
  const own = status >= 500 ? 'VENDOR_ERROR' : 'VENDOR_ANSWER_UNREADABLE';
  return new VendorFault(own, `The vendor answered HTTP ${status}.`, true, detail);
}

function parsed(text: string): Json {
  try {
    return Object(JSON.parse(text)) as Json;
  } catch {
    throw new VendorFault('VENDOR_ANSWER_UNREADABLE', 'The answer of the vendor is not JSON.', true);
  }
}
