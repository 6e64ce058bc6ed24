import type { ConnectorContext, ConnectorManifest, DetectedSystem, Subject } from 'connector-contract';
import type { ContainerModule } from 'inversify';
import { connectorOf, type DeletionSteps, deletionOf, detectionOf, moduleOf } from './capabilities.js';
import { type Answer, type Call, type Connection, type Vendor, VendorClient } from './client.js';
import { type CodeFacts, type FaultMaker, faultMaker } from './fault.js';
import type { ConfigOf, LimitOf, PermissionOf } from './manifest.js';
import { packingOf } from './packing.js';
import type { Checked } from './permissions.js';
import { present } from './present.js';
import { settingsOf } from './settings.js';

/** The vendor, as one call of the host sees it. */
export interface Calls<M extends ConnectorManifest, Code extends string = never> {
  readonly config: ConfigOf<M>;
  readonly ctx: ConnectorContext;
  readonly fault: FaultMaker<Code>;
  /** Makes one request; answers what `read` makes of a success. @throws VendorFault */
  ask<T>(call: Call<LimitOf<M>>, read: (answer: Answer) => T): Promise<T>;
}

/** How people are erased. */
export interface DeletionParts<M extends ConnectorManifest, Code extends string = never>
  extends DeletionSteps<Calls<M, Code>> {
  /** The body of a request for these people, by which they are packed; stand-ins of the same length for what is not known yet. */
  body(subjects: readonly Subject[]): unknown;
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
  check(vendor: Calls<M, keyof Codes & string>): Promise<Checked<PermissionOf<M>>>;
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
  const terms = { manifest: () => manifest, name: vendor.name, open };
  return moduleOf({
    connector: () => connectorOf(terms.manifest, async (ctx) => definition.check(open(ctx))),
    ...present({
      deletion:
        deletion && (() => deletionOf({ ...terms, packing: () => packingOf(manifest, deletion.body) }, deletion)),
      detection: detect && (() => detectionOf((ctx) => detect(open(ctx)))),
    }),
  });
}
