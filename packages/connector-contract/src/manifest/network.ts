import { isIP } from 'node:net';
import type { ConnectorConfig } from '../context.js';
import type { ConnectorManifest, HostField, Region } from './manifest.generated.js';

/** Names that only mean something within one network (RFC 6761, RFC 6762, RFC 8375, and `.internal`). */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa|intranet|lan)$/;

/**
 * The hosts that one connection may talk to: the manifest's `allowedHosts`, without those of other regions than its own where `regionField`
 * names the field that picks it, and those of the addresses that were entered in its `fromFields`, as far as these let them count. Of the
 * latter only https addresses of public names count: an IP address, `localhost` or a name without a dot would let whoever fills in the form
 * reach into the network of the host, which only its operator may allow.
 *
 * @param config as {@link resolveConfig} answers it.
 * @returns host names, lower case, each with its port only where that is not 443.
 */
export function connectionHosts(manifest: ConnectorManifest, config: ConnectorConfig): readonly string[] {
  const entered = hostFields(manifest).flatMap(({ field, hosts }) => {
    const host = publicHost(config[field]);
    return host !== undefined && (hosts === undefined || isAmong(host, hosts)) ? host : [];
  });
  const elsewhere = otherRegionsHosts(manifest, config);
  return [...new Set([...manifest.network.allowedHosts.filter((host) => !elsewhere.has(host)), ...entered])];
}

/** The region of a connection, by the field that `regionField` names, or its default; undefined where none is named. */
export function regionOf(manifest: ConnectorManifest, config: ConnectorConfig): Region | undefined {
  const { regionField, regions = [] } = manifest;
  const field = manifest.config.fields.find(({ key }) => key === regionField);
  if (field?.kind !== 'choice') return undefined;
  const chosen = config[field.key] ?? field.default;
  return regions.find(({ id }) => id === chosen);
}

function otherRegionsHosts(manifest: ConnectorManifest, config: ConnectorConfig): ReadonlySet<string> {
  if (manifest.regionField === undefined) return new Set();
  const hostsOf = ({ baseUrls }: Region): string[] => Object.values(baseUrls).map((url) => new URL(url).host);
  const own = regionOf(manifest, config);
  const others = new Set((manifest.regions ?? []).filter((region) => region !== own).flatMap(hostsOf));
  for (const host of own === undefined ? [] : hostsOf(own)) others.delete(host);
  return others;
}

/** The fields whose hosts a connection may talk to; without `hosts`, all public ones count. */
export function hostFields({
  network,
}: Pick<ConnectorManifest, 'network'>): readonly (Pick<HostField, 'field'> & Partial<HostField>)[] {
  return (network.fromFields ?? []).map((one) => (typeof one === 'string' ? { field: one } : one));
}

/** Whether a host is one of those, of which some may stand for many: `*.` for exactly one label. */
function isAmong(host: string, hosts: readonly string[]): boolean {
  const rest = host.indexOf('.');
  return hosts.includes(host) || (rest > 0 && hosts.includes(`*${host.slice(rest)}`));
}

function publicHost(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, hostname, host, username, password } = new URL(value);
  if (protocol !== 'https:' || username !== '' || password !== '') return undefined;
  const isName = isIP(hostname) === 0 && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(hostname);
  return isName && !PRIVATE_NAME.test(hostname) ? host : undefined;
}
