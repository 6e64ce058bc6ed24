import type { FastifyInstance } from 'fastify';
import type { LeftoverEnd, LeftoverFilter } from '../../lifecycle/lifecycle.js';
import { anywhere } from '../../public-url.js';
import { type AnswerWish, answerLimits } from '../../requests/answer.js';
import { leftoverCodes } from '../../requests/leftover-codes.js';
import { answerOutcomes, leftoverStates } from '../../requests/states.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { fileIds, list, object, oneOf, ref, text, whole } from '../schemas/json-schema.js';
import { correction, day } from '../schemas/requests.js';
import { detailFor, readerOf, reason, requestPath } from './requests.js';

const tags = ['requests'];

/** What only a person can bring to its end: answers, errors, and what is left over. */
export function endRoutes(app: FastifyInstance, { requests, lifecycle, publicUrl }: ApiParts): void {
  const { prefix } = publicUrl ?? anywhere;
  const detailOf = detailFor(requests);

  app.post<{ Params: { requestId: string }; Body: AnswerWish }>(
    '/api/v1/requests/:requestId/answer',
    {
      config: { access: 'requests:answer' },
      schema: {
        tags,
        summary: 'Write down what somebody answered who had to be asked',
        description: 'The task that waits for an answer is concluded by it, on the word of that person.',
        params: requestPath,
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
              maxLength: answerLimits.said,
              description:
                'What they said. Holds no identifier of the person of the request; it is purged with them, and left out once they are.',
            },
            files: fileIds('For `done`: sent before by `POST /api/v1/requests/{requestId}/files`.'),
          },
          'task',
          'answeredAt',
          'said',
          'files',
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
  app.get<{ Querystring: { connection?: string } }>(
    '/api/v1/leftovers',
    {
      config: { access: 'requests:read' },
      schema: {
        tags,
        summary: 'What is left over and open, by connection, system and code',
        description:
          'What `POST /api/v1/requests/leftovers/close` with the same connection, system and code would end.',
        querystring: object({ connection: text() }, 'connection'),
        response: answers({ 200: object({ items: list(ref('LeftoverGroup')) }) }, [422]),
      },
    },
    async ({ query }) => ({ items: await requests.leftovers(query.connection) }),
  );

  app.post<{ Body: LeftoverFilter & LeftoverEnd }>(
    '/api/v1/requests/leftovers/close',
    {
      config: { access: 'leftovers:close' },
      schema: {
        tags,
        summary: 'End what is left over and fits a filter',
        description:
          'The states of the requests follow within moments. `done` only where the lists of the people in the work of it were downloaded.',
        body: object(
          {
            code: oneOf(Object.keys(leftoverCodes)),
            connection: text('Only at this connection.'),
            system: text('Only in this system, by its key.'),
            requestId: text(
              'Only of this request. For `NO_KNOWN_USER_ID` alone: a system is left over for everybody of a batch together.',
            ),
            outcome: oneOf(leftoverStates.filter((state) => state !== 'open')),
            reason,
          },
          'connection',
          'system',
          'requestId',
        ),
        response: answers(
          { 200: object({ closed: whole("Leftovers that were ended; a system's counts once for an operation.") }) },
          [404, 409, 413, 415, 422],
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
        params: requestPath,
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
        summary: 'Hand the person of a request in again, with other identifiers',
        description:
          'For a request in error, or one that left over `NO_KNOWN_USER_ID`. A new request, which names the old one (`corrects`), goes on with ' +
          'a `requestId` and identifiers of its own, by the legal time of the old one, to the connections where that failed or did not know ' +
          'the person. What else a body says overrules this, but it has to go to every connection in error. The old error is closed; what is left ' +
          'over of the person there is `not_needed`.',
        params: requestPath,
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
        .header('location', `${prefix}/api/v1/requests/${encodeURIComponent(made.requestId)}`)
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
}
