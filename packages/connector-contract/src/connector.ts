import type { ConnectorContext, Facts } from './context.js';
import type { FaultData } from './fault.js';

/** Where a connector's module binds its parts in the Inversify container it is given. `Symbol.for`, so that copies of this package agree. */
export const ServiceIdentifier = {
  connector: Symbol.for('connector-contract/Connector'),
  deletion: Symbol.for('connector-contract/DeletionCapability'),
  systemDetection: Symbol.for('connector-contract/SystemDetectionCapability'),
} as const;

/** What is wrong with one configuration field. */
export interface FieldIssue {
  /** The field's key in the manifest, or the unknown key that was given. */
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

/** The answer of {@link Connector.validate}. */
export interface ValidationReport {
  readonly valid: boolean;
  readonly issues: readonly FieldIssue[];
}

/** Whether a declared permission is there: `unverifiable` where nothing harmless can show it, `skipped` where an earlier failure made asking pointless. */
export type PermissionState = 'granted' | 'denied' | 'unverifiable' | 'skipped';

/** What `check` found about one permission of the manifest. */
export interface PermissionOutcome {
  /** The permission's id in the manifest. */
  readonly permission: string;
  readonly outcome: PermissionState;
  readonly code?: string;
  readonly message: string;
  readonly remedy?: string;
  readonly field?: string;
}

/** The answer of {@link Connector.check}. */
export interface CheckReport {
  /** `ready`: all is there. `degraded`: usable, but something not required is missing or could not be verified. `blocked`: must not be used. */
  readonly status: 'ready' | 'degraded' | 'blocked';
  /** Exactly one for each permission the manifest declares, in its order. */
  readonly permissions: readonly PermissionOutcome[];
  /** Trouble that is not about one permission: not reachable, not authenticated, another workspace. */
  readonly problems: readonly FaultData[];
  /** What is worth keeping with the connection. Empty where blocked before anything was learnt. */
  readonly facts: Facts;
}

/** What every connector is. */
export interface Connector {
  /**
   * Judges a configuration field by field, without network and without side effects.
   * @param config as a person entered it; nothing about its shape is certain.
   */
  validate(config: unknown): ValidationReport;
  /**
   * Asks the vendor whether the connection works and which permissions it has. Changes nothing there.
   * Trouble with the connection is reported, not thrown; a throw is a defect or an abort.
   */
  check(ctx: ConnectorContext): Promise<CheckReport>;
}
