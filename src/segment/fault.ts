import { type CodeFacts, type FaultMaker, faultMaker, VendorFault as SegmentFault } from 'connector-kit';
import { ownManifest } from '../manifest.js';

export { SegmentFault };

/** What is to be known of the codes that this connector adds to the contract's, and of those where a field is to blame. Each is documented in the manifest's `troubleshooting`. */
export const segmentFaultCodes = {
  WORKSPACE_MISMATCH: { kind: 'config', field: 'workspaceName' },
  WORKSPACE_NOT_FOUND: { kind: 'config', field: 'workspaceName' },
  WRONG_REGION: { kind: 'config', field: 'region' },
  WRONG_GENERATION: { kind: 'config', field: 'api' },
  CONNECTION_NOT_CHECKED: { kind: 'config', field: 'api' },
  PLAN_WITHOUT_API: { kind: 'permission' },
  READ_ONLY_TOKEN: { kind: 'permission', field: 'apiToken' },
  TLS_NOT_TRUSTED: { kind: 'network' },
  REDIRECTED: { kind: 'network' },
  GATEWAY_REFUSED: { kind: 'network' },
  UNAUTHENTICATED: { field: 'apiToken' },
  PERMISSION_MISSING: { field: 'apiToken' },
  ENDPOINT_NOT_ALLOWED: { field: 'baseUrl' },
} as const satisfies Readonly<Record<string, CodeFacts>>;

/** A code of this connector's own. */
export type OwnCode = keyof typeof segmentFaultCodes;

/** Makes faults with the codes of this connector. */
export const segmentFault: FaultMaker<OwnCode> = faultMaker(ownManifest, segmentFaultCodes);

/** Whether what was thrown is a fault with one of these codes. */
export function isFault(thrown: unknown, ...codes: readonly string[]): thrown is SegmentFault {
  return thrown instanceof SegmentFault && codes.includes(thrown.code);
}
