import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noOperation } from '../../not-there.js';
import { HostProblem } from '../../problem.js';
import { operationStates } from '../../reading/operation-view.js';
import type { OperationFilter } from '../../reading/operations.js';
import type { PageQuery } from '../../store/page.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { object, oneOf, ref, text } from '../schemas/json-schema.js';
import { pageQuery, readerOf } from './requests.js';

const tags = ['operations'];
const id = object({ id: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } });

/** Batches at the vendors. */
export function operationRoutes(app: FastifyInstance, { requests, lifecycle }: ApiParts): void {
  const operationOf = async (request: FastifyRequest<{ Params: { id: number } }>) => {
    const found = await requests.operation(request.params.id, readerOf(request));
    if (found === undefined) throw noOperation(request.params.id);
    return found;
  };

  app.get<{ Querystring: OperationFilter & PageQuery }>(
    '/api/v1/operations',
    {
      config: { access: 'operations:read' },
      schema: {
        tags,
        summary: 'List operations, the newest first',
        querystring: object(
          { connection: text(), status: oneOf(operationStates), ...pageQuery },
          'connection',
          'status',
          'cursor',
          'limit',
        ),
        response: answers({ 200: ref('OperationPage') }, [422]),
      },
    },
    async (request) => requests.operations(request.query, readerOf(request)),
  );

  app.get<{ Params: { id: number } }>(
    '/api/v1/operations/:id',
    {
      config: { access: 'operations:read' },
      schema: { tags, summary: 'One operation', params: id, response: answers({ 200: ref('Operation') }, [404]) },
    },
    operationOf,
  );

  app.post<{ Params: { id: number }; Body: { decision: 'resubmit' | 'confirm'; reference?: string } }>(
    '/api/v1/operations/:id/settle',
    {
      config: { access: 'requests:settle' },
      schema: {
        tags,
        summary: 'Decide about a submission whose answer was lost',
        description:
          '`resubmit` sends it again; `confirm` records the `reference` under which the vendor has it. The vendor is asked once for it, and one that it does not know is ' +
          "refused. Where it cannot be asked just now, that stands as a person's word alone: basis `person`, where submission counts as the end.",
        params: id,
        body: object(
          { decision: oneOf(['resubmit', 'confirm']), reference: { type: 'string', minLength: 1, maxLength: 200 } },
          'reference',
        ),
        response: answers({ 200: ref('Operation') }, [404, 409, 413, 415, 422]),
      },
    },
    async (request) => {
      const { decision, reference } = request.body;
      if (decision === 'confirm' && reference === undefined) {
        const message = 'reference is required to confirm.';
        throw new HostProblem('INPUT_INVALID', message, {
          errors: [{ field: 'reference', code: 'REQUIRED', message }],
        });
      }
      await operationOf(request);
      const settlement = reference !== undefined && decision === 'confirm' ? { confirm: reference } : 'resubmit';
      await lifecycle.settle(request.params.id, settlement, actorOf(request));
      return operationOf(request);
    },
  );
}
