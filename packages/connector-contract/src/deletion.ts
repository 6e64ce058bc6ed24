import type { ConnectorConfig, ConnectorContext } from './context.js';
import type { FaultData } from './fault.js';

/** One thing a person is known by. `kind` is one of the manifest's `identities` (`email`, `user_id`); `value` travels byte for byte. */
export interface Identifier {
  readonly kind: string;
  readonly value: string;
}

/** One person, as a connector sees one: an opaque id of the host's, and identifiers. */
export interface Subject {
  readonly id: string;
  readonly identifiers: readonly Identifier[];
}

/** What one vendor call erases. Within the manifest's `deletion.batch` limits. */
export interface Operation {
  /** In the order they were given; of each, the identifiers this operation sends, without repeats. */
  readonly subjects: readonly Subject[];
  /** Distinct identifier values that go to the vendor. */
  readonly identifierCount: number;
  /** UTF-8 bytes of the request body. */
  readonly bytes: number;
  /**
   * What the host knows the operation by: the same at every try and in every `reconcile` of this very operation, and never that of
   * another one, on any host (a random UUID, kept with the operation before its first submission). A plan leaves it out; a
   * host fills it in. For vendors that take an idempotency key of the caller's. Where it is absent, a connector that needs it
   * can still submit, but not tell afterwards whether the vendor has it.
   */
  readonly key?: string;
}

/** The answer of {@link DeletionCapability.plan}: every subject that was given is in exactly one operation or is rejected. */
export interface DeletionPlan {
  readonly operations: readonly Operation[];
  readonly rejected: readonly { readonly subjectId: string; readonly fault: FaultData }[];
}

/** What the vendor says about the quota, where it says so. */
export interface QuotaReading {
  readonly remaining?: number;
  readonly consumed?: number;
  /** ISO 8601. */
  readonly resetsAt?: string;
}

/** What a vendor may say that became of one person. */
export const SubjectOutcome = {
  /** Everything that the deletion reaches is gone. */
  erased: 'erased',
  /** The vendor holds nobody by these identifiers. */
  noMatch: 'no-match',
  /** Some of it is gone and the rest will stay. */
  partial: 'partial',
  /** Nothing is gone: the vendor does not erase this person. */
  refused: 'refused',
} as const;

/** One of {@link SubjectOutcome}. */
export type SubjectOutcome = (typeof SubjectOutcome)[keyof typeof SubjectOutcome];

/** What became of one person, from a connector that asks for the feature `subject-results`. */
export interface SubjectResult {
  /** {@link Subject.id} of somebody in the operation. */
  readonly id: string;
  readonly outcome: SubjectOutcome;
  /** With `partial` and `refused`, and with these alone: what stays and why, naming nobody. */
  readonly fault?: FaultData;
}

/**
 * The vendor has taken the operation. Where the manifest's `deletion.type` is `synchronous` it is done; otherwise the vendor will be asked
 * about it by `reference`.
 */
export interface Accepted {
  readonly accepted: true;
  /**
   * The vendor's id for this very operation, and no other one of the connection. A host does not follow two by one reference: it sets the
   * second aside as `REFERENCE_REPEATED` until a person has decided. Where the vendor gives one id to several, the manifest asks for
   * the feature `shared-references`. Names no person: it is shown, logged and kept for good.
   */
  readonly reference: string;
  /** ISO 8601: by when the vendor means to be done, where that is known. */
  readonly expectedBy?: string;
  /**
   * What is known already of what became of people, each at most once; with the feature `subject-results`. Of whom nothing is said, the
   * state of the operation counts. An operation all of whose people have one is at its end, and the vendor is not asked about it.
   */
  readonly result?: readonly SubjectResult[];
  readonly quota?: QuotaReading;
}

/** The vendor has not taken the operation (`not-taken`), or nobody knows (`unknown`): then only `reconcile` may decide. */
export interface NotAccepted {
  readonly accepted: false;
  readonly certain: 'not-taken' | 'unknown';
  readonly fault: FaultData;
  /**
   * Smaller operations that take this one's place, where the vendor refused the whole because of a part. Together they hold
   * every subject and identifier of this one. Absent once a single identifier is left, which is then the one refused.
   */
  readonly instead?: readonly Operation[];
  readonly quota?: QuotaReading;
}

/** The answer of {@link DeletionCapability.submit}. */
export type SubmitOutcome = Accepted | NotAccepted;

/** The answer of {@link DeletionCapability.reconcile}. */
export type ReconcileOutcome =
  /** The vendor has it; `result` as in {@link Accepted}. */
  | {
      readonly found: 'accepted';
      readonly reference: string;
      readonly expectedBy?: string;
      readonly result?: readonly SubjectResult[];
    }
  /** The vendor certainly has not, or to send again does no harm (the manifest's `deletion.repeatable`): it may be sent again. */
  | { readonly found: 'absent' }
  /**
   * Too early to tell: the lost call could still arrive, or the vendor's list is not read to its end. Ask again after `retryAfterMs`, with
   * `progress` (at most 4,000 characters, nothing about people) where there is one and the connector asks for `resumable-reconcile`.
   */
  | { readonly found: 'not-yet'; readonly retryAfterMs: number; readonly progress?: string }
  /** The vendor offers no way to tell; a person decides. */
  | { readonly found: 'undecidable'; readonly fault: FaultData };

/** Where an operation stands. The last five are final. */
export const OperationState = {
  accepted: 'accepted',
  processing: 'processing',
  completed: 'completed',
  completedWithExceptions: 'completed_with_exceptions',
  failed: 'failed',
  expired: 'expired',
  cancelled: 'cancelled',
} as const;

/** One of {@link OperationState}. */
export type OperationState = (typeof OperationState)[keyof typeof OperationState];

/** What became of an operation in one system that the vendor passes it on to. */
export interface DestinationResult {
  /** The vendor's id of the system: with that of a {@link DetectedSystem}, a host gives both one name. */
  readonly id?: string;
  readonly name: string;
  readonly state: 'pending' | 'completed' | 'failed' | 'not-supported' | 'unknown';
  /** The vendor's own word for it, as it came. One that the manifest's `deletion.vendorStates` does not have counts as free text. */
  readonly vendorState: string;
  /** Why, in the vendor's free words: a host shows them to those alone who may see people, and purges them with the first of these. */
  readonly message?: string;
  /** ISO 8601. */
  readonly finishedAt?: string;
}

/** The answer of {@link DeletionCapability.status}. */
export interface OperationStatus {
  readonly state: OperationState;
  /** The vendor's own word for the whole, as it came, held against `deletion.vendorStates` as well; `''` where it keeps no record any more. */
  readonly vendorState: string;
  readonly destinations: readonly DestinationResult[];
  /** For `completed_with_exceptions` and `failed`: which systems, and why, in plain words of the connector's that name nobody. `id` as in {@link DestinationResult}. */
  readonly exceptions: readonly { readonly id?: string; readonly system: string; readonly reason: string }[];
  /**
   * What is known by now of what became of people; with the feature `subject-results`. It counts for each of them once the state is
   * final; of whom nothing is said, the state does.
   */
  readonly subjects?: readonly SubjectResult[];
  /** ISO 8601. */
  readonly expectedBy?: string;
  /** ISO 8601. */
  readonly finishedAt?: string;
}

/** The answer of {@link DeletionCapability.cancel}. */
export type CancelOutcome = { readonly cancelled: true } | { readonly cancelled: false; readonly fault: FaultData };

/**
 * A host calls `submit` within this many milliseconds after the time that it wrote down as the attempt, by the clock of any of its
 * machines, or not at all: what `reconcile` needs to know when a lost call can no longer arrive.
 */
export const CALL_BEGINS_WITHIN_MS = 10_000;

/** Erasing people at the vendor. */
export interface DeletionCapability {
  /**
   * Packs subjects into operations. Pure and deterministic: the same subjects and configuration give the same plan.
   * All identifiers of a subject are in one operation; what would not fit any operation is rejected with the reason.
   */
  plan(subjects: readonly Subject[], config: ConnectorConfig): DeletionPlan;
  /**
   * Makes one request that changes something, never more; with `deletion.repeatable` one for each id that the vendor knows a person by, and what
   * breaks off after the first of them is `unknown`. Trouble is answered, not thrown; a throw counts as `unknown`.
   */
  submit(operation: Operation, ctx: ConnectorContext): Promise<SubmitOutcome>;
  /**
   * After an `unknown`: looks for the vendor's record of this very operation. Changes nothing there.
   * @param ctx its configuration is that of now, but for the fields that the manifest names as what a deletion is (`completion`, quota groups,
   *   `equalsKnownByWhen`): they have the value that the operation was sent under, where the host kept it.
   * @param attemptedAt ISO 8601, what the host wrote down before the lost call: at most {@link CALL_BEGINS_WITHIN_MS} earlier.
   * @param claimed references that belong to other operations and so cannot be this one.
   * @param progress what the call before answered as such.
   * @throws ConnectorFault where the vendor could not be asked.
   */
  reconcile(
    operation: Operation,
    attemptedAt: string,
    ctx: ConnectorContext,
    claimed?: readonly string[],
    progress?: string,
  ): Promise<ReconcileOutcome>;
  /**
   * Asks how far an operation is. Not called unless the manifest says `statusPollable`, nor where the answer of `submit` is the end.
   * @throws ConnectorFault where the vendor could not be asked. A record that the vendor no longer keeps is the state `expired`, not a fault.
   */
  status(reference: string, ctx: ConnectorContext): Promise<OperationStatus>;
  /** Takes an operation back where the vendor has not begun. Present where the manifest says `cancellable`. */
  cancel?(reference: string, ctx: ConnectorContext): Promise<CancelOutcome>;
}

const finalStates: ReadonlySet<OperationState> = new Set<OperationState>([
  OperationState.completed,
  OperationState.completedWithExceptions,
  OperationState.failed,
  OperationState.expired,
  OperationState.cancelled,
]);

/** Whether an operation in this state will never change again. */
export function isFinal(state: OperationState): boolean {
  return finalStates.has(state);
}
