import type { FastifyInstance } from 'fastify';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { anyObject, list, object, text } from '../schemas/json-schema.js';

/** Signed evidence, and the keys to check it with. */
export function receiptRoutes(app: FastifyInstance, { receipts }: ApiParts): void {
  const tags = ['receipts'];
  app.get<{ Params: { requestId: string } }>(
    '/api/v1/requests/:requestId/receipt',
    {
      config: { access: 'receipts:read' },
      schema: {
        tags,
        summary: 'The signed receipt of a concluded request',
        description:
          'A compact JWS; its keys are at `/.well-known/jwks.json`. `standing` is `interim` until everything is settled, and `final` from then ' +
          'on until somebody opens the request again: it tells what was so at its `issuedAt`.',
        params: object({ requestId: text() }),
        response: answers(
          { 200: { description: 'The receipt.', content: { 'application/jose': { schema: text() } } } },
          [404, 409],
        ),
      },
    },
    async (request, reply) => {
      const receipt = await receipts.issue(request.params.requestId, actorOf(request));
      return reply.type('application/jose').send(receipt);
    },
  );
  app.get(
    '/.well-known/jwks.json',
    {
      config: { access: 'open' },
      schema: {
        tags,
        summary: 'The public keys of receipts',
        security: [],
        response: answers({ 200: object({ keys: list(anyObject('A JWK, RFC 7517.')) }) }, [], true),
      },
    },
    async () => receipts.published(),
  );
}
