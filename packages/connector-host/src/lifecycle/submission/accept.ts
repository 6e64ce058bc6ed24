import { asksFor, type SubjectResult } from 'connector-contract';
import { and, count, eq, inArray, isNull } from 'drizzle-orm';
import type { Queryable } from '../../store/database.js';
import { violates } from '../../store/database-errors.js';
import { operations, tasks } from '../../store/schema.js';
import { appendEvents, type NewEvent } from '../../timeline.js';
import { concludeTasks } from '../conclusion/conclude.js';
import { endOf, keepResults, tally } from '../conclusion/results.js';
import { referenceNamesSomebody, referenceRepeated } from '../faults.js';
import { nextPoll } from '../following/next-poll.js';
import { inOperation, type OperationRow } from '../members.js';
import type { LifecycleParts, OpenConnection } from '../parts.js';
import { namesPeople } from '../vendor-words.js';
import { type Change, change, event } from './attempt.js';
import { completionOf } from './completion.js';
import { recordUndecided } from './record.js';

const day = 86_400_000;

/** How many operations of a connection are being followed. */
async function countOpen(tx: Queryable, connection: string): Promise<number> {
  const followed = inArray(operations.state, ['accepted', 'processing']);
  const [found] = await tx
    .select({ open: count() })
    .from(operations)
    .where(and(eq(operations.connection, connection), followed, isNull(operations.finishedAt)));
  return found?.open ?? 0;
}

/** What is known of an operation that the vendor has. */
export interface Acceptance {
  readonly reference: string;
  readonly expectedBy?: Date | undefined;
  /** What the vendor said at once that became of people. */
  readonly result?: readonly SubjectResult[] | undefined;
  /** Found by a look for a lost submission, or by a person. */
  readonly found?: boolean;
  /** A person said so, and whether the vendor says the same or could not be asked. */
  readonly said?: 'confirmed' | 'unasked';
  /** A person said that the reference is another operation's as well. */
  readonly shared?: boolean;
  readonly actor?: string | undefined;
  /** What everybody in the operation is known by, where that was read already. */
  readonly names?: readonly string[] | undefined;
}

/** What is needed to know of the connection that has it. */
type AcceptedAt = Pick<OpenConnection, 'config'> & { readonly runner: Pick<OpenConnection['runner'], 'manifest'> };

/**
 * Writes down that the vendor has it. Where it answered with a reference of another operation, nobody could tell the two apart: a
 * person decides, unless the connector asks for shared references; the same where the reference names somebody.
 */
export async function recordAccepted(
  parts: LifecycleParts,
  row: OperationRow,
  opened: AcceptedAt,
  acceptance: Acceptance,
): Promise<boolean> {
  if (await namesPeople(parts, row, acceptance.reference, acceptance.names)) {
    parts.log.error({ operation: row.id }, 'A reference names somebody of its operation and is not kept');
    return recordUndecided(parts, row, referenceNamesSomebody());
  }
  try {
    return await record(parts, row, opened, acceptance);
  } catch (error) {
    if (!violates(error, 'operations_reference')) throw error;
    return recordUndecided(parts, row, referenceRepeated(acceptance.reference));
  }
}

/** People are processing, or concluded: where the vendor is done, or where the connection counts submission as completion. */
async function record(
  parts: LifecycleParts,
  row: OperationRow,
  { runner, config }: AcceptedAt,
  { reference, expectedBy, result = [], found = false, said, shared = false, actor }: Acceptance,
): Promise<boolean> {
  const { deletion } = runner.manifest;
  const done = deletion?.type === 'synchronous' || (result.length > 0 && result.length >= row.subjects);
  const atOnce = done || completionOf(runner.manifest, config) === 'complete-on-submit';
  const acceptedAt = found && row.attemptedAt !== null ? row.attemptedAt : new Date(parts.clock.now());
  const expected = expectedBy ?? new Date(acceptedAt.getTime() + (deletion?.slaDays ?? 30) * day);
  const what: Change = {
    state: done ? endOf(result) : 'accepted',
    reference,
    personSaid: said === 'unasked',
    sharedReference: shared || asksFor(runner.manifest, 'shared-references'),
    acceptedAt,
    expectedBy: expected,
    fault: null,
    finishedAt: atOnce ? acceptedAt : null,
  };
  return change(parts, row, what, async (tx, changed, now) => {
    const how = said === 'confirmed' ? 'operation.confirmed' : 'operation.found';
    const told: NewEvent[] = found && said !== 'unasked' ? [event(row, now, how, { reference }, actor)] : [];
    // What the vendor was not asked about is nothing that it said.
    if (said === 'unasked')
      told.push(event(row, now, atOnce ? 'operation.said_complete' : 'operation.said', { reference }, actor));
    else if (done) told.push(event(row, now, 'operation.done', { reference, ...tally(result) }, actor));
    else {
      const data = { reference, expectedBy: expected.toISOString() };
      told.push(event(row, now, atOnce ? 'operation.accepted_complete' : 'operation.accepted', data, actor));
    }
    await keepResults(tx, row, result);
    // What somebody did comes last there: the audit log puts its writers in order.
    if (atOnce) return concludeTasks(tx, changed, now, runner.manifest, told);
    await appendEvents(tx, told);
    await tx
      .update(tasks)
      .set({ state: 'processing', expectedBy: expected })
      .where(and(eq(tasks.state, 'pending'), inOperation(row)));
    await scheduleFollow(tx, parts, changed, now);
  });
}

/** Decides when an accepted operation is looked at next, and sees to it. */
export async function scheduleFollow(
  tx: Queryable,
  parts: LifecycleParts,
  row: OperationRow,
  now: Date,
): Promise<void> {
  const nextPollAt = new Date(
    nextPoll({
      acceptedAt: row.acceptedAt?.getTime() ?? now.getTime(),
      now: now.getTime(),
      open: await countOpen(tx, row.connection),
      random: Math.random(),
      pollIntervalMs: parts.pollIntervalMs,
    }),
  );
  await tx.update(operations).set({ nextPollAt }).where(eq(operations.id, row.id));
  await parts.engine.send('follow', { operation: row.id }, { startAfter: nextPollAt }, tx);
}
