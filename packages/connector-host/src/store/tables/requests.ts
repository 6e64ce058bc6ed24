/** People's wishes, and what each means at a connection. */
import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, bytea, host, id, plainText } from './columns.js';

/** One person's wish. */
export const requests = host.table(
  'requests',
  {
    id: id('id').primaryKey().generatedAlwaysAsIdentity(),
    requestId: plainText('request_id').notNull(),
    /** deletion | access */
    right: text('right').notNull(),
    /** As in `requests/states.ts`, but that `pending` stands as `processing`: follows from the tasks. */
    state: text('state').notNull(),
    /** Keyed digest of the body: tells the same request again from a different one under the same id. */
    digest: bytea('digest').notNull(),
    /** Sealed JSON of the identifiers; null once purged. */
    identifiers: bytea('identifiers'),
    /** Keyed 63-bit fingerprints of the identifiers, for search. */
    fingerprints: bigint('fingerprints', { mode: 'bigint' }).array().notNull(),
    /** {found: FieldIssue[], allowed}: what is doubtful of the identifiers; null where nothing is. No value of theirs. */
    doubts: jsonb('doubts'),
    createdAt: at('created_at').notNull().defaultNow(),
    /** When the person asked; the legal time runs from then. */
    receivedAt: at('received_at').notNull().defaultNow(),
    /** gdpr | ccpa | other */
    jurisdiction: text('jurisdiction').notNull().default('gdpr'),
    /** Days that `other` gives; null where the sender gave the date. */
    jurisdictionDays: smallint('jurisdiction_days'),
    /** By when the law wants the person served, an extension included. */
    dueAt: at('due_at').notNull().default(sql`now() + interval '1 month'`),
    /** The `request_id` of the request that it corrects. */
    corrects: text('corrects'),
    /** {until, reason, from}: the one extension, and when the request was due before it. */
    extension: jsonb('extension'),
    /** When the last of its tasks was concluded. */
    concludedAt: at('concluded_at'),
    /** When nothing was left to be done about it: concluded, nothing left over, every error closed. */
    settledAt: at('settled_at'),
    /** {by, at, reason}: somebody decided that nothing more is done about its error. */
    closed: jsonb('closed'),
    /** When the identifiers, their fingerprints and the digest were taken out of this row. */
    purgedAt: at('purged_at'),
  },
  (t) => [
    uniqueIndex('requests_request_id').on(t.requestId),
    index('requests_state').on(t.state, t.id),
    // Those that are not settled stand first: what is due soon is found without a look at the others.
    index('requests_due').on(sql`(settled_at is not null)`, t.dueAt, t.id),
    index('requests_fingerprints').using('gin', t.fingerprints),
  ],
);

/** What a request means at one connection. */
export const tasks = host.table(
  'tasks',
  {
    id: id('id').primaryKey().generatedAlwaysAsIdentity(),
    request: id('request').notNull(),
    connection: text('connection').notNull(),
    right: text('right').notNull(),
    /** As in `requests/states.ts`. */
    state: text('state').notNull(),
    /** On whose word it is concluded: submission | vendor | person | nobody-known; null for every state but the complete ones. */
    basis: text('basis'),
    /** none | open | could_not: how its leftovers stand together. Null while it is not complete, and where they were not recorded. */
    leftOver: text('left_over'),
    /** State of the one leftover that is its own, `NO_KNOWN_USER_ID`; null where the vendor knows the person. */
    ownLeftover: text('own_leftover'),
    /** How that ended: {at, by?, why}. */
    ownEnded: jsonb('own_ended'),
    /** What somebody answered where a person had to be asked: {outcome, by, answeredBy, answeredAt, said}. */
    answer: jsonb('answer'),
    /** access_skipped | direct_contact | null: how the access step reads. */
    accessStep: text('access_step'),
    /** The operation that carries it now. */
    operation: id('operation'),
    /** FaultData: why, for `error` and `waiting_for_person`. */
    fault: jsonb('fault'),
    /** That of the request: the most urgent are planned first. */
    dueAt: at('due_at'),
    /** When the vendor is expected to be done. */
    expectedBy: at('expected_by'),
    createdAt: at('created_at').notNull().defaultNow(),
    concludedAt: at('concluded_at'),
  },
  (t) => [
    index('tasks_request').on(t.request),
    index('tasks_waiting').on(t.connection, t.dueAt, t.id).where(sql`state = 'pending' and operation is null`),
    index('tasks_operation').on(t.operation),
    index('tasks_own_open').on(t.connection, t.id).where(sql`own_leftover = 'open'`),
    index('tasks_error').on(t.connection, t.request).where(sql`state = 'error'`),
  ],
);

/**
 * Counts of requests and tasks that triggers keep (a migration of their own): each statement adds what it changed, so that nobody waits for a row
 * that others count in. A count is the sum of its rows; `requests/tallies.ts` says what is counted, reads them and puts them together.
 */
export const tallies = host.table(
  'tallies',
  {
    /** state | due | accepted | concluded | waiting | open | expected | errors | took */
    what: text('what').notNull(),
    /** A state, a connection, or a class of durations. */
    key: text('key').notNull(),
    /** The time that it is counted by; `-infinity` where it is counted by none. */
    at: at('at').notNull(),
    /** How many more there are; negative for fewer. */
    n: bigint('n', { mode: 'number' }).notNull(),
    /** Milliseconds that those of `took` took together. */
    ms: bigint('ms', { mode: 'number' }).notNull().default(0),
  },
  (t) => [index('tallies_of').on(t.what, t.at)],
);
