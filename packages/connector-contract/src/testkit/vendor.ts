import type { ConnectorConfig } from '../context.js';

/** Cases of configuration that a vendor stub can provide. */
export type ConfigCase = 'valid' | 'wrong-credential' | 'missing-permission';

/**
 * A local stand-in for the vendor, as the test kit needs it. The author of a connector writes these few lines over a server of
 * their own. The kit stands between connector and stub as an HTTP proxy: it records every request and plays the faults (refusals,
 * outages, cut-off, lost and hostile answers), so the stub only has to know how the vendor behaves when all is well.
 */
export interface ContractVendor {
  /**
   * Starts the stub on loopback; answers its origin (`http://127.0.0.1:4711`).
   * @param clock the time that the connector sees, in milliseconds since the epoch; a stub that dates its records uses it.
   */
  start(clock: { now(): number }): Promise<string>;
  /** Stops the stub; nothing of it keeps the process alive. */
  stop(): Promise<void>;
  /** Forgets everything that was asked of it. */
  reset(): void | Promise<void>;
  /**
   * The configuration, as a person would enter it, of a connection whose vendor is at `origin`.
   * `missing-permission`: a credential that is accepted, but lacks a permission that the manifest requires.
   */
  config(kind: ConfigCase, origin: string): Readonly<Record<string, unknown>>;
  /** Everything that a connector could change at the vendor, as plain data. */
  state(): unknown;
  /** With deletion: the identifier values of all deletions that were taken; a value that was taken twice stands there twice. */
  erased?(): readonly string[] | Promise<readonly string[]>;
  /** With deletion: takes what is open one step further. Answers false where nothing was left to do. */
  advance?(): boolean | Promise<boolean>;
  /** With deletion: from now on a deletion that holds this identifier value is refused as a whole. */
  refuse?(value: string): void;
  /** With deletion: from now on a deletion that is taken comes to its end without success. */
  fail?(): void;
  /**
   * With the manifest's `auth`: the token that the host gets from the vendor for a connection with this configuration; undefined where the
   * vendor does not know the client.
   */
  token?(config: ConnectorConfig): string | undefined;
  /** With deletion and the feature `subject-results`: from now on the vendor knows nobody by this identifier value. */
  unknown?(value: string): void;
  /**
   * Whether a request changes nothing at the vendor, where its method does not tell: `true` for a search or a token that is asked for
   * with POST, `false` for a GET that deletes, `undefined` where the method tells.
   */
  reads?(call: { readonly method: string; readonly path: string; readonly body: string }): boolean | undefined;
  /** With system detection: the names of all systems that a detection must find; a name that two systems share stands there twice. */
  systems?(): readonly string[];
  /** The body of an error answer in the vendor's own words; a plain JSON object unless given. */
  errorBody?(status: number, message: string): string;
}
