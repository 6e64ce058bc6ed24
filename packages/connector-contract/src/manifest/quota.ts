import type { ConnectorManifest, QuotaGroup } from './manifest.generated.js';

/**
 * The group of the vendor's quota that a connection's deletions count in: the first of `limits.quota.groups` whose field has one of its
 * values. `undefined` where the vendor counts all deletions together, or these in none of the groups.
 * @param config as resolved; what is left out in it is in no group.
 */
export function quotaGroupOf(
  { limits }: Pick<ConnectorManifest, 'limits'>,
  config: Readonly<Record<string, unknown>>,
): QuotaGroup | undefined {
  return limits.quota?.groups?.find(({ field, in: values }) => values.some((value) => value === config[field]));
}
