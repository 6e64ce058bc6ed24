/** Brings the connectors of one id to where they run: one of them at most. */
import type { ConnectorManifest } from 'connector-contract';
import { Refusal } from 'connector-contract/loading';
import semver from 'semver';
import { resolveEntry } from './entry.js';
import { type Candidate, type Finding, refusalOf } from './finding.js';
import { GuardedRunner, type RunnerPatience } from './guarded-runner.js';
import type { LoadedConnector, Loader } from './loader.js';
import type { ConnectorRunner } from './runner.js';

/** A connector that can be used. */
export interface Ready {
  readonly runner: ConnectorRunner;
  readonly loaded: LoadedConnector;
}

/**
 * Loads the highest version of one id; a lower one only comes in where the higher ones cannot be used. Where packages of several
 * names claim the id, none is loaded: connections belong to the id, and their credentials would go to whichever came first.
 * @param ready by id; what is loaded is put there.
 * @returns each of the group, with why it cannot be used where it cannot.
 */
export async function loadHighest(
  group: readonly Candidate[],
  loader: Loader,
  ready: Map<string, Ready>,
  patience: RunnerPatience | undefined,
): Promise<Finding[]> {
  const owners = [...new Set(group.map(({ plugin }) => plugin.name))].sort();
  if (owners.length > 1)
    return group.map((candidate) => ({ ...candidate, refusal: contested(candidate.manifest, owners) }));
  const found: Finding[] = [];
  for (const candidate of [...group].sort((a, b) => semver.rcompare(a.manifest.version, b.manifest.version))) {
    const { plugin, manifest } = candidate;
    try {
      const winner = ready.get(manifest.id);
      if (winner !== undefined) throw duplicate(manifest, winner.runner.manifest);
      const loaded = await loader.load(plugin, manifest, await resolveEntry(plugin, manifest));
      ready.set(manifest.id, { loaded, runner: new GuardedRunner(manifest, loaded.parts, patience) });
      found.push(candidate);
    } catch (error) {
      found.push({ ...candidate, refusal: refusalOf(error) });
    }
  }
  return found;
}

function contested({ id }: ConnectorManifest, owners: readonly string[]): Refusal {
  return new Refusal(
    'DUPLICATE_ID',
    `The packages ${owners.join(', ')} all claim to be connector ${id}; which of them its connections belong to cannot be told.`,
  );
}

function duplicate(manifest: ConnectorManifest, winner: ConnectorManifest): Refusal {
  return new Refusal(
    'DUPLICATE_ID',
    `Connector ${manifest.id} is installed more than once; version ${winner.version} is used, not this ${manifest.version}.`,
  );
}
