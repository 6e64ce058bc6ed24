/** Which of the operations that a connector packed are made now, and which wait to be filled up. Pure. */
import type { DeletionTerms, Operation } from 'connector-contract';

/** From this share of a limit on, an operation is as good as full: the next person may not fit any more. */
const FULL = 0.95;

/** Whether nobody else is likely to fit into an operation. One of a connector without limits is never full. */
export function isFull(operation: Operation, batch: DeletionTerms['batch']): boolean {
  const reaches = (size: number, limit: number | undefined) => limit !== undefined && size >= limit * FULL;
  return (
    reaches(operation.subjects.length, batch.maxSubjects) ||
    reaches(operation.identifierCount, batch.maxIdentifiers) ||
    reaches(operation.bytes, batch.maxBytes)
  );
}

/** What is to be made of a chunk's operations. */
export interface Choice {
  /** To be made now. */
  readonly go: readonly Operation[];
  /** Milliseconds since the epoch at which those that are left go even if nobody joins; `undefined` where none is left or more people are waiting. */
  readonly nextAt?: number;
}

/**
 * Chooses among the operations packed from one chunk of waiting people.
 *
 * A full one goes at once. One with room goes when the first of its people has waited for the plan window. Where more people wait than
 * were in the chunk, only a last operation with room is left, to be packed again with the next chunk; a chunk of one operation goes as it is.
 * @param since when each person began to wait, by id, in milliseconds since the epoch.
 */
export function choose(
  operations: readonly Operation[],
  batch: DeletionTerms['batch'],
  more: boolean,
  since: ReadonlyMap<string, number>,
  now: number,
  planWindowMs: number,
): Choice {
  if (more) {
    const last = operations.at(-1);
    const again = operations.length > 1 && last !== undefined && !isFull(last, batch);
    return { go: again ? operations.slice(0, -1) : operations };
  }
  const go: Operation[] = [];
  let nextAt = Number.POSITIVE_INFINITY;
  for (const operation of operations) {
    const first = operation.subjects.reduce((least, { id }) => Math.min(least, since.get(id) ?? 0), now);
    if (isFull(operation, batch) || first + planWindowMs <= now) go.push(operation);
    else nextAt = Math.min(nextAt, first + planWindowMs);
  }
  return nextAt === Number.POSITIVE_INFINITY ? { go } : { go, nextAt };
}
