/** Who is in an operation, and with which of their identifiers: read from and written to the tables. */
import type { Identifier, Operation, Subject } from 'connector-contract';
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Doubts } from '../requests/doubts.js';
import { openIdentifiers } from '../requests/identifiers.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Queryable } from '../store/database.js';
import { operationMembers, type operations, requests, tasks } from '../store/schema.js';

/** A row of the operations. */
export type OperationRow = typeof operations.$inferSelect;

/** Somebody in an operation. */
export interface Member {
  readonly task: number;
  /** Positions, in the person's list, of the identifiers that are sent; `null` for all of them. */
  readonly positions: readonly number[] | null;
  /** All the person's identifiers. */
  readonly identifiers: readonly Identifier[];
  /** Row id of the request. */
  readonly request: number;
  /** What is doubtful of them. */
  readonly doubts: Doubts | null;
  /** How it stands with what is left over of the person themselves; `null` where nothing is. */
  readonly ownLeftover: string | null;
}

/** The undivided operation that this one is, or came from: what tasks name. */
export function rootOf(row: Pick<OperationRow, 'id' | 'root'>): number {
  return row.root ?? row.id;
}

/** Condition on tasks: they are in this operation, and of a divided one in this very part. */
export function inOperation(row: Pick<OperationRow, 'id' | 'root'>): SQL | undefined {
  const members = sql`select task from ${operationMembers} where operation = ${row.id}`;
  return and(eq(tasks.operation, rootOf(row)), row.root === null ? undefined : sql`${tasks.id} in (${members})`);
}

/** Where in a person's list the identifiers stand that an operation sends; `null` where it sends all, in order. */
export function positionsOf(all: readonly Identifier[], sent: readonly Identifier[]): readonly number[] | null {
  const same = (a: Identifier | undefined, b: Identifier) => a?.kind === b.kind && a.value === b.value;
  if (all.length === sent.length && all.every((one, i) => same(sent[i], one))) return null;
  return sent.map((one) => all.findIndex((other) => same(other, one))).filter((at) => at >= 0);
}

/** Reads who is in an operation, in the order it was planned; those who left it before submission are not. */
export async function readMembers(tx: Queryable, row: OperationRow, people: PeopleKeys): Promise<Member[]> {
  const found = await tx
    .select({
      task: operationMembers.task,
      positions: operationMembers.positions,
      request: requests.id,
      requestId: requests.requestId,
      sealed: requests.identifiers,
      doubts: sql<Doubts | null>`${requests.doubts}`,
      ownLeftover: tasks.ownLeftover,
    })
    .from(operationMembers)
    .innerJoin(tasks, eq(tasks.id, operationMembers.task))
    .innerJoin(requests, eq(requests.id, tasks.request))
    .where(and(eq(operationMembers.operation, row.id), eq(tasks.operation, rootOf(row))))
    .orderBy(asc(tasks.dueAt), asc(tasks.id));
  await people.prepare(found.map(({ sealed }) => sealed));
  return found.map(({ requestId, sealed, ...member }) => {
    if (sealed === null) throw new Error(`Operation ${row.id} holds a person whose identifiers were purged`);
    return { ...member, identifiers: openIdentifiers(people, requestId, sealed) };
  });
}

/** What of a person the operation sends. */
export function subjectOf({ task, positions, identifiers }: Member): Subject {
  const sent = positions === null ? identifiers : positions.flatMap((at) => identifiers[at] ?? []);
  return { id: String(task), identifiers: sent };
}

/** The operation as its connector planned it. */
export function operationOf(row: OperationRow, members: readonly Member[]): Operation {
  return { subjects: members.map(subjectOf), identifierCount: row.identifiers, bytes: row.bytes, key: row.key };
}
