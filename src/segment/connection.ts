import type { ConnectorConfig, ConnectorContext } from 'connector-contract';
import { settingsOf } from 'connector-kit';
import { ownManifest } from '../manifest.js';
import { type Endpoints, endpointsFor, type Region } from './endpoints.js';
import type { Generation } from './segment.js';

/** What a configuration says about reaching Segment. Holds the token: never log it. */
export interface Connection {
  readonly token: string;
  /** As it was entered: name, slug or id. */
  readonly workspaceName: string;
  readonly region: Region;
  readonly api: Generation | 'auto';
  readonly endpoints: Endpoints;
  /** The endpoints are another server's than Segment's own. */
  readonly elsewhere: boolean;
}

/**
 * Reads what is needed to reach Segment from the configuration of a call.
 * @throws ConnectorFault `CONFIG_INVALID` naming the field.
 */
export function connectionOf(ctx: ConnectorContext): Connection {
  const config: ConnectorConfig = settingsOf(ownManifest(), ctx.config) as ConnectorConfig;
  const { apiToken, workspaceName, region, api, baseUrl } = config;
  return {
    token: String(apiToken),
    workspaceName: String(workspaceName),
    region: region as Region,
    api: api as Connection['api'],
    endpoints: endpointsFor(region as Region, baseUrl === undefined ? undefined : String(baseUrl)),
    elsewhere: baseUrl !== undefined,
  };
}
