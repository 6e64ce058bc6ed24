import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { HostProblem } from '../problem.js';
import type { Database } from '../store/database.js';
import { connections } from '../store/schema.js';

const field = 'connection';

/**
 * Refuses a filter by a connection that never was: where an id is mistyped, "nothing is left over" would be untrue. One that was removed
 * is known.
 */
export function demandKnownConnections(app: FastifyInstance, { orm }: Database): void {
  app.addHook('preHandler', async ({ query, body }) => {
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
  });
}

function valueIn(input: unknown): string | undefined {
  const value = (input as Partial<Record<string, unknown>> | null | undefined)?.[field];
  return typeof value === 'string' ? value : undefined;
}
