import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SandboxClock } from './clock.js';
import { CONFIG_API_ROOT, ConfigApi } from './config-api/config-api.js';
import { Control } from './control.js';
import { ACME } from './demo/acme.js';
import { CATALOG } from './demo/catalog.js';
import { generateWorkspace } from './demo/generate.js';
import { GLOBEX, INITECH } from './demo/others.js';
import { FaultBook } from './faults.js';
import type { CallCounts, RecordedRequest } from './journal.js';
import { Journal } from './journal.js';
import { MonthlyQuota, RateWindows } from './limits.js';
import type { ResolvedOptions, SandboxOptions } from './options.js';
import { resolveOptions, resolveRateLimits } from './options.js';
import { PublicApi } from './public-api/public-api.js';
import { stableId } from './random.js';
import { OutcomeBook } from './regulations/outcomes.js';
import { Progress } from './regulations/progress.js';
import { RegulationStore } from './regulations/store.js';
import type { SubjectTally } from './regulations/tally.js';
import { tallySubjects } from './regulations/tally.js';
import type { Segment } from './segment.js';
import { makeServer } from './server.js';
import type { RegulationSnapshot } from './snapshots.js';
import { snapshotOf } from './snapshots.js';
import { StateFile, type StateLine } from './state-file.js';
import type { DemoTokens, Region, TokenSpec } from './tokens.js';
import { DEMO_TOKENS, demoTokenSpecs, TokenBook } from './tokens.js';
import type { Workspace } from './workspace.js';
import { secretsOf } from './workspace.js';

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`: base URL of the Public API. */
  readonly url: string;
  /** Base URL of the Config API: `url` with `/v1beta`. */
  readonly configApiUrl: string;
  readonly port: number;
  readonly region: Region;
  /** The fixed demo tokens by name. */
  readonly tokens: DemoTokens;
  /** The workspaces, `acme-demo` first. */
  readonly workspaces: readonly Workspace[];
  /** Faults on demand. */
  readonly faults: FaultBook;
  /** How regulations end. */
  readonly outcomes: OutcomeBook;
  /** The sandbox's time. */
  readonly clock: SandboxClock;
  /** Every regulation ever made, in order, also those the APIs no longer show. */
  regulations(): RegulationSnapshot[];
  /** In how many regulations the identifiers are (those taken back are not counted). */
  subjectTally(): SubjectTally;
  /** Calls counted by route and status. Calls to `/_sandbox` are not counted. */
  calls(): CallCounts;
  /** Requests recorded under `recordRequests`, oldest first, without tokens. */
  requests(): readonly RecordedRequest[];
  /** Every secret that settings and write keys hold: none of them may turn up outside. */
  secrets(): string[];
  addToken(spec: TokenSpec): void;
  /** Revokes a token by value or name; false where there is none. */
  revokeToken(valueOrName: string): boolean;
  /** Changes the requests a minute, as the option of the same name. */
  setRateLimit(rateLimit: NonNullable<SandboxOptions['rateLimit']>): void;
  /** Changes the users a month; what was used stays used. */
  setQuota(quota: number | 'off'): void;
  /** Stops listening and cuts every connection at once. */
  close(): Promise<void>;
}

/**
 * Starts a local Segment on 127.0.0.1: the Public API at its root and the Config API under `/v1beta`.
 * @throws RangeError where an option is not valid; Error where the file of its state is none; the system's error where the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const resolved = resolveOptions(options);
  const outcomes = new OutcomeBook(resolved.outcomes, resolved.seed);
  const faults = new FaultBook(resolved.faults, resolved.seed);
  const journal = new Journal(resolved.recordRequests);
  const state = resolved.state === undefined ? undefined : StateFile.open(resolved.state);
  const segment = buildSegment(resolved, outcomes, state);
  const server = makeServer({
    publicApi: new PublicApi(segment, CATALOG),
    configApi: new ConfigApi(segment),
    control: new Control({ segment, faults, outcomes, journal, state: resolved.state }),
    faults,
    journal,
    now: () => segment.clock.now(),
  });
  server.listen(resolved.port, '127.0.0.1');
  await once(server, 'listening').catch((error: unknown) => {
    state?.close();
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const workspaces = [...segment.workspaces.values()];
  return {
    url,
    configApiUrl: `${url}${CONFIG_API_ROOT}`,
    port,
    region: resolved.region,
    tokens: DEMO_TOKENS,
    workspaces,
    faults,
    outcomes,
    clock: segment.clock,
    regulations: () => segment.regulations.all().map((regulation) => snapshotOf(segment, regulation)),
    subjectTally: () => tallySubjects(segment.regulations.all()),
    calls: () => journal.calls(),
    requests: () => journal.requests(),
    secrets: () => secretsOf(workspaces),
    addToken: (spec) => segment.tokens.add(spec),
    revokeToken: (valueOrName) => segment.tokens.revoke(valueOrName),
    setRateLimit: (rateLimit) => {
      segment.rateLimits = resolveRateLimits(rateLimit);
    },
    setQuota: (quota) => segment.quota.setLimit(quota === 'off' ? Number.POSITIVE_INFINITY : quota),
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      state?.close();
    },
  };
}

function buildSegment(options: ResolvedOptions, outcomes: OutcomeBook, state: StateFile | undefined): Segment {
  const { seed, region, generate } = options;
  const clock = new SandboxClock(options.clock, options.speed, (ms) => state?.add({ kind: 'advanced', ms }));
  const progress = new Progress(clock, options.pace, seed);
  const acme = generate ? generateWorkspace(generate, seed) : ACME;
  const workspaces = [acme, GLOBEX, INITECH, ...options.workspaces];
  const regulations = new RegulationStore(
    clock,
    outcomes,
    progress,
    (index) => stableId(27, 'regulation', ...(state === undefined ? [seed, index] : [randomUUID()])),
    {
      made: (regulation) => state?.add({ kind: 'made', regulation }),
      cancelled: (id) => state?.add({ kind: 'cancelled', id }),
    },
  );
  const segment: Segment = {
    clock,
    workspaces: new Map(workspaces.map((workspace) => [workspace.slug, workspace])),
    tokens: new TokenBook([...demoTokenSpecs(region), ...options.tokens], region, clock),
    regulations,
    progress,
    subjectRules: {
      isBad: options.isBadId,
      nameBadIds: options.nameBadIds,
      mayBeEmpty: options.answers.emptySubjects === 'taken',
    },
    quota: new MonthlyQuota(Number.POSITIVE_INFINITY),
    windows: new RateWindows(),
    rateLimits: options.rateLimits,
    style: options.answers,
  };
  for (const line of state?.lines ?? []) replay(segment, line);
  // Only now: what was used before counts, whatever the limit was then.
  segment.quota.setLimit(options.quota);
  return segment;
}

function replay({ clock, regulations, quota, workspaces }: Segment, line: StateLine): void {
  if (line.kind === 'advanced') clock.restore(line.ms);
  if (line.kind === 'cancelled') regulations.takeBack(line.id);
  if (line.kind !== 'made') return;
  const { workspace, regulationType, createdAt } = line.regulation;
  const { subjectCount } = regulations.restore(line.regulation);
  const owner = workspaces.get(workspace);
  if (owner !== undefined) quota.take(owner.id, regulationType, subjectCount, createdAt);
}
