import type { FastifyInstance, FastifyRequest } from 'fastify';
import { actions, may } from '../../access/roles.js';
import { given } from '../../given.js';
import { actorOf } from '../authenticate.js';
import { giveCookie, takeCookie } from '../console-session.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { object, ref, text } from '../schemas/json-schema.js';

function shown(request: FastifyRequest) {
  const { id, name, role, email } = actorOf(request);
  return {
    id,
    name,
    role,
    ...given({ email }),
    may: actions.filter((action) => may(role, action)),
  };
}

/** Who the caller is; the console's sign-in and sign-out; and who is signed in. */
export function sessionRoutes(app: FastifyInstance, { sessions }: ApiParts): void {
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
        summary: 'Sign in to the console: begins a session for the token of this call',
        description:
          'The answer sets a cookie (HttpOnly, SameSite=Strict) and holds a `proof`; calls bring both, the proof in the header `x-session-proof`. ' +
          'A session ends with its token, by signing out, after half an hour without anybody doing anything (`x-idle-seconds` tells how long that is), or after 12 hours. A call with a session begins no other.',
        response: answers({ 200: ref('BegunSession') }, [413, 415]),
      },
    },
    async (request, reply) => {
      if (request.session !== null) return shown(request);
      const begun = await sessions.begin(actorOf(request), request.ip);
      giveCookie(request, reply, begun.secret);
      return { ...shown(request), proof: begun.proof };
    },
  );

  app.delete(
    '/api/v1/session',
    {
      config,
      schema: {
        tags,
        summary: 'Sign out of the console: the session ends at once',
        response: answers({ 204: undefined }),
      },
    },
    async (request, reply) => {
      takeCookie(request, reply);
      if (request.session !== null) await sessions.end(request.session, actorOf(request));
      return reply.code(204).send();
    },
  );

  app.get(
    '/api/v1/sessions',
    {
      config,
      schema: {
        tags,
        summary: 'Who is signed in to the console: everybody for who manages tokens, oneself for others',
        response: answers({ 200: ref('SessionList') }),
      },
    },
    async (request) => {
      const items = (await sessions.list(actorOf(request))).map((one) => ({
        ...one,
        current: one.id === request.session,
      }));
      return { items, total: items.length };
    },
  );

  app.delete<{ Params: { id: string } }>(
    '/api/v1/sessions/:id',
    {
      config,
      schema: {
        tags,
        summary: 'End a session at once',
        params: object({ id: { ...text(), format: 'uuid' } }),
        response: answers({ 204: undefined }, [404]),
      },
    },
    async (request, reply) => {
      await sessions.end(request.params.id, actorOf(request));
      return reply.code(204).send();
    },
  );
}
