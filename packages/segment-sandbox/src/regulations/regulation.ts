/** Statuses of a regulation, for the whole and for each destination. */
export const REGULATION_STATUSES = [
  'INITIALIZED',
  'RUNNING',
  'FINISHED',
  'PARTIAL_SUCCESS',
  'FAILED',
  'INVALID',
  'NOT_SUPPORTED',
] as const;
/** One of {@link REGULATION_STATUSES}. */
export type RegulationStatus = (typeof REGULATION_STATUSES)[number];

/** Status of one destination: as for the whole, or that there was nothing to do (in a word that the answers decide). */
export type EntryStatus = RegulationStatus | 'NO_ACTION';

/**
 * Types of a regulation as Segment's documentation lists them. Npm's SDK lacks `SUPPRESS_WITH_DELETE_INTERNAL` and
 * `DELETE_ARCHIVE_ONLY`; the documentation and the newest SDK win.
 */
export const REGULATION_TYPES = [
  'SUPPRESS_WITH_DELETE_INTERNAL',
  'DELETE_INTERNAL',
  'SUPPRESS_ONLY',
  'UNSUPPRESS',
  'DELETE_ARCHIVE_ONLY',
  'SUPPRESS_WITH_DELETE',
  'DELETE_ONLY',
] as const;
/** One of {@link REGULATION_TYPES}. */
export type RegulationType = (typeof REGULATION_TYPES)[number];

/** Kinds of identifiers. Which of them an endpoint takes depends on its scope. */
export type SubjectType = 'USER_ID' | 'OBJECT_ID' | 'ANONYMOUS_ID';

/** What a regulation is about: the workspace, one source, or one collection of a cloud source. */
export type RegulationScope =
  | { readonly kind: 'workspace' }
  | { readonly kind: 'source'; readonly sourceId: string }
  | { readonly kind: 'cloud-source'; readonly sourceId: string; readonly collection: string };

/** How a regulation is going to end. */
export const OUTCOMES = [
  'finished',
  'partial-success',
  'failed-unsupported',
  'failed-supported',
  'failed-own-store',
  'invalid',
  'not-supported',
  'never-finishes',
  'no-action',
] as const;
/**
 * - `finished`: Segment's own store, warehouses and every supporting destination finish; others are not listed.
 * - `partial-success`: the same, and destinations without support are listed as `NOT_SUPPORTED`.
 * - `failed-unsupported`: overall `FAILED` only because destinations without support failed; all that counts finished.
 * - `failed-supported`: overall `FAILED`, and a destination that supports deletion is among the failed.
 * - `failed-own-store`: overall `FAILED`, and so is Segment's own store.
 * - `invalid`, `not-supported`: those statuses, for the whole and for each entry.
 * - `never-finishes`: stays `RUNNING`.
 * - `no-action`: `FINISHED`, and the destinations say that there was nothing to do.
 */
export type Outcome = (typeof OUTCOMES)[number];

/** A regulation as the sandbox keeps it: the identifiers as one compact JSON text, the status computed when asked. */
export interface Regulation {
  /** Position in order of creation, from 0. */
  readonly index: number;
  /** What both APIs call it by. */
  readonly id: string;
  readonly workspace: string;
  readonly via: 'public' | 'config';
  readonly scope: RegulationScope;
  readonly regulationType: RegulationType;
  readonly subjectType: SubjectType;
  readonly subjectCount: number;
  /** `["id","id"]` in UTF-8: goes into lists as it is and takes no memory per identifier. */
  readonly subjectsJson: Buffer;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly outcome: Outcome;
  /** True once it was taken back while still `INITIALIZED`. */
  cancelled: boolean;
}

/** The identifiers of a regulation. */
export function subjectsOf(regulation: Regulation): string[] {
  return JSON.parse(regulation.subjectsJson.toString('utf8')) as string[];
}

/** True for the types that Segment forwards to destinations; the others stay inside Segment. The quota counts them apart. */
export function reachesDestinations(type: RegulationType): boolean {
  return type === 'SUPPRESS_WITH_DELETE' || type === 'DELETE_ONLY';
}
