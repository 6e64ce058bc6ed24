/** From waiting tasks to planned operations: the most urgent first, packed by the connector, in chunks that commit one by one. */
import type { FaultData, Identifier, Subject } from 'connector-contract';
import { and, asc, count, eq, isNull, min, sql } from 'drizzle-orm';
import { heldRow } from '../../connections/rows.js';
import { kindsKnownBy, type Offer, termsOf } from '../../intake/offers.js';
import type { Doubts } from '../../requests/doubts.js';
import { openIdentifiers } from '../../requests/identifiers.js';
import type { PeopleKeys } from '../../sealing/people-keys.js';
import type { Queryable } from '../../store/database.js';
import { requests, tasks } from '../../store/schema.js';
import { failTasks } from '../conclusion/conclude.js';
import { heldOf, holdTasks, judgeAgain } from '../doubtful.js';
import { identifiersPurged, identifiersUnreadable } from '../faults.js';
import type { LifecycleParts, OpenConnection } from '../parts.js';
import { makeOperations } from './make-operations.js';
import { choose } from './packing.js';

/** People that are packed at a time: some full operations, and little memory. */
export const PLAN_CHUNK = 10_000;

interface Waiting {
  readonly task: number;
  readonly since: Date;
  readonly dueAt: Date | null;
  readonly request: number;
  readonly requestId: string;
  readonly sealed: Buffer | null;
  readonly doubts: Doubts | null;
}

/** People of a chunk, opened. */
interface Chunk {
  readonly subjects: readonly Subject[];
  readonly unreadable: readonly { readonly task: number; readonly fault: FaultData }[];
}

/**
 * Plans what waits for a connection. Sends itself again for people who wait for others to join them.
 * @param signal stops between two chunks; what was committed stays.
 */
export async function plan(parts: LifecycleParts, connection: string, signal: AbortSignal): Promise<void> {
  const opened = await parts.connections.open(connection, signal);
  if (!opened) return;
  const later = await waitsUntil(parts, connection, opened);
  if (later !== undefined) {
    await parts.engine.send('plan', { connection }, { startAfter: later });
    return;
  }
  const people = await parts.people();
  let offers: ReadonlyMap<string, Offer> | undefined;
  for (let more = true; more; ) {
    signal.throwIfAborted();
    const step = await planChunk(parts, connection, opened, people, offers);
    if (step === 'doubtful') {
      // Read outside of the transaction, which holds a connection to the database already.
      offers = await parts.offers();
      continue;
    }
    more = step.more;
    if (step.nextAt !== undefined) {
      await parts.engine.send('plan', { connection }, { startAfter: new Date(step.nextAt) });
    }
  }
}

/** Where too few wait to fill an operation: when the first of them has waited for the plan window, if that lies ahead. */
async function waitsUntil(
  parts: LifecycleParts,
  connection: string,
  { runner }: OpenConnection,
): Promise<Date | undefined> {
  if (parts.planWindowMs === 0) return undefined;
  const { maxSubjects = PLAN_CHUNK, maxIdentifiers = PLAN_CHUNK } = runner.manifest.deletion?.batch ?? {};
  const enough = Math.min(maxSubjects, maxIdentifiers, PLAN_CHUNK);
  const { orm } = parts.db;
  const first = orm
    .select({ since: tasks.createdAt })
    .from(tasks)
    .where(isWaiting(connection))
    .limit(enough)
    .as('first');
  const [found] = await orm.select({ waiting: count(), since: min(first.since) }).from(first);
  if (found === undefined || found.since === null || found.waiting >= enough) return undefined;
  const now = parts.clock.now();
  const until = new Date(found.since.getTime() + parts.planWindowMs);
  // Whoever came in the future came before the clock was set back, and has waited long enough.
  return found.since.getTime() <= now && until.getTime() > now ? until : undefined;
}

const isWaiting = (connection: string) =>
  and(eq(tasks.connection, connection), eq(tasks.state, 'pending'), isNull(tasks.operation));

/** @param offers what every connection can do, which is read only where somebody is doubtful: the answer says so where it is missing. */
async function planChunk(
  parts: LifecycleParts,
  connection: string,
  { runner, config }: OpenConnection,
  people: PeopleKeys,
  offers: ReadonlyMap<string, Offer> | undefined,
): Promise<{ more: boolean; nextAt?: number } | 'doubtful'> {
  return parts.db.orm.transaction(async (tx) => {
    if ((await heldRow(tx, connection))?.state !== 'active') return { more: false };
    const now = new Date(parts.clock.now());
    const waiting = await readWaiting(tx, connection);
    if (waiting.length === 0) return { more: false };
    await people.prepare(waiting.map(({ sealed }) => sealed));
    const chunk = openChunk(waiting, people);
    const byId = new Map(waiting.map((one) => [String(one.task), one]));
    const candidates = chunk.subjects.flatMap(({ id, identifiers }) => {
      const one = byId.get(id);
      return one === undefined ? [] : [{ ...one, identifiers }];
    });
    const terms = termsOf(runner.manifest, kindsKnownBy(runner.manifest, config));
    const { refused, doubtful } = judgeAgain(candidates, { connection, terms });
    if (doubtful.length > 0 && offers === undefined) return 'doubtful';
    const held = await heldOf(tx, doubtful, offers ?? new Map());
    const out = new Set([...refused, ...held].map(({ task }) => String(task)));
    const subjects = out.size === 0 ? chunk.subjects : chunk.subjects.filter(({ id }) => !out.has(id));
    const packed = await runner.plan(subjects, config);
    const more = waiting.length === PLAN_CHUNK;
    const waited = ({ since }: Waiting) => (since <= now ? since.getTime() : 0);
    const since = new Map(waiting.map((one) => [String(one.task), waited(one)]));
    const batch = runner.manifest.deletion?.batch ?? {};
    const choice = choose(packed.operations, batch, more, since, now.getTime(), parts.planWindowMs);
    const identifiers = new Map<string, readonly Identifier[]>(chunk.subjects.map((one) => [one.id, one.identifiers]));
    await makeOperations(
      tx,
      parts,
      connection,
      choice.go.map((operation) => ({ operation, dueAt: soonest(operation.subjects, byId) })),
      (task) => identifiers.get(task) ?? [],
      now,
    );
    const rejected = packed.rejected.map(({ subjectId, fault }) => ({ task: Number(subjectId), fault }));
    await failTasks(tx, [...chunk.unreadable, ...refused, ...rejected], now);
    await holdTasks(tx, held, now);
    return choice.nextAt === undefined ? { more } : { more, nextAt: choice.nextAt };
  });
}

/** Locks what it reads, so that nobody is cancelled while being planned. */
async function readWaiting(tx: Queryable, connection: string): Promise<Waiting[]> {
  const locked = tx
    .select({ task: tasks.id, since: tasks.createdAt, dueAt: tasks.dueAt, of: tasks.request })
    .from(tasks)
    .where(isWaiting(connection))
    .orderBy(asc(tasks.dueAt), asc(tasks.id))
    .limit(PLAN_CHUNK)
    .for('update', { skipLocked: true })
    .as('locked');
  // Looked up one by one: joined as sets, the server reads the whole table for so many rows.
  const asked = tx
    .select({
      request: requests.id,
      requestId: requests.requestId,
      sealed: requests.identifiers,
      doubts: sql<Doubts | null>`${requests.doubts}`.as('doubts'),
    })
    .from(requests)
    .where(eq(requests.id, locked.of))
    .limit(1)
    .as('asked');
  const { task, since, dueAt } = locked;
  const { request, requestId, sealed, doubts } = asked;
  return tx
    .select({ task, since, dueAt, request, requestId, sealed, doubts })
    .from(locked)
    .crossJoinLateral(asked)
    .orderBy(asc(dueAt), asc(task));
}

/**
 * Opens everybody's identifiers. Somebody whose identifiers do not open ends in error and stops nobody else.
 * @throws Error where nobody's open: the key is wrong, not the people.
 */
function openChunk(waiting: readonly Waiting[], people: PeopleKeys): Chunk {
  const subjects: Subject[] = [];
  const unreadable: { task: number; fault: FaultData }[] = [];
  let trouble: unknown;
  for (const { task, requestId, sealed } of waiting) {
    if (sealed === null) {
      unreadable.push({ task, fault: identifiersPurged() });
      continue;
    }
    try {
      subjects.push({ id: String(task), identifiers: openIdentifiers(people, requestId, sealed) });
    } catch (error) {
      trouble = error;
      unreadable.push({ task, fault: identifiersUnreadable() });
    }
  }
  if (subjects.length === 0 && trouble !== undefined && waiting.length > 1) throw trouble;
  return { subjects, unreadable };
}

function soonest(subjects: readonly Subject[], byId: ReadonlyMap<string, Waiting>): Date | null {
  let least: Date | null = null;
  for (const { id } of subjects) {
    const dueAt = byId.get(id)?.dueAt ?? null;
    if (dueAt !== null && (least === null || dueAt < least)) least = dueAt;
  }
  return least;
}
