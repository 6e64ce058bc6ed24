import type { FastifyInstance, FastifyRequest } from 'fastify';
import { may } from '../../access/roles.js';
import { noRequest } from '../../not-there.js';
import { anywhere } from '../../public-url.js';
import { type Reader, type RequestFilter, type Sort, sorts } from '../../reading/list.js';
import type { RequestDetail } from '../../reading/views.js';
import { type ExtensionWish, LONGEST_REASON } from '../../requests/extend.js';
import { requestStates, taskStates } from '../../requests/states.js';
import { timings } from '../../requests/timing.js';
import type { Requests } from '../../requests.js';
import { longestPage, type PageQuery, usualPage } from '../../store/page.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { type JsonSchema, object, oneOf, ref, text, time, whole } from '../schemas/json-schema.js';
import { day, requestBody } from '../schemas/requests.js';

const tags = ['requests'];
/** The path of a request. */
export const requestPath = object({ requestId: text() });
/** Why somebody does something about a request. */
export const reason = {
  type: 'string',
  minLength: 1,
  maxLength: LONGEST_REASON,
  description: 'Why. Must not name the person.',
} as const;

/** The query of every list. */
export const pageQuery: Readonly<Record<string, JsonSchema>> = {
  cursor: { type: 'string', maxLength: 200, description: '`nextCursor` of the page before.' },
  limit: { type: 'integer', minimum: 1, maximum: longestPage, default: usualPage },
};

/** The filter of every call that is about some of the requests. */
export const requestFilter: Readonly<Record<string, JsonSchema>> = {
  status: oneOf(requestStates),
  right: oneOf(['deletion', 'access']),
  connection: text('Has a task at this connection.'),
  task: oneOf(taskStates, 'Has a task in this state.'),
  timing: oneOf(timings, 'Is not settled, and so by `dueAt`.'),
  search: {
    type: 'string',
    minLength: 1,
    maxLength: 1024,
    description:
      'A request id or its beginning; or a whole identifier, for roles that may see them. Case matters but in e-mail addresses.',
  },
};

const listQuery = {
  ...requestFilter,
  sort: {
    ...oneOf(sorts, '`due`: those that are not settled first, the most urgent of them first.'),
    default: 'newest',
  },
  ...pageQuery,
};
const ofList = object(listQuery, ...Object.keys(listQuery));

/** How the caller may see people. */
export function readerOf(request: FastifyRequest): Reader {
  return { identify: may(actorOf(request).role, 'requests:identify') };
}

/** Reads the request that a call names, as its caller may see it. Throws NOT_FOUND. */
export function detailFor(requests: Pick<Requests, 'detail'>) {
  return async (request: FastifyRequest<{ Params: { requestId: string } }>): Promise<RequestDetail> => {
    const found = await requests.detail(request.params.requestId, readerOf(request));
    if (found === undefined) throw noRequest();
    return found;
  };
}

/** Requests: taken in, listed, looked at, retried, cancelled, tried out dry. */
export function requestRoutes(app: FastifyInstance, { requests, lifecycle, publicUrl }: ApiParts): void {
  const { prefix } = publicUrl ?? anywhere;
  const detailOf = detailFor(requests);

  app.post(
    '/api/v1/requests',
    {
      // The host's own reader judges the body: it names each fault with a remedy. So the schema only describes.
      attachValidation: true,
      validatorCompiler: () => () => true,
      config: { access: 'requests:create', confirms: true },
      schema: {
        tags,
        summary: 'Accept a request',
        description:
          'On disk when answered. The same again answers what is there (200); something else under the same `requestId` is refused (409).',
        body: requestBody,
        response: answers({ 200: ref('RequestDetail'), 202: ref('RequestDetail') }, [409, 413, 415, 422, 507]),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const options = { reader: readerOf(request), proof: request.proof ?? undefined };
      const answer = await requests.accept(request.body, actor, options).catch(async (error: unknown) => {
        // Nothing was stored, so nobody has confirmed the caller yet.
        await request.confirmCaller();
        throw error;
      });
      const { created } = answer;
      let shown = answer.request;
      if (!created) await request.confirmCaller();
      const { allowDoubtful } = request.body as { readonly allowDoubtful?: boolean };
      // Sent again with a person's word, the same request goes on.
      if (allowDoubtful === true && shown.doubtful?.allowed === false) {
        await lifecycle.allowDoubtful(shown.requestId, actor);
        shown = (await requests.detail(shown.requestId, options.reader)) ?? shown;
      }
      return reply
        .code(created ? 202 : 200)
        .header('location', `${prefix}/api/v1/requests/${encodeURIComponent(shown.requestId)}`)
        .send(shown);
    },
  );

  app.post<{ Body: { requests?: unknown[]; filter?: { connection?: string } } }>(
    '/api/v1/requests/plan',
    {
      config: { access: 'requests:plan' },
      schema: {
        tags,
        summary: 'Dry run: what would be sent',
        description:
          'For the requests given, which need not be accepted yet; or, with `filter`, for the people who wait.',
        body: object(
          {
            requests: { type: 'array', minItems: 1, maxItems: 1000, items: { type: 'object' } },
            filter: object({ connection: text() }, 'connection'),
          },
          'requests',
          'filter',
        ),
        response: answers({ 200: ref('DryRun') }, [409, 413, 415, 422, 502]),
      },
    },
    async ({ body }) =>
      body.requests === undefined ? requests.planWaiting(body.filter?.connection) : requests.plan(body.requests),
  );

  app.get<{ Querystring: RequestFilter & PageQuery & { sort?: Sort } }>(
    '/api/v1/requests',
    {
      config: { access: 'requests:read' },
      schema: {
        tags,
        summary: 'List requests',
        querystring: ofList,
        response: answers({ 200: ref('RequestPage') }, [422]),
      },
    },
    async (request) => requests.list(request.query, readerOf(request)),
  );

  app.post<{ Body: RequestFilter & PageQuery & { sort?: Sort } }>(
    '/api/v1/requests/search',
    {
      config: { access: 'requests:read' },
      schema: {
        tags,
        summary: 'List requests, with the filter in the body',
        description: 'For a search by an identifier: an address is kept by proxies and histories, a body is not.',
        body: ofList,
        response: answers({ 200: ref('RequestPage') }, [413, 415, 422]),
      },
    },
    async (request) => requests.list(request.body, readerOf(request)),
  );

  app.get<{ Params: { requestId: string } }>(
    '/api/v1/requests/:requestId',
    {
      config: { access: 'requests:read' },
      schema: {
        tags,
        summary: 'One request with tasks, timeline and operations',
        params: requestPath,
        response: answers({ 200: ref('RequestDetail') }, [404]),
      },
    },
    detailOf,
  );

  const act = (name: 'retry' | 'cancel', summary: string) =>
    app.post<{ Params: { requestId: string }; Body: { task?: number } | null }>(
      `/api/v1/requests/:requestId/${name}`,
      {
        config: { access: name === 'retry' ? 'requests:retry' : 'requests:cancel' },
        schema: {
          tags,
          summary,
          params: requestPath,
          body: { ...object({ task: whole('Only this task.') }, 'task'), type: ['object', 'null'] },
          response: answers({ 200: ref('RequestDetail') }, [404, 409, 413, 415, 502]),
        },
      },
      async (request) => {
        await detailOf(request);
        const done = await lifecycle[name](request.params.requestId, request.body?.task, actorOf(request));
        const shown = await detailOf(request);
        return 'refused' in done && done.refused.length > 0 ? { ...shown, refused: done.refused } : shown;
      },
    );
  app.post<{ Params: { requestId: string }; Body: ExtensionWish }>(
    '/api/v1/requests/:requestId/extend',
    {
      config: { access: 'requests:extend' },
      schema: {
        tags,
        summary: 'Extend the time that the law gives, once',
        description:
          'By at most two months under `gdpr`, or 45 days under `ccpa`, from `dueAt`; not once that has passed, since the person is to be told of the extension before.',
        params: requestPath,
        body: object({
          until: day('By when the person must be served then.'),
          reason,
        }),
        response: answers({ 200: ref('RequestDetail') }, [404, 409, 413, 415, 422]),
      },
    },
    async (request) => {
      await detailOf(request);
      await requests.extend(request.params.requestId, request.body, actorOf(request));
      return detailOf(request);
    },
  );
  app.post<{ Params: { requestId: string } }>(
    '/api/v1/requests/:requestId/allow',
    {
      config: { access: 'requests:allow' },
      schema: {
        tags,
        summary: 'Say that the doubtful identifiers of a request are meant',
        description: 'The request goes on. Kept in its timeline and in the audit log.',
        params: requestPath,
        response: answers({ 200: ref('RequestDetail') }, [404, 409]),
      },
    },
    async (request) => {
      await detailOf(request);
      await lifecycle.allowDoubtful(request.params.requestId, actorOf(request));
      return detailOf(request);
    },
  );
  act('retry', 'Try the tasks in error again');
  act('cancel', 'Take a request back, as far as it was not submitted; what could not be is in `refused`');

  app.post<{ Body: { connection?: string; code?: string; concludedFrom?: string; concludedUntil?: string } }>(
    '/api/v1/requests/retry',
    {
      config: { access: 'requests:retry' },
      schema: {
        tags,
        summary: 'Try all tasks in error again that fit a filter',
        body: object(
          {
            connection: text(),
            code: text('Only those with this error code.'),
            concludedFrom: time('Only those in error since then.'),
            concludedUntil: time(),
          },
          'connection',
          'code',
          'concludedFrom',
          'concludedUntil',
        ),
        response: answers(
          {
            200: object({
              retried: whole('Tasks that wait for a batch again.'),
              unsettled: whole(
                'Tasks that are left, since the vendor may have the deletion: a person has to settle it first.',
              ),
              unsendable: whole(
                'Tasks that are left for good: nobody is known any more, the connection was removed, or a person answered so.',
              ),
            }),
          },
          [413, 415, 422],
        ),
      },
    },
    async (request) => {
      const { concludedFrom, concludedUntil, ...filter } = request.body;
      const times = {
        ...(concludedFrom === undefined ? {} : { concludedFrom: new Date(concludedFrom) }),
        ...(concludedUntil === undefined ? {} : { concludedUntil: new Date(concludedUntil) }),
      };
      return lifecycle.retryAll({ ...filter, ...times }, actorOf(request));
    },
  );
}
