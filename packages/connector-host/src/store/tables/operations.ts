/** Batches at a vendor, who is in them, and what they left. */
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, primaryKey, smallint, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, bytea, host, id } from './columns.js';

/** A batch of people at the vendor. */
export const operations = host.table(
  'operations',
  {
    id: id('id').primaryKey().generatedAlwaysAsIdentity(),
    connection: text('connection').notNull(),
    /** What the vendor may know it by: the same at every try, and never that of another operation. */
    key: uuid('key').notNull().defaultRandom(),
    /** planned | submitting | uncertain | undecided | accepted | processing | completed | completed_with_exceptions | failed | expired | cancelled | refused | divided */
    state: text('state').notNull(),
    /** The operation it was divided from. */
    parent: id('parent'),
    /** The undivided operation that a divided one goes back to; null for one that was not divided off. Tasks name it as their `operation`. */
    root: id('root'),
    subjects: integer('subjects').notNull(),
    identifiers: integer('identifiers').notNull(),
    bytes: integer('bytes').notNull(),
    attempts: smallint('attempts').notNull().default(0),
    /** Times it was sent again although an earlier submission may have arrived, since its connection allows that. */
    repeats: smallint('repeats').notNull().default(0),
    /** When the call that counts began: on disk before the call. */
    attemptedAt: at('attempted_at'),
    /** The group of the quota that the call was counted in. */
    quotaGroup: text('quota_group').notNull().default(''),
    /** What the connection was set to do at the call that counts: its configuration without secrets. Null before, and where it was not kept yet. */
    settings: jsonb('settings'),
    /** How far the vendor's list was read in search of a lost submission, in the connector's words; null where no look is half-way. */
    progress: text('progress'),
    reference: text('reference'),
    /** Another operation may have the same reference: its connector asks for that, or a person said so. */
    sharedReference: boolean('shared_reference').notNull().default(false),
    /** That the vendor has it is a person's word alone: the vendor could not be asked, and has said nothing of it since. */
    personSaid: boolean('person_said').notNull().default(false),
    acceptedAt: at('accepted_at'),
    vendorState: text('vendor_state'),
    destinations: jsonb('destinations'),
    exceptions: jsonb('exceptions'),
    /** What the vendor wrote in free words, sealed with the key of people; null where it did not, and once one of its people is purged. */
    words: bytea('words'),
    /** When the identifiers of the first of its people were purged; null where all of them are kept. */
    purgedAt: at('purged_at'),
    /** none | open | could_not: how its leftovers stand together. Null while it is not complete, and where they were not recorded. */
    leftOver: text('left_over'),
    /** The states of its people still have to follow its leftovers. */
    lagging: boolean('lagging').notNull().default(false),
    expectedBy: at('expected_by'),
    finishedAt: at('finished_at'),
    nextPollAt: at('next_poll_at'),
    /** When the vendor last said how far it is. */
    answeredAt: at('answered_at'),
    polls: integer('polls').notNull().default(0),
    fault: jsonb('fault'),
    dueAt: at('due_at'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('operations_connection').on(t.connection, t.id),
    index('operations_open').on(t.state, t.nextPollAt).where(sql`finished_at is null`),
    index('operations_root').on(t.root).where(sql`root is not null`),
    uniqueIndex('operations_reference').on(t.connection, t.reference).where(sql`not shared_reference`),
    index('operations_lagging').on(t.id).where(sql`lagging`),
  ],
);

/** Who is in an operation; kept for operations that were divided or refused too. */
export const operationMembers = host.table(
  'operation_members',
  {
    operation: id('operation').notNull(),
    task: id('task').notNull(),
    /** Positions of the identifiers that this operation sends; null for all of them. */
    positions: smallint('positions').array(),
    /** What the vendor said that became of this person: erased | no-match | partial | refused; null where it speaks of the whole alone. */
    outcome: text('outcome'),
    /** FaultData: why, for `partial` and `refused`. */
    fault: jsonb('fault'),
  },
  (t) => [primaryKey({ columns: [t.operation, t.task] }), index('operation_members_task').on(t.task)],
);

/** What an operation did not do: a row for a system, however many people are in it. */
export const leftovers = host.table(
  'leftovers',
  {
    id: id('id').primaryKey().generatedAlwaysAsIdentity(),
    operation: id('operation').notNull(),
    connection: text('connection').notNull(),
    /** Key of the system in the inventory; the vendor's name for one that is not there; empty for a connection that was never looked through, or was so under other settings than it was sent under. */
    system: text('system').notNull(),
    name: text('name').notNull(),
    code: text('code').notNull(),
    reason: text('reason').notNull(),
    /** open | done | not_needed | could_not */
    state: text('state').notNull(),
    /** How it ended: {at, by?, why, treatment?, work?, doneBy?, doneAt?, evidence?}; null while it is open. */
    ended: jsonb('ended'),
    /** The work item that it is in, or was in last. */
    work: id('work'),
    openedAt: at('opened_at').notNull(),
  },
  (t) => [
    uniqueIndex('leftovers_operation').on(t.operation, t.system),
    index('leftovers_open').on(t.connection, t.system).where(sql`state = 'open'`),
    index('leftovers_work').on(t.work, t.state).where(sql`work is not null`),
    index('leftovers_decided')
      .on(t.connection, t.system, sql`(ended ->> 'treatment')`)
      .where(sql`ended ->> 'treatment' is not null`),
    index('leftovers_in_no_work').on(t.connection).where(sql`state = 'open' and work is null`),
  ],
);
