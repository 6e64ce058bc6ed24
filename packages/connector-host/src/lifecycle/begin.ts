/** The intent of a submission: on disk before the call, together with who is in it and what it takes of the quota. */
import type { Operation } from 'connector-contract';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { stopwatch } from '../clock.js';
import { partConfig, plainSettings } from '../connections/config.js';
import { alone, counting, nextMonth, quotaTermsOf, waitsByVendor } from '../connections/quota.js';
import { heldRow } from '../connections/rows.js';
import { kindsKnownBy, termsOf } from '../requests/offers.js';
import type { Queryable } from '../store/database.js';
import { connections, operations, tasks } from '../store/schema.js';
import { announcing, appendEvents, keeping } from '../timeline.js';
import { heldOf, judgeAgain } from './doubtful.js';
import type { Look } from './look.js';
import { inOperation, type Member, type OperationRow, operationOf, readMembers, subjectOf } from './members.js';
import { resubmit } from './record.js';
import type { OpenConnection, Setting } from './setting.js';

/** What is about to be sent, with the row that says so on disk. */
export interface Attempt {
  readonly row: OperationRow;
  readonly operation: Operation;
  readonly members: readonly Member[];
  /** Milliseconds since the time that stands in the row as that of the attempt. */
  readonly age: () => number;
}

/** What came of the wish to submit: an attempt, a time to wait for since the quota has no room, or nothing to send any more. */
export type Beginning = { readonly attempt: Attempt } | { readonly quotaUntil: Date } | undefined;

/**
 * Puts the intent on disk. Whoever is cancelled is so before or after, never in between, since that writes to the operation's row; the same
 * goes for the removal of the connection.
 */
export async function begin(setting: Setting, look: Look, opened: OpenConnection): Promise<Beginning> {
  const { orm } = setting.database;
  const { row } = look;
  const members = await readMembers(orm, row, await setting.people());
  const out = await notToGo(setting, row, members, opened);
  if (out.length > 0 || members.length === 0) {
    await letOut(setting, row, out);
    return undefined;
  }
  const operation = await operationFor(row, members, opened);
  const now = new Date(setting.clock.now());
  const age = stopwatch();
  const intent = await putDown(setting, look, opened, operation, now);
  if (intent === 'overtaken') {
    await resubmit(undefined, setting, row);
    return undefined;
  }
  return intent instanceof Date ? { quotaUntil: intent } : { attempt: { row: intent, operation, members, age } };
}

/**
 * The statement of the intent, with what it takes of the quota.
 * @returns the row as it is then; until when the quota has no room; or that something was written to the row, or the connection is not
 *   active any more: then all has to be looked at anew.
 */
async function putDown(
  setting: Setting,
  { row, version, connection, shares }: Look,
  { runner, config }: OpenConnection,
  operation: Operation,
  now: Date,
): Promise<OperationRow | Date | 'overtaken'> {
  if (connection === null) return 'overtaken';
  const terms = quotaTermsOf(runner.manifest, config);
  const submission = { terms, identifiers: operation.identifierCount, now: now.getTime() };
  const until = waitsByVendor(connection, submission);
  if (until !== undefined) return until;
  const attempt = row.attempts + 1;
  const change = {
    state: 'submitting',
    attempts: attempt,
    attemptedAt: now,
    progress: null,
    quotaGroup: terms.group,
    settings: plainSettings(partConfig(runner.manifest, config).shown),
    subjects: operation.subjects.length,
    identifiers: operation.identifierCount,
    bytes: operation.bytes,
    updatedAt: now,
  };
  const data = { attempt };
  const event = { at: now, kind: 'operation.submitting', operation: row.id, connection: row.connection, data } as const;
  const write = async (tx: Queryable) => {
    const begun = tx
      .update(operations)
      .set(change)
      .where(and(eq(operations.id, row.id), sql`exists (select from counted)`));
    const { rows } = await tx.execute<{ there: boolean; begun: boolean }>(sql`
      with held as (
        select from ${connections} where id = ${row.connection} and state = 'active' for key share
      ), present as (
        select from ${operations} as o where o.id = ${row.id} and o.state = 'planned' and o.xmin = ${version}::xid
          and exists (select from held) for update
      ), counted as (${counting(connection, submission, sql`select 1 from present`)}
      ), begun as ${begun.returning({ id: operations.id })}, ${keeping(event, sql`exists (select from begun)`)}
      select exists (select from present) as there, exists (select from kept) as begun, ${announcing}`);
    return rows[0];
  };
  const { orm } = setting.database;
  const done = await (shares
    ? orm.transaction(async (tx) => {
        await alone(tx, connection);
        return write(tx);
      })
    : write(orm));
  if (done?.begun) return { ...row, ...change };
  return done?.there ? nextMonth(now.getTime()) : 'overtaken';
}

/** What goes out: smaller than planned, where somebody left. */
async function operationFor(
  row: OperationRow,
  members: readonly Member[],
  { runner, config }: OpenConnection,
): Promise<Operation> {
  const planned = operationOf(row, members);
  if (members.length === row.subjects) return planned;
  const { operations: packed, rejected } = await runner.plan(members.map(subjectOf), config);
  return packed.length === 1 && rejected.length === 0 ? { ...(packed[0] ?? planned), key: row.key } : planned;
}

/**
 * Judges people once more, since an operation may have waited for long. The parts of a divided operation are what is left of one that was
 * judged.
 * @returns the tasks of those who are not to be sent.
 */
async function notToGo(
  setting: Setting,
  row: OperationRow,
  members: readonly Member[],
  { runner, config }: OpenConnection,
): Promise<readonly number[]> {
  if (row.root !== null) return [];
  const terms = termsOf(runner.manifest, kindsKnownBy(runner.manifest, config));
  const { refused, doubtful } = judgeAgain(members, { connection: row.connection, terms });
  // The offers are read only where somebody is doubtful.
  const held = doubtful.length === 0 ? [] : await heldOf(setting.database.orm, doubtful, await setting.offers());
  return [...refused, ...held].map(({ task }) => task);
}

/** Lets people go back to be planned, which says why they are not sent; what is left goes on, and where nobody is, the operation is called off. */
async function letOut(setting: Setting, row: OperationRow, out: readonly number[]): Promise<void> {
  const { id, connection } = row;
  await setting.database.orm.transaction(async (tx) => {
    if ((await heldRow(tx, connection))?.state !== 'active') return;
    const [present] = await tx.select().from(operations).where(eq(operations.id, id)).for('update');
    if (present?.state !== 'planned') return;
    const now = new Date(setting.clock.now());
    if (out.length > 0) {
      await tx
        .update(tasks)
        .set({ operation: null })
        .where(and(inArray(tasks.id, [...out]), eq(tasks.operation, id)));
      await setting.engine.send('plan', { connection }, {}, tx);
    }
    const [somebody] = await tx.select({ id: tasks.id }).from(tasks).where(inOperation(row)).limit(1);
    if (somebody !== undefined) return resubmit(tx, setting, row);
    await tx
      .update(operations)
      .set({ state: 'cancelled', finishedAt: now, updatedAt: now })
      .where(eq(operations.id, id));
    await appendEvents(tx, [{ at: now, kind: 'operation.cancelled', operation: id, connection }]);
  });
}
