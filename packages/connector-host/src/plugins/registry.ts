/**
 * The connectors that are installed: found, judged and loaded at the start, and again when the host is told to. One that cannot be used
 * is listed with the reason, and takes none of the others with it.
 */
import type { ConnectorManifest } from 'connector-contract';
import { IMPORT_MS, Refusal, type RefusalCode } from 'connector-contract/loading';
import semver from 'semver';
import { given } from '../given.js';
import type { Logger } from '../log.js';
import { type Candidate, type Finding, findConnectors, isCandidate } from './finding.js';
import type { RunnerPatience } from './guarded-runner.js';
import { usualRestarts } from './isolation/limits.js';
import { type IsolationOptions, loaderApart } from './isolation/loader.js';
import { findWall, type Isolated } from './isolation/wall/wall.js';
import { loadHighest, type Ready } from './load-highest.js';
import { type LoadedConnector, type Loader, loaderHere } from './loader.js';
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

/** Where connectors run: each in a process of its own, behind a wall where there can be one or not; or all in the host's. */
export const isolations = ['process', 'fence', 'none'] as const;

/** One of {@link isolations}. */
export type Isolation = (typeof isolations)[number];

/** Where connectors are looked for, where they run and how long they are waited for. */
export interface RegistryOptions extends IsolationOptions {
  /** Folders of projects; each, and the packages in its node_modules, may be a plugin. */
  readonly roots: readonly string[];
  /** Default `process`. */
  readonly isolation?: Isolation;
  /** Milliseconds that import and binding may take, in a process of its own at least (`importLimitOf` of the contract). */
  readonly importTimeoutMs?: number;
  readonly patience?: RunnerPatience;
  readonly log: Logger;
}

// Starting a process keeps a core busy for a good part of a second.
const loadedAtOnce = 4;

/** What may have been the machine's trouble, and not the connector's: it is tried again. */
const passing: ReadonlySet<RefusalCode> = new Set(['IMPORT_TIMEOUT', 'PROCESS_ENDED']);

/** How long calls under way may take to come to an end when their connector is replaced, in milliseconds. */
const FAREWELL_MS = 10 * 60_000;

/** The connectors of this host. */
export class ConnectorRegistry {
  #found: readonly Finding[] = [];
  #ready: ReadonlyMap<string, Ready> = new Map();
  #loading: Promise<void> = Promise.resolve();
  #closed = false;
  #again: NodeJS.Timeout | undefined;
  #whenReady: () => Promise<void> = async () => undefined;
  /** Replaced, with calls that are still under way. */
  readonly #retiring = new Set<LoadedConnector>();

  private constructor(
    private readonly options: RegistryOptions,
    private readonly loader: Loader,
  ) {}

  /** Finds and loads what is installed. Never throws for a plugin's fault. */
  static async load(options: RegistryOptions): Promise<ConnectorRegistry> {
    const { log } = options;
    const loader = await loaderFor(options);
    tellIsolation(loader.isolated, log);
    const registry = new ConnectorRegistry(options, loader);
    await registry.#load();
    return registry;
  }

  /**
   * Looks again at what is installed; what it finds counts from then on, as after a start. Calls under way come to an end with the
   * connector that they began with. Connectors that run in the host's own process stay as they are: what was imported stays imported.
   */
  async reload(): Promise<void> {
    if (this.options.isolation === 'none') {
      this.options.log.warn('Connectors that run in the process of the host are replaced when it is started again');
      return;
    }
    await this.#inTurn(() => this.#load());
  }

  /** Has somebody told when a connector is ready that was refused for something that passed. */
  whenReady(listener: () => Promise<void>): void {
    this.#whenReady = listener;
  }

  #inTurn(load: () => Promise<void>): Promise<void> {
    const loading = this.#loading.then(load);
    this.#loading = loading.catch(() => undefined);
    return loading;
  }

  async #load(): Promise<void> {
    if (this.#closed) return;
    const { log, roots, patience } = this.options;
    const findings = await findConnectors(roots);
    const found = findings.filter((finding) => !isCandidate(finding));
    const ready = new Map<string, Ready>();
    const groups = byId(findings);
    const work = async () => {
      for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
        found.push(...(await loadHighest(group, this.loader, ready, patience)));
      }
    };
    await Promise.all(Array.from({ length: loadedAtOnce }, work));
    for (const { plugin, manifest, refusal } of found) {
      if (refusal === undefined) continue;
      const { code, reason } = refusal;
      const connector = manifest?.id ?? plugin.name;
      log.warn({ connector, packageName: plugin.name, code, reason }, 'A connector was refused');
    }
    const before = [...this.#ready.values()];
    this.#found = found;
    this.#ready = ready;
    this.#tryAgain(this.options.restarts?.firstMs ?? usualRestarts.firstMs);
    for (const { loaded } of before) {
      this.#retiring.add(loaded);
      void loaded.release(FAREWELL_MS).finally(() => this.#retiring.delete(loaded));
    }
  }

  /** Loads those again, in a while, that were refused for what may have been trouble of the machine; what is ready stays as it is. */
  #tryAgain(afterMs: number): void {
    clearTimeout(this.#again);
    // What was imported into the host's own process is not imported a second time.
    if (this.#closed || this.options.isolation === 'none' || !this.#found.some((one) => this.#mayPass(one))) return;
    const timer = setTimeout(() => {
      this.#inTurn(async () => {
        if (await this.#loadRefused()) await this.#whenReady();
      })
        .catch((error: unknown) => this.options.log.warn({ err: error }, 'A connector could not be tried again'))
        .finally(() => {
          // Who looked again meanwhile has begun anew.
          if (this.#again === timer) this.#tryAgain(Math.min(2 * afterMs, usualRestarts.restMs));
        });
    }, afterMs).unref();
    this.#again = timer;
  }

  /** Whether it was refused for what may be over by now, and no other version of it is used. */
  #mayPass({ manifest, refusal }: Finding): boolean {
    return refusal !== undefined && passing.has(refusal.code) && !this.#ready.has(manifest?.id ?? '');
  }

  /** Answers whether one of them is ready now. */
  async #loadRefused(): Promise<boolean> {
    const { log, roots, patience } = this.options;
    const again = new Set(this.#found.filter((one) => this.#mayPass(one)).map(({ manifest }) => manifest?.id));
    const ready = new Map(this.#ready);
    const found = this.#found.filter(({ manifest }) => !again.has(manifest?.id));
    // Found anew: what has changed since is judged anew.
    for (const group of byId(await findConnectors(roots))) {
      const wanted = again.has(group[0]?.manifest.id) && !this.#closed;
      if (wanted) found.push(...(await loadHighest(group, this.loader, ready, patience)));
    }
    const fresh = [...ready].filter(([id]) => !this.#ready.has(id));
    if (fresh.length === 0) return false;
    this.#found = found;
    this.#ready = ready;
    for (const [connector] of fresh) log.info({ connector }, 'A connector that was refused is ready now');
    return true;
  }

  /** Another object after each load: what was read of connectors before may have changed. */
  get generation(): object {
    return this.#found;
  }

  /** All that were found: usable and refused, by id. */
  list(): readonly ConnectorListing[] {
    const listings = this.findings().map(listingOf);
    return listings.sort((a, b) => a.id.localeCompare(b.id) || a.state.localeCompare(b.state));
  }

  /** The same with where it was found. */
  findings(): readonly Finding[] {
    return this.#found.map((finding) => {
      const suspended = finding.refusal === undefined ? this.#suspension(finding.manifest?.id) : undefined;
      return suspended === undefined ? finding : { ...finding, refusal: suspended };
    });
  }

  /** What keeps connectors apart. */
  get isolated(): Isolated {
    return this.loader.isolated;
  }

  /** What a connector says of itself, whether it can be used just now or not; undefined where that cannot be read, or several claim the id. */
  manifest(id: string): ConnectorManifest | undefined {
    const ready = this.#ready.get(id)?.runner.manifest;
    if (ready !== undefined) return ready;
    const refused = this.#found.flatMap(({ plugin, manifest }) => (manifest?.id === id ? [{ plugin, manifest }] : []));
    if (new Set(refused.map(({ plugin }) => plugin.name)).size > 1) return undefined;
    return refused.map(({ manifest }) => manifest).sort((a, b) => semver.rcompare(a.version, b.version))[0];
  }

  /** The runner of a connector that is ready. */
  runner(id: string): ConnectorRunner | undefined {
    return this.#suspension(id) === undefined ? this.#ready.get(id)?.runner : undefined;
  }

  /** Lets go of all connectors; their runners must not be used any more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    await this.#loading;
    const all = [...[...this.#ready.values()].map(({ loaded }) => loaded), ...this.#retiring];
    await Promise.all(all.map((loaded) => loaded.release(0)));
    await this.loader.close();
  }

  /** Why a connector that was loaded cannot be used at the moment. */
  #suspension(id: string | undefined): Refusal | undefined {
    const standing = id === undefined ? undefined : this.#ready.get(id)?.loaded.standing?.();
    if (standing?.state !== 'suspended') return undefined;
    const again = new Date(standing.until).toISOString();
    return new Refusal(
      'CRASHED_REPEATEDLY',
      `Its process ended ${standing.failures} times in a short time; at last it ${standing.why}. It gets another try at ${again}.`,
    );
  }
}

/** Those whose code may be run, together by their connector's id. */
function byId(findings: readonly Finding[]): Candidate[][] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of findings.filter(isCandidate)) {
    const { id } = candidate.manifest;
    groups.set(id, [...(groups.get(id) ?? []), candidate]);
  }
  return [...groups.values()];
}

async function loaderFor(options: RegistryOptions): Promise<Loader> {
  if (options.isolation === 'none') return loaderHere(options.importTimeoutMs);
  const found = options.isolation === 'fence' ? { reason: 'it was not wanted (--isolation fence)' } : await findWall();
  return loaderApart(found, options.importTimeoutMs ?? IMPORT_MS, options, options.log);
}

function tellIsolation(isolated: Isolated, log: Logger): void {
  if (isolated.isolation === 'wall') log.info('Connectors run behind a wall');
  if (isolated.isolation === 'fence') {
    log.warn(
      { reason: isolated.reason },
      'Connectors run behind a fence and not behind a wall; run those that you trust',
    );
  }
}

function listingOf({ plugin, manifest, refusal }: Finding): ConnectorListing {
  return {
    id: manifest?.id ?? plugin.name,
    version: manifest?.version ?? plugin.version,
    packageName: plugin.name,
    state: refusal === undefined ? 'ready' : 'refused',
    ...given({ manifest }),
    ...(refusal === undefined ? {} : { code: refusal.code, reason: refusal.reason, remedy: refusal.remedy }),
  };
}
