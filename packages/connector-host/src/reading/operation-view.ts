/** Operations as they are shown. All times are ISO 8601. */
import type { DestinationResult, FaultData } from 'connector-contract';
import { filled, given } from '../given.js';
import type { LeftOver } from '../requests/states.js';
import { type VendorWords, withWords } from '../requests/vendor-words.js';
import type { operations } from '../store/schema.js';
import type { ResultCounts } from './results.js';

/** States of an operation, from the host's side and the vendor's. */
export const operationStates = [
  'planned',
  'submitting',
  'uncertain',
  'undecided',
  'accepted',
  'processing',
  'completed',
  'completed_with_exceptions',
  'failed',
  'expired',
  'cancelled',
  'refused',
  'divided',
] as const;

/** One of {@link operationStates}. */
export type OperationRowState = (typeof operationStates)[number];

/** What the vendor says of one system, called as the inventory calls it. */
export interface ListedResult extends DestinationResult {
  /** Key of the system in the inventory; absent where it is not there, or may be one of several. */
  readonly key?: string;
}

/** What the vendor could not do in one system, and why; `system` is its name. */
export interface ListedException {
  /** The vendor's own id; where there is no key. */
  readonly id?: string;
  readonly key?: string;
  readonly system: string;
  readonly reason: string;
}

/** A batch of people at the vendor. */
export interface OperationView {
  readonly id: number;
  readonly connection: string;
  readonly state: OperationRowState;
  /** The vendor's id for it. */
  readonly reference?: string;
  /** Id of the operation it was divided from. */
  readonly parent?: number;
  readonly subjects: number;
  readonly identifiers: number;
  readonly bytes: number;
  readonly attempts: number;
  readonly polls: number;
  readonly vendorState?: string;
  readonly destinations: readonly ListedResult[];
  readonly exceptions: readonly ListedException[];
  /** How many people came to which end; absent where the vendor speaks of the whole alone. */
  readonly results?: ResultCounts;
  /** How its leftovers stand together; absent while it is not complete, and where they were not recorded. */
  readonly leftOver?: LeftOver;
  readonly error?: FaultData;
  readonly createdAt: string;
  readonly acceptedAt?: string;
  readonly expectedBy?: string;
  readonly finishedAt?: string;
  readonly nextPollAt?: string;
}

/**
 * Shows an operation.
 * @param words the vendor's free words, for those who may see people.
 */
export function operationView(
  row: Omit<typeof operations.$inferSelect, 'words'>,
  words: VendorWords = {},
  results?: ResultCounts,
): OperationView {
  const view: OperationView = {
    id: row.id,
    connection: row.connection,
    state: row.state as OperationRowState,
    ...filled({ reference: row.reference, parent: row.parent }),
    subjects: row.subjects,
    identifiers: row.identifiers,
    bytes: row.bytes,
    attempts: row.attempts,
    polls: row.polls,
    ...(row.vendorState === null || row.vendorState === '' ? {} : { vendorState: row.vendorState }),
    destinations: (row.destinations ?? []) as ListedResult[],
    exceptions: (row.exceptions ?? []) as ListedException[],
    ...filled({ results, leftOver: row.leftOver as LeftOver | null, error: row.fault as FaultData | null }),
    createdAt: row.createdAt.toISOString(),
    ...given({
      acceptedAt: row.acceptedAt?.toISOString(),
      expectedBy: row.expectedBy?.toISOString(),
      finishedAt: row.finishedAt?.toISOString(),
      nextPollAt: row.nextPollAt?.toISOString(),
    }),
  };
  return withWords(view, words);
}
