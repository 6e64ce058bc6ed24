import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a connector asked of the stub. */
export interface StubRequest {
  readonly method: string;
  /** Without the query, not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** What stands behind `Bearer` or `Basic` in `Authorization`; `''` where there is none. */
  readonly credential: string;
  /** The body as JSON; the text where it is none, `undefined` where there is no body. */
  readonly body: unknown;
}

/** Status and body; a body that is no text is sent as JSON. */
export type StubAnswer = readonly [status: number, body?: unknown, headers?: Readonly<Record<string, string>>];

/** Plays a vendor's API on loopback, for tests. */
export interface StubServer {
  /** @param port a free one unless given. @returns the origin: `http://127.0.0.1:4711`. */
  start(port?: number): Promise<string>;
  /** Closes every connection; nothing of it keeps the process alive. */
  stop(): Promise<void>;
}

/** A server that answers as told. What `answer` throws is a 500. */
export function stubServer(answer: (request: StubRequest) => StubAnswer | Promise<StubAnswer>): StubServer {
  let server: Server | undefined;
  return {
    async start(port = 0) {
      const started = createServer(async (incoming, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
        const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://stub');
        const request: StubRequest = {
          method: incoming.method ?? 'GET',
          path: pathname,
          query: searchParams,
          headers: incoming.headers,
          credential: /^(?:Bearer|Basic) (.+)$/i.exec(incoming.headers.authorization ?? '')?.[1] ?? '',
          body: jsonOrText(Buffer.concat(chunks).toString('utf8')),
        };
        const [status, body, headers] = await Promise.resolve()
          .then(() => answer(request))
          .catch((error: unknown): StubAnswer => [500, { message: String(error) }]);
        const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
      });
      server = started;
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject).listen(port, '127.0.0.1', resolve);
      });
      return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
    },
    async stop() {
      const stopped = server;
      server = undefined;
      if (stopped === undefined) return;
      stopped.closeAllConnections();
      await new Promise((resolve) => stopped.close(resolve));
    },
  };
}

function jsonOrText(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
