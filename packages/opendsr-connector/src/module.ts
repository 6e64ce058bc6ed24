import 'reflect-metadata';
import type { ConnectorContext } from 'connector-contract';
import { connectorOf, deletionOf, moduleOf } from 'connector-kit';
import type { ContainerModule } from 'inversify';
import { check } from './check.js';
import { OpenDsrDeletion } from './deletion/deletion.js';
import { packingFor } from './deletion/request.js';
import { ownManifest } from './manifest.js';
import { type HttpOptions, OpenDsrClient, processor } from './opendsr/client.js';
import { settingsOf } from './settings.js';
import { Certificates } from './signature/certificates.js';
import { TrustStore } from './signature/trust.js';
import { Verifier } from './signature/verifier.js';

export type { HttpOptions } from './opendsr/client.js';
export { ownFaultCodes } from './opendsr/fault-codes.js';

/**
 * The connector, made to measure: for a host that trusts other certificate authorities than Node.js does, such as that of a company,
 * or of a test. They then count for connections and for signing certificates alike. None of this can be set from a configuration:
 * whoever fills in a form must not decide whom the host trusts.
 */
export function openDsrModule(options: HttpOptions = {}): ContainerModule {
  const vendor = processor(options);
  const certificates = new Certificates(new TrustStore(options.authorities));
  const open = (ctx: ConnectorContext) => new OpenDsrClient(ctx, settingsOf(ctx.config), vendor);
  const terms = { manifest: ownManifest, name: vendor.name, packing: packingFor, open };
  return moduleOf({
    connector: () => connectorOf(ownManifest, async (ctx) => check(open(ctx), certificates)),
    deletion: () => deletionOf(terms, new OpenDsrDeletion(new Verifier(certificates))),
  });
}

/**
 * What a host loads, into a container of the plugin's own: binds the parts that the manifest declares and nothing else.
 * Importing and loading have no side effects: nothing is read, opened or started before a method is called.
 */
export const connectorModule: ContainerModule = openDsrModule();
