import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { accessSchemas } from './schemas/access.js';
import { commonSchemas } from './schemas/common.js';
import { connectionSchemas } from './schemas/connections.js';
import type { JsonSchema } from './schemas/json-schema.js';
import { noticeSchemas } from './schemas/notices.js';
import { requestSchemas } from './schemas/requests.js';
import { systemSchemas } from './schemas/systems.js';
import { workSchemas } from './schemas/work.js';

const description = `Connects systems that hold people's data, erases people from them, and follows each deletion to its end.

Errors are problem details (RFC 9457) with a stable \`code\`, a \`remedy\` where there is one, and \`errors\` by field.
Lists are read page by page: give \`nextCursor\` back as \`cursor\`.`;

/** Every schema that stands under a name in the document's components: what calls answer. */
export const namedSchemas: Readonly<Record<string, JsonSchema>> = {
  ...commonSchemas,
  ...requestSchemas,
  ...connectionSchemas,
  ...systemSchemas,
  ...workSchemas,
  ...accessSchemas,
  ...noticeSchemas,
};

/** Describes every route that is registered from here on, as OpenAPI 3.1 at `/openapi.json`. @param prefix the path under which callers reach the host. */
export async function describeApi(app: FastifyInstance, prefix = ''): Promise<void> {
  for (const [$id, schema] of Object.entries(namedSchemas)) app.addSchema({ $id, ...schema });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Connector host', version: '1.0.0', description, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: `${prefix}/` }],
      tags: [
        { name: 'connectors', description: 'What can be connected.' },
        { name: 'connections', description: 'What is connected.' },
        { name: 'requests', description: 'People and what they asked for.' },
        { name: 'operations', description: 'Batches of people at a vendor.' },
        { name: 'systems', description: 'Systems that a connection named.' },
        { name: 'work', description: 'What only people can do.' },
        { name: 'events', description: 'What happens, as it happens.' },
        { name: 'receipts', description: 'Signed evidence.' },
        { name: 'notices', description: 'Who is told what.' },
        { name: 'access', description: 'Who may come in.' },
        { name: 'upkeep', description: 'What is done from time to time.' },
        { name: 'health', description: 'For the machines that watch over the host.' },
      ],
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'An access token of this host.' } },
      },
      security: [{ token: [] }],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, at) => String(json['$id'] ?? `part-${at}`) },
    exposeHeadRoutes: false,
  });
  app.get(
    '/openapi.json',
    {
      schema: { hide: true },
      config: { access: 'open' },
    },
    async () => app.swagger(),
  );
}
