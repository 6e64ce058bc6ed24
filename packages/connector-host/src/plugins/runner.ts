/**
 * A connector behind an async port of plain data: the host knows connectors only through it. Whether the connector's code runs here,
 * in a worker thread or in a process of its own makes no difference to a caller.
 */
import type {
  CancelOutcome,
  CheckReport,
  ConnectorConfig,
  ConnectorContext,
  ConnectorManifest,
  DeletionPlan,
  DetectedSystem,
  Operation,
  OperationStatus,
  ReconcileOutcome,
  Subject,
  SubmitOutcome,
  ValidationReport,
} from 'connector-contract';

/**
 * What the host calls. Every method throws a `ConnectorFault` and nothing else, save that `submit` answers trouble and `check`
 * reports it. Faults have the connector's secrets and people's identifiers taken out of their texts. A method of a capability
 * that the manifest does not declare throws `NOT_SUPPORTED`.
 */
export interface ConnectorRunner {
  readonly manifest: ConnectorManifest;
  /** Judges a configuration that was already resolved by the manifest. */
  validate(config: unknown): Promise<ValidationReport>;
  /** Trouble of any kind is in the report; only a call that the caller aborted throws `ABORTED`. */
  check(ctx: ConnectorContext): Promise<CheckReport>;
  /** Everybody who was given is in exactly one operation or is rejected. */
  plan(subjects: readonly Subject[], config: ConnectorConfig): Promise<DeletionPlan>;
  /** Never throws: what goes wrong counts as `unknown`, unless the connector was not called at all. */
  submit(operation: Operation, ctx: ConnectorContext): Promise<SubmitOutcome>;
  reconcile(
    operation: Operation,
    attemptedAt: string,
    ctx: ConnectorContext,
    claimed?: readonly string[],
    progress?: string,
  ): Promise<ReconcileOutcome>;
  status(reference: string, ctx: ConnectorContext): Promise<OperationStatus>;
  /** Present where the manifest says `cancellable`. */
  cancel?(reference: string, ctx: ConnectorContext): Promise<CancelOutcome>;
  /** Yields every system once. */
  detect(ctx: ConnectorContext): AsyncIterable<DetectedSystem>;
}
