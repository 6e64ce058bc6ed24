import type { HostClock } from './clock.js';
import type { Concurrency } from './lifecycle/lifecycle.js';
import type { Logger } from './log.js';
import type { MailSettings } from './notices/mail-settings.js';
import type { Develop } from './plugins/isolation/develop.js';
import type { ProxySettings } from './plugins/isolation/proxies.js';
import type { Isolation } from './plugins/registry.js';
import type { Jurisdiction } from './requests/legal-clock.js';

/** How to start a host. */
export interface HostOptions {
  /** Folder of the embedded database and the master key. */
  readonly dataDir: string;
  /** `postgresql://...` of a server to use instead of the embedded one. */
  readonly databaseUrl?: string;
  /** Folders of projects whose connectors are loaded. */
  readonly roots: readonly string[];
  /** Where connectors run: each in a process of its own (the default), the same without a wall, or in this one. */
  readonly isolation?: Isolation;
  /** Runs no connector where there is no wall around it. */
  readonly requireWall?: boolean;
  /** For whoever writes a connector: shows what it prints and throws, and lets a debugger in. */
  readonly develop?: Develop;
  /** Proxies on the way to vendors; connectors that run apart go through them. */
  readonly proxies?: ProxySettings;
  /** Files and folders, beside the data folder, that connectors must not read wherever they lie. */
  readonly secretPaths?: readonly string[];
  /** What this process does. Default both. */
  readonly serve?: boolean;
  readonly work?: boolean;
  /** Where the API listens: port (0 for a free one, default 4600) and address (default 127.0.0.1). */
  readonly port?: number;
  readonly host?: string;
  /** Names this host is called by beside addresses and `localhost`. */
  readonly allowHosts?: readonly string[];
  /** Where people reach it behind a proxy, such as `https://x.example/connector`. */
  readonly publicUrl?: string;
  /** Origins that connections may point at beside the hosts of their manifest. */
  readonly allowEndpoints?: readonly string[];
  /** How long a task waits for others to share its batch, in milliseconds. Default one minute. */
  readonly planWindowMs?: number;
  /** Fixed time between two looks at an operation, in milliseconds; absent for the adaptive one. */
  readonly pollIntervalMs?: number;
  /** The first super-admin's token; absent, one is made where there is none. */
  readonly adminToken?: string;
  readonly masterKey?: string;
  readonly masterKeyCommand?: string;
  /** IANA name of the zone in which the days of a due date begin and end. Default UTC. */
  readonly zone?: string;
  /** The law that gives the time where a request names none. Default `gdpr`. */
  readonly jurisdiction?: Jurisdiction;
  /** Days that the jurisdiction `other` gives where a request does not say. */
  readonly jurisdictionDays?: number;
  /** More people than this are erased only once somebody has typed how many they are, or said `--yes`. Default 100. */
  readonly confirmAbove?: number;
  /** Days that people's identifiers are kept after their requests are settled. Default 30. */
  readonly retentionDays?: number;
  /** Days that they are kept at most after the conclusion, settled or not. Default 365. */
  readonly longestRetentionDays?: number;
  /** The mail server for notices; absent, nobody is told anything by mail. */
  readonly mail?: MailSettings;
  /** Origins that webhooks may go to although they are private, or http. */
  readonly allowWebhooks?: readonly string[];
  /** Days that it is kept who was sent what. Default 90. */
  readonly noticeRetentionDays?: number;
  /** Certificate and key to serve HTTPS with, as PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Lets the API listen beyond this machine without TLS, for example behind a proxy that has it. */
  readonly insecureBind?: boolean;
  /** Folder of the built console. */
  readonly consoleDir?: string;
  /** Calls a minute from one address. Default 12,000. */
  readonly callsPerMinute?: number;
  /** How long nothing may move on a connection, in milliseconds, before it is closed. Default six minutes: above the longest wait for a detection. */
  readonly silenceMs?: number;
  /** How long a call may take to arrive whole, in milliseconds; an import, to bring some more. Default half a minute. */
  readonly arrivalMs?: number;
  /** Most connections at a time over which no valid token came yet. Default 256. */
  readonly strangers?: number;
  /** How many jobs of a kind this process does at a time. */
  readonly concurrency?: Concurrency;
  /** Most database connections of the pool. */
  readonly poolSize?: number;
  /** How many bytes are free where a folder is, for the embedded database. Default: what the system says. */
  readonly freeBytes?: (folder: string) => Promise<number>;
  /** Default: the database's. */
  readonly clock?: HostClock;
  readonly log?: Logger;
}
