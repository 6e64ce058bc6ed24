import type { FastifyInstance } from 'fastify';
import { type Role, roles } from '../../access/roles.js';
import { given } from '../../given.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { holderEmail } from '../schemas/access.js';
import { answers } from '../schemas/common.js';
import { object, oneOf, ref, text, time } from '../schemas/json-schema.js';

/** Access tokens. */
export function tokenRoutes(app: FastifyInstance, { tokens }: ApiParts): void {
  const tags = ['access'];
  app.get(
    '/api/v1/tokens',
    {
      config: { access: 'tokens:manage' },
      schema: { tags, summary: 'List access tokens', response: answers({ 200: ref('AccessTokenList') }) },
    },
    async () => ({ items: await tokens.list() }),
  );
  app.post<{ Body: { name: string; role: Role; email?: string; expiresAt?: string } }>(
    '/api/v1/tokens',
    {
      config: { access: 'tokens:manage' },
      schema: {
        tags,
        summary: 'Make an access token; it is shown this once',
        body: object(
          {
            name: { type: 'string', minLength: 1, maxLength: 100 },
            role: oneOf(roles),
            email: holderEmail,
            expiresAt: time(),
          },
          'email',
          'expiresAt',
        ),
        response: answers({ 201: ref('MadeAccessToken') }, [413, 415]),
      },
    },
    async (request, reply) => {
      const { name, role, email, expiresAt } = request.body;
      const expiry = expiresAt ? { expiresAt: new Date(expiresAt) } : {};
      const made = await tokens.create({ name, role, ...given({ email }), ...expiry }, actorOf(request));
      return reply.code(201).send(made);
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/api/v1/tokens/:id',
    {
      config: { access: 'tokens:manage' },
      schema: {
        tags,
        summary: 'Revoke an access token',
        params: object({ id: text() }),
        response: answers({ 200: ref('AccessToken') }, [404]),
      },
    },
    async (request) => tokens.revoke(request.params.id, actorOf(request)),
  );
}
