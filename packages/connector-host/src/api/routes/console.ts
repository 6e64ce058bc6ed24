import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { ApiParts } from '../parts.js';

/** Serves the built console where there is one. Its own paths all get its page; those of the API do not. */
export async function consoleRoutes(app: FastifyInstance, { consoleDir }: ApiParts): Promise<void> {
  if (consoleDir === undefined || !existsSync(join(consoleDir, 'index.html'))) return;
  const { default: files } = await import('@fastify/static');
  await app.register(files, {
    root: consoleDir,
    wildcard: false,
    index: 'index.html',
    // Built files carry a hash of their content in their names; the page itself does not.
    setHeaders: (response, path) => {
      const lasting = path.includes('/assets/');
      void response.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get('/console/*', { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'));
}
