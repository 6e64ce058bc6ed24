import { type DestinationResult, OperationState, type OperationStatus } from 'connector-contract';
import { isoTime, present } from 'connector-kit';
import { ruleNamed } from '../detection/coverage.js';
import type { DestinationStatus, RegulationRecord } from '../segment/segment.js';
import { expectedBy } from './sla.js';
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

/** Segment's app says "No action" where nothing was to be done; how the API spells it is not published. */
const nothingToDo = /^(?:NO_ACTION|NOTHING)(?:_|$)/;

function stateOf({ status }: DestinationStatus): DestinationResult['state'] {
  return nothingToDo.test(status) ? 'completed' : (destinationStates.get(status) ?? 'unknown');
}

/** How Segment may call its own stores among the entries, should they be there at all. How it does call them is not published. */
const ownStores: ReadonlySet<string> = new Set([
  'segment',
  'segment archive',
  'segment archives',
  'segment internal',
  'segment internal systems',
  'internal systems',
]);

/** Whether an entry has the name or id of a store of Segment's own; it may still be a destination that somebody called so. */
export function readsLikeOwnStore({ name, id }: DestinationStatus): boolean {
  return [name, id].some((one) => one !== undefined && ownStores.has(one.trim().toLowerCase()));
}

/** A record whose entries are told apart: those of Segment's own stores from destinations. */
interface Judged extends RegulationRecord {
  /** Ids of destinations that read like Segment's own stores. */
  readonly listed: ReadonlySet<string>;
}

/** Segment's own stores, should they be among the entries: what fails there is never an exception. */
function isSegmentsOwn(destination: DestinationStatus, { listed }: Judged): boolean {
  return readsLikeOwnStore(destination) && !listed.has(destination.id ?? '');
}

/** Whether the coverage rules know the destination, by the name or slug that Segment gives it, for one that deletions get to. */
function takesDeletions({ name, status }: DestinationStatus): boolean {
  const state = ruleNamed(name)?.state;
  return status !== 'NOT_SUPPORTED' && (state === 'reached' || state === 'forwarded');
}

/**
 * Whether this destination must have finished for the person to count as erased. One that is not known to take deletions is named as
 * an exception, so that nothing passes unseen.
 */
function counts(destination: DestinationStatus, record: Judged): boolean {
  return isSegmentsOwn(destination, record) || takesDeletions(destination);
}

function resultOf(destination: DestinationStatus): DestinationResult {
  const said = destination.error ? vendorWords(destination.error) : '';
  const message = nothingToDo.test(destination.status) ? 'Nothing was to be done here.' : said;
  return present({
    id: destination.id,
    name: destination.name,
    state: stateOf(destination),
    vendorState: destination.status,
    message: message || undefined,
    finishedAt: isoTime(destination.finishedAt),
  });
}

function reasonOf(destination: DestinationStatus, record: Judged): string {
  const { status, error } = destination;
  const said = error ? ` Segment says: ${vendorWords(error)}` : '';
  if (stateOf(destination) === 'pending') return `The deletion was not finished here (${status}).${said}`;
  if (counts(destination, record)) return `The deletion did not succeed here (${status}).${said}`;
  const refused = status === 'NOT_SUPPORTED' || ruleNamed(destination.name)?.state === 'not-reached';
  if (refused) return `It takes no deletions from Segment (${status}): erase the person there by other means.${said}`;
  return `The deletion did not succeed here (${status}), and whether this destination takes deletions is not known. Check its credentials in Segment where it does; erase the person there by other means where it does not.${said}`;
}

function exceptionsOf(record: Judged): Exception[] {
  // A warehouse that several sources feed is several entries; the same words about it are said once.
  const said = new Map<string, Exception>();
  for (const destination of record.destinations) {
    if (stateOf(destination) === 'completed') continue;
    const { id, name } = destination;
    const exception = { ...present({ id }), system: name, reason: reasonOf(destination, record) };
    said.set(JSON.stringify([id ?? name, exception.reason]), exception);
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
function judgeFailed(record: Judged): Judgement {
  const { destinations, finishedAt } = record;
  const open = destinations.filter((destination) => stateOf(destination) !== 'completed');
  const wanting = open.filter((destination) => counts(destination, record));
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
function judgeDone(record: Judged, whole: Judgement): Judgement {
  const open = record.destinations.filter((destination) => stateOf(destination) !== 'completed');
  if (open.some((one) => isSegmentsOwn(one, record) && stateOf(one) === 'failed'))
    return { state: OperationState.failed };
  return open.length > 0 ? { ...whole, state: OperationState.completedWithExceptions } : whole;
}

function judge(record: Judged): Judgement {
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

function exceptionsFor(record: Judged, { state, own }: Judgement): readonly Exception[] {
  if (state !== OperationState.failed && state !== OperationState.completedWithExceptions) return [];
  const named = exceptionsOf(record);
  const isPartial = state === OperationState.completedWithExceptions;
  return own === undefined || (isPartial && named.length > 0) ? named : [{ system: 'Segment', reason: own }, ...named];
}

/**
 * Where an operation stands, by what Segment says about its regulation. Pure.
 * @param listed ids of those entries that read like Segment's own stores ({@link readsLikeOwnStore}) and are destinations.
 * @see https://www.twilio.com/docs/segment/privacy/user-deletion-and-suppression for what the statuses mean
 */
export function operationStatus(
  regulation: RegulationRecord,
  listed: ReadonlySet<string> = new Set(),
): OperationStatus {
  const record = { ...regulation, listed };
  const judgement = judge(record);
  const createdAt = isoTime(record.createdAt);
  return present({
    state: judgement.state,
    vendorState: record.overallStatus,
    destinations: record.destinations.map(resultOf),
    exceptions: exceptionsFor(record, judgement),
    expectedBy: createdAt && expectedBy(Date.parse(createdAt)),
    finishedAt: isoTime(record.finishedAt),
  });
}
