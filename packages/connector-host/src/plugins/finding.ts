/** What was found on the search for connectors, one by one: what it is, how far it came, and why no further. */
import type { ConnectorManifest } from 'connector-contract';
import { judgeVersions, type PluginPackage, Refusal, readManifest, reasonOf } from 'connector-contract/loading';
import { given } from '../given.js';
import { discoverPackages } from './discover.js';
import { readLocks } from './lock.js';

/** A connector of a package, or a package whose connectors could not be read. */
export interface Finding {
  readonly plugin: PluginPackage;
  /** The path as `connector.manifests` gives it; absent where the package itself is refused. */
  readonly path?: string;
  /** Absent where it could not be read. */
  readonly manifest?: ConnectorManifest;
  readonly refusal?: Refusal;
}

/** A finding that nothing speaks against before its code runs. */
export type Candidate = Finding & { readonly manifest: ConnectorManifest };

/** Finds packages and judges their manifests. Runs no code of theirs, and never throws for a package's fault. */
export async function findConnectors(roots: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const changedSinceLock = await readLocks(roots);
  for (const plugin of await discoverPackages(roots)) {
    if (plugin.refusal !== undefined) findings.push({ plugin, refusal: plugin.refusal });
    const changed = plugin.manifests.length === 0 ? undefined : await changedSinceLock(plugin);
    for (const path of plugin.manifests) findings.push(withLock(await judge(plugin, path), changed));
  }
  return findings;
}

function withLock(finding: Finding, refusal: Refusal | undefined): Finding {
  return finding.refusal !== undefined || refusal === undefined ? finding : { ...finding, refusal };
}

/** Whether its code may be run. */
export function isCandidate(finding: Finding): finding is Candidate {
  return finding.manifest !== undefined && finding.refusal === undefined;
}

/** A caught value as a refusal. */
export function refusalOf(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('IMPORT_FAILED', reasonOf(error));
}

async function judge(plugin: PluginPackage, path: string): Promise<Finding> {
  let manifest: ConnectorManifest | undefined;
  try {
    manifest = await readManifest(plugin, path);
    judgeVersions(plugin, manifest);
    return { plugin, path, manifest };
  } catch (error) {
    return { plugin, path, ...given({ manifest }), refusal: refusalOf(error) };
  }
}
