import type { FastifyInstance } from 'fastify';
import { Metrics } from '../metrics.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { text } from '../schemas/json-schema.js';

/** Times a minute that one caller may read the figures; Prometheus does so four times. */
const MOST_READS = 60;

/** Figures for Prometheus. */
export function metricsRoutes(app: FastifyInstance, parts: ApiParts): void {
  const metrics = new Metrics(parts);
  app.get(
    '/metrics',
    {
      config: { access: 'open', rateLimit: false },
      // Open as Prometheus expects it; what it costs is bounded all the same.
      onRequest: app.rateLimit({ max: MOST_READS, timeWindow: 60_000 }),
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
