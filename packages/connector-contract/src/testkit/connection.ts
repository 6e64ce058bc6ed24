import { ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Container } from 'inversify';
import { type CheckReport, type Connector, ServiceIdentifier } from '../connector.js';
import type { Capability, ConnectorConfig, ConnectorContext, Facts } from '../context.js';
import type {
  CancelOutcome,
  DeletionCapability,
  Operation,
  OperationStatus,
  ReconcileOutcome,
  SubmitOutcome,
} from '../deletion.js';
import type { DetectedSystem, SystemDetectionCapability } from '../detection.js';
import { asksFor } from '../features.js';
import { type ConnectorManifest, configForConnector, connectionHosts, resolveConfig } from '../manifest/index.js';
import type { SkippingClock } from './clock.js';
import { settled } from './deadline.js';
import type { Gate } from './gate.js';
import { asCaller } from './reach.js';
import { ConnectionState } from './state.js';
import type { ConfigCase, ContractVendor } from './vendor.js';

/** How a connection is made. */
export interface ConnectionOptions {
  readonly config?: ConfigCase;
  /** A configuration as a person enters it, in place of the stub's. */
  readonly raw?: Readonly<Record<string, unknown>>;
  /** Filled with the keys of the configuration that the connector reads. */
  readonly readKeys?: Set<string>;
  /** Whether the operator allows the vendor stub; otherwise only the manifest's hosts are. */
  readonly allowed?: boolean;
}

/** One thing that came out of the connector. */
export interface Emission {
  readonly from: string;
  readonly value: unknown;
}

/** What a connection needs of the bench it stands on. */
interface Ground {
  readonly clock: SkippingClock;
  readonly gate: Gate;
  readonly manifest: ConnectorManifest;
  readonly strangers: Set<string>;
  readonly vendor: ContractVendor;
  raw(kind?: ConfigCase): Readonly<Record<string, unknown>>;
}

/** A connector in use: the calls a host makes, and everything that comes out of them. */
export class Connection {
  /** Log lines, as message and fields. */
  readonly logged: unknown[] = [];
  /** What it printed, where somebody listened. */
  readonly printed: unknown[] = [];
  /** Names that `pace` was called with. */
  readonly paced: string[] = [];
  /** What `left` was called with, and how many milliseconds the reset was ahead. */
  readonly told: { readonly limit: string; readonly requests: number; readonly aheadMs: number }[] = [];
  /** Answers and thrown values, in order. */
  readonly emitted: Emission[] = [];
  readonly config: ConnectorConfig;
  facts: Facts = {};
  readonly state: ConnectionState;
  private readonly allowedOrigins: readonly string[];
  private readonly keys = new WeakMap<Operation, string>();

  constructor(
    private readonly bench: Ground,
    private readonly container: Container,
    options: ConnectionOptions,
  ) {
    const raw = options.raw ?? bench.raw(options.config);
    // What the manifest refuses is handed over as it is: rule V1 tells about it.
    const whole = resolveConfig(bench.manifest, raw, { endpointsAllowed: true }).config ?? (raw as ConnectorConfig);
    this.state = new ConnectionState(bench.manifest, whole, (config) => bench.vendor.token?.(config));
    const config = configForConnector(bench.manifest, whole);
    this.config = options.readKeys === undefined ? config : noting(config, options.readKeys);
    this.allowedOrigins = options.allowed === false ? [] : [bench.gate.origin];
  }

  get connector(): Connector {
    return this.container.get<Connector>(ServiceIdentifier.connector);
  }

  get deletion(): DeletionCapability {
    return this.container.get<DeletionCapability>(ServiceIdentifier.deletion);
  }

  get detection(): SystemDetectionCapability {
    return this.container.get<SystemDetectionCapability>(ServiceIdentifier.systemDetection);
  }

  /** The context of one call. */
  context(signal: AbortSignal = new AbortController().signal): ConnectorContext {
    const { manifest, clock } = this.bench;
    const capabilities: Capability[] = [
      ...(manifest.deletion === undefined ? [] : (['deletion'] as const)),
      ...(manifest.systemDetection === undefined ? [] : (['system-detection'] as const)),
    ];
    const write = (message: string, fields?: unknown): void => void this.logged.push([message, fields]);
    return {
      config: this.config,
      facts: this.facts,
      capabilities,
      allowedOrigins: this.allowedOrigins,
      signal,
      log: { debug: write, info: write, warn: write, error: write },
      clock,
      pace: async (limit) => void this.paced.push(limit),
      left: (limit, requests, resetsAt) => void this.told.push({ limit, requests, aheadMs: resetsAt - clock.now() }),
      ...this.state.context,
    };
  }

  /** Checks, and keeps the facts as a host does. */
  async learn(): Promise<CheckReport> {
    const report = await this.check();
    this.facts = report.facts;
    return report;
  }

  check(signal?: AbortSignal): Promise<CheckReport> {
    return this.noted('check', () => this.connector.check(this.context(signal)));
  }

  submit(operation: Operation, signal?: AbortSignal): Promise<SubmitOutcome> {
    return this.noted('submit', () => this.deletion.submit(this.keyed(operation), this.context(signal)));
  }

  /** Asks until it is decided; the clock goes forward as the connector asks for. */
  async reconcile(operation: Operation, attemptedAt: string, claimed: readonly string[]): Promise<ReconcileOutcome> {
    let progress: string | undefined;
    for (let round = 0; ; round += 1) {
      const outcome = await this.lookFor(operation, attemptedAt, claimed, progress);
      if (outcome.found !== 'not-yet' || round >= 20) return outcome;
      progress = asksFor(this.bench.manifest, 'resumable-reconcile') ? outcome.progress : undefined;
      this.bench.clock.skip(outcome.retryAfterMs);
    }
  }

  /** Asks once. */
  lookFor(
    operation: Operation,
    attemptedAt: string,
    claimed: readonly string[],
    progress?: string,
  ): Promise<ReconcileOutcome> {
    const others = asksFor(this.bench.manifest, 'claimed-references') ? claimed : undefined;
    return this.noted('reconcile', () =>
      this.deletion.reconcile(this.keyed(operation), attemptedAt, this.context(), others, progress),
    );
  }

  /** As a host hands it over: one key for one planned operation, however often it is handed over; none unless asked for. */
  keyed(operation: Operation): Operation {
    if (!asksFor(this.bench.manifest, 'operation-keys')) return operation;
    const key = this.keys.get(operation) ?? randomUUID();
    this.keys.set(operation, key);
    return { ...operation, key };
  }

  status(reference: string, signal?: AbortSignal): Promise<OperationStatus> {
    return this.noted('status', () => this.deletion.status(reference, this.context(signal)));
  }

  /** @throws where the connector has no such method: another rule tells about it. */
  cancel(reference: string): Promise<CancelOutcome> {
    return this.noted('cancel', async () => {
      const { deletion } = this;
      ok(deletion.cancel, 'deletion lacks the method cancel');
      return deletion.cancel(reference, this.context());
    });
  }

  detect(signal?: AbortSignal): Promise<readonly DetectedSystem[]> {
    return this.noted('detect', async () => {
      const systems: DetectedSystem[] = [];
      for await (const system of this.detection.detect(this.context(signal))) systems.push(system);
      return systems;
    });
  }

  private reaches(host: string): void {
    const own = connectionHosts(this.bench.manifest, this.config);
    const hosts = [new URL(this.bench.gate.origin).host, ...own.map((one) => (one.includes(':') ? one : `${one}:443`))];
    if (!hosts.includes(host)) this.bench.strangers.add(host);
  }

  /** Runs a call, bounded in time, and notes what comes out of it. */
  async noted<Answer>(from: string, call: () => Promise<Answer>): Promise<Answer> {
    try {
      const running = asCaller((host) => this.reaches(host), call);
      const value = await settled(running, from);
      this.emitted.push({ from, value });
      return value;
    } catch (caught) {
      this.emitted.push({ from, value: caught });
      throw caught;
    }
  }
}

/** The configuration, noting what is read of it. */
function noting(config: ConnectorConfig, keys: Set<string>): ConnectorConfig {
  return new Proxy(config, {
    get(target, key, receiver) {
      if (typeof key === 'string') keys.add(key);
      return Reflect.get(target, key, receiver);
    },
  });
}
