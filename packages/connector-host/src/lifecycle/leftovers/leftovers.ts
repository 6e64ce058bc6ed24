/**
 * What becomes of leftovers: a person or a decision about the system ends them, and the people's tasks and requests follow. A leftover is
 * an operation's, so that its end is one row however many people are in it; their states follow in a job, {@link AT_ONCE} of them in a
 * transaction. What has still to follow is marked, so that a job that broke off goes on from there.
 */
import type { ConnectorManifest } from 'connector-contract';
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { kindsKeptBack, kindsKnownBy } from '../../intake/offers.js';
import { noRequest } from '../../not-there.js';
import { HostProblem } from '../../problem.js';
import { followLeftovers } from '../../requests/leftover-standing.js';
import { namingIssues, valuesOf } from '../../requests/naming.js';
import { type EndOfNotKnown, endNotKnown, notKnown } from '../../requests/not-known.js';
import type { LeftoverState } from '../../requests/states.js';
import { counts, endOfLeftover, treatments } from '../../requests/treatment.js';
import { caseOf } from '../../store/case-of.js';
import type { Queryable } from '../../store/database.js';
import { connections, leftovers, operationMembers, operations, requests, systems, tasks } from '../../store/schema.js';
import { appendEvents } from '../../timeline.js';
import { joinWork, lockWork } from '../../work/left-over.js';
import type { LifecycleParts } from '../parts.js';
import { demandRead } from './demand-read.js';
import { followWork } from './follow-work.js';
import { AT_ONCE, lockLeftovers, turn } from './turned.js';

/** Which leftovers somebody ends; every condition that is given must hold. */
export interface LeftoverFilter {
  readonly code: string;
  readonly connection?: string;
  /** As {@link LeftoverView.system} has it. */
  readonly system?: string;
  /** For `NO_KNOWN_USER_ID`, which is a person's own: only that of this request. */
  readonly requestId?: string;
}

/** How somebody ends them. */
export interface LeftoverEnd {
  readonly outcome: Exclude<LeftoverState, 'open'>;
  readonly reason: string;
}

/**
 * Ends leftovers that are open, as somebody says.
 * @throws HostProblem STATE_FORBIDS where some would be done for people whom nobody was shown.
 * @returns how many were ended; as many as {@link AT_ONCE} where more may be left.
 */
async function endLeftovers(
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
  await lockWork(
    tx,
    sql`${connection === undefined ? sql`true` : sql`connection = ${connection}`} and ${system === undefined ? sql`true` : sql`system = ${system}`}`,
  );
  // Picked before they are judged: whoever comes meanwhile is in no list, and is not ended.
  const picked = await tx
    .select({ id: leftovers.id })
    .from(leftovers)
    .where(which)
    .orderBy(leftovers.id)
    .limit(AT_ONCE)
    .for('update');
  if (outcome === 'done') await demandRead(tx, which);
  const ids = sql.param(picked.map(({ id }) => id));
  return turn(
    tx,
    sql`update ${leftovers} as l set state = ${outcome}, ended = ${ended}::jsonb where id = any(${ids}::bigint[])`,
    now,
  );
}

/** The decision about a system `s` that ends what is left over there. */
const decided = sql`nullif(s.treatment ->> 'kind', 'by-hand')`;

/** Of those left over `l`, it ends only this one's where it counts for its people. */
const decidedHere = sql`case when ${counts(sql`s.treatment`, sql`l.operation`)} then ${decided} end`;

/** Looked up system by system `s`: joined, the server reads all that was ever left over. */
const ofSystem = (which: SQL) => sql`cross join lateral (
  select id from ${leftovers} l where l.connection = s.connection and l.system = s.key and ${which} offset 0) l`;

const endedOtherwise = sql`join unnest(${`{${treatments.join(',')}}`}::text[]) as other (kind) on other.kind is distinct from ${decided}`;

/**
 * The next leftovers of a connection that stand otherwise than what is decided about their systems, by the two indexes in which they alone
 * are met: nobody looks through all that is open.
 */
function astray(connection: string): SQL {
  return sql`
    select l.id from ${systems} s ${ofSystem(sql`l.state = 'open' and ${decidedHere} is not null`)} where s.connection = ${connection} and ${decided} is not null
    union all
    select l.id from ${systems} s ${endedOtherwise} ${ofSystem(sql`l.ended ->> 'treatment' = other.kind`)} where s.connection = ${connection}
    limit ${AT_ONCE}`;
}

/** The connections at which leftovers may stand otherwise than what is decided about their systems. */
export const mayBeAstray = sql`
  select s.connection from ${systems} s ${ofSystem(sql`l.state = 'open' limit 1`)} where ${decided} is not null
  union
  select s.connection from ${systems} s ${endedOtherwise} ${ofSystem(sql`l.ended ->> 'treatment' = other.kind limit 1`)}`;

/** Lets leftovers that no person ended follow what is decided about their systems now: a decision that was taken back opens them again. */
async function followDecisions(tx: Queryable, connection: string, now: Date): Promise<number> {
  const { rowCount } = await tx.execute(sql`select from (${astray(connection)}) a limit 1`);
  if (rowCount === 0) return 0;
  await lockWork(tx, sql`connection = ${connection}`);
  return turn(
    tx,
    sql`with due as (
        select l.id, ${decidedHere} as kind, s.treatment
        from ${leftovers} l join ${systems} s on s.connection = l.connection and s.key = l.system
        where l.id = any(array(${astray(connection)})) and (l.state = 'open' or l.ended ->> 'treatment' is not null)
          and l.ended ->> 'treatment' is distinct from ${decided}
        order by l.id for update of l
      )
      update ${leftovers} as l set state = coalesce(${caseOf(sql`due.kind`, endOfLeftover)}, 'open'),
        ended = case when due.kind is not null then jsonb_build_object('at', ${now.toISOString()}::text,
          'by', due.treatment ->> 'by', 'why', due.treatment ->> 'reason', 'treatment', due.kind) end
      from due where l.id = due.id`,
    now,
  );
}

/** Lets what is left over and in no work join some: it was there before there were work items. Answers whether there may be more. */
async function joinHomeless(tx: Queryable, connection: string, now: Date): Promise<boolean> {
  const found = await tx
    .select({ id: leftovers.id })
    .from(leftovers)
    .where(and(eq(leftovers.connection, connection), eq(leftovers.state, 'open'), isNull(leftovers.work)))
    .orderBy(leftovers.id)
    .limit(AT_ONCE);
  if (found.length > 0) {
    const ids = sql.param(found.map(({ id }) => id));
    await appendEvents(tx, await joinWork(tx, sql`l.id = any(${ids}::bigint[])`, now));
  }
  return found.length === AT_ONCE;
}

/** Lets the people of some operations follow. Answers whether there may be more. */
async function followPeople(tx: Queryable, connection: string, now: Date): Promise<boolean> {
  await lockLeftovers(tx, [connection]);
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
  // A batch that is just as large has been done then too, and is not looked through once more.
  if ((await followLeftovers(tx, members, now, AT_ONCE + 1)) <= AT_ONCE) {
    await tx.update(operations).set({ lagging: false }).where(sql`${operations.id} = ${ids}`);
  }
  return true;
}

/** Ends `NO_KNOWN_USER_ID` of everybody whom a condition on tasks `t` names, some people in a transaction. Answers of how many. */
async function endEveryNotKnown(
  parts: LifecycleParts,
  which: SQL,
  end: Omit<EndOfNotKnown, 'at'>,
  signal?: AbortSignal,
): Promise<number> {
  for (let [ended, after] = [0, 0]; ; ) {
    signal?.throwIfAborted();
    const at = new Date(parts.clock.now());
    const step = await parts.db.orm.transaction(async (tx) => {
      const found = await endNotKnown(tx, sql`t.id > ${after} and ${which}`, { ...end, at });
      await appendEvents(tx, found.events);
      return found;
    });
    if (step.last === undefined) return ended;
    ended += step.events.length;
    after = step.last;
  }
}

/** Whether everybody whom the connector takes is known to the vendor, as the connection is set now: nothing of them may stay behind. */
function knowsEverybody(manifest: ConnectorManifest, config: Readonly<Record<string, unknown>>): boolean {
  if (kindsKeptBack(manifest, config) !== undefined) return false;
  const known = kindsKnownBy(manifest, config);
  return known === undefined || manifest.identities.kinds.every(({ kind }) => known.has(kind));
}

/** Why leftovers of people themselves end by the connection's settings. */
const KNOWN_NOW = 'By the settings of the connection, the vendor knows people by what they were given with.';

/** Whether a connection's `leftovers` job can have anything to do: without an operation only what is a person's own is left over. */
export async function hasLeftovers({ db }: LifecycleParts, connection: string): Promise<boolean> {
  const { rows } = await db.orm.execute<{ has: boolean }>(sql`
    select exists (select from ${operations} where connection = ${connection})
      or exists (select from ${tasks} where own_leftover = 'open' and connection = ${connection}) as has`);
  return rows[0]?.has === true;
}

/** Does a connection's `leftovers` job: everything that was left over there follows what is decided and set now. */
export async function bringOn(parts: LifecycleParts, connection: string, signal: AbortSignal): Promise<void> {
  const { orm } = parts.db;
  const now = () => new Date(parts.clock.now());
  const [row] = await orm.select().from(connections).where(eq(connections.id, connection));
  const manifest = row && parts.manifestOf(row.connector);
  if (row && manifest && knowsEverybody(manifest, row.config as Readonly<Record<string, unknown>>)) {
    const end = { outcome: 'not_needed', why: KNOWN_NOW } as const;
    await endEveryNotKnown(parts, sql`t.connection = ${connection}`, end, signal);
  }
  for (let turned = AT_ONCE; turned === AT_ONCE; ) {
    signal.throwIfAborted();
    turned = await orm.transaction((tx) => followDecisions(tx, connection, now()));
  }
  for (const step of [followWork, joinHomeless, followPeople]) {
    for (let more = true; more; ) {
      signal.throwIfAborted();
      more = await orm.transaction((tx) => step(tx, connection, now()));
    }
  }
}

/** The people of a filter, as a condition on tasks `t`. Throws NOT_FOUND for a request that is not there, REQUEST_INVALID for a reason that names its person. */
async function whoseNotKnown(
  { db, people }: LifecycleParts,
  { connection, requestId }: LeftoverFilter,
  reason: string,
): Promise<SQL> {
  const there = connection === undefined ? sql`true` : sql`t.connection = ${connection}`;
  if (requestId === undefined) return sql`${notKnown} and ${there}`;
  const [row] = await db.orm.select().from(requests).where(eq(requests.requestId, requestId));
  if (row === undefined) throw noRequest();
  const [named] = namingIssues({ reason }, await valuesOf(await people(), [row]));
  if (named !== undefined) throw new HostProblem('REQUEST_INVALID', named.message, { errors: [named] });
  return sql`${notKnown} and ${there} and t.request = ${row.id}`;
}

/** Refuses a filter that would end more than it says, or nothing at all. Throws REQUEST_INVALID. */
function demandFitting({ code, requestId, system }: LeftoverFilter): void {
  const own = code === 'NO_KNOWN_USER_ID';
  if ((own ? system : requestId) === undefined) return;
  const field = own ? 'system' : 'requestId';
  const message = own
    ? `${code} is about a person, not about a system.`
    : 'A system is left over for everybody of a batch together, not for one request.';
  const remedy = own ? 'Name a connection or a request instead.' : 'Name the system and the connection instead.';
  throw new HostProblem('REQUEST_INVALID', message, { errors: [{ field, code: 'INVALID', message, remedy }] });
}

/**
 * Ends everything that is left over and fits a filter; the states of the people follow.
 * @returns how many leftovers were ended: a system's counts once for an operation.
 * @throws HostProblem REQUEST_INVALID, NOT_FOUND.
 */
export async function closeLeftovers(
  parts: LifecycleParts,
  filter: LeftoverFilter,
  end: LeftoverEnd,
  actor: string,
): Promise<number> {
  const { orm } = parts.db;
  const now = new Date(parts.clock.now());
  demandFitting(filter);
  let closed = 0;
  if (filter.code === 'NO_KNOWN_USER_ID') {
    const { outcome, reason: why } = end;
    closed = await endEveryNotKnown(parts, await whoseNotKnown(parts, filter, why), { outcome, why, by: actor });
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
    for (const { connection: of } of rows) await parts.engine.send('leftovers', { connection: of }, {}, tx);
  });
  return closed;
}
