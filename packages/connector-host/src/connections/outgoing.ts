/**
 * Requests of the host itself on behalf of a connection: to the places that its connector may reach and to no others, by the operator's
 * proxy where there is one, without redirects, with a limit on time and size.
 */
import { EventEmitter } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import { ConnectorFault } from 'connector-contract';
import { given } from '../given.js';
import { isInside } from '../plugins/isolation/confined/addresses.js';
import { checkedLookup, notAllowed } from '../plugins/isolation/confined/egress.js';
import type { Permit } from '../plugins/isolation/messages.js';
import { type ProxySettings, proxyTo } from '../plugins/isolation/proxies.js';
import { throughProxy } from '../plugins/isolation/tunnels.js';

/** Most bytes of an answer. */
const LARGEST = 64 * 1024;

/** How requests go out. */
export interface OutgoingOptions {
  readonly proxies?: ProxySettings | undefined;
  /** Certificates (PEM) to trust instead of the usual; for tests. */
  readonly ca?: string | undefined;
}

/** One request. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds for all of it. */
  readonly timeoutMs: number;
}

/**
 * Sends a request to a place that one of the permits allows.
 * @throws ConnectorFault `ENDPOINT_NOT_ALLOWED`, `UNREACHABLE`, `TIMEOUT`, `VENDOR_ANSWER_UNREADABLE`.
 */
export async function sendOut(
  { url, method, headers, body, timeoutMs }: OutgoingRequest,
  permits: readonly Permit[],
  { proxies, ca }: OutgoingOptions = {},
): Promise<Response> {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const permit = permits.find((one) => one.host === host && one.port === port && one.secure === secure);
  if (permit === undefined || (isIP(host) !== 0 && isInside(host) && !permit.inside))
    throw notAllowed(`${host}:${port}`);
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const way = await reach(permit, limit, proxies);
    const socket = secure
      ? tlsConnect({
          socket: way,
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...given({ ca }),
        })
      : way;
    const sent = request({
      // The way is made already; the address of the request is that of the vendor.
      createConnection: () => socket as Socket,
      host,
      port,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body), connection: 'close' },
      signal: limit,
    });
    // Encrypted or not, what breaks is told by the request.
    socket.on('error', (error) => sent.destroy(error));
    return await answerOf(sent, body);
  } catch (error) {
    if (error instanceof ConnectorFault) throw error;
    if (limit.aborted) throw ConnectorFault.of('TIMEOUT', `${host} did not answer in time.`);
    const { code } = error as NodeJS.ErrnoException;
    throw ConnectorFault.of('UNREACHABLE', `${host} cannot be reached${typeof code === 'string' ? ` (${code})` : ''}.`);
  }
}

function reach(permit: Permit, limit: AbortSignal, proxies: ProxySettings | undefined): Promise<Duplex> {
  const proxy = proxyTo(permit, proxies);
  if (proxy !== undefined) {
    const waiting = new EventEmitter() as unknown as Socket;
    limit.addEventListener('abort', () => waiting.emit('close'), { once: true });
    return throughProxy(waiting, permit, proxy);
  }
  const { host, port } = permit;
  const lookup = checkedLookup(permit, () => undefined, notAllowed);
  return new Promise((resolve, reject) => {
    const socket = tcpConnect({ host, port, lookup });
    limit.addEventListener('abort', () => socket.destroy(new Error('It took too long.')), { once: true });
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });
}

function answerOf(sent: ClientRequest, body: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    sent.once('error', reject);
    // An answer that is none, such as a switch to another protocol, is told by nothing else.
    sent.once('close', () => reject(new Error('The connection was closed without an answer.')));
    sent.once('response', (answer) => {
      const parts: Buffer[] = [];
      let size = 0;
      answer.on('data', (part: Buffer) => {
        size += part.length;
        parts.push(part);
        if (size <= LARGEST) return;
        sent.destroy();
        reject(ConnectorFault.of('VENDOR_ANSWER_UNREADABLE', 'The answer is too large.'));
      });
      answer.once('error', reject);
      answer.once('end', () => {
        const status = answer.statusCode ?? 0;
        const headers = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
          typeof value === 'string' ? [[name, value]] : [],
        );
        const bare = status === 204 || status === 205 || status === 304;
        if (status > 599) {
          reject(ConnectorFault.of('VENDOR_ANSWER_UNREADABLE', `The answer has the status ${status}.`));
        } else resolve(new Response(bare ? null : Buffer.concat(parts), { status: Math.max(200, status), headers }));
      });
    });
    sent.end(body);
  });
}
