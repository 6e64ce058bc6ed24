import {
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorFault,
  type ConnectorManifest,
  configForConnector,
  type FaultData,
} from 'connector-contract';
import { present } from '../clock.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import type { ConnectorRunner } from '../plugins/runner.js';
import { SealingError } from '../sealing/sealing-error.js';
import { demandReconnect } from './condition.js';
import { joinConfig, readConfig, type ShownConfig } from './config.js';
import { type ContextParts, contextOf } from './context.js';
import { connectorUnavailable } from './faults.js';
import { rowOf } from './rows.js';
import type { Vault } from './vault.js';
import { type ConnectionRow, type ConnectionView, viewOf } from './view.js';

/** A connection that is ready for calls. `config` and `ctx` hold secrets: they never leave the call they were opened for. */
export interface OpenConnection {
  readonly view: ConnectionView;
  readonly runner: ConnectorRunner;
  readonly config: ConnectorConfig;
  readonly ctx: ConnectorContext;
  /** A credential stopped working: the connection turns to `reconnect` and its work waits, unless the credential was replaced meanwhile. */
  reconnect(fault: FaultData): Promise<boolean>;
}

/** What opening needs beside the row. */
export interface OpeningParts extends ContextParts {
  readonly registry: ConnectorRegistry;
  readonly vault: Vault;
}

/** A connection's configuration as it was entered, secrets included. */
export async function storedConfig(
  parts: Pick<OpeningParts, 'db' | 'vault'>,
  row: ConnectionRow,
  manifest: ConnectorManifest,
): Promise<ReturnType<typeof joinConfig>> {
  try {
    const secrets = row.secrets === null ? {} : await parts.vault.open(row.id, row.secrets);
    return joinConfig(manifest, { shown: row.config as ShownConfig, secrets });
  } catch (error) {
    if (!(error instanceof SealingError) || error.code !== 'DATA_KEY_UNKNOWN') throw error;
    // Its data key may have been replaced after the row was read: then the row has its secrets under the new one.
    const present = await rowOf(parts.db.orm, row.id);
    if (present?.secrets == null || row.secrets?.equals(present.secrets)) throw error;
    return storedConfig(parts, present, manifest);
  }
}

/**
 * Opens a connection for calls. A configuration that an earlier version of the connector saved is resolved anew: new fields get
 * their defaults.
 * @throws ConnectorFault `CONNECTOR_UNAVAILABLE` (retryable) while its connector is not installed or refused; `CONFIG_INVALID`
 *   where the saved configuration does not do for the present connector or host. SealingError where the keys do not fit.
 */
export async function openRow(parts: OpeningParts, row: ConnectionRow, signal: AbortSignal): Promise<OpenConnection> {
  const runner = parts.registry.runner(row.connector);
  if (runner === undefined) throw connectorUnavailable(row.connector);
  const { manifest } = runner;
  const { config, issues } = readConfig(manifest, await storedConfig(parts, row, manifest), parts.origins);
  if (config === undefined) {
    const [issue] = issues;
    throw ConnectorFault.of(
      'CONFIG_INVALID',
      `The saved configuration no longer does. ${issue?.message ?? ''}`.trim(),
      {
        ...(issue === undefined ? {} : { field: issue.field }),
        remedy: issue?.remedy ?? 'Open the connection and save its configuration again.',
      },
    );
  }
  const view = viewOf(row, parts.clock.now());
  const { facts, capabilities } = view;
  const ctx = contextOf(parts, { connection: row.id, manifest, config, facts, capabilities, signal });
  const reconnect = (fault: FaultData) => demandReconnect(parts.db, row.id, fault, present(parts.clock), row.secrets);
  return { view, runner, config: configForConnector(manifest, config), ctx, reconnect };
}
