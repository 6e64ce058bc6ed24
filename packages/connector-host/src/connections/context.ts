import {
  type Capability,
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorFault,
  type ConnectorManifest,
  type Facts,
  isConnectorFault,
} from 'connector-contract';
import type { HostClock } from '../clock.js';
import type { Logger } from '../log.js';
import { redactor, secretValues } from '../plugins/redact.js';
import type { Database } from '../store/database.js';
import { connectorLog } from './connector-log.js';
import { takeTurn } from './pace.js';

/** What all contexts of a host share. */
export interface ContextParts {
  readonly db: Database;
  readonly clock: HostClock;
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
    clock: {
      now: () => clock.now(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
      heard: (time) => clock.heardFrom?.(connection, time),
    },
    pace: async (limit) => {
      try {
        await takeTurn(db.orm, clock, manifest.limits, { connection, limit }, signal);
      } catch (error) {
        // Trouble with the host's own database is no defect of the connector, nor anything that the vendor has heard of.
        if (isConnectorFault(error)) throw error;
        child.warn({ err: error, limit }, 'The turn of a request could not be taken');
        throw ConnectorFault.of('ABORTED', 'The host could not say when the request may go out.');
      }
    },
  };
}
