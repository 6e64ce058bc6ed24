import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ApiParts } from '../parts.js';

/** Serves the built console where there is one. Its own paths all get its page; those of the API do not. */
export async function consoleRoutes(app: FastifyInstance, { consoleDir }: ApiParts): Promise<void> {
  if (consoleDir === undefined || !existsSync(join(consoleDir, 'index.html'))) return;
  // Loaded only where there is something to serve: a start without a console is faster, and jest on Node 20 cannot load it.
  const { default: files } = await import('@fastify/static');
  await app.register(files, {
    root: join(consoleDir, 'assets'),
    prefix: '/assets/',
    index: false,
    // Built files carry a hash of their content in their names; the page itself does not.
    immutable: true,
    maxAge: '365d',
  });
  for (const path of ['/', '/console', '/console/*']) {
    app.get(path, { schema: { hide: true } }, (_request, reply) =>
      reply.sendFile('index.html', consoleDir, { cacheControl: false }).header('cache-control', 'no-cache'),
    );
  }
  app.get('/icon.svg', { schema: { hide: true } }, (_request, reply) =>
    reply.sendFile('icon.svg', consoleDir, { immutable: false, maxAge: '1d' }),
  );
}
