/** Finds work that nobody is reminded of, whatever the reason, and sends its jobs. The tables are the truth; this makes the jobs follow. */
import { and, eq, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm';
import { tidyTallies } from '../requests/tallies.js';
import { localDate } from '../requests/zoned-days.js';
import { connections, leftovers, operations, tasks, workItems } from '../store/schema.js';
import { hastenReconnect } from '../work/connections.js';
import { askAgain } from '../work/systems.js';
import { mayBeAstray } from './leftovers/leftovers.js';
import { type LifecycleParts, urgency } from './parts.js';
import { pullBack } from './pull-back.js';

/** Jobs that are sent in one statement. */
const AT_ONCE = 5_000;

/**
 * So far ahead, in milliseconds, waits no job of an operation that is not held: a wrong clock put it there. Longer than a connection
 * rests after failures.
 */
const ABSURD = 3_600_000;

/** What a sweep found to be open. Most of it usually has its job already. */
export interface SweepReport {
  /** Connections with people who wait to be planned. */
  readonly toPlan: number;
  /** Operations planned and not submitted. */
  readonly planned: number;
  /** Operations of which it is not known whether the vendor has them. */
  readonly uncertain: number;
  /** Operations whose next look is due. */
  readonly toFollow: number;
  /** Connections with leftovers that were decided about, or ended, and whose people have still to follow. */
  readonly toBringOn: number;
}

/**
 * Sends the jobs of all open work of active connections.
 * @param only one connection, whose work then goes on at once whatever it waited for; or all.
 */
export async function sweep(parts: LifecycleParts, only?: string): Promise<SweepReport> {
  const { orm } = parts.db;
  if (only === undefined) await tidyTallies(parts.db);
  const now = new Date(parts.clock.now());
  // Only by a clock that is right can anything be seen to lie too far ahead, or a day to have come.
  const certain = (await parts.clock.doubt?.()) === undefined;
  const backAgain = certain ? await pullBack(parts, now) : [];
  if (certain && only === undefined)
    await orm.transaction((tx) => askAgain(tx, localDate(now.getTime(), parts.zone), now));
  if (only === undefined) await hastenReconnect(orm);
  const active = and(eq(connections.state, 'active'), only === undefined ? undefined : eq(connections.id, only));
  const waiting = await orm
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(
        active,
        sql`exists (select 1 from ${tasks} t where t.connection = ${connections.id} and t.state = 'pending' and t.operation is null)`,
      ),
    );
  await parts.engine.sendMany(
    'plan',
    waiting.map(({ id }) => ({ data: { connection: id } })),
    undefined,
    parts.planWindowMs + 60_000,
  );

  // As in `heldUntil`: a used-up quota keeps nobody from looking for what was lost.
  const lookable = and(ne(operations.state, 'planned'), eq(connections.heldCode, 'QUOTA_EXHAUSTED'));
  const notHeld = or(isNull(connections.heldUntil), lte(connections.heldUntil, now), lookable);
  const columns = { id: operations.id, state: operations.state, dueAt: operations.dueAt };
  const toSubmit = await orm
    .select(columns)
    .from(operations)
    .innerJoin(connections, eq(connections.id, operations.connection))
    .where(
      and(
        active,
        notHeld,
        inArray(operations.state, ['planned', 'submitting', 'uncertain']),
        isNull(operations.finishedAt),
      ),
    )
    .limit(AT_ONCE);
  await parts.engine.sendMany(
    'submit',
    toSubmit.map(({ id, dueAt }) => ({ data: { operation: id }, priority: urgency(dueAt) })),
    undefined,
    only === undefined ? ABSURD : 0,
  );

  const due = or(isNull(operations.nextPollAt), lte(operations.nextPollAt, now));
  const toFollow = await orm
    .select(columns)
    .from(operations)
    .innerJoin(connections, eq(connections.id, operations.connection))
    .where(and(active, inArray(operations.state, ['accepted', 'processing']), isNull(operations.finishedAt), due))
    .limit(AT_ONCE);
  await parts.engine.sendMany(
    'follow',
    toFollow.map(({ id }) => ({ data: { operation: id } })),
    undefined,
    backAgain.length > 0 ? 0 : undefined,
  );

  const { rows: behind } = await orm.execute<{ connection: string }>(sql`
    select connection from ${operations} where lagging union
    ${mayBeAstray} union
    select connection from ${leftovers} where state = 'open' and work is null union
    select connection from ${workItems} where lagging`);
  await parts.engine.sendMany(
    'leftovers',
    behind.map(({ connection }) => ({ data: { connection } })),
  );

  return {
    toPlan: waiting.length,
    toBringOn: behind.length,
    planned: toSubmit.filter(({ state }) => state === 'planned').length,
    uncertain: toSubmit.filter(({ state }) => state !== 'planned').length,
    toFollow: toFollow.length,
  };
}
