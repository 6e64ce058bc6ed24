import type { ConnectorConfig, ConnectorContext, ConnectorManifest, FaultData, QuotaReading } from 'connector-contract';
import type { HostClock } from '../clock.js';
import type { ConnectionView } from '../connections/view.js';
import type { Engine } from '../engine/engine.js';
import type { Offer } from '../intake/offers.js';
import type { Logger } from '../log.js';
import type { ConnectorRunner } from '../plugins/runner.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';

/** An active connection, opened for one piece of work. */
export interface OpenConnection {
  readonly view: Pick<ConnectionView, 'held' | 'settings'>;
  readonly runner: ConnectorRunner;
  readonly config: ConnectorConfig;
  readonly ctx: ConnectorContext;
  /** Its credential stopped working: nothing is sent until a person has given a new one. Nothing where they have meanwhile. */
  reconnect(fault: FaultData): Promise<unknown>;
}

/** What the lifecycle needs of the connections. */
export interface ConnectionDoor {
  /**
   * @returns `undefined` where its work has to wait: it is gone or not active, its connector is not there, or its configuration does not
   *   do any more. Whoever mends it, or the sweep, brings the work back.
   */
  open(id: string, signal: AbortSignal): Promise<OpenConnection | undefined>;
  /** Nothing is submitted before `until`. */
  hold(id: string, until: Date, code: string): Promise<unknown>;
  /** @param group the group of the quota that the reading is about; empty where the vendor counts all deletions together. */
  noteQuota(id: string, reading: QuotaReading, group: string): Promise<unknown>;
}

/** Everything the lifecycle works with. */
export interface LifecycleParts {
  readonly db: Database;
  readonly engine: Engine;
  readonly connections: ConnectionDoor;
  /** The manifest of a connector that is loaded. */
  readonly manifestOf: (connector: string) => ConnectorManifest | undefined;
  /** The keys that people's identifiers are sealed with. */
  readonly people: () => Promise<PeopleKeys>;
  /** What each connection can do for people, read afresh. */
  readonly offers: () => Promise<ReadonlyMap<string, Offer>>;
  readonly clock: HostClock;
  /** The host's zone, in which a day begins. */
  readonly zone: string;
  readonly log: Logger;
  /** How long a task waits for others to share its operation, in milliseconds. */
  readonly planWindowMs: number;
  /** Fixed time between two looks at an operation, in milliseconds, for try-outs; absent for the adaptive one. */
  readonly pollIntervalMs?: number;
}

/** The priority of a job by when its people are owed their due: the most urgent goes first. */
export function urgency(dueAt: Date | null | undefined): number {
  const minutes = Math.floor((dueAt?.getTime() ?? Date.UTC(2100, 0)) / 60_000);
  return Math.max(-2_000_000_000, -minutes);
}
