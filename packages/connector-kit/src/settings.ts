import {
  type ConnectorConfig,
  ConnectorFault,
  type ConnectorManifest,
  configForConnector,
  type FaultData,
  type FieldIssue,
  type ResolvedConfig,
  resolveConfig,
  type ValidationReport,
} from 'connector-contract';
import type { ConfigOf } from './manifest.js';

/**
 * Judges a configuration by the manifest's own rules. Pure; no message holds a value.
 * @param raw anything.
 */
export function validateConfig(manifest: ConnectorManifest, raw: unknown): ValidationReport {
  // Whether the operator allows other endpoints is the host's to judge; what a connection may call is held at every call.
  const { issues } = resolveConfig(manifest, raw, { endpointsAllowed: true });
  return { valid: issues.length === 0, issues };
}

/** The fault for something that is wrong with a field. */
export function faultOfIssue({ field, message, remedy }: FieldIssue): FaultData {
  return ConnectorFault.of('CONFIG_INVALID', message, { field, ...(remedy === undefined ? {} : { remedy }) }).toJSON();
}

/** Judges a configuration as it stands in a context: without the client's secret, which is for the host alone. */
function judgeSettings(manifest: ConnectorManifest, config: ConnectorConfig): ResolvedConfig {
  const { auth } = manifest;
  const fields = manifest.config.fields.filter(({ key }) => key !== auth?.clientSecret);
  const seen = { ...manifest, config: { ...manifest.config, fields } };
  return resolveConfig(seen, configForConnector(manifest, config), { endpointsAllowed: true });
}

/** A configuration with its defaults filled in. @throws ConnectorFault `CONFIG_INVALID` naming the first field that is wrong. */
export function settingsOf<M extends ConnectorManifest>(manifest: M, config: ConnectorConfig): ConfigOf<M> {
  const resolved = judgeSettings(manifest, config);
  const [issue] = resolved.issues;
  if (issue !== undefined) throw new ConnectorFault(faultOfIssue(issue));
  return (resolved.config ?? {}) as ConfigOf<M>;
}
