import type { FastifyInstance } from 'fastify';
import { Metrics } from '../metrics.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { text } from '../schemas/json-schema.js';

/** Figures for Prometheus. */
export function metricsRoutes(app: FastifyInstance, parts: ApiParts): void {
  const metrics = new Metrics(parts);
  app.get(
    '/metrics',
    {
      config: { access: 'open', rateLimit: false },
      schema: {
        tags: ['health'],
        summary: 'Figures for Prometheus',
        security: [],
        response: answers(
          { 200: { description: 'Figures.', content: { 'text/plain': { schema: text() } } } },
          [],
          true,
        ),
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.read()),
  );
}
