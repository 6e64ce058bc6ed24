import { configSchema } from 'connector-contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { may } from '../../access/roles.js';
import type { ConnectorListing } from '../../plugins/registry.js';
import { HostProblem } from '../../problem.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { object, ref, text } from '../schemas/json-schema.js';

/** What is installed: usable, or refused with the reason. */
export function connectorRoutes(app: FastifyInstance, { registry, connections }: ApiParts): void {
  const tags = ['connectors'];
  const view = (listing: ConnectorListing, request: FastifyRequest) => {
    const { manifest, state } = listing;
    if (manifest === undefined || state === 'refused') return { ...listing, mayConnect: false };
    return {
      ...listing,
      form: configSchema(manifest, { endpointsAllowed: connections.endpointsAllowed }),
      mayConnect: may(actorOf(request).role, 'connections:create', manifest.roles.host),
    };
  };

  app.get(
    '/api/v1/connectors',
    {
      config: { access: 'connectors:read' },
      schema: { tags, summary: 'List the installed connectors', response: answers({ 200: ref('ConnectorList') }) },
    },
    async (request) => {
      const items = registry.list().map((listing) => view(listing, request));
      return { items, total: items.length };
    },
  );

  app.get<{ Params: { id: string } }>(
    '/api/v1/connectors/:id',
    {
      config: { access: 'connectors:read' },
      schema: {
        tags,
        summary: 'One connector with its manifest and form',
        params: object({ id: text() }),
        response: answers({ 200: ref('Connector') }, [404]),
      },
    },
    async (request) => {
      const found = registry.list().filter(({ id }) => id === request.params.id);
      const listing = found.find(({ state }) => state === 'ready') ?? found[0];
      if (listing !== undefined) return view(listing, request);
      throw new HostProblem('NOT_FOUND', 'No connector with this id is installed.', {
        remedy: 'List the connectors to see their ids.',
      });
    },
  );
}
