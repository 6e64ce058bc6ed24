import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { anywhere } from '../../public-url.js';
import type { ApiParts } from '../parts.js';

/** Serves the built console where there is one. Its own paths all get its page; those of the API do not. */
export async function consoleRoutes(app: FastifyInstance, { consoleDir, publicUrl }: ApiParts): Promise<void> {
  if (consoleDir === undefined || !existsSync(join(consoleDir, 'index.html'))) return;
  // Loaded only where there is something to serve: a start without a console is faster, and jest on Node 20 cannot load it.
  const { default: files } = await import('@fastify/static');
  await app.register(files, {
    root: join(consoleDir, 'assets'),
    prefix: '/assets/',
    index: false,
    // The build leaves each file compressed beside itself.
    preCompressed: true,
    // Built files carry a hash of their content in their names; the page itself does not.
    immutable: true,
    maxAge: '365d',
  });
  // Its files are named from where the page stands, which the page is told here.
  const base = `<base href="${(publicUrl ?? anywhere).prefix}/" />`;
  const page = (await readFile(join(consoleDir, 'index.html'), 'utf8')).replace('<head>', `<head>\n    ${base}`);
  for (const path of ['/', '/console', '/console/*']) {
    app.get(path, { schema: { hide: true } }, (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page),
    );
  }
  app.get('/icon.svg', { schema: { hide: true } }, (_request, reply) =>
    reply.sendFile('icon.svg', consoleDir, { immutable: false, maxAge: '1d' }),
  );
}
