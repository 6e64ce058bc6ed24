/** How many people of an operation came to which end, by the word of its vendor. */
import type { SubjectOutcome } from 'connector-contract';
import { and, count, inArray, isNotNull } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { operationMembers } from '../store/schema.js';

/** People by outcome; those that nobody came to are left out. */
export type ResultCounts = Partial<Readonly<Record<SubjectOutcome, number>>>;

/** Counts them, by the id of the operation; operations whose vendor speaks of the whole alone are not named. */
export async function countResults(db: Queryable, ids: readonly number[]): Promise<ReadonlyMap<number, ResultCounts>> {
  if (ids.length === 0) return new Map();
  const { operation, outcome } = operationMembers;
  const rows = await db
    .select({ operation, outcome, people: count() })
    .from(operationMembers)
    .where(and(inArray(operation, [...ids]), isNotNull(outcome)))
    .groupBy(operation, outcome);
  const found = new Map<number, ResultCounts>();
  for (const row of rows) {
    found.set(row.operation, { ...found.get(row.operation), [row.outcome as SubjectOutcome]: row.people });
  }
  return found;
}
