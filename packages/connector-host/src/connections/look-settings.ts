/**
 * The settings that a look for systems is made under. What a deletion does in a system may hang on them, so that what a look found counts
 * for deletions that were sent under the same.
 */
import { isDeepStrictEqual } from 'node:util';
import { type ConfigValue, type ConnectorManifest, resolveConfig } from 'connector-contract';
import { partConfig, plainSettings, type ShownConfig } from './config.js';

type Settings = Readonly<Record<string, ConfigValue>>;

/** Of a configuration what is kept with a look: no secrets, nor the field that only says when a deletion counts as complete. */
export function lookSettings(manifest: ConnectorManifest, config: Settings): Settings {
  const settings = plainSettings(partConfig(manifest, config).shown);
  const { completion } = manifest.deletion ?? {};
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== completion?.field));
}

/**
 * Whether a look was made under the settings that a connection has now.
 * @param kept what is kept with the look; `null` where nothing is.
 * @param shown the configuration as it was saved: fields that the connector has had since have their defaults.
 */
export function lookedAsSet(manifest: ConnectorManifest, kept: unknown, shown: ShownConfig): boolean {
  const fields = manifest.config.fields.filter(({ kind }) => kind !== 'secret');
  const known = new Set(fields.map(({ key }) => key));
  const saved = Object.entries(plainSettings(shown)).filter(([key]) => known.has(key));
  const plain = { ...manifest, config: { ...manifest.config, fields } };
  const { config } = resolveConfig(plain, Object.fromEntries(saved), { endpointsAllowed: true });
  return config !== undefined && isDeepStrictEqual(lookSettings(manifest, config), kept);
}
