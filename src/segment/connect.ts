import type { ConnectorContext } from 'connector-contract';
import { Adapters } from './adapters.js';
import type { ClientOptions } from './client.js';
import { type Connection, connectionOf } from './connection.js';
import { segmentFault } from './fault.js';
import { Generation, type Segment } from './segment.js';
import { looksLikeSlug } from './workspace-name.js';

function slugOf(ctx: ConnectorContext, { workspaceName }: Connection): string {
  const known = ctx.facts['workspaceSlug'];
  if (typeof known === 'string' && known !== '') return known;
  if (looksLikeSlug(workspaceName)) return workspaceName;
  throw segmentFault('CONNECTION_NOT_CHECKED', 'The slug of the workspace is not known yet.', {
    field: 'workspaceName',
  });
}

/**
 * Segment as the connection reaches it. Asks nothing: the generation is the one that the configuration names, or with `auto` the
 * one that `check` found (fact `api`); the Config API's workspace is the one that `check` found (fact `workspaceSlug`).
 * @throws SegmentFault `CONNECTION_NOT_CHECKED` where that is not known yet; ConnectorFault `CONFIG_INVALID`.
 */
export function openSegment(ctx: ConnectorContext, options?: ClientOptions): Segment {
  const connection = connectionOf(ctx);
  const adapters = new Adapters(ctx, connection, options);
  const generation = connection.api === 'auto' ? ctx.facts['api'] : connection.api;
  if (generation === Generation.public) return adapters.publicApi();
  if (generation === Generation.config) return adapters.configApi(slugOf(ctx, connection));
  throw segmentFault('CONNECTION_NOT_CHECKED', 'Which API the token belongs to is not known yet.');
}
