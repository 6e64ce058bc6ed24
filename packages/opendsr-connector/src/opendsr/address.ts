import { type ConnectorContext, connectionHosts } from 'connector-contract';
import { ownManifest } from '../manifest.js';
import { openDsrFault } from './opendsr-fault.js';

/**
 * Whether a connection may lead to `url`: an https address on a host that the configuration names, or one of the origins that
 * the operator allows.
 */
export function isAllowed(
  url: URL,
  { config, allowedOrigins }: Pick<ConnectorContext, 'config' | 'allowedOrigins'>,
): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:' && connectionHosts(ownManifest(), config).includes(url.host)) return true;
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && allowedOrigins.some((origin) => URL.canParse(origin) && new URL(origin).origin === url.origin);
}

/** @throws OpenDsrFault `ENDPOINT_NOT_ALLOWED`, before anything is sent. */
export function assertAllowed(url: URL, ctx: Pick<ConnectorContext, 'config' | 'allowedOrigins'>): void {
  if (isAllowed(url, ctx)) return;
  throw openDsrFault('ENDPOINT_NOT_ALLOWED', `Requests to ${url.protocol}//${url.host} are not allowed.`);
}
