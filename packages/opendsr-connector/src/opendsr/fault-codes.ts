import { type CodeFacts, type FaultMaker, faultMaker } from 'connector-kit';
import { ownManifest } from '../manifest.js';

/** What is to be known of the codes that this connector adds to the contract's, and of those where a field is to blame. Each is documented in the manifest's `troubleshooting`. */
export const ownFaultCodes = {
  PROTOCOL_MISMATCH: { kind: 'config', field: 'protocol' },
  ERASURE_NOT_OFFERED: { kind: 'permission' },
  IDENTITIES_NOT_OFFERED: { kind: 'config', field: 'identityFormat' },
  SIGNATURE_MISSING: { kind: 'vendor', field: 'verifySignatures' },
  SIGNATURE_INVALID: { kind: 'vendor', field: 'verifySignatures' },
  PROCESSOR_DOMAIN_MISMATCH: { kind: 'config', field: 'processorDomain' },
  CERTIFICATE_NOT_TRUSTED: { kind: 'config', field: 'processorDomain' },
  CERTIFICATE_UNAVAILABLE: { kind: 'vendor', field: 'certificateUrl' },
  CONTROLLER_MISMATCH: { kind: 'config', field: 'controllerId' },
  TLS_NOT_TRUSTED: { kind: 'network' },
  REDIRECTED: { kind: 'network', field: 'baseUrl' },
  GATEWAY_REFUSED: { kind: 'network' },
  ENDPOINT_NOT_ALLOWED: { field: 'baseUrl' },
} as const satisfies Readonly<Record<string, CodeFacts>>;

/** A code of this connector's own. */
export type OwnCode = keyof typeof ownFaultCodes;

/** Makes faults with the codes of this connector. */
export const fault: FaultMaker<OwnCode> = faultMaker(ownManifest, ownFaultCodes);
