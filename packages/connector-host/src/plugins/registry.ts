/**
 * The connectors that are installed: found, judged and loaded once at start. One that cannot be used is listed with the reason, and
 * takes none of the others with it.
 */
import 'reflect-metadata';
import type { ConnectorManifest } from 'connector-contract';
import { Container } from 'inversify';
import semver from 'semver';
import type { Logger } from '../log.js';
import { type BoundConnector, bindConnector } from './bind.js';
import { discoverPackages, type PluginPackage } from './discover.js';
import { resolveEntry } from './entry.js';
import { GuardedRunner, type RunnerPatience } from './guarded-runner.js';
import { importModule } from './load-module.js';
import { judgeVersions, readManifest } from './manifest-file.js';
import { Refusal, type RefusalCode, reasonOf } from './refusal.js';
import type { ConnectorRunner } from './runner.js';

/** A connector as it is listed. `code`, `reason` and `remedy` stand with the refused. */
export interface ConnectorListing {
  /** The manifest's id; the package's name where the manifest cannot be read. */
  readonly id: string;
  readonly version?: string;
  readonly packageName: string;
  readonly state: 'ready' | 'refused';
  readonly manifest?: ConnectorManifest;
  readonly code?: RefusalCode;
  readonly reason?: string;
  readonly remedy?: string;
}

/** Where connectors are looked for and how long they are waited for. */
export interface RegistryOptions {
  /** Folders of projects; each, and the packages in its node_modules, may be a plugin. */
  readonly roots: readonly string[];
  /** Milliseconds an import may take, and again the binding. Default 10,000. */
  readonly importTimeoutMs?: number;
  readonly patience?: RunnerPatience;
  readonly log: Logger;
}

interface Candidate {
  readonly plugin: PluginPackage;
  readonly manifest: ConnectorManifest;
}

/** The connectors of this host. */
export class ConnectorRegistry {
  private constructor(
    private readonly listings: readonly ConnectorListing[],
    private readonly runners: ReadonlyMap<string, ConnectorRunner>,
    private readonly bound: readonly BoundConnector[],
  ) {}

  /** Finds and loads what is installed. Never throws for a plugin's fault. */
  static async load(options: RegistryOptions): Promise<ConnectorRegistry> {
    const { log } = options;
    const listings: ConnectorListing[] = [];
    const candidates: Candidate[] = [];
    for (const plugin of await discoverPackages(options.roots)) {
      if (plugin.refusal !== undefined) listings.push(refused(plugin, plugin.refusal));
      for (const path of plugin.manifests) await judge(plugin, path, candidates, listings);
    }
    const container = new Container();
    const runners = new Map<string, ConnectorRunner>();
    const bound: BoundConnector[] = [];
    // Highest version first; a lower one only comes in where the higher ones cannot be used.
    candidates.sort((a, b) => semver.rcompare(a.manifest.version, b.manifest.version));
    for (const { plugin, manifest } of candidates) {
      try {
        const winner = runners.get(manifest.id);
        if (winner !== undefined) throw duplicate(manifest, winner.manifest);
        const entry = await resolveEntry(plugin, manifest);
        const timeoutMs = options.importTimeoutMs ?? 10_000;
        const module = await importModule(entry, manifest, timeoutMs);
        const loaded = await bindConnector(container, module, manifest, timeoutMs);
        bound.push(loaded);
        runners.set(manifest.id, new GuardedRunner(manifest, loaded.parts, options.patience));
        listings.push({
          id: manifest.id,
          version: manifest.version,
          packageName: plugin.name,
          state: 'ready',
          manifest,
        });
      } catch (error) {
        listings.push(refused(plugin, refusalOf(error), manifest));
      }
    }
    for (const { id, packageName, code, reason } of listings) {
      if (code !== undefined) log.warn({ connector: id, packageName, code, reason }, 'A connector was refused');
    }
    listings.sort((a, b) => a.id.localeCompare(b.id) || a.state.localeCompare(b.state));
    return new ConnectorRegistry(listings, runners, bound);
  }

  /** All that were found: usable and refused, by id. */
  list(): readonly ConnectorListing[] {
    return this.listings;
  }

  /** The runner of a connector that is ready. */
  runner(id: string): ConnectorRunner | undefined {
    return this.runners.get(id);
  }

  /** Lets go of all connectors; their runners must not be used any more. */
  async close(): Promise<void> {
    await Promise.all(this.bound.map((one) => one.release()));
  }
}

async function judge(plugin: PluginPackage, path: string, candidates: Candidate[], listings: ConnectorListing[]) {
  let manifest: ConnectorManifest | undefined;
  try {
    manifest = await readManifest(plugin, path);
    judgeVersions(plugin, manifest);
    candidates.push({ plugin, manifest });
  } catch (error) {
    listings.push(refused(plugin, refusalOf(error), manifest));
  }
}

function duplicate(manifest: ConnectorManifest, winner: ConnectorManifest): Refusal {
  return new Refusal(
    'DUPLICATE_ID',
    `Connector ${manifest.id} is installed more than once; version ${winner.version} is used, not this ${manifest.version}.`,
  );
}

function refusalOf(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('IMPORT_FAILED', reasonOf(error));
}

function refused(plugin: PluginPackage, refusal: Refusal, manifest?: ConnectorManifest): ConnectorListing {
  const { code, reason, remedy } = refusal;
  return {
    id: manifest?.id ?? plugin.name,
    version: manifest?.version ?? plugin.version,
    packageName: plugin.name,
    state: 'refused',
    ...(manifest === undefined ? {} : { manifest }),
    code,
    reason,
    remedy,
  };
}
