import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createServer, type ViteDevServer } from 'vite';
import { consoleFolder } from './house.js';

/** Paths that the host answers; all others are the console's. */
const hostPaths = /^\/(api|healthz|readyz|metrics|openapi\.json|answer|\.well-known)(\/|\?|$)/;

/**
 * Serves the console from its sources and passes calls on to the host, on one port: what is saved is replaced in the page.
 * @param hostUrl answers where the host is; it is waited for while it starts.
 */
export async function startFront(
  port: number,
  hostUrl: () => Promise<string | undefined>,
): Promise<{ readonly url: string; readonly vite: ViteDevServer }> {
  const vite = await createServer({
    configFile: join(consoleFolder, 'vite.config.ts'),
    clearScreen: false,
    logLevel: 'warn',
    server: { host: '127.0.0.1', port, strictPort: true },
    plugins: [
      {
        name: 'host',
        configureServer: ({ middlewares }) => {
          middlewares.use((request, response, next) => {
            if (!hostPaths.test(request.url ?? '')) return next();
            void hostUrl().then((url) => (url === undefined ? refuse(response) : passOn(request, response, url)));
          });
        },
      },
    ],
  });
  await vite.listen();
  return { url: `http://127.0.0.1:${port}`, vite };
}

function passOn(request: IncomingMessage, response: ServerResponse, url: string): void {
  const { hostname, port } = new URL(url);
  const { method, headers, url: path } = request;
  const onward = httpRequest({ hostname, port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    // A stream of events has no body for a while: the page is to hear that it is there.
    response.flushHeaders();
    answer.pipe(response);
    answer.once('error', () => response.destroy());
  });
  onward.once('error', () => (response.headersSent ? response.destroy() : refuse(response)));
  response.once('close', () => onward.destroy());
  request.pipe(onward);
}

function refuse(response: ServerResponse): void {
  const detail = 'The host does not run at the moment; its terminal says why.';
  response.writeHead(503, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ title: 'The host is not there', status: 503, code: 'NOT_READY', detail }));
}
