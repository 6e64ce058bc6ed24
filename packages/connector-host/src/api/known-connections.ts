import { eq } from 'drizzle-orm';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HostProblem } from '../problem.js';
import type { Database } from '../store/database.js';
import { connections } from '../store/schema.js';

const field = 'connection';

/**
 * Has the calls that take a connection in their query or body refuse one that never was: where an id is mistyped, "nothing is left over"
 * would be untrue. One that was removed is known.
 */
export function demandKnownConnections(app: FastifyInstance, { orm }: Database): void {
  const demand = async ({ query, body }: FastifyRequest) => {
    for (const named of [valueIn(query), valueIn(body)]) {
      if (named === undefined) continue;
      const [found] = await orm.select({ id: connections.id }).from(connections).where(eq(connections.id, named));
      if (found !== undefined) continue;
      const message = 'There is no connection with this id.';
      const remedy = 'List the connections to see their ids.';
      throw new HostProblem('CONNECTION_UNKNOWN', message, {
        errors: [{ field, code: 'CONNECTION_UNKNOWN', message, remedy }],
      });
    }
  };
  app.addHook('onRoute', (route) => {
    if (![route.schema?.querystring, route.schema?.body].some(takesIt)) return;
    route.preHandler = [route.preHandler ?? [], demand].flat();
  });
}

function takesIt(schema: unknown): boolean {
  return field in ((schema as { readonly properties?: object } | undefined)?.properties ?? {});
}

function valueIn(input: unknown): string | undefined {
  const value = (input as Partial<Record<string, unknown>> | null | undefined)?.[field];
  return typeof value === 'string' ? value : undefined;
}
