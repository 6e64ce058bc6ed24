/**
 * A local Segment for try-out and tests: the Public API and the Config API at once, on one port of 127.0.0.1.
 *
 * ```ts
 * const sandbox = await startSandbox({ speed: 86_400 });
 * await fetch(`${sandbox.url}/sources`, { headers: { authorization: `Bearer ${sandbox.tokens.publicOwner}` } });
 * await sandbox.close();
 * ```
 */
export type { AnswerStyle } from './answers.js';
export { ANSWER_CHOICES } from './answers.js';
export type { TimeSource } from './clock.js';
export { SandboxClock } from './clock.js';
export type {
  DestinationRow,
  FunctionRow,
  ModelRow,
  SourceRow,
  SpaceRow,
  WarehouseRow,
  WorkspaceRow,
} from './demo/build.js';
export { buildWorkspace } from './demo/build.js';
export type { WorkspaceSize } from './demo/generate.js';
export type { Ending } from './fault-effects.js';
export type { ActiveFault, FaultBook, FaultKind, FaultRule } from './faults.js';
export { FAULT_KINDS } from './faults.js';
export type { CallCounts, RecordedRequest } from './journal.js';
export type { RateLimits } from './limits.js';
export { PUBLISHED_QUOTA, PUBLISHED_RATE_LIMITS } from './limits.js';
export type { SandboxOptions } from './options.js';
export type { OutcomeBook, OutcomeCandidate, OutcomeRule } from './regulations/outcomes.js';
export type { Pace } from './regulations/progress.js';
export { USUAL_PACE } from './regulations/progress.js';
export type {
  Outcome,
  RegulationScope,
  RegulationStatus,
  RegulationType,
  SubjectType,
} from './regulations/regulation.js';
export { OUTCOMES, REGULATION_STATUSES, REGULATION_TYPES } from './regulations/regulation.js';
export { OWN_STORE } from './regulations/results.js';
export { RETENTION_MS } from './regulations/store.js';
export { MAX_SUBJECTS } from './regulations/subjects.js';
export type { SubjectTally } from './regulations/tally.js';
export type { Sandbox } from './sandbox.js';
export { startSandbox } from './sandbox.js';
export type { RegulationSnapshot } from './snapshots.js';
export type { DemoTokens, Region, TokenSpec } from './tokens.js';
export { DEMO_TOKENS } from './tokens.js';
export type {
  Audience,
  Destination,
  DestinationKind,
  DestinationReach,
  Feature,
  ReverseEtlModel,
  SegmentFunction,
  Source,
  SourceKind,
  Space,
  Warehouse,
  WarehouseKind,
  Workspace,
} from './workspace.js';
export { SECRET_PREFIX } from './workspace.js';
