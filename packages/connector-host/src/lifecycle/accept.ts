import { and, count, eq, inArray, isNull } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { operations, tasks } from '../store/schema.js';
import { appendEvents, type NewEvent } from '../timeline.js';
import { type Change, change, event } from './attempt.js';
import { completionOf } from './completion.js';
import { concludeTasks } from './conclude.js';
import { inOperation, type OperationRow } from './members.js';
import { nextPoll } from './next-poll.js';
import type { OpenConnection, Setting } from './setting.js';

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

/** The vendor has it: people are processing, or complete where the connection counts submission as completion. */
export async function recordAccepted(
  setting: Setting,
  row: OperationRow,
  { runner, config }: Pick<OpenConnection, 'runner' | 'config'>,
  {
    reference,
    expectedBy,
    found = false,
    actor,
  }: { reference: string; expectedBy?: Date | undefined; found?: boolean; actor?: string | undefined },
): Promise<boolean> {
  const { deletion } = runner.manifest;
  const atOnce = completionOf(runner.manifest, config) === 'complete-on-submit';
  const acceptedAt = found && row.attemptedAt !== null ? row.attemptedAt : new Date(setting.clock.now());
  const expected = expectedBy ?? new Date(acceptedAt.getTime() + (deletion?.slaDays ?? 30) * day);
  const what: Change = {
    state: deletion?.type === 'synchronous' ? 'completed' : 'accepted',
    reference,
    acceptedAt,
    expectedBy: expected,
    fault: null,
    finishedAt: atOnce ? acceptedAt : null,
  };
  return change(setting, row, what, async (tx, changed, now) => {
    const told: NewEvent[] = found ? [event(row, now, 'operation.found', { reference }, actor)] : [];
    const data = { reference, expectedBy: expected.toISOString() };
    told.push(event(row, now, atOnce ? 'operation.accepted_complete' : 'operation.accepted', data, actor));
    await appendEvents(tx, told);
    if (atOnce) {
      await concludeTasks(tx, changed, now, runner.manifest);
      return;
    }
    await tx
      .update(tasks)
      .set({ state: 'processing', expectedBy: expected })
      .where(and(eq(tasks.state, 'pending'), inOperation(row)));
    await scheduleFollow(tx, setting, changed, now);
  });
}

/** Decides when an accepted operation is looked at next, and sees to it. */
export async function scheduleFollow(tx: Queryable, setting: Setting, row: OperationRow, now: Date): Promise<void> {
  const nextPollAt = new Date(
    nextPoll({
      acceptedAt: row.acceptedAt?.getTime() ?? now.getTime(),
      now: now.getTime(),
      open: await countOpen(tx, row.connection),
      random: Math.random(),
      pollIntervalMs: setting.pollIntervalMs,
    }),
  );
  await tx.update(operations).set({ nextPollAt }).where(eq(operations.id, row.id));
  await setting.engine.send('follow', { operation: row.id }, { startAfter: nextPollAt }, tx);
}
