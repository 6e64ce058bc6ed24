/**
 * Connections: a connector with the configuration of one account. The only place where credentials are opened.
 *
 *     const { connection, report } = await connections.create({ connector: 'segment-config', name: 'EU', config }, actor);
 *     const open = await connections.open(connection.id, signal);
 *     await open?.runner.status(reference, open.ctx);
 */
import {
  type CheckReport,
  type Clock,
  type FieldIssue,
  faultData,
  isConnectorFault,
  type QuotaReading,
} from 'connector-contract';
import type { Actor } from '../access/roles.js';
import { present } from '../clock.js';
import { given } from '../given.js';
import type { Logger } from '../log.js';
import type { ProxySettings } from '../plugins/isolation/proxies.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import { HostProblem } from '../problem.js';
import type { Keyring } from '../sealing/keyring.js';
import type { Database } from '../store/database.js';
import { appendEvents } from '../timeline.js';
import { type ConnectionChange, changeConnection, demandRight, existing, recheckConnection } from './change.js';
import { ClientTokens } from './client-tokens.js';
import { demandReconnect, holdBack, keepQuota, letGo } from './condition.js';
import { mergeConfig, type ShownConfig } from './config.js';
import { createConnection, type NewConnection } from './creation.js';
import { allowedOrigins } from './endpoints.js';
import { KeptSecrets } from './kept-secrets.js';
import { type KeysReplaced, replaceKeys } from './new-keys.js';
import { type OpenConnection, type OpeningParts, openRow, storedConfig } from './opening.js';
import { quotaOf, quotaTermsOf, type Used, usedIn } from './quota.js';
import { endConnection, type RemovalReport } from './removal.js';
import { allRows, removedRows, rowOf } from './rows.js';
import { Vault } from './vault.js';
import { readyRunner, vetConfig } from './vetting.js';
import { type ConnectionRow, type ConnectionView, type RemovedConnection, viewOf } from './view.js';

export type { ConnectionChange, ConnectionView, NewConnection, OpenConnection, RemovalReport };

/** What connections stand on. */
export interface ConnectionsOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly registry: ConnectorRegistry;
  readonly clock: Clock;
  readonly log: Logger;
  /** Origins that a connection may be pointed at beside the hosts of its manifest. */
  readonly allowEndpoints?: readonly string[];
  /** Proxies on the way to vendors, for what the host itself asks them. */
  readonly proxies?: ProxySettings | undefined;
  /** Certificates (PEM) to trust instead of the usual there; for tests. */
  readonly ca?: string | undefined;
}

/** A connection and, where it was checked on the way, what the check found. */
export interface ConnectionResult {
  readonly connection: ConnectionView;
  readonly report?: CheckReport;
}

const never = new AbortController().signal;

/** All connections of the host. */
export class Connections {
  readonly #parts: OpeningParts;
  readonly #listeners = new Set<(id: string) => Promise<void>>();

  /** Throws HostProblem `OPTION_INVALID` where an allowed endpoint is no address. */
  constructor(options: ConnectionsOptions) {
    const { db, clock, log, registry, keyring } = options;
    const origins = allowedOrigins(options.allowEndpoints ?? []);
    const vault = new Vault(keyring);
    const kept = new KeptSecrets(db, vault);
    const tokens = new ClientTokens(kept, { proxies: options.proxies, ca: options.ca });
    this.#parts = { db, clock, log, registry, vault, origins, kept, tokens };
  }

  /** Whether connections may be pointed at other endpoints: then forms show the fields for it. */
  get endpointsAllowed(): boolean {
    return this.#parts.origins.length > 0;
  }

  /** Calls `listener` with the id of every connection that becomes able to work (made, resumed or repaired), or goes on with another configuration. */
  whenActive(listener: (id: string) => Promise<void>): void {
    this.#listeners.add(listener);
  }

  /**
   * Judges a configuration field by field; no network.
   * @param connection id of the connection that would be changed: what the configuration leaves out is then taken from it.
   * @throws HostProblem `CONNECTOR_UNKNOWN`, `CONNECTOR_REFUSED`, `NOT_FOUND`.
   */
  async validate(
    connector: string,
    config: unknown,
    connection?: string,
  ): Promise<{ readonly valid: boolean; readonly issues: readonly FieldIssue[] }> {
    const { origins, registry } = this.#parts;
    const runner = readyRunner(registry, connector);
    let raw = config;
    if (connection !== undefined) {
      const row = await existing(this.#parts, connection);
      // A connector is shown no configuration but its own: it may hold another vendor's credential.
      if (row.connector !== connector)
        throw new HostProblem('NOT_FOUND', 'There is no such connection of this connector.');
      raw = mergeConfig(await storedConfig(this.#parts, row, runner.manifest), config);
    }
    const { issues } = await vetConfig(runner, raw, origins);
    return { valid: issues.length === 0, issues };
  }

  /**
   * Checks a connection and keeps it, unless it is blocked: then nothing is kept.
   * @throws HostProblem `CONNECTION_INVALID` with the fields, `CONNECTION_BLOCKED` with the report, `ROLE_MISSING`,
   *   `CONNECTOR_UNKNOWN`, `CONNECTOR_REFUSED`.
   */
  async create(input: NewConnection, actor: Actor, signal: AbortSignal = never): Promise<Required<ConnectionResult>> {
    const { row, report } = await createConnection(this.#parts, input, actor, signal);
    await this.#announce(row.id);
    return { connection: await this.#view(row), report };
  }

  /** All connections that are not removed, oldest first. */
  async list(): Promise<ConnectionView[]> {
    const { db, clock } = this.#parts;
    const rows = await allRows(db.orm);
    const ids = rows.map(({ id }) => id);
    const used = await usedIn(db.orm, ids, clock.now());
    return rows.map((row) => this.#shown(row, used));
  }

  /** The connections that were removed, the last one first. */
  async removed(): Promise<RemovedConnection[]> {
    const rows = await removedRows(this.#parts.db.orm);
    return rows.map(({ id, connector, name, updatedAt }) => ({
      id,
      connector,
      name,
      removedAt: updatedAt.toISOString(),
    }));
  }

  /** One connection; `undefined` where there is none, or it was removed. */
  async get(id: string): Promise<ConnectionView | undefined> {
    const row = await rowOf(this.#parts.db.orm, id);
    return row && this.#view(row);
  }

  /**
   * Renames, reconfigures, sets, pauses or resumes. A new configuration is checked first; where it is blocked, nothing changes. To
   * resume one that its quota holds lets go of it, and of what the vendor said of the quota.
   * @throws HostProblem as {@link create} does, and `NOT_FOUND`.
   */
  async update(
    id: string,
    change: ConnectionChange,
    actor: Actor,
    signal: AbortSignal = never,
  ): Promise<ConnectionResult> {
    const { row, report, resumed } = await changeConnection(this.#parts, id, change, actor, signal);
    // What is to be looked for, and where, may hang on its configuration.
    if (resumed || (row.state === 'active' && change.config !== undefined)) await this.#announce(id);
    return { connection: await this.#view(row), ...given({ report }) };
  }

  /**
   * Checks a connection as it is. A credential that is refused turns it to `reconnect`; one that works turns it back.
   * @param actor absent for the host itself.
   * @throws HostProblem `NOT_FOUND`, `ROLE_MISSING`; ConnectorFault where it cannot be opened, see {@link open}.
   */
  async check(id: string, actor?: Actor, signal: AbortSignal = never): Promise<Required<ConnectionResult>> {
    const { row, report, resumed } = await recheckConnection(this.#parts, id, actor, signal);
    if (resumed) await this.#announce(id);
    return { connection: await this.#view(row), report };
  }

  /**
   * Removes a connection: its credentials are destroyed, and its open tasks end in `error` with code `CONNECTION_REMOVED`.
   * @returns how many were never sent, and how many the vendor may carry out although nobody follows them any more.
   * @throws HostProblem `NOT_FOUND`, `ROLE_MISSING`.
   */
  async remove(id: string, actor: Actor): Promise<RemovalReport> {
    const row = await existing(this.#parts, id);
    demandRight(this.#parts, row, actor, 'connections:remove');
    const at = present(this.#parts.clock);
    return this.#parts.db.orm.transaction(async (tx) => {
      const report = await endConnection(tx, id, at);
      await this.#parts.vault.destroy(id, at, tx);
      const data = { name: row.name, ...report };
      await appendEvents(tx, [{ at, kind: 'connection.removed', connection: id, actor: actor.id, data }]);
      return report;
    });
  }

  /** Seals the credentials of every connection anew, each under a new data key, and destroys the old keys. */
  async replaceKeys(actor: Actor): Promise<KeysReplaced> {
    return replaceKeys(this.#parts, actor);
  }

  /**
   * Opens a connection for calls: the only place where secrets are opened.
   * @param signal aborts the calls that are made with the context.
   * @returns `undefined` where nothing can be done with it now: it is removed or not active, its connector is not loaded, or its saved
   *   configuration does not do any more (it then turns to `reconnect`).
   * @throws SealingError where the keys of this host do not fit its database.
   */
  async open(id: string, signal: AbortSignal): Promise<OpenConnection | undefined> {
    const row = await rowOf(this.#parts.db.orm, id);
    if (row === undefined || row.state !== 'active') return undefined;
    try {
      return await openRow(this.#parts, row, signal);
    } catch (error) {
      if (!isConnectorFault(error)) throw error;
      this.#parts.log.warn({ connection: id, code: error.code }, 'The connection cannot be opened');
      const at = present(this.#parts.clock);
      if (!error.retryable) await demandReconnect(this.#parts.db, id, faultData(error), at, row.secrets);
      return undefined;
    }
  }

  /** Lets nothing be submitted before `until`; a longer hold stays. `code` says why. */
  async hold(id: string, until: Date, code: string): Promise<void> {
    await holdBack(this.#parts.db, id, until, code, present(this.#parts.clock));
  }

  /** Takes a hold away. */
  async release(id: string): Promise<void> {
    await letGo(this.#parts.db, id);
  }

  /**
   * Keeps what the vendor said of its quota.
   * @param group the group that it is about; empty where the vendor counts all deletions together.
   */
  async noteQuota(id: string, reading: QuotaReading, group = ''): Promise<void> {
    await keepQuota(this.#parts.db, id, reading, group, present(this.#parts.clock));
  }

  async #view(row: ConnectionRow): Promise<ConnectionView> {
    const { db, clock } = this.#parts;
    return this.#shown(row, await usedIn(db.orm, [row.id], clock.now()));
  }

  #shown(row: ConnectionRow, used: Used): ConnectionView {
    const { registry, clock } = this.#parts;
    const now = clock.now();
    const terms = quotaTermsOf(registry.manifest(row.connector), row.config as ShownConfig);
    return viewOf(row, now, quotaOf(row, terms, used, now));
  }

  async #announce(id: string): Promise<void> {
    for (const listener of this.#listeners) await listener(id);
  }
}
