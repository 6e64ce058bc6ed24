import type { FastifyInstance } from 'fastify';
import { HostProblem } from '../../problem.js';
import type { SystemFilter } from '../../systems/list.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { anyObject, object, oneOf, ref, text } from '../schemas/json-schema.js';
import { systemWords } from '../schemas/systems.js';
import { pageQuery } from './requests.js';

const tags = ['systems'];
const id = object({ id: text() });

/** Detections, and the inventory they fill. */
export function systemRoutes(app: FastifyInstance, { systems, connections }: ApiParts): void {
  app.post<{ Params: { id: string }; Querystring: { wait?: number } }>(
    '/api/v1/connections/:id/detections',
    {
      config: { access: 'detections:run' },
      schema: {
        tags,
        summary: 'Look for systems now',
        description: 'Answers when it has ended, or `running` where that takes longer than `wait` seconds.',
        params: id,
        querystring: object({ wait: { type: 'integer', minimum: 0, maximum: 300, default: 60 } }, 'wait'),
        body: { ...anyObject(), type: ['object', 'null'] },
        response: answers({ 200: ref('Detection'), 202: ref('Detection') }, [404, 409, 413, 415]),
      },
    },
    async (request, reply) => {
      const waitMs = (request.query.wait ?? 60) * 1000;
      const detection = await systems.detect(request.params.id, 'manual', { actor: actorOf(request), waitMs });
      return reply.code(detection.state === 'running' ? 202 : 200).send(detection);
    },
  );

  app.get<{ Params: { id: string } }>(
    '/api/v1/connections/:id/detections',
    {
      config: { access: 'systems:read' },
      schema: {
        tags,
        summary: 'The latest detections of a connection, the newest first',
        params: id,
        response: answers({ 200: ref('DetectionList') }, [404]),
      },
    },
    async ({ params }) => {
      if ((await connections.get(params.id)) === undefined) {
        throw new HostProblem('NOT_FOUND', 'There is no connection with this id, or it was removed.');
      }
      const items = await systems.detections(params.id);
      return { items, total: items.length };
    },
  );

  app.get<{ Querystring: SystemFilter }>(
    '/api/v1/systems',
    {
      config: { access: 'systems:read' },
      schema: {
        tags,
        summary: 'List the inventory, by name',
        querystring: object(
          {
            connection: text(),
            kind: oneOf(systemWords.kind),
            coverage: oneOf(systemWords.coverage),
            state: oneOf(systemWords.state),
            change: oneOf(systemWords.change),
            search: {
              type: 'string',
              minLength: 1,
              maxLength: 200,
              description: 'A part of name, vendor or category.',
            },
            cursor: { type: 'string', maxLength: 4000 },
            limit: pageQuery['limit'] ?? {},
          },
          'connection',
          'kind',
          'coverage',
          'state',
          'change',
          'search',
          'cursor',
          'limit',
        ),
        response: answers({ 200: ref('SystemPage') }),
      },
    },
    async ({ query }) => systems.list(query),
  );

  app.get<{ Querystring: { connection?: string } }>(
    '/api/v1/systems/summary',
    {
      config: { access: 'systems:read' },
      schema: {
        tags,
        summary: 'How many systems a deletion reaches',
        querystring: object({ connection: text() }, 'connection'),
        response: answers({ 200: ref('SystemSummary') }),
      },
    },
    async ({ query }) => systems.summary(query.connection),
  );

  app.patch<{ Params: { id: string; key: string }; Body: { archived: boolean } }>(
    '/api/v1/connections/:id/systems/:key',
    {
      config: { access: 'systems:archive' },
      schema: {
        tags,
        summary: 'Archive a system, or take it out of the archive; no detection does either',
        params: object({ id: text(), key: text() }),
        body: object({ archived: { type: 'boolean' } }),
        response: answers({ 200: ref('System') }, [404, 413, 415]),
      },
    },
    async (request) => {
      const { id: connection, key } = request.params;
      return systems.archive(connection, key, request.body.archived, actorOf(request));
    },
  );
}
