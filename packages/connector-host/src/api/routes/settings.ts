import type { FastifyInstance } from 'fastify';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { ref } from '../schemas/json-schema.js';

/** How this host is set, as far as whoever hands in requests has to know. */
export function settingsRoutes(app: FastifyInstance, { settings }: ApiParts): void {
  app.get(
    '/api/v1/settings',
    {
      config: { access: 'settings:read' },
      schema: {
        tags: ['requests'],
        summary: 'How this host is set, as far as whoever hands in requests has to know',
        response: answers({ 200: ref('Settings') }),
      },
    },
    async () => settings,
  );
}
