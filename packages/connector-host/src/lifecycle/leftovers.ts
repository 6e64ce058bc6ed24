/**
 * What becomes of leftovers: a person or a decision about the system ends them, and the people's tasks and requests follow. A leftover is
 * an operation's, so that its end is one row however many people are in it; their states follow in a job, {@link AT_ONCE} of them in a
 * transaction. What has still to follow is marked, so that a job that broke off goes on from there.
 */
import type { ConnectorManifest } from 'connector-contract';
import { and, eq, sql } from 'drizzle-orm';
import { kindsKnownBy } from '../requests/offers.js';
import type { LeftoverState } from '../requests/states.js';
import { endOfLeftover } from '../requests/treatment.js';
import { caseOf } from '../store/case-of.js';
import type { Queryable } from '../store/database.js';
import { connections, leftovers, operationMembers, operations, systems, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { followLeftovers, standing } from './leftover-standing.js';
import type { Setting } from './setting.js';

/** People, or leftovers, of one transaction. */
export const AT_ONCE = 5_000;

/** Which leftovers somebody ends; every condition that is given must hold. */
export interface LeftoverFilter {
  readonly code: string;
  readonly connection?: string;
  /** As {@link LeftoverView.system} has it. */
  readonly system?: string;
}

/** How somebody ends them. */
export interface LeftoverEnd {
  readonly outcome: Exclude<LeftoverState, 'open'>;
  readonly reason: string;
}

/** Leftovers whose state changed, of one transaction. */
interface Turned extends Record<string, unknown> {
  readonly operation: number;
  readonly connection: string;
  readonly name: string;
  readonly state: LeftoverState;
  readonly why: string | null;
}

/** What has to happen after leftovers changed: their operations stand otherwise, their people are to follow, and the timeline is told. */
async function afterTurn(tx: Queryable, turned: readonly Turned[], now: Date): Promise<void> {
  if (turned.length === 0) return;
  const ids = sql.param([...new Set(turned.map(({ operation }) => operation))]);
  await tx.execute(sql`
    update ${operations} as o set lagging = true,
      left_over = (select ${standing(sql`l.state`)} from ${leftovers} l where l.operation = o.id)
    where id = any((select ${ids}::bigint[])::bigint[])`);
  await appendEvents(
    tx,
    turned.map(({ operation, connection, name, state, why }) => ({
      at: now,
      kind: state === 'open' ? 'operation.leftover_reopened' : 'operation.leftover_ended',
      operation,
      connection,
      data: { system: name, outcome: state, reason: why ?? undefined },
    })),
  );
}

/**
 * Ends leftovers that are open, as somebody says.
 * @returns how many were ended; as many as {@link AT_ONCE} where more may be left.
 */
export async function endLeftovers(
  tx: Queryable,
  { code, connection, system }: LeftoverFilter,
  { outcome, reason }: LeftoverEnd,
  { now, actor }: { readonly now: Date; readonly actor: string },
): Promise<number> {
  const which = and(
    eq(leftovers.state, 'open'),
    eq(leftovers.code, code),
    connection === undefined ? undefined : eq(leftovers.connection, connection),
    system === undefined ? undefined : eq(leftovers.system, system),
  );
  const ended = JSON.stringify({ at: now.toISOString(), by: actor, why: reason });
  const { rows } = await tx.execute<Turned>(sql`
    update ${leftovers} as l set state = ${outcome}, ended = ${ended}::jsonb
    where id in (select id from ${leftovers} where ${which} order by id limit ${AT_ONCE} for update)
    returning operation::float8 as operation, connection, name, state, ${reason}::text as why`);
  await afterTurn(tx, rows, now);
  return rows.length;
}

/** Lets leftovers that no person ended follow what is decided about their systems now: a decision that was taken back opens them again. */
async function followDecisions(tx: Queryable, connection: string, now: Date): Promise<number> {
  const decided = sql`nullif(s.treatment ->> 'kind', 'by-hand')`;
  const { rows } = await tx.execute<Turned>(sql`
    with due as (
      select l.id, ${decided} as kind, s.treatment
      from ${leftovers} l left join ${systems} s on s.connection = l.connection and s.key = l.system
      where l.connection = ${connection} and (l.state = 'open' or l.ended ->> 'treatment' is not null)
        and l.ended ->> 'treatment' is distinct from ${decided}
      order by l.id limit ${AT_ONCE} for update of l
    )
    update ${leftovers} as l set state = coalesce(${caseOf(sql`due.kind`, endOfLeftover)}, 'open'),
      ended = case when due.kind is not null then jsonb_build_object('at', ${now.toISOString()}::text,
        'by', due.treatment ->> 'by', 'why', due.treatment ->> 'reason', 'treatment', due.kind) end
    from due where l.id = due.id
    returning l.operation::float8 as operation, l.connection, l.name, l.state, due.treatment ->> 'reason' as why`);
  await afterTurn(tx, rows, now);
  return rows.length;
}

/** Lets the people of some operations follow. Answers whether there may be more. */
async function followPeople(tx: Queryable, connection: string, now: Date): Promise<boolean> {
  const found = await tx
    .select({ id: operations.id, subjects: operations.subjects })
    .from(operations)
    .where(and(eq(operations.lagging, true), eq(operations.connection, connection)))
    .orderBy(operations.id)
    .limit(1_000)
    .for('update');
  const some: number[] = [];
  for (let people = 0, at = 0; at < found.length && people < AT_ONCE; at += 1) {
    some.push(found[at]?.id ?? 0);
    people += found[at]?.subjects ?? 0;
  }
  if (some.length === 0) return false;
  const ids = sql`any((select ${sql.param(some)}::bigint[])::bigint[])`;
  const members = sql`select task from ${operationMembers} where operation = ${ids}`;
  if ((await followLeftovers(tx, members, now, AT_ONCE)) < AT_ONCE) {
    await tx.update(operations).set({ lagging: false }).where(sql`${operations.id} = ${ids}`);
  }
  return true;
}

/** Which leftovers of people themselves are ended, how, and by whom. */
interface OwnTurn extends LeftoverEnd {
  readonly connection?: string;
  readonly by?: string;
}

/** Ends `NO_KNOWN_USER_ID` of the next people, in the order of their tasks. Answers where it went on to, or `undefined` at the end. */
async function endOwn(
  tx: Queryable,
  { connection, outcome, reason, by }: OwnTurn,
  after: number,
  now: Date,
): Promise<{ readonly ended: number; readonly last: number } | undefined> {
  const { rows } = await tx.execute<{ id: number }>(sql`
    update ${tasks} set own_leftover = ${outcome}, own_ended = ${JSON.stringify({ at: now.toISOString(), by, why: reason })}::jsonb
    where id in (
      select id from ${tasks} where own_leftover = 'open' and id > ${after}
        and ${connection === undefined ? sql`true` : sql`connection = ${connection}`}
      order by id limit ${AT_ONCE} for update)
    returning id::float8 as id`);
  if (rows.length === 0) return undefined;
  const ids = rows.map(({ id }) => id);
  await followLeftovers(tx, sql`select unnest((select ${sql.param(ids)}::bigint[]))`, now, AT_ONCE);
  const data = { outcome, reason };
  await appendEvents(
    tx,
    ids.map((task) => ({ at: now, kind: 'task.leftover_ended', task, data })),
  );
  return { ended: ids.length, last: Math.max(...ids) };
}

async function endEveryOwn(setting: Setting, turn: OwnTurn, signal?: AbortSignal): Promise<number> {
  for (let [ended, after] = [0, 0]; ; ) {
    signal?.throwIfAborted();
    const now = new Date(setting.clock.now());
    const step = await setting.database.orm.transaction((tx) => endOwn(tx, turn, after, now));
    if (step === undefined) return ended;
    ended += step.ended;
    after = step.last;
  }
}

/** Whether everybody whom the connector takes is known to the vendor, as the connection is set now. */
function knowsEverybody(manifest: ConnectorManifest, config: Readonly<Record<string, unknown>>): boolean {
  const known = kindsKnownBy(manifest, config);
  return known === undefined || manifest.identities.kinds.every(({ kind }) => known.has(kind));
}

/** Why leftovers of people themselves end by the connection's settings. */
const KNOWN_NOW = 'By the settings of the connection, the vendor knows people by what they were given with.';

/** Does a connection's `leftovers` job: everything that was left over there follows what is decided and set now. */
export async function bringOn(setting: Setting, connection: string, signal: AbortSignal): Promise<void> {
  const { orm } = setting.database;
  const now = () => new Date(setting.clock.now());
  const [row] = await orm.select().from(connections).where(eq(connections.id, connection));
  const manifest = row && setting.manifestOf(row.connector);
  if (row && manifest && knowsEverybody(manifest, row.config as Readonly<Record<string, unknown>>)) {
    await endEveryOwn(setting, { connection, outcome: 'not_needed', reason: KNOWN_NOW }, signal);
  }
  for (let turned = AT_ONCE; turned === AT_ONCE; ) {
    signal.throwIfAborted();
    turned = await orm.transaction((tx) => followDecisions(tx, connection, now()));
  }
  for (let more = true; more; ) {
    signal.throwIfAborted();
    more = await orm.transaction((tx) => followPeople(tx, connection, now()));
  }
}

/**
 * Ends everything that is left over and fits a filter; the states of the people follow.
 * @returns how many leftovers were ended: a system's counts once for an operation.
 */
export async function closeLeftovers(
  setting: Setting,
  filter: LeftoverFilter,
  end: LeftoverEnd,
  actor: string,
): Promise<number> {
  const { orm } = setting.database;
  const now = new Date(setting.clock.now());
  let closed = 0;
  if (filter.code === 'NO_KNOWN_USER_ID') {
    const { connection } = filter;
    closed = await endEveryOwn(setting, { ...end, by: actor, ...(connection === undefined ? {} : { connection }) });
  } else {
    for (let ended = AT_ONCE; ended === AT_ONCE; ) {
      ended = await orm.transaction((tx) => endLeftovers(tx, filter, end, { now, actor }));
      closed += ended;
    }
  }
  await orm.transaction(async (tx) => {
    const data = { ...filter, ...end, closed };
    const at = filter.connection === undefined ? {} : { connection: filter.connection };
    await appendEvents(tx, [{ at: now, kind: 'leftovers.closed', ...at, actor, data }]);
    const { rows } = await tx.execute<{ connection: string }>(
      sql`select distinct connection from ${operations} where lagging`,
    );
    await setting.engine.sendMany(
      'leftovers',
      rows.map(({ connection }) => ({ data: { connection } })),
      tx,
    );
  });
  return closed;
}
