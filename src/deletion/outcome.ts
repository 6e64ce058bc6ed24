import { type DestinationResult, OperationState, type OperationStatus } from 'connector-contract';
import { reachRuleOf } from '../detection/coverage.js';
import type { DestinationStatus, RegulationRecord } from '../segment/segment.js';
import { expectedBy, isoTime } from './sla.js';
import { vendorWords } from './vendor-words.js';

type Exception = OperationStatus['exceptions'][number];

const destinationStates: ReadonlyMap<string, DestinationResult['state']> = new Map([
  ['INITIALIZED', 'pending'],
  ['RUNNING', 'pending'],
  ['FINISHED', 'completed'],
  ['PARTIAL_SUCCESS', 'failed'],
  ['FAILED', 'failed'],
  ['INVALID', 'failed'],
  ['NOT_SUPPORTED', 'not-supported'],
]);

function stateOf({ status }: DestinationStatus): DestinationResult['state'] {
  return destinationStates.get(status) ?? 'unknown';
}

/** Segment's own stores, should they be among the entries: what fails there is never an exception. */
function isSegmentsOwn({ name }: DestinationStatus): boolean {
  return /^(?:segment\b.*|(?:internal )?(?:systems?|stores?|archives?))$/i.test(name.trim());
}

/**
 * Whether this destination must have finished for the person to count as erased: what the coverage rules know by the name or slug that
 * Segment gives it. What is not known there is named as an exception, so that nothing passes unseen.
 */
function counts(destination: DestinationStatus): boolean {
  if (isSegmentsOwn(destination)) return true;
  return destination.status !== 'NOT_SUPPORTED' && reachRuleOf(destination.name) !== undefined;
}

function resultOf(destination: DestinationStatus): DestinationResult {
  const message = destination.error ? vendorWords(destination.error) : '';
  const finishedAt = isoTime(destination.finishedAt);
  return {
    ...(destination.id === undefined ? {} : { id: destination.id }),
    name: destination.name,
    state: stateOf(destination),
    vendorState: destination.status,
    ...(message === '' ? {} : { message }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

function reasonOf(destination: DestinationStatus): string {
  const said = destination.error ? ` Segment says: ${vendorWords(destination.error)}` : '';
  if (!counts(destination)) {
    return `Not known to take deletions from Segment (${destination.status}): erase the person there by other means.${said}`;
  }
  if (stateOf(destination) === 'pending') return `The deletion was not finished here (${destination.status}).${said}`;
  return `The deletion did not succeed here (${destination.status}).${said}`;
}

function exceptionsOf(destinations: readonly DestinationStatus[]): Exception[] {
  // One destination on several sources is several entries; the same words about it are said once.
  const said = new Map<string, Exception>();
  for (const destination of destinations) {
    if (stateOf(destination) === 'completed') continue;
    const exception = { system: destination.name, reason: reasonOf(destination) };
    said.set(JSON.stringify([exception.system, exception.reason]), exception);
  }
  return [...said.values()];
}

interface Judgement {
  readonly state: OperationState;
  /** What Segment itself has to say, where the destinations do not explain it. */
  readonly own?: string;
}

/**
 * Segment says FAILED for the whole as soon as one destination fails that cannot delete at all, even where its own stores and
 * every other destination finished. The entries tell: such a destination explains the FAILED, and then the rest must have
 * finished. Where none explains it, Segment's own stores are what failed.
 */
function judgeFailed({ destinations, finishedAt }: RegulationRecord): Judgement {
  const open = destinations.filter((destination) => stateOf(destination) !== 'completed');
  const wanting = open.filter(counts);
  if (wanting.length > 0) {
    const waits = finishedAt === undefined && wanting.every((destination) => stateOf(destination) === 'pending');
    return { state: waits ? OperationState.processing : OperationState.failed };
  }
  if (open.some((destination) => stateOf(destination) === 'failed' || stateOf(destination) === 'not-supported')) {
    return { state: OperationState.completedWithExceptions };
  }
  return {
    state: OperationState.failed,
    own: 'Segment reports that the deletion failed, and no destination as the reason.',
  };
}

/** Segment calls the whole done, or done in part. What failed in its own stores is not done; the rest is an exception by name. */
function judgeDone({ destinations }: RegulationRecord, whole: Judgement): Judgement {
  const open = destinations.filter((destination) => stateOf(destination) !== 'completed');
  if (open.some((one) => isSegmentsOwn(one) && stateOf(one) === 'failed')) return { state: OperationState.failed };
  return open.length > 0 ? { ...whole, state: OperationState.completedWithExceptions } : whole;
}

function judge(record: RegulationRecord): Judgement {
  switch (record.overallStatus) {
    case 'INITIALIZED':
      return { state: OperationState.accepted };
    case 'FINISHED':
      return judgeDone(record, { state: OperationState.completed });
    case 'PARTIAL_SUCCESS':
      return judgeDone(record, {
        state: OperationState.completedWithExceptions,
        own: 'Segment reports partial success without saying what is missing.',
      });
    case 'FAILED':
      return judgeFailed(record);
    case 'NOT_SUPPORTED':
      return { state: OperationState.failed, own: 'Segment reports that it does not support this deletion.' };
    case 'INVALID':
      return { state: OperationState.failed, own: 'Segment reports that it holds the deletion request for invalid.' };
    default:
      // RUNNING, and any word that Segment may add: what is not known to be over is followed further.
      return { state: OperationState.processing };
  }
}

function exceptionsFor(record: RegulationRecord, { state, own }: Judgement): readonly Exception[] {
  if (state !== OperationState.failed && state !== OperationState.completedWithExceptions) return [];
  const named = exceptionsOf(record.destinations);
  const isPartial = state === OperationState.completedWithExceptions;
  return own === undefined || (isPartial && named.length > 0) ? named : [{ system: 'Segment', reason: own }, ...named];
}

/**
 * Where an operation stands, by what Segment says about its regulation. Pure.
 * @param record `undefined` where Segment keeps none any more.
 * @see https://www.twilio.com/docs/segment/privacy/user-deletion-and-suppression for what the statuses mean
 */
export function operationStatus(record: RegulationRecord | undefined): OperationStatus {
  if (!record) return { state: OperationState.expired, vendorState: '', destinations: [], exceptions: [] };
  const judgement = judge(record);
  const createdAt = isoTime(record.createdAt);
  const finishedAt = isoTime(record.finishedAt);
  return {
    state: judgement.state,
    vendorState: record.overallStatus,
    destinations: record.destinations.map(resultOf),
    exceptions: exceptionsFor(record, judgement),
    ...(createdAt === undefined ? {} : { expectedBy: expectedBy(Date.parse(createdAt)) }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}
