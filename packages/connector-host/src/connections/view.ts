import type { Capability, CheckReport, ConnectorManifest, Facts } from 'connector-contract';
import { filled } from '../given.js';
import type { connections } from '../store/schema.js';
import type { ShownConfig } from './config.js';
import type { Contact } from './contact.js';
import type { QuotaStanding } from './quota.js';
import { type ConnectionSettings, settingsOf } from './settings.js';

/** Where a connection stands. `reconnect`: its credential stopped working, and work waits for a new one. */
export type ConnectionState = 'active' | 'paused' | 'reconnect';

/** A check's report with its time, ISO 8601. */
export type KeptCheck = CheckReport & { readonly checkedAt: string };

/** A connection as everybody may see it: no secrets. */
export interface ConnectionView {
  readonly id: string;
  readonly connector: string;
  readonly name: string;
  readonly state: ConnectionState;
  readonly capabilities: readonly Capability[];
  /** Secrets as `{set: true}`. */
  readonly config: ShownConfig;
  readonly facts: Facts;
  readonly check?: KeptCheck;
  /** How the monthly quota stands, by the vendor or by the host's own count; absent where neither knows. */
  readonly quota?: QuotaStanding;
  readonly settings: ConnectionSettings;
  /** Who answers access requests; absent where nobody is named. */
  readonly contact?: Contact;
  /** Nothing is submitted before `until` (ISO 8601); present only while that lies ahead. */
  readonly held?: { readonly until: string; readonly code: string };
  /** ISO 8601, as is the next. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What is left of a connection that was removed: its name, for the history it has a part in. */
export interface RemovedConnection {
  readonly id: string;
  readonly connector: string;
  readonly name: string;
  /** ISO 8601. */
  readonly removedAt: string;
}

/** A connection as it lies in the database. */
export type ConnectionRow = typeof connections.$inferSelect;

/**
 * @param now milliseconds since the epoch: decides whether a hold still counts.
 * @param quota how it stands, where that is known.
 */
export function viewOf(row: ConnectionRow, now: number, quota?: QuotaStanding): ConnectionView {
  const { heldUntil, heldCode } = row;
  return {
    id: row.id,
    connector: row.connector,
    name: row.name,
    state: row.state as ConnectionState,
    capabilities: row.capabilities as Capability[],
    config: row.config as ShownConfig,
    facts: row.facts as Facts,
    ...filled({ check: row.lastCheck as KeptCheck | null, quota }),
    settings: settingsOf(row.settings),
    ...filled({ contact: row.contact as Contact | null }),
    ...(heldUntil === null || heldUntil.getTime() <= now
      ? {}
      : { held: { until: heldUntil.toISOString(), code: heldCode ?? 'HELD' } }),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Whether access requests of a connector go to a person. */
export function asksContact(manifest: ConnectorManifest): boolean {
  return manifest.access.type === 'direct-contact';
}

/** What a connector offers, by its manifest. */
export function offeredCapabilities(manifest: ConnectorManifest): Capability[] {
  return [
    ...(manifest.deletion === undefined ? [] : (['deletion'] as const)),
    ...(manifest.systemDetection === undefined ? [] : (['system-detection'] as const)),
  ];
}

/**
 * Where a connection stands after a check. A vendor that cannot be reached says nothing about the credential, so the state stays.
 */
export function stateAfter(report: CheckReport, present: ConnectionState): ConnectionState {
  if (present === 'paused') return present;
  if (report.status !== 'blocked') return 'active';
  const passing = report.problems.length > 0 && report.problems.every((problem) => problem.retryable);
  return passing ? present : 'reconnect';
}
