import type { FastifyInstance } from 'fastify';
import { given } from '../../given.js';
import { noConnection } from '../../not-there.js';
import { HostProblem } from '../../problem.js';
import { type TreatmentWish, treatmentLimits } from '../../systems/decide.js';
import type { SystemFilter } from '../../systems/list.js';
import { actorOf, demand } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { anyObject, object, oneOf, ref, text } from '../schemas/json-schema.js';
import { systemWords, treatmentWish } from '../schemas/systems.js';
import { pageQuery } from './requests.js';

const tags = ['systems'];
const id = object({ id: text() });

/** One of the decisions about a system. */
interface Decision {
  readonly archived?: boolean;
  readonly reason?: string;
  readonly treatment?: TreatmentWish | null;
}

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
        throw noConnection();
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
            treatment: oneOf(
              [...systemWords.treatment, 'undecided'],
              '`undecided`: not reached or not known to be, and nobody decided about it.',
            ),
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
          'treatment',
          'change',
          'search',
          'cursor',
          'limit',
        ),
        response: answers({ 200: ref('SystemPage') }, [422]),
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
        response: answers({ 200: ref('SystemSummary') }, [422]),
      },
    },
    async ({ query }) => systems.summary(query.connection),
  );

  app.patch<{ Params: { id: string; key: string }; Body: Decision }>(
    '/api/v1/connections/:id/systems/:key',
    {
      config: { access: 'systems:archive' },
      schema: {
        tags,
        summary: 'Decide about a system: how people are treated there, or that it goes to the archive',
        description:
          'A treatment (of which `null` takes the last one back) goes for what is left over there already, too; that follows within moments. Detections change neither.',
        params: object({ id: text(), key: text() }),
        body: {
          ...object(
            {
              archived: { type: 'boolean' },
              reason: { type: 'string', maxLength: treatmentLimits.reason, description: 'Why it is archived.' },
              treatment: { anyOf: [treatmentWish, { type: 'null' }] },
            },
            'archived',
            'reason',
            'treatment',
          ),
          minProperties: 1,
        },
        response: answers({ 200: ref('System') }, [404, 413, 415, 422]),
      },
    },
    async (request) => {
      const { id: connection, key } = request.params;
      const { archived, reason, treatment } = request.body;
      const actor = actorOf(request);
      if ((archived === undefined) === (treatment === undefined)) {
        throw new HostProblem('INPUT_INVALID', 'Give either archived or treatment.');
      }
      if (treatment !== undefined) {
        demand(request, 'systems:treat');
        return systems.treat(connection, key, treatment, actor);
      }
      const wish = { archived: archived === true, ...given({ reason }) };
      return systems.archive(connection, key, wish, actor);
    },
  );
}
