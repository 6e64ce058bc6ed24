import type { FastifyInstance } from 'fastify';
import { longestPage, usualPage } from '../../store/page.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { anyObject, list, object, text, time, whole } from '../schemas/json-schema.js';

const entry = object(
  {
    seq: whole('1, 2, 3 ...: no number is left out.'),
    at: time(),
    actor: text('Id of the access token, or `host`.'),
    actorName: text("The token's name."),
    action: text(),
    target: anyObject('Row ids of what it was done to.'),
    data: anyObject(),
    hash: text('SHA-256 over the hash before it and this row, in hexadecimal.'),
  },
  'actorName',
);

const order = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;

/** Who did what. */
export function auditRoutes(app: FastifyInstance, { audit }: ApiParts): void {
  app.get<{ Querystring: { before?: number; after?: number; limit?: number } }>(
    '/api/v1/audit',
    {
      config: { access: 'audit:read' },
      schema: {
        tags: ['access'],
        summary: 'The audit log: who did what, when, to what',
        description:
          'The newest first; with `after`, the oldest first from there on, as a check of the chain reads it. `connector-host audit verify` checks it.',
        querystring: object(
          {
            before: { ...order, description: 'Only lower numbers.' },
            after: { ...order, description: 'Only higher numbers, in order.' },
            limit: { type: 'integer', minimum: 1, maximum: longestPage, default: usualPage },
          },
          'before',
          'after',
          'limit',
        ),
        response: answers({
          200: object({ items: list(entry), head: object({ seq: whole(), hash: text('Hexadecimal.') }) }),
        }),
      },
    },
    async ({ query: { before, after, limit = usualPage } }) => {
      const { seq, hash } = await audit.head();
      const items = after === undefined ? await audit.page(limit, before) : await audit.after(after, limit);
      return { items, head: { seq, hash: hash.toString('hex') } };
    },
  );
}
