import type {
  Capability,
  Clock,
  ConnectorConfig,
  ConnectorContext,
  ConnectorManifest,
  Facts,
} from 'connector-contract';
import type { Logger } from '../log.js';
import { redactor, secretValues } from '../plugins/redact.js';
import type { Database } from '../store/database.js';
import { connectorLog } from './connector-log.js';
import { takeTurn } from './pace.js';

/** What all contexts of a host share. */
export interface ContextParts {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Origins the operator allows beside the manifest's hosts. */
  readonly origins: readonly string[];
}

/** What one context is made for. */
export interface ContextOf {
  readonly connection: string;
  readonly manifest: ConnectorManifest;
  readonly config: ConnectorConfig;
  readonly facts: Facts;
  readonly capabilities: readonly Capability[];
  readonly signal: AbortSignal;
}

/** Makes the context of a connector's calls: its log knows the secrets it must not write, its pace is shared by all processes. */
export function contextOf({ db, clock, log, origins }: ContextParts, of: ContextOf): ConnectorContext {
  const { connection, manifest, config, facts, capabilities, signal } = of;
  const child = log.child({ connection, connector: manifest.id });
  return {
    config,
    facts,
    capabilities,
    allowedOrigins: origins,
    signal,
    log: connectorLog(child, redactor(secretValues(manifest, config))),
    clock,
    pace: (limit) => takeTurn(db.orm, clock, manifest.limits, { connection, limit }, signal),
  };
}
