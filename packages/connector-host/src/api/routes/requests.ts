import type { FastifyInstance, FastifyRequest } from 'fastify';
import { may } from '../../access/roles.js';
import type { LeftoverEnd, LeftoverFilter } from '../../lifecycle/lifecycle.js';
import { HostProblem } from '../../problem.js';
import { anywhere } from '../../public-url.js';
import { type AnswerWish, answerLimits } from '../../requests/answer.js';
import { type ExtensionWish, LONGEST_REASON } from '../../requests/extend.js';
import { leftoverCodes } from '../../requests/leftover-codes.js';
import { type Reader, type RequestFilter, type Sort, sorts } from '../../requests/list.js';
import { longestPage, type PageQuery, usualPage } from '../../requests/page.js';
import { leftoverStates, requestStates, taskStates } from '../../requests/states.js';
import { timings } from '../../requests/timing.js';
import { answerOutcomes } from '../../requests/views.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { type JsonSchema, list, object, oneOf, ref, text, time, whole } from '../schemas/json-schema.js';
import { correction, day, requestBody } from '../schemas/requests.js';

const tags = ['requests'];
const id = object({ requestId: text() });
const reason = {
  type: 'string',
  minLength: 1,
  maxLength: LONGEST_REASON,
  description: 'Why. Names no person.',
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

const noRequest = () =>
  new HostProblem('NOT_FOUND', 'There is no request with this id.', {
    remedy: 'Request ids are compared to the letter.',
  });

/** Requests: taken in, listed, looked at, retried, cancelled, tried out dry. */
export function requestRoutes(app: FastifyInstance, { requests, lifecycle, publicUrl }: ApiParts): void {
  const { prefix } = publicUrl ?? anywhere;
  const detailOf = async (request: FastifyRequest<{ Params: { requestId: string } }>) => {
    const found = await requests.detail(request.params.requestId, readerOf(request));
    if (found === undefined) throw noRequest();
    return found;
  };

  app.post(
    '/api/v1/requests',
    {
      // The host's own reader judges the body: it names each fault with a remedy.
      attachValidation: true,
      config: { access: 'requests:create' },
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
      const { created, request: accepted } = await requests.accept(request.body, actor);
      const { allowDoubtful } = request.body as { readonly allowDoubtful?: boolean };
      // Sent again with a person's word, the same request goes on.
      if (allowDoubtful === true && accepted.doubtful?.allowed === false) {
        await lifecycle.allowDoubtful(accepted.requestId, actor);
      }
      const shown = (await requests.detail(accepted.requestId, readerOf(request))) ?? accepted;
      return reply
        .code(created ? 202 : 200)
        .header('location', `${prefix}/api/v1/requests/${encodeURIComponent(accepted.requestId)}`)
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
        response: answers({ 200: ref('RequestPage') }),
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
        response: answers({ 200: ref('RequestPage') }, [413, 415]),
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
        params: id,
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
          params: id,
          body: { ...object({ task: whole('Only this task.') }, 'task'), type: ['object', 'null'] },
          response: answers({ 200: ref('RequestDetail') }, [404, 409, 413, 415, 502]),
        },
      },
      async (request) => {
        await detailOf(request);
        await lifecycle[name](request.params.requestId, request.body?.task, actorOf(request));
        return detailOf(request);
      },
    );
  app.post<{ Params: { requestId: string }; Body: ExtensionWish }>(
    '/api/v1/requests/:requestId/extend',
    {
      config: { access: 'requests:extend' },
      schema: {
        tags,
        summary: 'Extend the time that the law gives, once',
        description: 'By at most two months under `gdpr`, or 45 days under `ccpa`, from `dueAt`.',
        params: id,
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
        params: id,
        response: answers({ 200: ref('RequestDetail') }, [404, 409]),
      },
    },
    async (request) => {
      await detailOf(request);
      await lifecycle.allowDoubtful(request.params.requestId, actorOf(request));
      return detailOf(request);
    },
  );
  app.post<{ Params: { requestId: string }; Body: AnswerWish }>(
    '/api/v1/requests/:requestId/answer',
    {
      config: { access: 'requests:answer' },
      schema: {
        tags,
        summary: 'Write down what somebody answered who had to be asked',
        description: 'The task that waits for an answer is concluded by it, on the word of that person.',
        params: id,
        body: object(
          {
            task: whole('The task it is about, where several wait for an answer.'),
            outcome: oneOf(
              answerOutcomes,
              '`done`: the person was served. `not_needed`: nothing is held about the person. `could_not`: it could not be done.',
            ),
            answeredBy: {
              type: 'string',
              minLength: 1,
              maxLength: answerLimits.answeredBy,
              description: 'Who answered: a colleague, a team, a contact at the vendor.',
            },
            answeredAt: day('When they did; now where absent.'),
            said: {
              type: 'string',
              minLength: 1,
              maxLength: answerLimits.said,
              description: 'What they said. Holds no identifier of the person of the request; it is purged with them.',
            },
          },
          'task',
          'answeredAt',
        ),
        response: answers({ 200: ref('RequestDetail') }, [404, 409, 413, 415, 422]),
      },
    },
    async (request) => {
      await detailOf(request);
      await requests.answer(request.params.requestId, request.body, actorOf(request));
      return detailOf(request);
    },
  );
  app.post<{ Body: LeftoverFilter & LeftoverEnd }>(
    '/api/v1/requests/leftovers/close',
    {
      config: { access: 'leftovers:close' },
      schema: {
        tags,
        summary: 'End what is left over and fits a filter',
        description: 'The states of the requests follow within moments.',
        body: object(
          {
            code: oneOf(Object.keys(leftoverCodes)),
            connection: text('Only at this connection.'),
            system: text('Only in this system, by its key.'),
            outcome: oneOf(leftoverStates.filter((state) => state !== 'open')),
            reason: { type: 'string', minLength: 1, maxLength: LONGEST_REASON, description: 'Why. Names no person.' },
          },
          'connection',
          'system',
        ),
        response: answers(
          { 200: object({ closed: whole("Leftovers that were ended; a system's counts once for an operation.") }) },
          [413, 415],
        ),
      },
    },
    async (request) => {
      const { outcome, reason, ...filter } = request.body;
      return { closed: await lifecycle.closeLeftovers(filter, { outcome, reason }, actorOf(request)) };
    },
  );

  app.post<{ Params: { requestId: string }; Body: { reason: string } }>(
    '/api/v1/requests/:requestId/close',
    {
      config: { access: 'requests:close' },
      schema: {
        tags,
        summary: 'Close the error of a request',
        description: 'It stays in error, with who closed it, when and why; nothing is to be done about it any more.',
        params: id,
        body: object({ reason }),
        response: answers({ 200: ref('RequestDetail') }, [404, 409, 413, 415, 422]),
      },
    },
    async (request) => {
      await detailOf(request);
      await requests.close(request.params.requestId, request.body.reason, actorOf(request));
      return detailOf(request);
    },
  );

  app.post<{ Params: { requestId: string }; Body: Record<string, unknown> }>(
    '/api/v1/requests/:requestId/correct',
    {
      // As where requests are accepted, the host's own reader judges the body.
      attachValidation: true,
      config: { access: 'requests:correct' },
      schema: {
        tags,
        summary: 'Hand the person of a request in error in again',
        description:
          'A new request, which names the old one (`corrects`), takes its place: with a `requestId` and identifiers of its own, by the legal ' +
          'time of the old one, and to the connections where that failed. What else a body says overrules this. The old error is closed.',
        params: id,
        body: correction,
        response: answers({ 200: ref('RequestDetail'), 202: ref('RequestDetail') }, [404, 409, 413, 415, 422]),
      },
    },
    async (request, reply) => {
      await detailOf(request);
      const given = typeof request.body === 'object' && request.body !== null ? request.body : {};
      const { created, request: made } = await requests.correct(request.params.requestId, given, actorOf(request));
      const shown = (await requests.detail(made.requestId, readerOf(request))) ?? made;
      return reply
        .code(created ? 202 : 200)
        .header('location', `/api/v1/requests/${encodeURIComponent(made.requestId)}`)
        .send(shown);
    },
  );

  app.get(
    '/api/v1/errors',
    {
      config: { access: 'requests:read' },
      schema: {
        tags,
        summary: 'What is in error and not closed, by cause',
        description:
          'What `POST /api/v1/requests/retry` with the same connection and code would try again, and what that costs.',
        response: answers({ 200: object({ items: list(ref('ErrorGroup')) }) }),
      },
    },
    async () => ({ items: await requests.errors() }),
  );

  act('retry', 'Try the tasks in error again');
  act('cancel', 'Take a request back, as far as it was not submitted');

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
            }),
          },
          [413, 415],
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
