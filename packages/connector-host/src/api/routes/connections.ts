import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ConnectionChange } from '../../connections/change.js';
import type { ConnectionResult } from '../../connections/connections.js';
import type { NewConnection } from '../../connections/creation.js';
import { noConnection } from '../../not-there.js';
import { anywhere } from '../../public-url.js';
import { actorOf, demand } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { contactChange, settingsChange } from '../schemas/connections.js';
import { anyObject, list, object, oneOf, ref, text } from '../schemas/json-schema.js';

const tags = ['connections'];
const id = object({ id: text() });
const named = { type: 'string', minLength: 1, maxLength: 200 };

type ById = FastifyRequest<{ Params: { id: string } }>;

/** A connection whose check is the one that was just made. */
function shown({ connection, report }: ConnectionResult) {
  return report === undefined ? connection : { ...connection, check: { ...connection.check, ...report } };
}

/** What is connected. The manifest's roles decide who may make, change and remove. */
export function connectionRoutes(
  app: FastifyInstance,
  { connections, registry, lifecycle, publicUrl }: ApiParts,
): void {
  const { prefix } = publicUrl ?? anywhere;
  app.post<{ Body: { connector: string; config: unknown; connection?: string } }>(
    '/api/v1/connections/validate',
    {
      config: { access: { manifest: 'connections:validate' } },
      schema: {
        tags,
        summary: 'Judge a configuration field by field, without network',
        body: object(
          {
            connector: named,
            config: anyObject(),
            connection: text('The connection it would change, whose secrets then count.'),
          },
          'connection',
        ),
        response: answers({ 200: ref('Validation') }, [404, 413, 415, 422, 502]),
      },
    },
    async (request) => {
      const { connector, config, connection } = request.body;
      demand(request, 'connections:validate', registry.runner(connector)?.manifest.roles.host);
      return connections.validate(connector, config, connection);
    },
  );

  app.post<{ Body: NewConnection }>(
    '/api/v1/connections',
    {
      config: { access: { manifest: 'connections:create' } },
      schema: {
        tags,
        summary: 'Connect: checks every permission, and keeps nothing where one is missing',
        body: object(
          {
            connector: named,
            name: { ...named, minLength: 0 },
            config: anyObject(),
            capabilities: list(text()),
            settings: settingsChange,
            contact: contactChange,
          },
          'capabilities',
          'settings',
          'contact',
        ),
        response: answers({ 201: ref('Connection') }, [413, 415, 422, 502]),
      },
    },
    async (request, reply) => {
      const made = await connections.create(request.body, actorOf(request));
      return reply
        .code(201)
        .header('location', `${prefix}/api/v1/connections/${encodeURIComponent(made.connection.id)}`)
        .send(shown(made));
    },
  );

  app.get(
    '/api/v1/connections',
    {
      config: { access: 'connections:read' },
      schema: { tags, summary: 'List the connections', response: answers({ 200: ref('ConnectionList') }) },
    },
    async () => {
      const items = await connections.list();
      return { items, total: items.length };
    },
  );

  app.get(
    '/api/v1/connections/removed',
    {
      config: { access: 'connections:read' },
      schema: {
        tags,
        summary: 'List the connections that were removed, by whose ids finished requests name them',
        response: answers({ 200: ref('RemovedConnectionList') }),
      },
    },
    async () => {
      const items = await connections.removed();
      return { items, total: items.length };
    },
  );

  app.get(
    '/api/v1/connections/:id',
    {
      config: { access: 'connections:read' },
      schema: { tags, summary: 'One connection', params: id, response: answers({ 200: ref('Connection') }, [404]) },
    },
    async (request: ById) => {
      const found = await connections.get(request.params.id);
      if (found === undefined) throw noConnection();
      return found;
    },
  );

  app.patch<{ Params: { id: string }; Body: ConnectionChange }>(
    '/api/v1/connections/:id',
    {
      config: { access: { manifest: 'connections:change' } },
      schema: {
        tags,
        summary: 'Rename, reconfigure, replace a secret, change settings and contact, pause or resume',
        description:
          'A field that is left out stays; a secret also where it comes back as `{"set": true}`; `null` takes a value away. To resume a connection that its quota holds lets go of the hold.',
        params: id,
        body: {
          ...object(
            {
              name: { ...named, minLength: 0 },
              config: anyObject(),
              state: oneOf(['active', 'paused']),
              settings: settingsChange,
              contact: { ...contactChange, type: ['object', 'null'] },
            },
            'name',
            'config',
            'state',
            'settings',
            'contact',
          ),
          minProperties: 1,
        },
        response: answers({ 200: ref('Connection') }, [404, 409, 413, 415, 422, 502]),
      },
    },
    async (request) => {
      const { id } = request.params;
      const changed = await connections.update(id, request.body, actorOf(request));
      // By what kind of identifier the vendor knows people may have changed with it.
      if (request.body.config !== undefined) await lifecycle.bringOn(id);
      return shown(changed);
    },
  );

  app.delete(
    '/api/v1/connections/:id',
    {
      config: { access: { manifest: 'connections:remove' } },
      schema: {
        tags,
        summary: 'Remove: credentials are destroyed, open tasks end in error',
        params: id,
        response: answers({ 200: ref('Removal') }, [404]),
      },
    },
    async (request: ById) => connections.remove(request.params.id, actorOf(request)),
  );

  app.post(
    '/api/v1/connections/:id/check',
    {
      config: { access: 'connections:check' },
      schema: {
        tags,
        summary: 'Check now: one outcome for each permission',
        params: id,
        body: { ...anyObject(), type: ['object', 'null'] },
        response: answers({ 200: ref('CheckReport') }, [404, 413, 415, 422, 502]),
      },
    },
    async (request: ById) => {
      const { connection, report } = await connections.check(request.params.id, actorOf(request));
      return { ...connection.check, ...report };
    },
  );
}
