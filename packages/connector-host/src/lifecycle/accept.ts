import { asksFor, type FaultData, type SubjectResult } from 'connector-contract';
import { and, eq, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { violates } from '../store/passing.js';
import { circuits, connections, operations, tasks } from '../store/schema.js';
import { announcing, appendEvents, keeping, type NewEvent } from '../timeline.js';
import { change, event } from './attempt.js';
import { noteSuccess } from './circuit.js';
import { completionOf } from './completion.js';
import { concludeTasks } from './conclude.js';
import { referenceNamesSomebody, referenceRepeated } from './faults.js';
import { followedAt } from './look.js';
import { inOperation, type OperationRow } from './members.js';
import { nextPoll } from './next-poll.js';
import { recordUndecided } from './record.js';
import { endOf, keepResults, tally } from './results.js';
import type { OpenConnection, Setting } from './setting.js';
import { namesPeople } from './vendor-words.js';

const day = 86_400_000;

/** What is known of an operation that the vendor has. */
export interface Acceptance {
  readonly reference: string;
  readonly expectedBy?: Date | undefined;
  /** What the vendor said at once that became of people. */
  readonly result?: readonly SubjectResult[] | undefined;
  /** Found by a look for a lost submission, or by a person. */
  readonly found?: boolean;
  /** A person said that the reference is another operation's as well. */
  readonly shared?: boolean;
  readonly actor?: string | undefined;
  /** What its people are known by, where the attempt was just made; absent, it is read. */
  readonly names?: readonly string[];
  /** How many operations of the connection were being followed just now. */
  readonly followed?: number;
}

/**
 * Writes down that the vendor has it. Where it answered with a reference of another operation, nobody could tell the two apart: a
 * person decides, unless the connector asks for shared references; the same where the reference names somebody.
 */
export async function recordAccepted(
  setting: Setting,
  row: OperationRow,
  opened: Pick<OpenConnection, 'runner' | 'config'>,
  acceptance: Acceptance,
): Promise<boolean> {
  const undecided = async (fault: FaultData) => {
    if (acceptance.names !== undefined) await noteSuccess(setting.database.orm, row.connection);
    return recordUndecided(setting, row, fault);
  };
  if (await namesPeople(setting, row, acceptance.reference, acceptance.names)) {
    setting.log.error({ operation: row.id }, 'A reference names somebody of its operation and is not kept');
    return undecided(referenceNamesSomebody());
  }
  try {
    return await record(setting, row, opened, acceptance);
  } catch (error) {
    if (!violates(error, 'operations_reference')) throw error;
    return undecided(referenceRepeated(acceptance.reference));
  }
}

/** People are processing, or concluded: where the vendor is done, or where the connection counts submission as completion. */
async function record(
  setting: Setting,
  row: OperationRow,
  { runner, config }: Pick<OpenConnection, 'runner' | 'config'>,
  { reference, expectedBy, result = [], found = false, shared = false, actor, names, followed }: Acceptance,
): Promise<boolean> {
  const { deletion } = runner.manifest;
  const done = deletion?.type === 'synchronous' || (result.length > 0 && result.length >= row.subjects);
  const atOnce = done || completionOf(runner.manifest, config) === 'complete-on-submit';
  const acceptedAt = found && row.attemptedAt !== null ? row.attemptedAt : new Date(setting.clock.now());
  const expected = expectedBy ?? new Date(acceptedAt.getTime() + (deletion?.slaDays ?? 30) * day);
  const what = {
    state: done ? endOf(result) : 'accepted',
    reference,
    sharedReference: shared || asksFor(runner.manifest, 'shared-references'),
    acceptedAt,
    expectedBy: expected,
    fault: null,
    finishedAt: atOnce ? acceptedAt : null,
  };
  // As a call just now says, and nothing else that would have to be decided in a transaction.
  const plain = names !== undefined && followed !== undefined && !atOnce && result.length === 0;
  if (plain && (await follows(setting, { ...row, ...what }, followed + 1))) return true;
  if (names !== undefined) await noteSuccess(setting.database.orm, row.connection);
  return change(setting, row, what, async (tx, changed, now) => {
    const told: NewEvent[] = found ? [event(row, now, 'operation.found', { reference }, actor)] : [];
    if (done) told.push(event(row, now, 'operation.done', { reference, ...tally(result) }, actor));
    else {
      const data = { reference, expectedBy: expected.toISOString() };
      told.push(event(row, now, atOnce ? 'operation.accepted_complete' : 'operation.accepted', data, actor));
    }
    await keepResults(tx, row, result);
    if (atOnce) {
      await concludeTasks(tx, changed, now, runner.manifest);
      // What somebody did comes last: the audit log puts its writers in order.
      await appendEvents(tx, told);
      return;
    }
    await appendEvents(tx, told);
    await tx
      .update(tasks)
      .set({ state: 'processing', expectedBy: expected })
      .where(and(eq(tasks.state, 'pending'), inOperation(row)));
    await scheduleFollow(tx, setting, changed, now);
  });
}

/**
 * Writes down, in one statement, that the vendor has an operation that was submitted just now: with its people, the timeline and that the
 * connection works. Its job comes after that; where it does not come about, the sweep sends it.
 * @returns whether the attempt still counted and nobody had been asked about it.
 */
async function follows(setting: Setting, row: OperationRow, followed: number): Promise<boolean> {
  const { orm } = setting.database;
  const now = new Date(setting.clock.now());
  const nextPollAt = nextLookAt(setting, row, now, followed);
  const { id, connection, state, reference, sharedReference, acceptedAt, expectedBy } = row;
  const what = { state, reference, sharedReference, acceptedAt, expectedBy, fault: null, nextPollAt, updatedAt: now };
  const changed = orm
    .update(operations)
    .set(what)
    .where(and(eq(operations.id, id), sql`exists (select from present)`))
    .returning({ id: operations.id });
  const people = orm
    .update(tasks)
    .set({ state: 'processing', expectedBy })
    .where(and(eq(tasks.state, 'pending'), inOperation(row), sql`exists (select from changed)`))
    .returning({ id: sql`1` });
  const works = orm.delete(circuits).where(eq(circuits.connection, connection)).returning({ id: sql`1` });
  const data = { reference: reference ?? '', expectedBy: expectedBy?.toISOString() };
  const told = keeping(event(row, now, 'operation.accepted', data), sql`exists (select from changed)`);
  const { rows } = await orm.execute<{ done: boolean }>(sql`
    with held as (
      select from ${connections} where id = ${connection} for key share
    ), present as (
      select from ${operations} as o where o.id = ${id} and o.state in ('submitting', 'uncertain')
        and o.attempted_at = ${row.attemptedAt?.toISOString() ?? null}::timestamptz and exists (select from held) for update
    ), changed as ${changed}, people as ${people}, works as ${works}, ${told}
    select exists (select from kept) as done, ${announcing}`);
  if (rows[0]?.done !== true) return false;
  await remindOf(setting, row, nextPollAt).catch((error: unknown) =>
    setting.database.outage.met(error, 'A job could not be sent; the sweep will'),
  );
  return true;
}

/** Sends the job of an operation's next look. */
export async function remindOf(
  { engine }: Setting,
  { id }: Pick<OperationRow, 'id'>,
  at: Date | null,
  tx?: Queryable,
): Promise<void> {
  await engine.send('follow', { operation: id }, at === null ? {} : { startAfter: at }, tx);
}

/**
 * When an operation is looked at next.
 * @param followed how many operations of the connection are followed, this one included.
 */
export function nextLookAt(setting: Setting, { acceptedAt }: OperationRow, now: Date, followed: number): Date {
  const terms = { open: followed, random: Math.random(), pollIntervalMs: setting.pollIntervalMs };
  return new Date(nextPoll({ acceptedAt: acceptedAt?.getTime() ?? now.getTime(), now: now.getTime(), ...terms }));
}

/** Decides when an accepted operation is looked at next, and sees to it. */
export async function scheduleFollow(tx: Queryable, setting: Setting, row: OperationRow, now: Date): Promise<void> {
  const { rows } = await tx.execute<{ n: number }>(sql`select ${followedAt(row.connection)} as n`);
  const nextPollAt = nextLookAt(setting, row, now, rows[0]?.n ?? 0);
  await tx.update(operations).set({ nextPollAt }).where(eq(operations.id, row.id));
  await remindOf(setting, row, nextPollAt, tx);
}
