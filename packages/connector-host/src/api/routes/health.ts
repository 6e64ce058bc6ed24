import type { FastifyInstance } from 'fastify';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { object, oneOf, text } from '../schemas/json-schema.js';

const readiness = object(
  {
    ready: { type: 'boolean' },
    checks: object({
      database: text('"ok", or why not.'),
      disk: text('"ok", or what is missing where.'),
      engine: text(),
      clock: text('"ok", or which clocks are too far apart for anything to be submitted, followed or purged.'),
      processes: text('"ok", or which other processes do nothing, and why; this one is ready all the same.'),
      plugins: text(),
    }),
    isolation: oneOf(
      ['wall', 'fence', 'none'],
      'What keeps connectors apart from the host: a wall of the system, with the fence inside; the fence of Node alone; or nothing.',
    ),
    reason: text('Why there is no wall; with the fence alone.'),
  },
  'reason',
);

/** Liveness and readiness. */
export function healthRoutes(app: FastifyInstance, parts: ApiParts): void {
  const tags = ['health'];
  app.get(
    '/healthz',
    {
      config: { access: 'open', rateLimit: false },
      schema: {
        tags,
        summary: 'The process answers',
        security: [],
        response: answers({ 200: object({ status: oneOf(['ok']) }) }, [], true),
      },
    },
    async () => ({ status: 'ok' }),
  );
  app.get(
    '/readyz',
    {
      config: { access: 'open', rateLimit: false },
      schema: {
        tags,
        summary: 'Database, engine and plugins are there, and the clocks agree',
        security: [],
        response: answers({ 200: readiness, 503: readiness }, [], true),
      },
    },
    async (_request, reply) => {
      const found = await parts.readiness();
      return reply.code(found.ready ? 200 : 503).send(found);
    },
  );
}
