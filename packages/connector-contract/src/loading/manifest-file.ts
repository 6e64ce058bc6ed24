import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, resolve, sep } from 'node:path';
import { contractFeatures, missingFeatures } from '../features.js';
import { type ConnectorManifest, inRange, parseManifest } from '../manifest/index.js';
import { CONTRACT_VERSION } from '../version.js';
import { jsonProblem } from './json-problem.js';
import type { PluginPackage } from './package-json.js';
import { Refusal, reasonOf } from './refusal.js';

/**
 * Reads a package's manifest and judges it before any code of the package runs.
 * @throws Refusal
 */
export async function readManifest(plugin: PluginPackage, path: string): Promise<ConnectorManifest> {
  const json = await readJson(plugin, path);
  const parsed = parseManifest(json);
  if (!parsed.ok) {
    const shown = parsed.issues
      .slice(0, 5)
      .map((issue) => `${issue.path === '' ? 'manifest' : issue.path}: ${issue.message} ${issue.remedy}`);
    const more = parsed.issues.length > shown.length ? ` (and ${parsed.issues.length - shown.length} more)` : '';
    throw new Refusal('MANIFEST_INVALID', `${path}: ${shown.join(' ')}${more}`);
  }
  return parsed.manifest;
}

/**
 * Whether a valid manifest fits its package, and a host that speaks this contract and offers these features of it (all there are).
 * @throws Refusal
 */
export function judgeVersions(
  plugin: PluginPackage,
  manifest: ConnectorManifest,
  contractVersion = CONTRACT_VERSION,
  offeredFeatures: readonly string[] = Object.keys(contractFeatures),
): void {
  const { range } = manifest.contract;
  if (!inRange(contractVersion, range)) {
    throw new Refusal(
      'CONTRACT_MISMATCH',
      `${manifest.displayName} ${manifest.version} was built for contract ${range}; this host speaks contract ${contractVersion}.`,
    );
  }
  const missing = missingFeatures(manifest, offeredFeatures);
  if (missing.length > 0) {
    const lacks = missing.length === 1 ? 'a feature' : 'features';
    throw new Refusal(
      'FEATURE_NOT_OFFERED',
      `${manifest.displayName} ${manifest.version} needs ${lacks} of the contract that this host does not offer: ${missing.join(', ')}. It offers ${offeredFeatures.join(', ')}.`,
    );
  }
  if (manifest.version !== plugin.version) {
    throw new Refusal(
      'VERSION_MISMATCH',
      `The manifest says version ${manifest.version}, package ${plugin.name} says ${plugin.version}.`,
    );
  }
}

/** Whether `path` lies in `directory`; both real paths. */
export function isInside(directory: string, path: string): boolean {
  return path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

async function readJson(plugin: PluginPackage, path: string): Promise<unknown> {
  const full = resolve(plugin.directory, path);
  if (isAbsolute(path) || !isInside(plugin.directory, full)) {
    throw new Refusal('MANIFEST_OUTSIDE_PACKAGE', `The manifest path ${path} leads out of package ${plugin.name}.`);
  }
  const real = await realpath(full).catch(() => undefined);
  if (real === undefined) throw new Refusal('MANIFEST_MISSING', `Package ${plugin.name} has no file ${path}.`);
  if (!isInside(plugin.directory, real)) {
    throw new Refusal(
      'MANIFEST_OUTSIDE_PACKAGE',
      `The manifest ${path} is a link that leads out of package ${plugin.name}.`,
    );
  }
  const text = await readFile(real, 'utf8').catch((error: unknown) => {
    throw new Refusal('MANIFEST_UNREADABLE', `${path} in package ${plugin.name} cannot be read: ${reasonOf(error)}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(
      'MANIFEST_UNREADABLE',
      `${path} in package ${plugin.name} is not valid JSON: ${jsonProblem(text, error)}`,
    );
  }
}
