/** A connection's configuration on its way in, to the disk and back: what is secret is parted from what may be shown. */
import {
  type ConfigValue,
  type ConnectorConfig,
  type ConnectorManifest,
  type FieldIssue,
  resolveConfig,
  valueFields,
} from 'connector-contract';
import { endpointIssues } from './endpoints.js';

/** Stands in the place of a secret in everything that is shown or stored in clear. */
export interface SecretMark {
  readonly set: true;
}

/** A configuration as it may be shown: secrets as marks. */
export type ShownConfig = Readonly<Record<string, ConfigValue | SecretMark>>;

/** The two parts of a configuration. */
export interface ConfigParts {
  readonly shown: ShownConfig;
  /** Goes to the disk sealed. */
  readonly secrets: Readonly<Record<string, ConfigValue>>;
}

/** Makes a configuration of what was entered: by the manifest's fields, and by the endpoints that this host allows. */
export function readConfig(
  manifest: ConnectorManifest,
  raw: unknown,
  origins: readonly string[],
): { readonly config?: ConnectorConfig; readonly issues: readonly FieldIssue[] } {
  const resolved = resolveConfig(manifest, raw, { endpointsAllowed: origins.length > 0 });
  const endpoints = endpointIssues(manifest, raw, origins);
  const known = new Set(endpoints.map((issue) => issue.field));
  const issues = [...resolved.issues.filter((issue) => !known.has(issue.field)), ...endpoints];
  return issues.length > 0 || resolved.config === undefined ? { issues } : { config: resolved.config, issues };
}

/** Parts secrets from what may be shown. */
export function partConfig(manifest: ConnectorManifest, config: ConnectorConfig): ConfigParts {
  const secret = new Set(manifest.config.fields.filter((field) => field.kind === 'secret').map((field) => field.key));
  const shown: Record<string, ConfigValue | SecretMark> = {};
  const secrets: Record<string, ConfigValue> = {};
  for (const [key, value] of Object.entries(config)) {
    if (secret.has(key)) {
      secrets[key] = value;
      shown[key] = { set: true };
    } else shown[key] = value;
  }
  return { shown, secrets };
}

/** What a connection is set to do, as it is kept with what was done: its configuration without the secrets. */
export function plainSettings(shown: ShownConfig): Record<string, ConfigValue> {
  const plain = Object.entries(shown).filter((entry): entry is [string, ConfigValue] => !isMark(entry[1]));
  return Object.fromEntries(plain);
}

/** Puts a stored configuration together again; keys that the manifest no longer has are left behind. */
export function joinConfig(manifest: ConnectorManifest, parts: ConfigParts): Record<string, ConfigValue> {
  const joined: Record<string, ConfigValue> = {};
  for (const { key } of valueFields(manifest)) {
    const value = Object.hasOwn(parts.secrets, key) ? parts.secrets[key] : parts.shown[key];
    if (value !== undefined && typeof value !== 'object') joined[key] = value;
  }
  return joined;
}

/**
 * Lays a change over a configuration. A key that is absent, or a secret that comes back as its mark, stays as it is; `null` takes
 * a value away. What is no object is handed on as it is, for {@link readConfig} to refuse.
 */
export function mergeConfig(present: Readonly<Record<string, ConfigValue>>, change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change;
  const merged: Record<string, unknown> = { ...present };
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined || isMark(value)) continue;
    if (value === null) delete merged[key];
    else merged[key] = value;
  }
  return merged;
}

/** The keys whose values differ, for the timeline: names only. */
export function changedKeys(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => before[key] !== after[key])
    .sort();
}

function isMark(value: unknown): value is SecretMark {
  return typeof value === 'object' && value !== null && (value as { set?: unknown }).set === true;
}
