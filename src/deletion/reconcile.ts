import { CALL_BEGINS_WITHIN_MS, ConnectorFault, faultData, type ReconcileOutcome } from 'connector-contract';
import { defaultBounds } from '../segment/client.js';
import type { ListedRegulation } from '../segment/segment.js';
import { expectedBy, isRecordKept, timeOf } from './sla.js';

/**
 * How far Segment's clock may be behind the host's. Machines that keep time by the network are seconds apart; five minutes is
 * what sign-in protocols commonly forgive. A wider allowance costs little: only a regulation of the very same people, made in
 * those minutes and belonging to no other operation, could be taken for the lost one, and it deletes the same people.
 */
export const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** A creation leaves within this time after the call began, or not at all. */
export const SENDING_WINDOW_MS = defaultBounds.timeoutMs;

/**
 * Until then, counted from the attempt, a lost creation can still arrive: the time until the call began, the time it had for leaving,
 * and as long again for being taken.
 */
export const IN_FLIGHT_MS = CALL_BEGINS_WITHIN_MS + SENDING_WINDOW_MS + defaultBounds.timeoutMs;

/** What is looked for. Times in milliseconds since the epoch. */
export interface Lost {
  /** The distinct values that were sent. */
  readonly values: readonly string[];
  readonly attemptedAt: number;
  /** References of other operations. */
  readonly claimed: ReadonlySet<string>;
}

/** What the list showed. */
export interface Sighting {
  /** The earliest regulation that is the lost one. */
  readonly found?: { readonly id: string; readonly createdAt: number };
  /** There is one that may be it, but does not tell its people, its type or a time that can be read. */
  readonly doubtful: boolean;
}

function isSameSet(subjectIds: readonly string[], wanted: ReadonlySet<string>): boolean {
  // Sizes first: nearly every regulation is told apart by that, without touching an identifier.
  if (subjectIds.length < wanted.size) return false;
  if (!subjectIds.every((id) => wanted.has(id))) return false;
  return new Set(subjectIds).size === wanted.size;
}

/**
 * Goes through Segment's list (of the type in question) for the regulation of a lost creation: of exactly the same set of ids, made
 * no earlier than the attempt, and nobody else's. All of the list, since its order is not certain; one page at a time. What other
 * people's regulations lack does not matter, unless one of them could be the lost one.
 */
export async function sight(list: AsyncIterable<ListedRegulation>, lost: Lost): Promise<Sighting> {
  const wanted = new Set(lost.values);
  const since = lost.attemptedAt - CLOCK_SKEW_MS;
  let found: Sighting['found'];
  let doubtful = false;
  for await (const { id, type, createdAt, subjectIds } of list) {
    if (lost.claimed.has(id)) continue;
    const at = timeOf(createdAt);
    if (at !== undefined && (at < since || (found && at >= found.createdAt))) continue;
    if (subjectIds !== undefined && !isSameSet(subjectIds, wanted)) continue;
    if (at === undefined || type === undefined || subjectIds === undefined) doubtful = true;
    else found = { id, createdAt: at };
  }
  return found ? { found, doubtful } : { doubtful };
}

/** Where Segment cannot tell and a person must. */
export function undecidable(why: string): ReconcileOutcome {
  const fault = ConnectorFault.of('SUBMISSION_UNCERTAIN', `The answer to a submission was lost, and ${why}.`, {
    remedy:
      'Look in Segment under Privacy > Deletion and Suppression > Deletion Requests. Confirm the submission if it is there, or submit it again: asking twice deletes nothing more, but counts twice against the quota.',
  });
  return { found: 'undecidable', fault: faultData(fault) };
}

/** What the list decides. `askedAt`: when the listing began, in milliseconds since the epoch. Pure. */
export function reconciled({ found, doubtful }: Sighting, attemptedAt: number, askedAt: number): ReconcileOutcome {
  if (found) return { found: 'accepted', reference: found.id, expectedBy: expectedBy(found.createdAt) };
  if (doubtful) return undecidable('Segment lists a request that may be this one, without saying enough to tell');
  // With the allowance, so that a record at the edge of what is kept is never taken for one that was not there.
  if (!isRecordKept(attemptedAt - CLOCK_SKEW_MS, askedAt)) {
    return undecidable('Segment keeps no list of what it took so long ago');
  }
  const over = attemptedAt + IN_FLIGHT_MS;
  return askedAt < over ? { found: 'not-yet', retryAfterMs: over - askedAt } : { found: 'absent' };
}
