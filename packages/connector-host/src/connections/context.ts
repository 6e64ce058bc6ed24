import {
  asksFor,
  type Capability,
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorFault,
  type ConnectorManifest,
  configForConnector,
  type Facts,
  isConnectorFault,
} from 'connector-contract';
import type { HostClock } from '../clock.js';
import type { Logger } from '../log.js';
import { growingRedactor, noting, secretValues } from '../plugins/redact.js';
import type { Database } from '../store/database.js';
import type { ClientTokens } from './client-tokens.js';
import { connectorLog } from './connector-log.js';
import { placeOf } from './endpoints.js';
import type { KeptSecrets } from './kept-secrets.js';
import { keepLeft, takeTurn } from './pace.js';

/** What all contexts of a host share. */
export interface ContextParts {
  readonly db: Database;
  readonly clock: HostClock;
  readonly log: Logger;
  /** Origins the operator allows beside the manifest's hosts. */
  readonly origins: readonly string[];
  readonly kept: KeptSecrets;
  readonly tokens: ClientTokens;
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
export function contextOf({ db, clock, log, origins, kept, tokens }: ContextParts, of: ContextOf): ConnectorContext {
  const { connection, manifest, config, facts, capabilities, signal } = of;
  const about = { connection, connector: manifest.id };
  const child = log.child(about);
  const givenOut: string[] = [];
  const give = (secret: string) => {
    if (!givenOut.includes(secret)) givenOut.push(secret);
  };
  /** Trouble with the host's own database is no defect of the connector, nor anything that the vendor has heard of. */
  const byHost = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw ConnectorFault.of('ABORTED', 'The host called the work off.');
    try {
      return await work();
    } catch (error) {
      if (isConnectorFault(error)) throw error;
      db.outage.met(error, `${what} failed`, about);
      throw ConnectorFault.of('ABORTED', `The host could not do this for the connector: ${what}.`);
    }
  };
  /** The newest word on each limit, until it is kept. */
  const heard = new Map<string, Parameters<typeof keepLeft>[4]>();
  let keeping: Promise<void> | undefined;
  const keepHeard = async (): Promise<void> => {
    for (const [limit, left] of heard) {
      heard.delete(limit);
      await keepLeft(db.orm, clock, manifest.limits, { connection, limit }, left).catch((error: unknown) =>
        db.outage.met(error, 'keeping what is left under a limit failed', about),
      );
    }
    keeping = undefined;
  };
  const at = { connection, place: placeOf(manifest, config) };
  const secrets = kept.forConnector(at, give);
  const ctx: ConnectorContext = {
    config: configForConnector(manifest, config),
    facts,
    capabilities,
    allowedOrigins: origins,
    signal,
    log: connectorLog(
      child,
      growingRedactor(() => [...secretValues(manifest, config), ...givenOut]),
    ),
    clock: {
      now: () => clock.now(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
      heard: (time) => clock.heardFrom?.(connection, time),
    },
    pace: (limit) =>
      byHost('taking the turn of a request', async () => {
        await keeping;
        await takeTurn(db.orm, clock, manifest.limits, { connection, limit }, signal);
      }),
    left: (limit, requests, resetsAt) => {
      // What the manifest does not name cannot fill the memory.
      if (!manifest.limits.rate.some(({ id }) => id === limit)) return;
      heard.set(limit, { requests, resetsAt });
      keeping ??= keepHeard();
    },
    ...(asksFor(manifest, 'connection-state')
      ? {
          connection: { id: connection },
          secrets: {
            get: (name) => byHost('reading what is kept', () => secrets.get(name)),
            put: (name, value, seen) => byHost('keeping something', () => secrets.put(name, value, seen)),
          },
        }
      : {}),
    ...(asksFor(manifest, 'oauth-client-credentials')
      ? {
          auth: {
            token: (refused) =>
              byHost('getting a token', async () => {
                const token = await tokens.token({ at, manifest, config, origins, now: () => clock.now() }, refused);
                give(token);
                return token;
              }),
          },
        }
      : {}),
  };
  return noting(ctx, givenOut);
}
