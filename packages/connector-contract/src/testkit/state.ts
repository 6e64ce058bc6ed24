import { randomUUID } from 'node:crypto';
import type { ConnectionAuth, ConnectionSecrets, ConnectorConfig, ConnectorContext, KeptSecret } from '../context.js';
import { SECRET_LIMITS } from '../context.js';
import { ConnectorFault } from '../fault.js';
import { asksFor } from '../features.js';
import type { ConnectorManifest } from '../manifest/index.js';

/** What a host keeps of a connection and gets for it, as far as the manifest asks for that. */
export class ConnectionState {
  /** What is in the context of a call because of it. */
  readonly context: Pick<ConnectorContext, 'connection' | 'secrets' | 'auth'>;
  /** What was given out or kept, and must be seen nowhere. */
  readonly handedOut = new Set<string>();
  private readonly kept = new Map<string, KeptSecret>();

  /** @param token asks the vendor for one. */
  constructor(
    manifest: ConnectorManifest,
    config: ConnectorConfig,
    token: (config: ConnectorConfig) => string | undefined,
  ) {
    const secrets: ConnectionSecrets = {
      get: async (name) => this.kept.get(named(name)),
      put: async (name, value, seen) => this.put(named(name), value, seen),
    };
    const auth: ConnectionAuth = {
      token: async () => {
        const got = token(config);
        if (got === undefined)
          throw ConnectorFault.of('UNAUTHENTICATED', 'The vendor does not know this client.', refused);
        this.handedOut.add(got);
        return got;
      },
    };
    this.context = {
      ...(asksFor(manifest, 'connection-state') ? { connection: { id: randomUUID() }, secrets } : {}),
      ...(asksFor(manifest, 'oauth-client-credentials') ? { auth } : {}),
    };
  }

  private put(name: string, value: string, seen: number | undefined): number | undefined {
    if (value.length > SECRET_LIMITS.characters) throw bug('a value that is to be kept is too long');
    const { version } = this.kept.get(name) ?? {};
    if (version !== seen) return undefined;
    if (version === undefined && this.kept.size >= SECRET_LIMITS.names) throw bug('too many values are to be kept');
    this.handedOut.add(value);
    const next = (version ?? 0) + 1;
    this.kept.set(name, { value, version: next });
    return next;
  }
}

const refused = { remedy: 'Enter the id and the secret of the client again.' };

function named(name: string): string {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 64) return name;
  throw bug('what is to be kept has no name as the contract says');
}

function bug(what: string): ConnectorFault {
  return ConnectorFault.of('CONNECTOR_BUG', `The connector asked for what no host gives it: ${what}.`);
}
