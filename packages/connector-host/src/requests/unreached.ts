/** What a deletion does not reach, as far as detections know. Dry runs tell of it beforehand. */
import type { CoverageState, DetectedSystem } from 'connector-contract';
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { connections, detections, systems } from '../store/schema.js';
import { leaves } from './leftover-codes.js';
import { endOfLeftover, type Treatment } from './treatment.js';

/** A detected system that a deletion does not reach by itself, archived, connected no longer, or not. */
export interface UnreachedSystem {
  readonly key: string;
  readonly name: string;
  readonly kind: DetectedSystem['kind'];
  readonly coverage: { readonly state: CoverageState; readonly reason: string };
}

/** The systems of one connection that a deletion does not reach. */
export interface Unreached {
  /** By key. */
  readonly systems: readonly UnreachedSystem[];
  /**
   * When the connection was last looked through to the end, and the settings that it was under, `null` where they were not kept. Absent
   * where it never was: then nothing is known, and no system in the list means nothing.
   */
  readonly looked?: { readonly at: Date; readonly settings: unknown };
}

/**
 * Looks up what a deletion at this connection does not reach.
 * @param covered whether another connection erases the same people, where it is decided that it covers a system.
 */
export async function unreached(
  db: Queryable,
  connection: string,
  covered: (by: string) => boolean = () => true,
): Promise<Unreached> {
  // Whether nobody decided that a person is not to be looked for there.
  const needsErasing = ({ treatment, there }: { readonly treatment: unknown; readonly there: boolean }) => {
    if (treatment === null) return true;
    const { kind, coveredBy = '' } = treatment as Treatment;
    if (kind === 'covered-elsewhere') return !there || !covered(coveredBy);
    return endOfLeftover[kind] !== 'not_needed';
  };
  const [looked] = await db
    .select({ at: detections.finishedAt, settings: detections.settings })
    .from(detections)
    .where(and(eq(detections.connection, connection), eq(detections.state, 'complete')))
    .orderBy(desc(detections.id))
    .limit(1);
  const rows = await db
    .select({
      system: systems.system,
      treatment: systems.treatment,
      there: sql<boolean>`exists (select from ${connections} where id = ${systems.treatment} ->> 'coveredBy' and state <> 'removed')`,
    })
    .from(systems)
    .where(and(eq(systems.connection, connection), leaves(systems)))
    .orderBy(asc(systems.key));
  return {
    systems: rows.filter(needsErasing).map(({ system }) => {
      const { key, name, kind, coverage } = system as DetectedSystem;
      return { key, name, kind, coverage: { state: coverage.state, reason: coverage.reason } };
    }),
    ...(looked?.at ? { looked: { at: looked.at, settings: looked.settings } } : {}),
  };
}
