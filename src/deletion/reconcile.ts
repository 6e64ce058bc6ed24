import { ConnectorFault, faultData, type ReconcileOutcome } from 'connector-contract';
import { inFlightMs, type Page, present, timeOf } from 'connector-kit';
import { ownManifest } from '../manifest.js';
import type { ListedRegulation } from '../segment/segment.js';
import { expectedBy, isRecordKept } from './sla.js';

/**
 * How far Segment's clock may be behind the host's beyond what its answers say. Machines that keep time by the network are seconds apart; five minutes is
 * what sign-in protocols commonly forgive. A wider allowance costs little: only a regulation of the very same people, made in
 * those minutes and belonging to no other operation, could be taken for the lost one, and it deletes the same people.
 */
export const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** Further behind than this Segment's clock tells nothing: a regulation of the same people could be an earlier one. */
export const MOST_BEHIND_MS = 24 * 60 * 60 * 1000;

/** How long one call reads the list; a longer list is read on by the next call. */
export const READING_MS = 2 * 60 * 1000;

/** Entries that have to come newest first before that is taken for the order of the list. */
const SURE_OF_ORDER = 100;

/** What is looked for. Times in milliseconds since the epoch. */
export interface Lost {
  /** The distinct values that were sent. */
  readonly values: readonly string[];
  readonly attemptedAt: number;
  /** References of other operations. */
  readonly claimed: ReadonlySet<string>;
  /** Milliseconds that Segment's clock is behind the host's by its own word, at the last answer; 0 where it is not, or does not say. */
  readonly behindMs?: () => number;
}

/** How far the list was read, and what it showed. Times in milliseconds since the epoch. Names nobody. */
export interface Sighting {
  /** When the reading began. */
  readonly askedAt: number;
  /** The earliest regulation that is the lost one. */
  readonly found?: { readonly id: string; readonly createdAt: number };
  /** There is one that may be it, but is of another type, or does not tell its people, its type or a time that can be read. */
  readonly doubtful: boolean;
  /** How many entries came, and the time of the last, while all came newest first; absent once one did not. */
  readonly newestFirst?: { readonly count: number; readonly last: number };
  /** Where to read on; absent where nothing is left that could be the lost one. */
  readonly next?: string;
}

function isSameSet(subjectIds: readonly string[], wanted: ReadonlySet<string>): boolean {
  // Sizes first: nearly every regulation is told apart by that, without touching an identifier.
  if (subjectIds.length < wanted.size) return false;
  if (!subjectIds.every((id) => wanted.has(id))) return false;
  return new Set(subjectIds).size === wanted.size;
}

/** What one more page adds to what was seen. What other people's regulations lack does not matter, unless one could be the lost one. */
function seenWith({ items, next }: Page<ListedRegulation>, before: Sighting, lost: Lost, wanted: ReadonlySet<string>) {
  const since = lost.attemptedAt - CLOCK_SKEW_MS - (lost.behindMs?.() ?? 0);
  let { found, doubtful, newestFirst } = before;
  let older = 0;
  for (const { id, type, createdAt, subjectIds } of items) {
    const at = timeOf(createdAt);
    if (at === undefined || newestFirst === undefined || at > newestFirst.last) newestFirst = undefined;
    else newestFirst = { count: newestFirst.count + 1, last: at };
    if (at !== undefined && at < since) older += 1;
    if (lost.claimed.has(id)) continue;
    if (at !== undefined && (at < since || (found && at >= found.createdAt))) continue;
    if (subjectIds !== undefined && !isSameSet(subjectIds, wanted)) continue;
    if (at === undefined || type === undefined || subjectIds === undefined) doubtful = true;
    else found = { id, createdAt: at };
  }
  // No order is promised: so many entries that come newest first are no accident, and then a page from before the attempt is the last.
  const past = newestFirst !== undefined && newestFirst.count >= SURE_OF_ORDER && older === items.length;
  return present({ askedAt: before.askedAt, found, doubtful, newestFirst, next: past ? undefined : next });
}

/**
 * Goes through Segment's list for the regulation of a lost creation: of exactly the same set of ids, made
 * no earlier than the attempt, and nobody else's.
 * @param before where an earlier call stopped, else where none has begun.
 * @param late whether the time for reading is over.
 */
export async function sight(
  pages: AsyncIterable<Page<ListedRegulation>>,
  lost: Lost,
  before: Sighting,
  late: () => boolean,
): Promise<Sighting> {
  const wanted = new Set(lost.values);
  let sighting = before;
  for await (const page of pages) {
    sighting = seenWith(page, sighting, lost, wanted);
    if (sighting.next === undefined || late()) break;
  }
  return sighting;
}

/** Where a reading begins. */
export function unread(now: number): Sighting {
  return { askedAt: now, doubtful: false, newestFirst: { count: 0, last: Number.MAX_SAFE_INTEGER } };
}

/** What an earlier call answered as its progress; a reading that begins where it cannot be read. */
export function readOn(progress: string | undefined, now: number): Sighting {
  try {
    const kept = JSON.parse(progress ?? '') as Sighting;
    if (typeof kept.next === 'string' && Number.isFinite(kept.askedAt)) return kept;
  } catch {
    // Read from the beginning.
  }
  return unread(now);
}

/** Where Segment cannot tell and a person must. */
export function undecidable(why: string): ReconcileOutcome {
  const fault = ConnectorFault.of('SUBMISSION_UNCERTAIN', `The answer to a submission was lost, and ${why}.`, {
    remedy:
      'Look in Segment under Privacy > Deletion and Suppression > Deletion Requests. Confirm the submission if it is there, or submit it again: asking twice deletes nothing more, but counts twice against the quota.',
  });
  return { found: 'undecidable', fault: faultData(fault) };
}

/** What the list decides. Pure. */
export function reconciled(sighting: Sighting, attemptedAt: number): ReconcileOutcome {
  const { found, doubtful, next, askedAt } = sighting;
  if (next !== undefined) return { found: 'not-yet', retryAfterMs: 0, progress: JSON.stringify(sighting) };
  if (found) return { found: 'accepted', reference: found.id, expectedBy: expectedBy(found.createdAt) };
  if (doubtful) {
    return undecidable(
      'Segment lists a request that may be this one, but of another type, or without its people, type or time',
    );
  }
  // With the allowance, so that a record at the edge of what is kept is never taken for one that was not there.
  if (!isRecordKept(attemptedAt - CLOCK_SKEW_MS, askedAt)) {
    return undecidable('Segment keeps no list of what it took so long ago');
  }
  const over = attemptedAt + inFlightMs(ownManifest());
  return askedAt < over ? { found: 'not-yet', retryAfterMs: over - askedAt } : { found: 'absent' };
}
