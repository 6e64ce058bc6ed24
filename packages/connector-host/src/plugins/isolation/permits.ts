import { type ConnectorConfig, type ConnectorManifest, connectionHosts } from 'connector-contract';
import type { Permit } from './messages.js';

/**
 * The places that one connection's calls may reach: the hosts of the manifest and of the addresses in its configuration, and the
 * origins that the operator allows, which alone may lie in a private network.
 * @param origins as URLs write them, `http://127.0.0.1:4700`.
 */
export function permitsOf(manifest: ConnectorManifest, config: ConnectorConfig, origins: readonly string[]): Permit[] {
  const hosts = connectionHosts(manifest, config).map((host) => permitOf(`https://${host}`, false));
  return [...hosts, ...origins.map((origin) => permitOf(origin, true))];
}

function permitOf(origin: string, inside: boolean): Permit {
  const { protocol, hostname, port } = new URL(origin);
  return {
    host: hostname.replace(/^\[|\]$/g, '').toLowerCase(),
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    secure: protocol === 'https:',
    inside,
  };
}
