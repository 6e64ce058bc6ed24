/** Looking at an operation until the vendor is done with it, or has forgotten it. */
import {
  type ConnectorManifest,
  type FaultData,
  faultData,
  isConnectorFault,
  isFinal,
  type OperationStatus,
} from 'connector-contract';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { given } from '../../given.js';
import { isTransient } from '../../store/database-errors.js';
import { operations, tasks } from '../../store/schema.js';
import { appendEvents, type EventKind, type NewEvent } from '../../timeline.js';
import { concludeTasks } from '../conclusion/conclude.js';
import { keepResults } from '../conclusion/results.js';
import { deletionFailed, outcomeUnrecorded, recordExpired, vendorSilent } from '../faults.js';
import { noteSuccess } from '../holds/circuit.js';
import { heldUntil, rest } from '../holds/rest.js';
import { inOperation, type OperationRow } from '../members.js';
import type { LifecycleParts, OpenConnection } from '../parts.js';
import { scheduleFollow } from '../submission/accept.js';
import { asSent } from '../submission/as-sent.js';
import { decideFault } from '../submission/decision.js';
import { keptFault, keptStatus } from '../vendor-words.js';
import { asListed } from './listed-names.js';

const day = 86_400_000;

/** Does an operation's follow job: one status call. */
export async function follow(parts: LifecycleParts, id: number, signal: AbortSignal): Promise<void> {
  const [row] = await parts.db.orm.select().from(operations).where(eq(operations.id, id));
  if (row === undefined || row.finishedAt !== null || row.reference === null) return;
  if (row.state !== 'accepted' && row.state !== 'processing') return;
  const now = parts.clock.now();
  if (row.nextPollAt !== null && row.nextPollAt.getTime() > now) {
    return parts.engine.send('follow', { operation: id }, { startAfter: row.nextPollAt });
  }
  const opened = await parts.connections.open(row.connection, signal);
  if (!opened) return;
  const until = heldUntil(opened.view, 'look');
  if (until !== undefined) return parts.engine.send('follow', { operation: id }, { startAfter: until });
  try {
    const status = await opened.runner.status(row.reference, asSent(opened.ctx, opened.runner.manifest, row));
    await noteSuccess(parts.db.orm, row.connection);
    const sure = status.state !== 'expired' || !(await isInDoubt(parts, row));
    await recordStatus(parts, row, forgotten(row, status, sure ? now : 0), opened.runner.manifest);
  } catch (error) {
    await couldNotAsk(parts, row, opened, await keptFault(parts, row, unanswered(error)));
  }
}

/** Whether nothing may follow from how old an operation is: clocks are apart, and the call just now may have told that. */
async function isInDoubt({ clock, log }: LifecycleParts, row: OperationRow): Promise<boolean> {
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
  if (isTransient(error)) throw error;
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

/** Writes down what the vendor said; where it is the end, concludes everybody in the operation. */
export async function recordStatus(
  parts: LifecycleParts,
  row: OperationRow,
  told: OperationStatus,
  manifest: ConnectorManifest,
): Promise<void> {
  const { kept, words } = await keptStatus(parts, row, told, manifest);
  const status = await asListed(parts.db.orm, row.connection, kept);
  const now = new Date(parts.clock.now());
  const final = isFinal(status.state);
  const expectedBy = dateOf(status.expectedBy) ?? row.expectedBy;
  await parts.db.orm.transaction(async (tx) => {
    const [changed] = await tx
      .update(operations)
      .set({
        state: status.state,
        vendorState: status.vendorState,
        destinations: status.destinations,
        exceptions: status.exceptions,
        words,
        expectedBy,
        polls: row.polls + 1,
        answeredAt: now,
        personSaid: false,
        fault: faultOf(status),
        updatedAt: now,
        ...(final ? { finishedAt: dateOf(status.finishedAt) ?? now, nextPollAt: null } : {}),
      })
      .where(
        and(
          eq(operations.id, row.id),
          inArray(operations.state, ['accepted', 'processing']),
          isNull(operations.finishedAt),
        ),
      )
      .returning();
    if (changed === undefined) return;
    await keepResults(tx, row, status.subjects ?? []);
    const told = status.state === row.state ? [] : [changeOf(row, status, now)];
    // Of an operation that has ended it no longer matters to anybody.
    if (!final && expectedBy?.getTime() !== row.expectedBy?.getTime()) {
      await tx
        .update(tasks)
        .set({ expectedBy })
        .where(and(eq(tasks.state, 'processing'), inOperation(row)));
    }
    if (final) return concludeTasks(tx, changed, now, manifest, told);
    await appendEvents(tx, told);
    await scheduleFollow(tx, parts, changed, now);
  });
}

function changeOf(row: OperationRow, status: OperationStatus, at: Date): NewEvent {
  const kind: EventKind = `operation.${status.state}`;
  const data = {
    vendorState: status.vendorState,
    systems: status.exceptions.map(({ system }) => system).join(', ') || undefined,
    message: faultOf(status)?.message,
  };
  return { at, kind, operation: row.id, connection: row.connection, data };
}

/** The vendor could not be asked: later again, and nothing else changes. */
async function couldNotAsk(
  parts: LifecycleParts,
  row: OperationRow,
  opened: OpenConnection,
  fault: FaultData,
): Promise<void> {
  const decision = decideFault(fault, parts.clock.now());
  parts.log.warn({ operation: row.id, code: fault.code }, 'The vendor could not be asked how far an operation is');
  if (decision.act === 'reconnect') {
    await opened.reconnect(fault);
    return;
  }
  if (decision.act === 'rest') await rest(parts, row.connection, fault);
  const now = new Date(parts.clock.now());
  const { manifest } = opened.runner;
  const age = now.getTime() - (row.acceptedAt ?? now).getTime();
  const silentFor = now.getTime() - (row.answeredAt ?? row.acceptedAt ?? now).getTime();
  // It does not know the record, and its copies had a day to come into step; or it has thrown the record away by now.
  const keptMs = (manifest.deletion?.recordKeptDays ?? KEPT_DAYS) * day;
  if (silentFor >= SILENT && (fault.code === 'NOT_FOUND' || age > keptMs) && !(await isInDoubt(parts, row))) {
    return recordStatus(parts, row, { ...lost, vendorState: row.vendorState ?? '' }, manifest);
  }
  const told = (row.fault as FaultData | null)?.code === 'VENDOR_SILENT';
  const silent = silentFor >= SILENT ? vendorSilent(fault) : undefined;
  await parts.db.orm.transaction(async (tx) => {
    await tx
      .update(operations)
      .set({ polls: sql`${operations.polls} + 1`, ...given({ fault: silent }) })
      .where(eq(operations.id, row.id));
    if (silent !== undefined && !told) {
      const data = { code: fault.code, message: fault.message };
      await appendEvents(tx, [
        { at: now, kind: 'operation.silent', operation: row.id, connection: row.connection, data },
      ]);
    }
    await scheduleFollow(tx, parts, row, now);
  });
}

function dateOf(text: string | undefined): Date | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}
