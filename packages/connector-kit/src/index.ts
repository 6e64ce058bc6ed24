export { inFlightMs } from './bounds.js';
export {
  connectorOf,
  type DeletionSteps,
  type DeletionTerms,
  deletionOf,
  detectionOf,
  type LostSubmission,
  moduleOf,
  type Parts,
} from './capabilities.js';
export { type Answer, type Call, type Connection, type Vendor, VendorClient } from './client.js';
export { type Calls, type Definition, type DeletionParts, defineConnector } from './define.js';
export {
  type CodeFacts,
  type FaultDetail,
  type FaultMaker,
  type FaultOptions,
  faultMaker,
  faultOf,
  type KitCode,
  VendorFault,
} from './fault.js';
export { isAllowed } from './hosts.js';
export { type AnswerHeaders, Http, type HttpBounds } from './http/exchange.js';
export { believable, MAX_RATE_WAIT_MS, parseMailDate, parseRetryAfter } from './http/waiting.js';
export { baseUrlOf, type ConfigOf, defineManifest, type LimitOf, manifestAt, type PermissionOf } from './manifest.js';
export { operationOf, type Packing, packingOf, packPeople, valuesOf } from './packing.js';
export { allPages, type FetchPage, type Page, pagesOf } from './paging.js';
export type { Patience } from './patience.js';
export {
  type Checked,
  checkReport,
  endedBy,
  type Finding,
  type Findings,
  findingOf,
  neededPermissions,
} from './permissions.js';
export { present } from './present.js';
export * from './reading.js';
export { settingsOf, validateConfig } from './settings.js';
export { halve, isolate } from './smaller.js';
export { submissionOutcome, unsendable } from './submission.js';
export { type Effect, isJsonObject, type Refusal, usualVerdict, type Verdict } from './verdict.js';
