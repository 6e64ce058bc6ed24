/** What a host hands to every call of a connector, beside the arguments. */
import { ConnectorFault } from './fault.js';

/** A configuration value as a manifest field can hold it. */
export type ConfigValue = string | number | boolean;

/** A connection's configuration, defaults filled in, hidden and unknown keys gone. Holds secrets: never log it. */
export type ConnectorConfig = Readonly<Record<string, ConfigValue>>;

/**
 * What `check` learnt and the host keeps with the connection; shown to people, so nothing secret. `account`, where a connector gives it, is
 * what the vendor counts its quota by, the same for every connection to it and at every check: a host counts those together, and refuses
 * to let a connection lead to another account than it did.
 */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** What a connector can do beyond being connected. */
export const Capability = { deletion: 'deletion', systemDetection: 'system-detection' } as const;

/** One of {@link Capability}. */
export type Capability = (typeof Capability)[keyof typeof Capability];

/** Time as the host sees it; tests move it. A connector never asks the wall clock itself. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Tells the host what time it is by the vendor, in milliseconds since the epoch, where an answer that came within a few seconds says so
   * (`Date`): where the two are more than a minute apart, a host submits nothing. Absent where a host does not want to know.
   */
  heard?(time: number): void;
}

/** Values a log line may carry. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log of the host. It redacts, but a connector gives it neither secrets nor identifiers in the first place. */
export interface ConnectorLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Something that was kept, and which of its values in a row this is. */
export interface KeptSecret {
  readonly value: string;
  readonly version: number;
}

/** Bounds of what a connection may keep: names, characters of a value. */
export const SECRET_LIMITS = { names: 16, characters: 8_000 } as const;

/**
 * What a connector keeps with its connection from call to call, such as a cursor or a token that it got: sealed, shared by all processes of the host, and gone
 * with the connection, or when the connection is pointed at another place. Names are lower case words joined by hyphens, at most 64
 * characters; see {@link SECRET_LIMITS}. What breaks these is a fault `CONNECTOR_BUG`.
 */
export interface ConnectionSecrets {
  /** Undefined where nothing is kept by this name. */
  get(name: string): Promise<KeptSecret | undefined>;
  /**
   * Keeps a value, unless somebody else has been faster.
   * @param seen the version that was read before; absent where there was none.
   * @returns the new version; undefined where another value stands there by now, and nothing was changed.
   */
  put(name: string, value: string, seen?: number): Promise<number | undefined>;
}

/** Credentials that the host gets by the manifest's `auth`. */
export interface ConnectionAuth {
  /**
   * A token that is good now, for requests of this call alone: ask again in the next one, and keep it nowhere. The host renews it before it
   * expires, once for all that ask.
   * @param refused a token that the vendor has just refused, although it should still be good: another one is got.
   * @throws ConnectorFault: `UNAUTHENTICATED` where the vendor does not know the client, and the other codes of a request; nothing was sent
   *   to the vendor's API then.
   */
  token(refused?: string): Promise<string>;
}

/** The context of one call. All of it is plain data or a function of plain data, so that a connector may run in a process of its own. */
export interface ConnectorContext {
  /** Which connection this is: the same id for as long as it exists, and no other one's. With the feature `connection-state` alone. */
  readonly connection?: { readonly id: string };
  /** Without the value of the field that the manifest's `auth` names as the client's secret. */
  readonly config: ConnectorConfig;
  readonly facts: Facts;
  /** The capabilities switched on for this connection: `check` needs the permissions of these. */
  readonly capabilities: readonly Capability[];
  /** Origins (`http://127.0.0.1:4700`) the operator allows beside the manifest's `network.allowedHosts`. */
  readonly allowedOrigins: readonly string[];
  /** Aborts when the host gives the call up; the call then throws a fault with code `ABORTED`. */
  readonly signal: AbortSignal;
  readonly log: ConnectorLog;
  readonly clock: Clock;
  /**
   * Waits until one more request may go out under the named limit of the manifest (`limits.rate[].id`).
   * The host shares each limit among everything that uses the connection, on all its machines.
   */
  pace(limit: string): Promise<void>;
  /**
   * Tells the host what an answer says is left under a limit that has `byHeader`, so that nothing goes out in vain.
   * @param requests that the vendor still takes.
   * @param resetsAt when all are there again, in milliseconds since the epoch by {@link clock}.
   */
  left?(limit: string, requests: number, resetsAt: number): void;
  /** With the feature `connection-state` alone; see {@link secretsOf}. */
  readonly secrets?: ConnectionSecrets;
  /** With the manifest's `auth` and the feature `oauth-client-credentials` alone; see {@link authOf}. */
  readonly auth?: ConnectionAuth;
}

/** What the connection keeps. @throws ConnectorFault `CONNECTOR_BUG` where the manifest does not ask for the feature `connection-state`. */
export function secretsOf({ secrets }: Pick<ConnectorContext, 'secrets'>): ConnectionSecrets {
  if (secrets !== undefined) return secrets;
  throw notAskedFor('connection-state');
}

/** The connection's tokens. @throws ConnectorFault `CONNECTOR_BUG` where the manifest does not ask for the feature `oauth-client-credentials`. */
export function authOf({ auth }: Pick<ConnectorContext, 'auth'>): ConnectionAuth {
  if (auth !== undefined) return auth;
  throw notAskedFor('oauth-client-credentials');
}

function notAskedFor(feature: string): ConnectorFault {
  return ConnectorFault.of(
    'CONNECTOR_BUG',
    `The manifest does not ask for the feature ${feature} in contract.features.`,
  );
}
