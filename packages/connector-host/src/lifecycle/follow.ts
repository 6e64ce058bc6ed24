/** Looking at an operation until the vendor is done with it, or has forgotten it. */
import {
  type ConnectorManifest,
  type FaultData,
  faultData,
  isConnectorFault,
  isFinal,
  type OperationStatus,
} from 'connector-contract';
import { and, eq, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { mayPass } from '../store/passing.js';
import { operations, tasks } from '../store/schema.js';
import { announcing, appendEvents, type EventKind, keeping } from '../timeline.js';
import { nextLookAt, remindOf, scheduleFollow } from './accept.js';
import { noteSuccess } from './circuit.js';
import { concludeTasks } from './conclude.js';
import { decideFault } from './decision.js';
import { deletionFailed, outcomeUnrecorded, recordExpired, vendorSilent } from './faults.js';
import { asListed } from './listed-names.js';
import { lookAt } from './look.js';
import { inOperation, type OperationRow } from './members.js';
import { type LeftOf, leftoversOf, openedStanding } from './open-leftovers.js';
import { heldUntil, rest } from './rest.js';
import { keepResults, speaksOfPeople } from './results.js';
import type { OpenConnection, Setting } from './setting.js';
import { keptFault, keptStatus } from './vendor-words.js';

const day = 86_400_000;

/** Does an operation's follow job: one status call. */
export async function follow(setting: Setting, id: number, signal: AbortSignal): Promise<void> {
  const look = await lookAt(setting.database.orm, id);
  if (look === undefined) return;
  const { row, connection } = look;
  const { reference } = row;
  if (row.finishedAt !== null || reference === null) return;
  if (row.state !== 'accepted' && row.state !== 'processing') return;
  const now = setting.clock.now();
  if (row.nextPollAt !== null && row.nextPollAt.getTime() > now) {
    return setting.engine.send('follow', { operation: id }, { startAfter: row.nextPollAt });
  }
  const opened = connection && (await setting.connections.open(row.connection, signal, connection));
  if (!opened) return;
  const until = heldUntil(opened.view, 'look');
  if (until !== undefined) return setting.engine.send('follow', { operation: id }, { startAfter: until });
  try {
    const status = await opened.runner.status(reference, opened.ctx);
    if (look.circuit !== null) await noteSuccess(setting.database.orm, row.connection);
    const sure = status.state !== 'expired' || !(await isInDoubt(setting, row));
    const told = forgotten(row, status, sure ? now : 0);
    await recordStatus(setting, row, told, opened.runner.manifest, look.followed);
  } catch (error) {
    await couldNotAsk(setting, row, opened, await keptFault(setting, row, unanswered(error)));
  }
}

/** Whether nothing may follow from how old an operation is: clocks are apart, and the call just now may have told that. */
async function isInDoubt({ clock, log }: Setting, row: OperationRow): Promise<boolean> {
  const doubt = await clock.doubt?.(row.connection);
  if (doubt !== undefined) log.warn({ operation: row.id, doubt }, 'No operation expires while clocks are apart');
  return doubt !== undefined;
}

/**
 * How long after acceptance a vendor that knows nothing of an operation is not believed, in milliseconds: its own copies may lag behind,
 * and `expired` is final. No vendor throws a record away that fast.
 */
const SETTLING = day;

/** Why it is not known how far the operation is. Throws what may pass by itself: the job is done again. */
function unanswered(error: unknown): FaultData {
  if (isConnectorFault(error)) return faultData(error);
  if (mayPass(error)) throw error;
  return outcomeUnrecorded();
}

/** For how many days a vendor is asked that does not say how long it keeps its records. */
const KEPT_DAYS = 365;

/** After so long without an answer people are told, in milliseconds. */
const SILENT = day;

const lost: Omit<OperationStatus, 'vendorState'> = { state: 'expired', destinations: [], exceptions: [] };

/** The status; what the vendor says of an operation that it still knows is believed, however old it is, and `expired` no sooner than it can be. */
function forgotten(
  row: Pick<OperationRow, 'acceptedAt' | 'state'>,
  status: OperationStatus,
  now: number,
): OperationStatus {
  const age = now - (row.acceptedAt?.getTime() ?? now);
  if (status.state === 'expired' && age < SETTLING) {
    return { ...status, state: row.state === 'processing' ? 'processing' : 'accepted' };
  }
  return status;
}

/** What a task is told where the operation did not end well. */
function faultOf(status: OperationStatus): FaultData | null {
  if (status.state === 'failed') return deletionFailed(status.exceptions);
  return status.state === 'expired' ? recordExpired() : null;
}

/**
 * Writes down what the vendor said; where it is the end, concludes everybody in the operation.
 * @param followed how many operations of the connection are followed; not asked of one that is at its end.
 */
export async function recordStatus(
  setting: Setting,
  row: OperationRow,
  told: OperationStatus,
  manifest: ConnectorManifest,
  followed = 0,
): Promise<void> {
  const { orm } = setting.database;
  const { kept, words } = await keptStatus(setting, row, told, manifest);
  const status = await asListed(orm, row.connection, kept);
  const now = new Date(setting.clock.now());
  const final = isFinal(status.state);
  const expectedBy = dateOf(status.expectedBy) ?? row.expectedBy;
  const nextPollAt = final ? null : nextLookAt(setting, row, now, followed);
  const what = {
    state: status.state,
    vendorState: status.vendorState,
    destinations: status.destinations,
    exceptions: status.exceptions,
    words,
    expectedBy,
    polls: row.polls + 1,
    answeredAt: now,
    fault: faultOf(status),
    updatedAt: now,
    nextPollAt,
    ...(final ? { finishedAt: dateOf(status.finishedAt) ?? now } : {}),
  };
  const write = (tx: Queryable) => writeStatus(tx, row, what, status, final ? manifest : undefined);
  const { subjects = [] } = status;
  // Of an operation that has ended it no longer matters to anybody.
  const moves = !final && expectedBy?.getTime() !== row.expectedBy?.getTime();
  if (!final && !moves && subjects.length === 0) {
    if ((await write(orm)) !== undefined) await remindOf(setting, row, nextPollAt);
    return;
  }
  await orm.transaction(async (tx) => {
    const written = await write(tx);
    if (written === undefined) return;
    await keepResults(tx, row, subjects);
    if (moves) {
      await tx
        .update(tasks)
        .set({ expectedBy })
        .where(and(eq(tasks.state, 'processing'), inOperation(row)));
    }
    if (!final) return remindOf(setting, row, nextPollAt, tx);
    const single = written.single || subjects.length > 0;
    await concludeTasks(tx, { ...row, ...what }, now, manifest, { left: written.left, single });
  });
}

/**
 * Writes a status to the operation's row, what is new of it to the timeline, and what is left over of one that has ended.
 * @param ended the manifest, of one that has.
 * @returns `undefined` where the operation was not followed any more.
 */
async function writeStatus(
  db: Queryable,
  row: OperationRow,
  what: Pick<OperationRow, 'state' | 'exceptions' | 'updatedAt'> & Partial<OperationRow>,
  status: OperationStatus,
  ended: ConnectorManifest | undefined,
): Promise<LeftOf | undefined> {
  const { id, connection } = row;
  const now = what.updatedAt;
  const present = sql`present as (select from ${operations} as o
    where o.id = ${id} and o.state in ('accepted', 'processing') and o.finished_at is null for update)`;
  const followed = sql`exists (select from present)`;
  const left = ended && leftoversOf({ id, connection, ...what }, now, ended, followed);
  const changed = db
    .update(operations)
    .set({ ...what, ...(left === undefined ? {} : { leftOver: openedStanding }) })
    .where(and(eq(operations.id, id), followed))
    .returning({ left: operations.leftOver, single: sql`${speaksOfPeople(id)}`.as('single') });
  const parts = [present, ...(left === undefined ? [] : [left]), sql`changed as ${changed}`];
  const kind: EventKind = `operation.${status.state}`;
  const data = {
    vendorState: status.vendorState,
    systems: status.exceptions.map(({ system }) => system).join(', ') || undefined,
    message: faultOf(status)?.message,
  };
  const news = status.state !== row.state;
  const told = { at: now, kind, operation: id, connection, data };
  const { rows } = await db.execute<LeftOf & Record<string, unknown>>(sql`
    with ${sql.join(parts, sql`, `)}, ${keeping(told, sql`${news} and exists (select from changed)`)}
    select left_over as left, single, ${announcing} from changed`);
  return rows[0];
}

/** The vendor could not be asked: later again, and nothing else changes. */
async function couldNotAsk(
  setting: Setting,
  row: OperationRow,
  opened: OpenConnection,
  fault: FaultData,
): Promise<void> {
  const decision = decideFault(fault, setting.clock.now());
  setting.log.warn({ operation: row.id, code: fault.code }, 'The vendor could not be asked how far an operation is');
  if (decision.act === 'reconnect') {
    await opened.reconnect(fault);
    return;
  }
  if (decision.act === 'rest') await rest(setting, row.connection, fault);
  const now = new Date(setting.clock.now());
  const { manifest } = opened.runner;
  const age = now.getTime() - (row.acceptedAt ?? now).getTime();
  const silentFor = now.getTime() - (row.answeredAt ?? row.acceptedAt ?? now).getTime();
  // It does not know the record, and its copies had a day to come into step; or it has thrown the record away by now.
  const keptMs = (manifest.deletion?.recordKeptDays ?? KEPT_DAYS) * day;
  if (silentFor >= SILENT && (fault.code === 'NOT_FOUND' || age > keptMs) && !(await isInDoubt(setting, row))) {
    return recordStatus(setting, row, { ...lost, vendorState: row.vendorState ?? '' }, manifest);
  }
  const told = (row.fault as FaultData | null)?.code === 'VENDOR_SILENT';
  const silent = silentFor >= SILENT ? vendorSilent(fault) : undefined;
  await setting.database.orm.transaction(async (tx) => {
    await tx
      .update(operations)
      .set({ polls: sql`${operations.polls} + 1`, ...(silent === undefined ? {} : { fault: silent }) })
      .where(eq(operations.id, row.id));
    if (silent !== undefined && !told) {
      const data = { code: fault.code, message: fault.message };
      await appendEvents(tx, [
        { at: now, kind: 'operation.silent', operation: row.id, connection: row.connection, data },
      ]);
    }
    await scheduleFollow(tx, setting, row, now);
  });
}

function dateOf(text: string | undefined): Date | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}
