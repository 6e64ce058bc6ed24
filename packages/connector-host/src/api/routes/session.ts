import type { FastifyInstance, FastifyRequest } from 'fastify';
import { actions, may } from '../../access/roles.js';
import { actorOf } from '../authenticate.js';
import { beginSession, endSession } from '../console-session.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { ref } from '../schemas/json-schema.js';
import { tell } from '../tell.js';

function shown(request: FastifyRequest) {
  const { id, name, role } = actorOf(request);
  return { id, name, role, may: actions.filter((action) => may(role, action)) };
}

/** Who the caller is; and the console's sign-in and sign-out. */
export function sessionRoutes(app: FastifyInstance, parts: ApiParts): void {
  const tags = ['access'];
  const config = { access: 'connectors:read' } as const;
  app.get(
    '/api/v1/session',
    {
      config,
      schema: {
        tags,
        summary: 'Who the caller is and what the role allows',
        response: answers({ 200: ref('Session') }),
      },
    },
    async (request) => shown(request),
  );

  app.post(
    '/api/v1/session',
    {
      config,
      schema: {
        tags,
        summary: 'Sign in to the console: the token of this call becomes a session cookie',
        description:
          'The cookie is HttpOnly and SameSite=Strict, and ends with the token or after 12 hours; a call with the cookie alone does not renew it. Calls that change something need the header `x-requested-by` beside it.',
        response: answers({ 200: ref('Session') }, [413, 415]),
      },
    },
    async (request, reply) => {
      if (await beginSession(request, reply, parts)) {
        await tell(parts, { kind: 'access.signed_in', actor: actorOf(request).id });
      }
      return shown(request);
    },
  );

  app.delete(
    '/api/v1/session',
    {
      config,
      schema: { tags, summary: 'Sign out of the console', response: answers({ 204: undefined }) },
    },
    async (request, reply) => {
      endSession(request, reply);
      await tell(parts, { kind: 'access.signed_out', actor: actorOf(request).id });
      return reply.code(204).send();
    },
  );
}
