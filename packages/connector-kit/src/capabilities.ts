import {
  type Accepted,
  type CancelOutcome,
  type Connector,
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorFault,
  type ConnectorManifest,
  type DeletionCapability,
  type DetectedSystem,
  faultData,
  type Operation,
  OperationState,
  type OperationStatus,
  type ReconcileOutcome,
  ServiceIdentifier,
  type SystemDetectionCapability,
  type ValidationReport,
} from 'connector-contract';
import { ContainerModule } from 'inversify';
import { faultOf } from './fault.js';
import { type Packing, packPeople } from './packing.js';
import { type Checked, checkReport, endedBy } from './permissions.js';
import { present } from './present.js';
import { faultOfIssue, validateConfig } from './settings.js';
import { notSent, submissionOutcome, unsendable } from './submission.js';

async function orFault<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw faultOf(error);
  }
}

/**
 * The connector of a manifest.
 * @param check asks what the credential may do of a configuration that is in order, and changes nothing. A fault that is thrown is told as the problem.
 * @param validate by the manifest's own rules unless given.
 */
export function connectorOf(
  manifest: () => ConnectorManifest,
  check: (ctx: ConnectorContext) => Promise<Checked>,
  validate: (config: unknown) => ValidationReport = (config) => validateConfig(manifest(), config),
): Connector {
  return {
    validate,
    check: (ctx) =>
      orFault(async () => {
        // The secret of a client is for the host alone, and not in the context.
        const withheld = manifest().auth?.clientSecret;
        const issues = validate(ctx.config).issues.filter(({ field }) => field !== withheld);
        const invalid = issues.length > 0 && { problems: issues.map(faultOfIssue) };
        return checkReport(manifest(), ctx.capabilities, invalid || (await check(ctx).catch(endedBy)));
      }),
  };
}

/** What the host wrote down about a submission whose answer was lost. */
export interface LostSubmission {
  /** Milliseconds since the epoch. */
  readonly attemptedAt: number;
  /** References that belong to other operations. */
  readonly claimed: readonly string[];
  /** What the `reconcile` before answered as such. */
  readonly progress?: string;
}

/**
 * How people are erased, by a session with the vendor for each call of the host: see `DeletionCapability` for what each part promises.
 * Whatever is thrown is answered as the contract has it.
 */
export interface DeletionSteps<Session> {
  /** Makes one request that changes something. */
  submit(operation: Operation, vendor: Session): Promise<Omit<Accepted, 'accepted'>>;
  reconcile(operation: Operation, vendor: Session, lost: LostSubmission): Promise<ReconcileOutcome>;
  /** Only where the manifest says `statusPollable`. `undefined` where the vendor keeps no record any more. */
  status?(reference: string, vendor: Session): Promise<OperationStatus | undefined>;
  /** Only where the manifest says `cancellable`. */
  cancel?(reference: string, vendor: Session): Promise<void>;
}

/** What {@link DeletionSteps} stand on. */
export interface DeletionTerms<Session> {
  readonly manifest: () => ConnectorManifest;
  /** The vendor, as it stands within a sentence. */
  readonly name: string;
  packing(config: ConnectorConfig): Packing;
  /** Asks nothing. */
  open(ctx: ConnectorContext): Session;
}

const expired: OperationStatus = { state: OperationState.expired, vendorState: '', destinations: [], exceptions: [] };

/** The deletion of a connector. What the vendor refuses because of a value is divided where the manifest asks for `divided-operations`. */
export function deletionOf<Session>(
  { manifest, name, packing, open }: DeletionTerms<Session>,
  steps: DeletionSteps<Session>,
): DeletionCapability {
  return {
    plan: (subjects, config) => packPeople(subjects, packing(config)),
    async submit(operation, ctx) {
      const divides = manifest().contract.features?.includes('divided-operations') === true;
      const dividing = divides ? { operation, packing: packing(ctx.config), vendor: name } : undefined;
      const refused = dividing && unsendable(dividing);
      if (refused) return refused;
      let vendor: Session;
      try {
        vendor = open(ctx);
      } catch (error) {
        return notSent(error);
      }
      try {
        return { accepted: true, ...(await steps.submit(operation, vendor)) };
      } catch (error) {
        return submissionOutcome(error, dividing);
      }
    },
    reconcile: (operation, attemptedAt, ctx, claimed = [], progress) =>
      orFault(async () => {
        const at = Date.parse(attemptedAt);
        if (Number.isNaN(at)) throw ConnectorFault.of('INPUT_REFUSED', 'attemptedAt is not a time in ISO 8601.');
        return steps.reconcile(operation, open(ctx), { attemptedAt: at, claimed, ...present({ progress }) });
      }),
    status: (reference, ctx) =>
      orFault(async () => {
        if (steps.status !== undefined) return (await steps.status(reference, open(ctx))) ?? expired;
        throw ConnectorFault.of('NOT_SUPPORTED', 'The vendor cannot be asked how far a deletion is.');
      }),
    ...present({ cancel: steps.cancel && cancelling(open, steps.cancel.bind(steps)) }),
  };
}

function cancelling<Session>(
  open: (ctx: ConnectorContext) => Session,
  cancel: (reference: string, vendor: Session) => Promise<void>,
) {
  return async (reference: string, ctx: ConnectorContext): Promise<CancelOutcome> => {
    try {
      await cancel(reference, open(ctx));
      return { cancelled: true };
    } catch (error) {
      return { cancelled: false, fault: faultData(faultOf(error)) };
    }
  };
}

/** The system detection of a connector. */
export function detectionOf(
  detect: (ctx: ConnectorContext) => AsyncIterable<DetectedSystem>,
): SystemDetectionCapability {
  return {
    async *detect(ctx) {
      try {
        yield* detect(ctx);
      } catch (error) {
        throw faultOf(error);
      }
    },
  };
}

/** The parts of a connector, each made once for a container. */
export interface Parts {
  readonly connector: () => Connector;
  readonly deletion?: () => DeletionCapability;
  readonly detection?: () => SystemDetectionCapability;
}

/** What a host loads: binds the parts under the contract's names and nothing else. */
export function moduleOf({ connector, deletion, detection }: Parts): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(ServiceIdentifier.connector).toDynamicValue(connector).inSingletonScope();
    if (deletion) bind(ServiceIdentifier.deletion).toDynamicValue(deletion).inSingletonScope();
    if (detection) bind(ServiceIdentifier.systemDetection).toDynamicValue(detection).inSingletonScope();
  });
}
