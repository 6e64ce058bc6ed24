import type { Operation, SubmitOutcome } from '../../../src/index.js';
import type { AcmeParts } from './acme.js';
import { AcmeTrouble, ask } from './client.js';

/**
 * Lets the small connector ask Acme for the people before it deletes them, as vendors need that delete by an id of their own. It
 * stays in order: whatever goes wrong while it asks, nothing was taken.
 * @param by how it asks: a GET, or a POST that only the stub can say of that it changes nothing.
 */
export function lookUpFirst({ deletion }: AcmeParts, by: 'GET' | 'POST' = 'GET'): void {
  const good = deletion.send.bind(deletion);
  deletion.send = async (operation, ctx): Promise<SubmitOutcome> => {
    const asked = by === 'GET' ? ask(ctx, 'GET', '/people') : ask(ctx, 'POST', '/people/search', firstOf(operation));
    await asked.catch(nothingTaken);
    return good(operation, ctx);
  };
}

function firstOf({ subjects }: Operation): unknown {
  return { id: subjects[0]?.identifiers[0]?.value };
}

function nothingTaken(caught: unknown): never {
  if (!(caught instanceof AcmeTrouble)) throw caught;
  const { code, message, retryAfterMs } = caught;
  throw new AcmeTrouble(code as 'TIMEOUT', message, false, retryAfterMs === undefined ? {} : { retryAfterMs });
}
