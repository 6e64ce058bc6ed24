import type { ConnectorContext } from './context.js';

/** What a deletion by this connector does to a detected system. */
export const CoverageState = {
  /** The vendor deletes there itself. */
  reached: 'reached',
  /** The vendor passes the deletion on, and cannot promise that the system acts on it. */
  forwarded: 'forwarded',
  /** It would be reached or forwarded to if somebody finished a set-up step. */
  needsSetup: 'needs-setup',
  /** The deletion does not get there: it must be erased by other means. */
  notReached: 'not-reached',
  /** The rules do not know this system. */
  unknown: 'unknown',
} as const;

/** One of {@link CoverageState}. */
export type CoverageState = (typeof CoverageState)[keyof typeof CoverageState];

/** What a deletion does to a system, why, and where that is known from. */
export interface Coverage {
  readonly state: CoverageState;
  /** Plain words. */
  readonly reason: string;
  /** The published page the rule stands on, and the day (ISO 8601 date) it was read. */
  readonly source: { readonly title: string; readonly url: string; readonly asOf: string };
}

/** What a system is to the vendor. The last three only from a connector that asks for the feature `wider-detection`. */
export const SystemKind = {
  source: 'source',
  destination: 'destination',
  warehouse: 'warehouse',
  /** A query that makes lists of people and sends them on: a reverse-ETL model, an audience. */
  model: 'model',
  /** Code of the customer's that the vendor runs on people's data. */
  function: 'function',
  /** A part of the vendor's account that keeps people's profiles. */
  space: 'space',
} as const;

/** One of {@link SystemKind}. */
export type SystemKind = (typeof SystemKind)[keyof typeof SystemKind];

/** A system that the vendor's account names. Never holds settings, keys or other secrets. */
export interface DetectedSystem {
  /** The same system has the same key in every detection of a connection. */
  readonly key: string;
  readonly name: string;
  /** The vendor's own id of it, where the results of a deletion name it by that: `DestinationResult.id`, and that of an exception. */
  readonly vendorId?: string;
  readonly kind: SystemKind;
  /** Who makes the system. `domain` without scheme; `logo` an https URL. */
  readonly vendor: { readonly name: string; readonly slug: string; readonly domain?: string; readonly logo?: string };
  readonly categories: readonly string[];
  /** Absent where the vendor does not say. */
  readonly enabled?: boolean;
  /** Plain words for where it was found. */
  readonly seenIn: readonly string[];
  /** Keys of the systems it receives from or sends to. */
  readonly connectedTo: readonly string[];
  readonly coverage: Coverage;
  /**
   * No system, but a list that the vendor refused (a permission or plan is missing) or does not have (an older API), told so that the other
   * lists can be; the coverage says why. Nothing is known then about which systems of this kind there are: a host takes none for gone. With the feature `wider-detection`.
   */
  readonly unlisted?: true;
}

/** Finding the systems that a vendor's account feeds or is fed by. */
export interface SystemDetectionCapability {
  /**
   * Yields every system once, as pages arrive. Changes nothing at the vendor.
   * @throws ConnectorFault while iterating; what was yielded before stays true, but the inventory is then incomplete.
   */
  detect(ctx: ConnectorContext): AsyncIterable<DetectedSystem>;
}
