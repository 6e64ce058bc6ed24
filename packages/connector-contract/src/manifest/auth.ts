import type { ConnectorConfig } from '../context.js';
import type { AuthAddress, ConnectorManifest, VendorAuth } from './manifest.generated.js';

/** An address of the manifest's `auth`, as this configuration makes it; undefined where its field holds none. */
export function authAddress({ url, field, path }: AuthAddress, config: ConnectorConfig): string | undefined {
  if (url !== undefined) return url;
  const entered = field === undefined ? undefined : config[field];
  return typeof entered === 'string' && URL.canParse(entered) ? new URL(path ?? '/', entered).href : undefined;
}

/** A configuration as a connector gets it in its context: what is for the host alone is left out. */
export function configForConnector(
  { auth }: Pick<ConnectorManifest, 'auth'>,
  config: ConnectorConfig,
): ConnectorConfig {
  if (auth === undefined || !(auth.clientSecret in config)) return config;
  const { [auth.clientSecret]: _secret, ...rest } = config;
  return rest;
}

/** The keys of fields that the host reads by itself. */
export function authFields({ clientId, clientSecret, tokenEndpoint, audience }: VendorAuth): readonly string[] {
  return [clientId, clientSecret, tokenEndpoint.field, audience?.field].filter((key) => key !== undefined);
}
