import { type ConnectorContext, type ConnectorManifest, connectionHosts } from 'connector-contract';

/**
 * Whether a connection may lead to `url`: an https address on a host that the manifest allows for this configuration, or one of the
 * origins that the operator allows.
 */
export function isAllowed(
  url: URL,
  manifest: ConnectorManifest,
  { config, allowedOrigins }: Pick<ConnectorContext, 'config' | 'allowedOrigins'>,
): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:' && connectionHosts(manifest, config).includes(url.host)) return true;
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && allowedOrigins.some((origin) => URL.canParse(origin) && new URL(origin).origin === url.origin);
}
