/**
 * Stores requests that came one by one, together: one transaction, in two messages to the server. All of it is durable when this answers.
 */
import type { Writable } from 'node:stream';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { appendBehind, lockHead } from '../audit/append.js';
import type { ChainHead } from '../audit/chain.js';
import type { Database } from '../store/database.js';
import { diskFull } from '../store/disk-full.js';
import { transact } from '../store/transact.js';
import { auditOf, EVENTS_CHANNEL, type NewEvent } from '../timeline.js';
import { openForNew } from '../work/requests.js';
import { BatchOutdated } from './intake.js';
import type { NewRequest, NewTask } from './new-rows.js';

/** A request as it is stored in a group. */
export interface GroupMember {
  readonly request: NewRequest;
  /** Of its identifiers. */
  readonly fingerprints: readonly bigint[];
  readonly tasks: readonly NewTask[];
  /** What is told of it; it is about the request. */
  readonly events: readonly Pick<NewEvent, 'kind' | 'actor' | 'data'>[];
  /** SHA-256 of the token that it came with, where that was known from before: it is looked at in the same transaction. */
  readonly proof?: Buffer | undefined;
}

/** What the members of a group were made of. */
export interface GroupTerms {
  /** Id of the key that sealed their identifiers. */
  readonly sealingKey: string;
  /** Of each connection, what it was when targets were chosen. */
  readonly stamps: ReadonlyMap<string, string>;
  readonly now: Date;
}

/** The rows that a request became. */
export interface StoredRequest {
  readonly id: number;
  /** Ids of its tasks by connection, and of its events by kind. */
  readonly tasks: Readonly<Record<string, number>>;
  readonly events: Readonly<Record<string, number>>;
}

/** What became of a member: its rows; undefined where a request stands under its id already, or its token is good no more. */
export type GroupResult = StoredRequest | undefined;

/** What a connection is, as far as the choice of targets goes, as a text to compare. */
export const connectionStamps = `select id, md5(row(state, capabilities, config)::text) as stamp from connector_host.connections where state <> 'removed' order by id`;

// Rows of requests in the order of their ids: two senders with the same people wait for each other in one direction only.
const store = `with given as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::text[], $7::jsonb[], $8::timestamptz[],
    $9::timestamptz[], $10::text[], $11::smallint[], $12::timestamptz[], $23::bytea[])
    with ordinality as g (request_id, "right", state, digest, identifiers, fingerprints, doubts, created_at, received_at, jurisdiction,
      jurisdiction_days, due_at, proof, nth)
  where proof is null or exists (select from connector_host.access_tokens k
    where k.hash = proof and k.revoked_at is null and (k.expires_at is null or k.expires_at > $24::timestamptz))
), fresh as (
  insert into connector_host.requests (request_id, "right", state, digest, identifiers, fingerprints, doubts, created_at, received_at,
    jurisdiction, jurisdiction_days, due_at)
  select request_id, "right", state, digest, identifiers, fingerprints::bigint[], doubts, created_at, received_at, jurisdiction,
    jurisdiction_days, due_at from given order by request_id
  on conflict (request_id) do nothing returning id, request_id
), stored as materialized (select f.id, g.* from fresh f join given g using (request_id)),
todo as (
  insert into connector_host.tasks (request, connection, "right", state, access_step, own_leftover, due_at, created_at, concluded_at)
  select s.id, t.connection, s."right", t.state, t.access_step, t.own_leftover, s.due_at, s.created_at, t.concluded_at
  from unnest($13::int[], $14::text[], $15::text[], $16::text[], $17::text[], $18::timestamptz[])
    with ordinality as t (nth, connection, state, access_step, own_leftover, concluded_at, at) join stored s using (nth)
  order by s.id, t.at returning id, request, connection
), told as (
  insert into connector_host.events (at, kind, request, actor, data)
  select s.created_at, e.kind, s.id, e.actor, e.data
  from unnest($19::int[], $20::text[], $21::text[], $22::jsonb[]) with ordinality as e (nth, kind, actor, data, at) join stored s using (nth)
  order by s.id, e.at returning id, request, kind
)
select s.nth::int as nth, s.id::float8 as id,
  (select jsonb_object_agg(connection, id) from todo where request = s.id) as tasks,
  (select jsonb_object_agg(kind, id) from told where request = s.id) as events
from stored s order by s.nth`;

function storing(members: readonly GroupMember[], now: Date): QueryConfig {
  const of = <T>(value: (member: GroupMember) => T) => members.map(value);
  const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  const tasks = members.flatMap((member, at) => member.tasks.map((task) => ({ task, nth: at + 1 })));
  const events = members.flatMap((member, at) => member.events.map((event) => ({ event, nth: at + 1 })));
  return {
    name: 'store requests',
    text: store,
    values: [
      of(({ request }) => request.requestId),
      of(({ request }) => request.right),
      of(({ request }) => request.state),
      of(({ request }) => Buffer.from(request.digest, 'latin1')),
      of(({ request }) => request.identifiers),
      of(({ fingerprints }) => `{${fingerprints.join(',')}}`),
      of(({ request: { doubts } }) => (doubts === null ? null : JSON.stringify(doubts))),
      of(({ request }) => iso(request.createdAt)),
      of(({ request }) => iso(request.receivedAt)),
      of(({ request }) => request.jurisdiction),
      of(({ request }) => request.jurisdictionDays),
      of(({ request }) => iso(request.dueAt)),
      tasks.map(({ nth }) => nth),
      tasks.map(({ task }) => task.connection),
      tasks.map(({ task }) => task.state),
      tasks.map(({ task }) => task.accessStep),
      tasks.map(({ task }) => task.ownLeftover),
      tasks.map(({ task }) => iso(task.concludedAt)),
      events.map(({ nth }) => nth),
      events.map(({ event }) => event.kind),
      events.map(({ event }) => event.actor),
      events.map(({ event }) => JSON.stringify(event.data ?? {})),
      of(({ proof }) => proof ?? null),
      now.toISOString(),
    ],
  };
}

/** What the server has to confirm in the transaction: that all this is still as it was when the members were made. */
function confirming({ sealingKey }: GroupTerms): QueryConfig {
  return {
    name: 'hold terms',
    text: `with held as (${connectionStamps} for key share), key as (
        select from connector_host.data_keys where id = $1 and retired_at is null for share)
      select id, stamp, exists (select from key) as sealing from held`,
    values: [sealingKey],
  };
}

/** Sends statements in one message and waits for all their answers. Throws what the first that failed says. */
async function together(client: PoolClient, statements: readonly QueryConfig[]): Promise<QueryResult[]> {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
  stream.cork();
  const sent = statements.map((statement) => client.query(statement));
  stream.uncork();
  const answers = await Promise.allSettled(sent);
  return answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  });
}

interface HeldConnection {
  readonly id: string;
  readonly stamp: string;
  /** Whether the key still seals. */
  readonly sealing: boolean;
}

function areOf({ stamps }: GroupTerms, rows: readonly HeldConnection[]): boolean {
  return rows.length === stamps.size && rows.every(({ id, stamp, sealing }) => sealing && stamps.get(id) === stamp);
}

/** Tells of what was stored: in the audit log, and to whoever listens for events. */
function telling(
  members: readonly GroupMember[],
  stored: readonly (StoredRequest & { readonly nth: number })[],
  head: ChainHead,
): QueryConfig {
  const entries = stored.flatMap(({ nth, id }) => {
    const { events = [], request } = members[nth - 1] ?? {};
    const at = new Date(request?.createdAt ?? 0);
    return auditOf(events.map(({ kind, actor, data = {} }) => ({ at, kind, actor, data, request: id })));
  });
  const last = Math.max(...stored.flatMap(({ events }) => Object.values(events)));
  return appendBehind(head, entries, { channel: EVENTS_CHANNEL, payload: String(last) });
}

const begin: QueryConfig = { text: 'begin; set local synchronous_commit = on' };

/**
 * Stores a group whose members have distinct request ids.
 * @returns what became of each member, in their order.
 * @throws BatchOutdated where connections or the key changed since the members were made: nothing was stored. HostProblem DISK_FULL.
 */
export async function storeGroup(
  db: Pick<Database, 'swift' | 'shortage'>,
  members: readonly GroupMember[],
  terms: GroupTerms,
): Promise<readonly GroupResult[]> {
  const shortage = await db.shortage();
  if (shortage) throw diskFull(shortage);
  return transact(db.swift, async (client) => {
    // Work for people is opened before the audit log is locked: whoever ends such work takes the two in that order.
    const waits = members.some(({ request }) => request.state === 'waiting_for_person');
    const first = [begin, confirming(terms), storing(members, terms.now)];
    const answers = await together(client, waits ? first : [...first, lockHead]);
    const [, held, stored, head] = answers as [
      QueryResult,
      QueryResult<HeldConnection>,
      QueryResult<StoredRequest & { readonly nth: number }>,
      QueryResult<ChainHead>?,
    ];
    if (!areOf(terms, held.rows)) throw new BatchOutdated();
    if (waits) {
      const ids = stored.rows.map(({ id }) => id);
      await openForNew(drizzle(client), ids, terms.now);
    }
    const [end] = (head ?? (await client.query<ChainHead>(lockHead))).rows;
    if (end === undefined) throw new Error('The audit log has no head: its migration did not run.');
    const told = stored.rows.length === 0 ? [] : [telling(members, stored.rows, end)];
    await together(client, [...told, { text: 'commit' }]);
    const results = members.map((): GroupResult => undefined);
    for (const { nth, id, tasks, events } of stored.rows) results[nth - 1] = { id, tasks, events };
    return results;
  });
}
