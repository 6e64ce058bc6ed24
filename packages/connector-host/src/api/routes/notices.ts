import type { FastifyInstance } from 'fastify';
import { roles } from '../../access/roles.js';
import { type DeliveryFilter, deliveryStates } from '../../notices/deliveries.js';
import type { NewNoticeRule, NoticeChange } from '../../notices/rules.js';
import { channels } from '../../notices/target.js';
import { LONGEST_URL } from '../../notices/webhook.js';
import { words } from '../../notices/words.js';
import { noticeKinds } from '../../outbox.js';
import { longestPage, usualPage } from '../../store/page.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { list, object, oneOf, ref, text, time } from '../schemas/json-schema.js';
import { quietHours } from '../schemas/notices.js';

const tags = ['notices'];
const config = { access: 'notices:manage' } as const;
const uuid = { type: 'string', format: 'uuid' };
const params = object({ id: uuid });

const kinds = {
  type: 'array',
  items: oneOf(noticeKinds),
  minItems: 1,
  uniqueItems: true,
  description: 'What it tells of; everything where it is left out.',
};
const zone = {
  type: 'string',
  maxLength: 100,
  description: "Of the quiet hours and of times in messages; the host's by default.",
};

/** Who is told what, and what came of it. */
export function noticeRoutes(app: FastifyInstance, { notices }: ApiParts): void {
  app.get(
    '/api/v1/notices',
    { config, schema: { tags, summary: 'List who is told what', response: answers({ 200: ref('NoticeList') }) } },
    async () => {
      const items = await notices.list();
      const known = noticeKinds.map((kind) => ({ kind, label: words[kind].label }));
      return { items, total: items.length, kinds: known, mail: notices.mails };
    },
  );
  app.post<{ Body: NewNoticeRule }>(
    '/api/v1/notices',
    {
      config,
      schema: {
        tags,
        summary: 'Have somebody told, by mail or by a signed webhook',
        description:
          'Give one of `address`, `role` and `owner` for `email`, or `url` for `webhook`. Webhooks are signed by the Standard Webhooks scheme; the secret is shown this once. Messages name no person.',
        body: object(
          {
            channel: oneOf(channels),
            address: { type: 'string', maxLength: 254 },
            role: oneOf(roles),
            owner: { const: true, description: 'Whoever owns the work that a message is about.' },
            url: { type: 'string', maxLength: LONGEST_URL },
            kinds,
            quiet: quietHours,
            zone,
          },
          'address',
          'role',
          'owner',
          'url',
          'kinds',
          'quiet',
          'zone',
        ),
        response: answers({ 201: ref('MadeNotice') }, [409, 413, 415]),
      },
    },
    async (request, reply) => reply.code(201).send(await notices.create(request.body, actorOf(request))),
  );
  app.patch<{ Params: { id: string }; Body: NoticeChange }>(
    '/api/v1/notices/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change what somebody is told, or when; switch it off or on',
        params,
        body: object(
          { kinds, quiet: { ...quietHours, type: ['object', 'null'] }, zone, active: { type: 'boolean' } },
          'kinds',
          'quiet',
          'zone',
          'active',
        ),
        response: answers({ 200: ref('Notice') }, [404, 413, 415]),
      },
    },
    async (request) => notices.change(request.params.id, request.body, actorOf(request)),
  );
  app.delete<{ Params: { id: string } }>(
    '/api/v1/notices/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Have nobody told by this any more',
        description: 'What still waits is not sent.',
        params,
        response: answers({ 204: undefined }, [404]),
      },
    },
    async (request, reply) => {
      await notices.remove(request.params.id, actorOf(request));
      return reply.code(204).send();
    },
  );
  app.post<{ Params: { id: string } }>(
    '/api/v1/notices/:id/secret',
    {
      config,
      schema: {
        tags,
        summary: 'Give a webhook a new secret',
        description: 'It is shown this once. Messages carry a signature by the one before as well, for a day.',
        params,
        response: answers({ 200: object({ secret: text(), oldCountsUntil: time() }) }, [404, 409]),
      },
    },
    async (request) => notices.replaceSecret(request.params.id, actorOf(request)),
  );
  app.post<{ Params: { id: string } }>(
    '/api/v1/notices/:id/test',
    {
      config,
      schema: {
        tags,
        summary: 'Send a test now, and answer what came of it',
        params,
        response: answers({ 200: object({ items: list(ref('Delivery')) }) }, [404, 409]),
      },
    },
    async (request) => ({ items: await notices.test(request.params.id, actorOf(request)) }),
  );
  app.get<{ Querystring: DeliveryFilter }>(
    '/api/v1/notices/deliveries',
    {
      config,
      schema: {
        tags,
        summary: 'List what was sent and what came of it, the newest first',
        querystring: object(
          {
            notice: uuid,
            state: oneOf(deliveryStates),
            cursor: text('From `nextCursor` of the page before.'),
            limit: { type: 'integer', minimum: 1, maximum: longestPage, default: usualPage },
          },
          'notice',
          'state',
          'cursor',
          'limit',
        ),
        response: answers({ 200: ref('DeliveryPage') }),
      },
    },
    async ({ query }) => notices.deliveries(query),
  );
  app.post<{ Params: { id: string } }>(
    '/api/v1/notices/deliveries/:id/resend',
    {
      config,
      schema: {
        tags,
        summary: 'Send a message once more',
        description: 'Under the same id, by which its receiver knows it again. It is tried for three days.',
        params,
        response: answers({ 200: ref('Delivery') }, [404, 409]),
      },
    },
    async (request) => notices.resend(request.params.id, actorOf(request)),
  );
}
