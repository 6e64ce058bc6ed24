/** What a deletion does not reach, as far as detections know. Dry runs tell of it beforehand, receipts afterwards. */
import type { CoverageState, DetectedSystem } from 'connector-contract';
import { and, asc, desc, eq, inArray } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { detections, systems } from '../store/schema.js';

/** A detected system that a deletion does not reach by itself. */
export interface UnreachedSystem {
  readonly key: string;
  readonly name: string;
  readonly kind: DetectedSystem['kind'];
  readonly coverage: { readonly state: CoverageState; readonly reason: string };
  /** Archived by a person, who wishes to hear no more of it. */
  readonly archived: boolean;
}

/** The systems of one connection that a deletion does not reach. */
export interface Unreached {
  /** By key. */
  readonly systems: readonly UnreachedSystem[];
  /**
   * When the connection was last looked through to the end (ISO 8601). Absent where it never was: then nothing is known, and no
   * system in the list means nothing.
   */
  readonly asOf?: string;
}

/** Looks up what a deletion at this connection does not reach. */
export async function unreached(db: Queryable, connection: string): Promise<Unreached> {
  const [looked] = await db
    .select({ at: detections.finishedAt })
    .from(detections)
    .where(and(eq(detections.connection, connection), eq(detections.state, 'complete')))
    .orderBy(desc(detections.id))
    .limit(1);
  const rows = await db
    .select({ system: systems.system, archived: systems.archived })
    .from(systems)
    .where(
      and(
        eq(systems.connection, connection),
        eq(systems.state, 'active'),
        inArray(systems.coverageState, ['not-reached', 'needs-setup', 'unknown']),
      ),
    )
    .orderBy(asc(systems.key));
  return {
    systems: rows.map(({ system, archived }) => {
      const { key, name, kind, coverage } = system as DetectedSystem;
      return { key, name, kind, coverage: { state: coverage.state, reason: coverage.reason }, archived };
    }),
    ...(looked?.at ? { asOf: looked.at.toISOString() } : {}),
  };
}
