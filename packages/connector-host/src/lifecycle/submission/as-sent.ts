/** An operation that was sent is asked about as it was sent, whatever its connection is set to do by now. */
import type { ConnectorContext, ConnectorManifest } from 'connector-contract';
import type { OperationRow } from '../members.js';

/**
 * The fields that say what a deletion is: by its type, by whom it finds, or by when it counts as complete. Others say how the vendor is
 * reached, by address, protocol or kind of secret: they go with the secrets of today.
 */
function fieldsOfDeletion({ deletion, identities, limits }: ConnectorManifest): readonly string[] {
  const found = [
    deletion?.completion?.field,
    ...(limits.quota?.groups ?? []).map(({ field }) => field),
    ...identities.kinds.map(({ equalsKnownByWhen }) => equalsKnownByWhen?.field),
  ];
  return found.flatMap((field) => field ?? []);
}

/** A context for calls about an operation: what says what a deletion is has the value it was sent under, where that was kept. */
export function asSent(
  ctx: ConnectorContext,
  manifest: ConnectorManifest,
  { settings }: Pick<OperationRow, 'settings'>,
): ConnectorContext {
  const sent = settings as ConnectorContext['config'] | null;
  if (sent === null) return ctx;
  const config = { ...ctx.config };
  for (const field of fieldsOfDeletion(manifest)) {
    const value = sent[field];
    if (value !== undefined) config[field] = value;
  }
  return { ...ctx, config };
}
