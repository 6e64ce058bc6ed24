import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { present } from '../../clock.js';
import type { RequestFilter } from '../../reading/list.js';
import { appendEvents } from '../../timeline.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { object, ref, text } from '../schemas/json-schema.js';
import { readerOf, requestFilter } from './requests.js';

const tags = ['requests'];

/** What is above single requests: figures, and the whole list as a file. */
export function overviewRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { requests, db, clock } = parts;
  app.get<{ Querystring: { days?: number; zone?: string } }>(
    '/api/v1/overview',
    {
      config: { access: 'requests:read' },
      schema: {
        tags,
        summary: 'Figures: what is open, late or waiting, and how long deletions took',
        querystring: object(
          {
            days: { type: 'integer', minimum: 1, maximum: 366, default: 30, description: 'Days of `days`.' },
            zone: {
              type: 'string',
              maxLength: 64,
              default: 'UTC',
              description: 'IANA name of the zone days are counted in.',
            },
          },
          'days',
          'zone',
        ),
        response: answers({ 200: ref('Overview') }),
      },
    },
    async ({ query: { days = 30, zone = 'UTC' } }) => requests.overview({ days, zone }),
  );

  const filter = object(requestFilter, ...Object.keys(requestFilter));
  const file = { 200: { description: 'The file.', content: { 'text/csv': { schema: text() } } } };
  const send = async (request: FastifyRequest, reply: FastifyReply, wanted: RequestFilter) => {
    const event = { at: present(clock), kind: 'request.exported', actor: actorOf(request).id } as const;
    await db.orm.transaction((tx) => appendEvents(tx, [event]));
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="requests.csv"')
      .header('cache-control', 'no-store')
      .send(Readable.from(requests.export(wanted, readerOf(request))));
  };
  app.get<{ Querystring: RequestFilter }>(
    '/api/v1/requests/export',
    {
      config: { access: 'requests:read' },
      schema: {
        tags,
        summary: 'The requests that fit a filter as CSV, a line for each task',
        description: 'Streamed, any number, newest first; without identifiers of people.',
        querystring: filter,
        response: answers(file, [422]),
      },
    },
    async (request, reply) => send(request, reply, request.query),
  );

  app.post<{ Body: RequestFilter }>(
    '/api/v1/requests/export',
    {
      config: { access: 'requests:read' },
      schema: {
        tags,
        summary: 'The same, with the filter in the body',
        description: 'For a search by an identifier, which has no place in an address.',
        body: filter,
        response: answers(file, [413, 415, 422]),
      },
    },
    async (request, reply) => send(request, reply, request.body),
  );
}
