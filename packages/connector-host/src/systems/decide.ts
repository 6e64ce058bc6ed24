/** What people decide about systems: a treatment, and the archive. */
import type { FieldIssue } from 'connector-contract';
import { and, eq, isNotNull, ne } from 'drizzle-orm';
import type { Actor } from '../access/roles.js';
import type { Engine } from '../engine/engine.js';
import { HostProblem } from '../problem.js';
import { issuesText } from '../requests/request-body.js';
import { endOfLeftover, type Treatment, type TreatmentKind } from '../requests/treatment.js';
import { localDate } from '../requests/zoned-days.js';
import type { Database, Queryable } from '../store/database.js';
import { connections, systems } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { decideWork } from '../work/left-over.js';
import { followSystems } from '../work/systems.js';

/** A treatment as it is handed in. */
export type TreatmentWish = Omit<Treatment, 'by' | 'at' | 'askedAgainAt'>;

/** Whether a system is to be in the archive, and why. */
export interface ArchiveWish {
  readonly archived: boolean;
  /** Needed to archive. */
  readonly reason?: string;
}

/** Longest texts that are kept, in characters, and the most days. */
export const treatmentLimits = { reason: 1_000, owner: 200, instructions: 4_000, days: 365 } as const;

/** What decisions stand on. */
export interface DecisionParts {
  readonly db: Database;
  readonly engine: Engine;
  /** The host's zone, in which a day begins. */
  readonly zone: string;
}

const onlyFor: Readonly<Record<string, TreatmentKind>> = {
  owner: 'by-hand',
  instructions: 'by-hand',
  days: 'by-hand',
  coveredBy: 'covered-elsewhere',
};

function missing(field: string, message: string): FieldIssue {
  return { field: `treatment.${field}`, code: 'REQUIRED', message };
}

/** What is wrong with a treatment, as far as it says so itself. Pure. @param today ISO 8601 date. */
function treatmentIssues(wish: TreatmentWish, today: string): FieldIssue[] {
  const { kind, reason, owner, coveredBy, lookAgainOn } = wish;
  const issues: FieldIssue[] = [];
  if (reason.trim() === '') issues.push(missing('reason', 'A treatment needs a reason.'));
  if (kind === 'by-hand' && (owner ?? '').trim() === '') {
    issues.push(missing('owner', 'Work by hand needs an owner: who erases people there.'));
  }
  if (kind === 'covered-elsewhere' && (coveredBy ?? '') === '') {
    issues.push(missing('coveredBy', 'Name the connection that reaches this system.'));
  }
  for (const [field, of] of Object.entries(onlyFor)) {
    if (of === kind || wish[field as keyof TreatmentWish] === undefined) continue;
    const message = `${field} goes with the kind ${of} alone.`;
    issues.push({ field: `treatment.${field}`, code: 'INVALID', message, remedy: 'Leave it out.' });
  }
  if (lookAgainOn !== undefined && lookAgainOn <= today) {
    const message = 'The day to look at it again is not after today.';
    issues.push({
      field: 'treatment.lookAgainOn',
      code: 'INVALID',
      message,
      remedy: 'Name one that is still to come.',
    });
  }
  return issues;
}

function demandNone(issues: readonly FieldIssue[]): void {
  if (issues.length > 0) throw new HostProblem('REQUEST_INVALID', issuesText(issues), { errors: issues });
}

/** How the work in a system ends by a treatment. Whom another connection covers is seen from each leftover; the work ends with the last of them. */
function endOfWork(kind: TreatmentKind) {
  return kind === 'covered-elsewhere' ? 'open' : endOfLeftover[kind];
}

async function demandCover(tx: Queryable, connection: string, coveredBy: string | undefined): Promise<void> {
  if (coveredBy === undefined) return;
  const [other] = await tx
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.id, coveredBy), ne(connections.id, connection), ne(connections.state, 'removed')));
  if (other !== undefined) return;
  const message = 'There is no other connection with this id.';
  const remedy = 'List the connections to see their ids.';
  demandNone([{ field: 'treatment.coveredBy', code: 'CONNECTION_UNKNOWN', message, remedy }]);
}

/**
 * Decides how people are treated whom a deletion does not reach in a system, or takes the decision back. What is left over there already
 * follows, in a job.
 * @throws HostProblem REQUEST_INVALID.
 */
export async function treat(
  { db, engine, zone }: DecisionParts,
  { connection, key }: { readonly connection: string; readonly key: string },
  wish: TreatmentWish | null,
  actor: Actor,
  at: Date,
): Promise<void> {
  const time = at.toISOString();
  if (wish !== null) demandNone(treatmentIssues(wish, localDate(at.getTime(), zone)));
  await db.orm.transaction(async (tx) => {
    await demandCover(tx, connection, wish?.coveredBy);
    const treatment: Treatment | null =
      wish === null ? null : { ...wish, reason: wish.reason.trim(), by: actor.id, at: time };
    const changed = await tx
      .update(systems)
      .set({ treatment })
      .where(
        and(
          eq(systems.connection, connection),
          eq(systems.key, key),
          wish === null ? isNotNull(systems.treatment) : undefined,
        ),
      )
      .returning({ key: systems.key });
    if (changed.length === 0) return;
    await engine.send('leftovers', { connection }, {}, tx);
    await decideWork(
      tx,
      {
        ...{ connection, system: key, by: actor.id },
        ...(wish === null
          ? { outcome: 'open' }
          : { ...wish, reason: wish.reason.trim(), outcome: endOfWork(wish.kind) }),
      },
      at,
    );
    await followSystems(tx, connection, at, key);
    const data = wish === null ? { key } : { key, treatment: wish.kind, reason: wish.reason };
    const kind = wish === null ? 'system.treatment_withdrawn' : 'system.treated';
    await appendEvents(tx, [{ at, kind, connection, actor: actor.id, data }]);
  });
}

/**
 * Archives a system or takes it out of the archive; no detection does either. What is left over there stays left over.
 * @throws HostProblem REQUEST_INVALID.
 */
export async function archive(
  { db }: DecisionParts,
  { connection, key }: { readonly connection: string; readonly key: string },
  { archived, reason = '' }: ArchiveWish,
  actor: Actor,
  at: Date,
): Promise<void> {
  const why = reason.trim();
  if (archived && why === '') {
    demandNone([{ field: 'reason', code: 'REQUIRED', message: 'Say why the system is archived.' }]);
  }
  await db.orm.transaction(async (tx) => {
    const archiving = archived ? { by: actor.id, at: at.toISOString(), reason: why } : null;
    const changed = await tx
      .update(systems)
      .set({ archived, archiving })
      .where(and(eq(systems.connection, connection), eq(systems.key, key), eq(systems.archived, !archived)))
      .returning({ key: systems.key });
    if (changed.length === 0) return;
    await followSystems(tx, connection, at, key);
    const kind = archived ? 'system.archived' : 'system.restored';
    const data = { key, ...(archived ? { reason: why } : {}) };
    await appendEvents(tx, [{ at, kind, connection, actor: actor.id, data }]);
  });
}
