/** What a host hands to every call of a connector, beside the arguments. */

/** A configuration value as a manifest field can hold it. */
export type ConfigValue = string | number | boolean;

/** A connection's configuration, defaults filled in, hidden and unknown keys gone. Holds secrets: never log it. */
export type ConnectorConfig = Readonly<Record<string, ConfigValue>>;

/**
 * What `check` learnt and the host keeps with the connection; shown to people, so nothing secret. `account`, where a connector gives it, is
 * what the vendor counts its quota by, the same for every connection to it: a host counts those together.
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

/** The context of one call. All of it is plain data or a function of plain data, so that a connector may run in a process of its own. */
export interface ConnectorContext {
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
}
