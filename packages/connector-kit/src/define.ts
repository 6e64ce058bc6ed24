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
  type Facts,
  faultData,
  isConnectorFault,
  type Operation,
  type OperationStatus,
  type ReconcileOutcome,
  ServiceIdentifier,
  type Subject,
  type SystemDetectionCapability,
} from 'connector-contract';
import { ContainerModule } from 'inversify';
import { type Answer, type Call, type Connection, type Vendor, VendorClient } from './client.js';
import { type CodeFacts, type FaultMaker, faultMaker, faultOf } from './fault.js';
import type { ConfigOf, LimitOf, PermissionOf } from './manifest.js';
import { packingOf, packPeople } from './packing.js';
import { checkReport, type Findings } from './permissions.js';
import { present } from './present.js';
import { faultOfIssue, settingsOf, validateConfig } from './settings.js';
import { notSent, submissionOutcome, unsendable } from './submission.js';

/** The vendor, as one call of the host sees it. */
export interface Calls<M extends ConnectorManifest, Code extends string = never> {
  readonly config: ConfigOf<M>;
  readonly ctx: ConnectorContext;
  readonly fault: FaultMaker<Code>;
  /** Makes one request; answers what `read` makes of a success. @throws VendorFault */
  ask<T>(call: Call<LimitOf<M>>, read: (answer: Answer) => T): Promise<T>;
}

/** How people are erased: see `DeletionCapability` for what each part promises. Whatever is thrown is answered as the contract has it. */
export interface DeletionParts<M extends ConnectorManifest, Code extends string = never> {
  /** The body of a request for these people, by which they are packed; stand-ins of the same length for what is not known yet. */
  body(subjects: readonly Subject[]): unknown;
  /** Makes one request that changes something. One that the vendor refuses because of a value is divided. */
  submit(operation: Operation, vendor: Calls<M, Code>): Promise<Omit<Accepted, 'accepted'>>;
  /** @param lost when the host wrote the lost attempt down, in milliseconds since the epoch, and references that belong to other operations. */
  reconcile(
    operation: Operation,
    vendor: Calls<M, Code>,
    lost: { readonly attemptedAt: number; readonly claimed: readonly string[]; readonly progress?: string },
  ): Promise<ReconcileOutcome>;
  /** `undefined` where the vendor keeps no record any more. */
  status(reference: string, vendor: Calls<M, Code>): Promise<OperationStatus | undefined>;
  /** Only where the manifest says `cancellable`. */
  cancel?(reference: string, vendor: Calls<M, Code>): Promise<void>;
}

/** A connector, as far as it is not like every other. */
export interface Definition<M extends ConnectorManifest, Codes extends Readonly<Record<string, CodeFacts>>>
  extends Pick<Vendor<keyof Codes & string>, 'judge' | 'isVendors' | 'bounds' | 'patience' | 'http'> {
  readonly manifest: M;
  /** Codes that the connector adds to the contract's, each documented in the manifest's `troubleshooting`. */
  readonly codes?: Codes;
  /** Where the connection leads, and the headers that carry its credential. */
  connect(config: ConfigOf<M>, ctx: ConnectorContext): Connection;
  /** Asks what the credential may do, and changes nothing. A fault that is thrown is told as the problem. */
  check(
    vendor: Calls<M, keyof Codes & string>,
  ): Promise<{ readonly findings: Findings<PermissionOf<M>>; readonly facts?: Facts }>;
  readonly deletion?: DeletionParts<M, keyof Codes & string>;
  /** The systems that the account names. */
  detect?(vendor: Calls<M, keyof Codes & string>): AsyncIterable<DetectedSystem>;
}

/** Makes what a host loads of a connector's own parts; the manifest's names are held by the compiler. */
export function defineConnector<
  M extends ConnectorManifest,
  const Codes extends Readonly<Record<string, CodeFacts>> = Record<never, CodeFacts>,
>(definition: Definition<M, Codes>): ContainerModule {
  const { manifest, deletion, detect } = definition;
  const fault = faultMaker(() => manifest, definition.codes ?? ({} as Codes));
  const { judge, isVendors, bounds, patience, http } = definition;
  const vendor: Vendor<keyof Codes & string> = {
    manifest: () => manifest,
    name: manifest.vendor.name,
    fault,
    ...present({ judge, isVendors, bounds, patience, http }),
  };
  const open = (ctx: ConnectorContext): Calls<M, keyof Codes & string> => {
    const config = settingsOf(manifest, ctx.config);
    const client = new VendorClient(ctx, definition.connect(config, ctx), vendor);
    return { config, ctx, fault, ask: (call, read) => client.ask(call, read) };
  };
  return new ContainerModule(({ bind }) => {
    bind<Connector>(ServiceIdentifier.connector).toConstantValue(connectorOf(definition, open));
    if (deletion !== undefined) {
      bind<DeletionCapability>(ServiceIdentifier.deletion).toConstantValue(deletionOf(manifest, deletion, open));
    }
    if (detect !== undefined) {
      const found = async function* (ctx: ConnectorContext) {
        yield* await orFault(async () => detect(open(ctx)));
      };
      bind<SystemDetectionCapability>(ServiceIdentifier.systemDetection).toConstantValue({ detect: found });
    }
  });
}

type Opening<M extends ConnectorManifest, Code extends string> = (ctx: ConnectorContext) => Calls<M, Code>;

async function orFault<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw faultOf(error);
  }
}

function connectorOf<M extends ConnectorManifest, Codes extends Readonly<Record<string, CodeFacts>>>(
  { manifest, check }: Definition<M, Codes>,
  open: Opening<M, keyof Codes & string>,
): Connector {
  return {
    validate: (config) => validateConfig(manifest, config),
    async check(ctx) {
      const { issues } = validateConfig(manifest, ctx.config);
      if (issues.length > 0) return checkReport(manifest, ctx.capabilities, { problems: issues.map(faultOfIssue) });
      try {
        return checkReport(manifest, ctx.capabilities, await check(open(ctx)));
      } catch (error) {
        if (!isConnectorFault(error) || error.code === 'ABORTED' || error.code === 'CONNECTOR_BUG')
          throw faultOf(error);
        return checkReport(manifest, ctx.capabilities, { problems: [faultData(error)] });
      }
    },
  };
}

const expired: OperationStatus = { state: 'expired', vendorState: '', destinations: [], exceptions: [] };

function deletionOf<M extends ConnectorManifest, Code extends string>(
  manifest: M,
  parts: DeletionParts<M, Code>,
  open: Opening<M, Code>,
): DeletionCapability {
  const packing = packingOf(manifest, parts.body);
  const cancel = parts.cancel?.bind(parts);
  return {
    plan: (subjects: readonly Subject[], _config: ConnectorConfig) => packPeople(subjects, packing),
    async submit(operation, ctx) {
      const dividing = { operation, packing, vendor: manifest.vendor.name };
      const refused = unsendable(dividing);
      if (refused) return refused;
      let vendor: Calls<M, Code>;
      try {
        vendor = open(ctx);
      } catch (error) {
        return notSent(error);
      }
      try {
        return { accepted: true, ...(await parts.submit(operation, vendor)) };
      } catch (error) {
        return submissionOutcome(error, dividing);
      }
    },
    reconcile: (operation, attemptedAt, ctx, claimed = [], progress) =>
      orFault(async () => {
        const at = Date.parse(attemptedAt);
        if (Number.isNaN(at)) throw ConnectorFault.of('INPUT_REFUSED', 'attemptedAt is not a time in ISO 8601.');
        return parts.reconcile(operation, open(ctx), {
          attemptedAt: at,
          claimed,
          ...(progress === undefined ? {} : { progress }),
        });
      }),
    status: (reference, ctx) => orFault(async () => (await parts.status(reference, open(ctx))) ?? expired),
    ...(cancel === undefined
      ? {}
      : {
          async cancel(reference: string, ctx: ConnectorContext): Promise<CancelOutcome> {
            try {
              await cancel(reference, open(ctx));
              return { cancelled: true };
            } catch (error) {
              return { cancelled: false, fault: faultData(faultOf(error)) };
            }
          },
        }),
  };
}
