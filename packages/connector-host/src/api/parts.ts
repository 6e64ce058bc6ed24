import type { Sessions } from '../access/sessions.js';
import type { AccessTokens } from '../access/tokens.js';
import type { AuditLog } from '../audit/log.js';
import type { HostClock } from '../clock.js';
import type { Connections } from '../connections/connections.js';
import type { Engine } from '../engine/engine.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { Logger } from '../log.js';
import type { Notices } from '../notices/notices.js';
import type { Isolated } from '../plugins/isolation/wall/wall.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import type { PublicUrl } from '../public-url.js';
import type { Receipts } from '../receipts/receipts.js';
import type { SigningKeys } from '../receipts/signing-keys.js';
import type { Jurisdiction } from '../requests/legal-clock.js';
import type { Requests } from '../requests.js';
import type { Retention } from '../retention/retention.js';
import type { PeopleKey } from '../rotation/people-key.js';
import type { Keyring } from '../sealing/keyring.js';
import type { Database } from '../store/database.js';
import type { DatabaseClock } from '../store/database-clock.js';
import type { Processes } from '../store/processes.js';
import type { Systems } from '../systems/systems.js';
import type { EventFeed } from './event-feed.js';

/** Whether the host can do its work, and what of it cannot; and what keeps connectors apart, which says nothing about that. */
export type Readiness = Isolated & {
  readonly ready: boolean;
  /** For each part: `ok`, or why not. */
  readonly checks: Readonly<Record<'database' | 'disk' | 'engine' | 'clock' | 'processes' | 'plugins', string>>;
};

/** What callers are told of how the host is set. */
export interface HostSettings {
  /** More people than this are erased only once somebody has typed how many they are, or said `--yes`. */
  readonly confirmAbove: number;
  /** How the legal time is counted where a request does not say. */
  readonly zone: string;
  readonly jurisdiction: Jurisdiction;
  readonly days?: number;
}

/** Everything the HTTP API stands on. */
export interface ApiParts {
  readonly db: Database;
  readonly clock: HostClock;
  /** How far the clocks are apart, where the host looks at that. */
  readonly clocks?: Pick<DatabaseClock, 'standing'>;
  /** How those of all processes on the database are. */
  readonly processes?: Pick<Processes, 'list'>;
  readonly keyring: Keyring;
  readonly log: Logger;
  readonly engine: Engine;
  readonly registry: ConnectorRegistry;
  readonly tokens: AccessTokens;
  readonly sessions: Sessions;
  readonly connections: Connections;
  readonly systems: Systems;
  readonly requests: Requests;
  readonly receipts: Receipts;
  readonly signingKeys: SigningKeys;
  readonly retention: Retention;
  readonly peopleKey: PeopleKey;
  readonly notices: Notices;
  readonly audit: AuditLog;
  readonly lifecycle: Lifecycle;
  readonly feed: EventFeed;
  readonly settings: HostSettings;
  readonly readiness: () => Promise<Readiness>;
  /** Names this host is called by beside addresses and `localhost`, in lower case. */
  readonly hostNames: ReadonlySet<string>;
  /** Where people reach this host behind a proxy. */
  readonly publicUrl?: PublicUrl;
  /** Calls a minute from one address. */
  readonly callsPerMinute: number;
  /** How long nothing may move on a connection, in milliseconds, before it is closed. */
  readonly silenceMs: number;
  /** How long a call may take to arrive whole, in milliseconds. */
  readonly arrivalMs: number;
  /** Most connections at a time over which no valid token came yet. */
  readonly strangers: number;
  /** Certificate and key to serve HTTPS with, as PEM; absent for HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Folder of the built console; nothing is served where it is absent. */
  readonly consoleDir?: string;
}
