import { once } from 'node:events';
import { createServer, type IncomingMessage, request as plainRequest, type ServerResponse } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Exchange } from './exchange.js';

/** Where the two generations of the API answer: origins, or origins with a path. */
export interface Upstream {
  readonly publicApi: string;
  readonly configApi: string;
}

/** Stands between the plugin and Segment on this machine, passes each call on as it is and notes it. */
export interface Recorder {
  /** `http://127.0.0.1:PORT`, the plugin's base URL. */
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

/** Headers that are about one connection, and those that are not noted or not passed on. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'host',
  'accept-encoding',
]);

/** Starts a recorder on a free port of 127.0.0.1. The token passes through and is not kept. */
export async function startRecorder(upstream: Upstream): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    passOn(upstream, request, response).then(
      (exchange) => exchanges.push(exchange),
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    exchanges,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function passOn(upstream: Upstream, request: IncomingMessage, response: ServerResponse): Promise<Exchange> {
  const { method = 'GET', url = '/' } = request;
  const body = await bytesOf(request);
  const { pathname, searchParams } = new URL(url, 'http://recorder');
  const asked = {
    method,
    path: pathname,
    query: [...searchParams],
    requestHeaders: headersOf(request, ['accept', 'content-type']),
    requestBody: json(body),
  };
  try {
    const answer = await send(targetOf(upstream, url), method, headersOf(request), body);
    const bytes = await bytesOf(answer);
    const headers = headersOf(answer);
    const status = answer.statusCode ?? 0;
    response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
    response.end(bytes);
    return { ...asked, status, headers, body: json(bytes) };
  } catch {
    response.destroy();
    return { ...asked, status: 0, headers: {}, body: undefined };
  }
}

function targetOf({ publicApi, configApi }: Upstream, url: string): URL {
  return url.startsWith('/v1beta')
    ? new URL(`${configApi}${url.slice('/v1beta'.length)}`)
    : new URL(`${publicApi}${url}`);
}

async function send(
  target: URL,
  method: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<IncomingMessage> {
  const open = target.protocol === 'https:' ? secureRequest : plainRequest;
  const outgoing = open(target, { method, headers: { ...headers, 'accept-encoding': 'identity' }, timeout: 60_000 });
  outgoing.once('timeout', () => outgoing.destroy(new Error('Segment gave no answer within a minute.')));
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answer;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage, only?: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => (only === undefined ? !OF_THE_CONNECTION.has(name) : only.includes(name)))
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
