/** The intent of a submission: on disk before the call, together with who is in it and what it takes of the quota. */
import { isDeepStrictEqual } from 'node:util';
import type { Operation } from 'connector-contract';
import { eq, inArray } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { stopwatch } from '../../clock.js';
import { partConfig, plainSettings } from '../../connections/config.js';
import { countSubmission, quotaTermsOf } from '../../connections/quota.js';
import { heldConnection } from '../../connections/rows.js';
import { type Offer, offerOf } from '../../intake/offers.js';
import type { Queryable } from '../../store/database.js';
import { operations, tasks } from '../../store/schema.js';
import { appendEvents } from '../../timeline.js';
import { heldOf, judgeAgain } from '../doubtful.js';
import { type Member, type OperationRow, operationOf, positionsOf, readMembers, subjectOf } from '../members.js';
import type { LifecycleParts, OpenConnection } from '../parts.js';
import { judgeKnown } from './known-people.js';

/** What is about to be sent, with the row that says so on disk. */
export interface Attempt {
  readonly row: OperationRow;
  readonly operation: Operation;
  readonly members: readonly Member[];
  /** What everybody who was ever in it is known by; `undefined` where somebody may have left it. */
  readonly names: readonly string[] | undefined;
  /** Milliseconds since the time that stands in the row as that of the attempt. */
  readonly age: () => number;
}

/** What came of the wish to submit: an attempt, a time to wait for since the quota has no room, or nothing to send any more. */
export type Beginning = { readonly attempt: Attempt } | { readonly quotaUntil: Date } | undefined;

/**
 * Puts the intent on disk. Whoever is cancelled is so before or after, never in between; the same goes for the removal of the
 * connection.
 */
export async function begin(parts: LifecycleParts, row: OperationRow, opened: OpenConnection): Promise<Beginning> {
  const begun = await tryToBegin(parts, row, opened);
  // Read outside of the transaction, which holds a connection to the database already.
  const again = begun === 'doubtful' ? await tryToBegin(parts, row, opened, await parts.offers()) : begun;
  return again === 'doubtful' ? undefined : again;
}

/** Only by a name of its own can a table be named as the one to lock. */
const asked = alias(operations, 'asked');

async function tryToBegin(
  parts: LifecycleParts,
  { id, connection }: OperationRow,
  opened: OpenConnection,
  offers?: ReadonlyMap<string, Offer>,
): Promise<Beginning | 'doubtful'> {
  const { runner, config } = opened;
  const people = await parts.people();
  return parts.db.orm.transaction(async (tx) => {
    // The connection is locked before the operation: it comes from a select of its own.
    const held = heldConnection(tx, connection).as('held');
    const [found] = await tx
      .select()
      .from(held)
      .innerJoin(asked, eq(asked.connection, held.id))
      .where(eq(asked.id, id))
      .for('update', { of: asked });
    if (found?.held.state !== 'active' || found.asked.state !== 'planned') return undefined;
    const { asked: row } = found;
    const members = await whoMayGo(tx, parts, row, await readMembers(tx, row, people), opened, offers);
    if (members === undefined) return 'doubtful';
    const now = new Date(parts.clock.now());
    const age = stopwatch();
    if (members.length === 0) {
      await callOff(tx, row, now);
      return undefined;
    }
    let operation = operationOf(row, members);
    if (members.length !== row.subjects) {
      // Somebody left: what goes out is smaller than planned.
      const packed = await runner.plan(members.map(subjectOf), config);
      operation =
        packed.operations.length === 1 && packed.rejected.length === 0
          ? { ...(packed.operations[0] ?? operation), key: row.key }
          : operation;
    }
    const terms = quotaTermsOf(runner.manifest, config);
    const quotaUntil = await countSubmission(tx, found.held, terms, operation.identifierCount, now.getTime());
    if (quotaUntil !== undefined) return { quotaUntil };
    // Of the parts of a divided operation each sends some of a person: they were judged as one.
    if (row.root === null)
      await judgeKnown(tx, members, offerOf({ id: connection, capabilities: [], config }, runner.manifest));
    const [begun] = await tx
      .update(operations)
      .set({
        state: 'submitting',
        attempts: row.attempts + 1,
        attemptedAt: now,
        progress: null,
        quotaGroup: terms.group,
        settings: plainSettings(partConfig(runner.manifest, config).shown),
        subjects: members.length,
        identifiers: operation.identifierCount,
        bytes: operation.bytes,
        updatedAt: now,
      })
      .where(eq(operations.id, id))
      .returning();
    const data = { attempt: row.attempts + 1 };
    await appendEvents(tx, [{ at: now, kind: 'operation.submitting', operation: id, connection, data }]);
    const whole = row.attempts === 0 && members.length === row.subjects;
    const names = whole ? members.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)) : undefined;
    return begun === undefined ? undefined : { attempt: { row: begun, operation, members, names, age } };
  });
}

/**
 * Judges people once more, since an operation may have waited for long: those who are not to be sent go back to be planned, which says why.
 * The parts of a divided operation are what is left of one that was judged.
 * @param offers read only where somebody is doubtful.
 * @returns `undefined` where they have to be read.
 */
async function whoMayGo(
  tx: Queryable,
  parts: LifecycleParts,
  row: OperationRow,
  members: readonly Member[],
  opened: OpenConnection,
  offers: ReadonlyMap<string, Offer> | undefined,
): Promise<readonly Member[] | undefined> {
  if (row.root !== null) return members;
  const { connection } = row;
  const { runner, config } = opened;
  const offer = offerOf({ id: connection, capabilities: [], config }, runner.manifest);
  const { refused, doubtful } = judgeAgain(members, offer);
  if (doubtful.length > 0 && offers === undefined) return undefined;
  const held = await heldOf(tx, doubtful, offers ?? new Map());
  const otherwise = await plannedOtherwise(members, opened, offer);
  const out = new Set([...refused, ...held, ...otherwise].map(({ task }) => task));
  if (out.size === 0) return members;
  await tx
    .update(tasks)
    .set({ operation: null })
    .where(inArray(tasks.id, [...out]));
  await parts.engine.send('plan', { connection }, {}, tx);
  return members.filter(({ task }) => !out.has(task));
}

/**
 * Those of whom something else would be planned by now: the connection was set otherwise meanwhile, or its connector replaced. What the kinds
 * say is asked of the connector, which may have its own reasons to send less.
 */
async function plannedOtherwise(
  members: readonly Member[],
  { runner, config }: OpenConnection,
  { kinds, keptBack }: Offer,
): Promise<readonly Member[]> {
  const suspects = members.filter((member) => {
    const sent = new Set(subjectOf(member).identifiers.map(({ value }) => value));
    const goes = member.identifiers.filter(({ kind }) => kinds.has(kind) && !keptBack?.has(kind));
    return new Set(goes.map(({ value }) => value)).size !== sent.size || goes.some(({ value }) => !sent.has(value));
  });
  if (suspects.length === 0) return [];
  const whole = suspects.map(({ task, identifiers }) => ({ id: String(task), identifiers }));
  const { operations: anew } = await runner.plan(whole, config);
  const planned = new Map(anew.flatMap(({ subjects }) => subjects).map((one) => [one.id, one.identifiers]));
  return suspects.filter(({ task, identifiers, positions }) => {
    const sent = planned.get(String(task));
    return sent === undefined || !isDeepStrictEqual(positionsOf(identifiers, sent), positions);
  });
}

/** Everybody left it. */
async function callOff(tx: Queryable, { id, connection }: OperationRow, now: Date): Promise<void> {
  await tx.update(operations).set({ state: 'cancelled', finishedAt: now, updatedAt: now }).where(eq(operations.id, id));
  await appendEvents(tx, [{ at: now, kind: 'operation.cancelled', operation: id, connection }]);
}
