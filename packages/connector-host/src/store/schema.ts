/**
 * Every table of the host, and the only description of them: migrations are generated from this file (`npm run migrations`).
 *
 * Identifiers of people stand sealed in `requests.identifiers` and as keyed fingerprints in `requests.fingerprints`, nowhere else; what a
 * vendor wrote of its own, which may name them, is sealed in `operations.words`, and files of answers and of evidence
 * in `stored_files` and `file_pieces`.
 * Credentials stand sealed in `connections.secrets`, nowhere else; addresses and secrets of webhooks in `notices.sealed`.
 */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** Text compared byte by byte: the index then serves searches by prefix, and comparing is cheap. */
const plainText = customType<{ data: string }>({ dataType: () => 'text collate "C"' });
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const id = (name: string) => bigint(name, { mode: 'number' });

/**
 * The schema of the database that holds every table of the host.
 * @public read by drizzle-kit
 */
export const host = pgSchema('connector_host');

/** Data keys, each wrapped by the master key; `purpose` is `connection:<id>`, `people`, `fingerprints`, `receipts` or `notices`. */
export const dataKeys = host.table(
  'data_keys',
  {
    id: text('id').primaryKey(),
    purpose: text('purpose').notNull(),
    /** Null once the key is destroyed: what it sealed can never be opened again. */
    wrapped: bytea('wrapped'),
    masterKeyId: text('master_key_id').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    retiredAt: at('retired_at'),
  },
  (t) => [uniqueIndex('data_keys_live').on(t.purpose).where(sql`retired_at is null`)],
);

/** Who may come in, in which role; tokens stand here only as hashes. */
export const accessTokens = host.table('access_tokens', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  role: text('role').notNull(),
  /** SHA-256 of the token. */
  hash: bytea('hash').notNull().unique(),
  /** Of whoever holds it: they see and end the work that is theirs. */
  email: text('email'),
  createdAt: at('created_at').notNull().defaultNow(),
  expiresAt: at('expires_at'),
  revokedAt: at('revoked_at'),
});

/** Sign-ins to the console; the secrets of cookie and page stand here only as hashes. */
export const accessSessions = host.table(
  'access_sessions',
  {
    id: uuid('id').primaryKey(),
    /** The access token that began it and whose rights it has. */
    token: text('token').notNull(),
    /** SHA-256 of the cookie's secret. */
    hash: bytea('hash').notNull().unique(),
    /** SHA-256 of what only the page has. */
    proof: bytea('proof').notNull(),
    address: text('address').notNull(),
    createdAt: at('created_at').notNull(),
    lastActiveAt: at('last_active_at').notNull(),
    endsAt: at('ends_at').notNull(),
    endedAt: at('ended_at'),
  },
  (t) => [index('access_sessions_token').on(t.token)],
);

/** A vendor's account, connected. */
export const connections = host.table(
  'connections',
  {
    id: text('id').primaryKey(),
    connector: text('connector').notNull(),
    name: text('name').notNull(),
    /** active | paused | reconnect | removed */
    state: text('state').notNull(),
    capabilities: text('capabilities').array().notNull(),
    /** Fields that are not secret, as resolved. */
    config: jsonb('config').notNull(),
    /** Sealed JSON of the secret fields; null once the connection is removed. */
    secrets: bytea('secrets'),
    facts: jsonb('facts').notNull(),
    /** The last CheckReport, with `checkedAt`. */
    lastCheck: jsonb('last_check'),
    /** What the vendor last said of the quota: {remaining?, consumed?, resetsAt?, readAt, group}. */
    quota: jsonb('quota'),
    /** Nothing is submitted before this time: back-off, Retry-After or quota reset; `heldCode` says why. */
    heldUntil: at('held_until'),
    heldCode: text('held_code'),
    /** What the host is to do otherwise with this connection than by default: {repeatUncertain?, monthlyQuota?}. */
    settings: jsonb('settings').notNull().default({}),
    /** Who answers access requests: a `Contact`; null where nobody is named, and once the connection is removed. */
    contact: jsonb('contact'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  () => [uniqueIndex('connections_name').on(sql`lower(name)`).where(sql`state <> 'removed'`)],
);

/** What a connector keeps with its connection, and the tokens that the host gets for it. */
export const connectionSecrets = host.table(
  'connection_secrets',
  {
    connection: text('connection').notNull(),
    /** Digest of where the connection's calls go: what was kept for one place is not for another. */
    place: text('place').notNull(),
    name: text('name').notNull(),
    version: integer('version').notNull(),
    sealed: bytea('sealed').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connection, t.place, t.name] })],
);

/** What the host itself counts of a connection's monthly quota; moved together with the attempt that it counts. */
export const quotaCounts = host.table(
  'quota_counts',
  {
    connection: text('connection').notNull(),
    /** `2026-01`: a calendar month, UTC. */
    month: text('month').notNull(),
    /** The group of the manifest's quota that it counts in; empty where the vendor counts all deletions together. */
    group: text('quota_group').notNull().default(''),
    /** Identifiers that were sent, or may have been. */
    used: bigint('used', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.connection, t.month, t.group] })],
);

/** The shared pace of a connection's limits: one row a limit, moved forward under a row lock (GCRA). */
export const paces = host.table(
  'paces',
  {
    connection: text('connection').notNull(),
    limit: text('limit_id').notNull(),
    /** Theoretical arrival time, milliseconds since the epoch. */
    arrival: doublePrecision('arrival').notNull(),
    /** Requests that are left until `resetsAt`, as the vendor or a window counts them. */
    left: doublePrecision('remaining'),
    /** Milliseconds since the epoch. */
    resetsAt: doublePrecision('resets_at'),
  },
  (t) => [primaryKey({ columns: [t.connection, t.limit] })],
);

/** Work that goes once through everything that is stored, and how far it has come. */
export const upkeep = host.table('upkeep', {
  name: text('name').primaryKey(),
  /** The row id after which it goes on. */
  after: id('after').notNull(),
  finishedAt: at('finished_at'),
});

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
    acceptedAt: at('accepted_at'),
    vendorState: text('vendor_state'),
    destinations: jsonb('destinations'),
    exceptions: jsonb('exceptions'),
    /** What the vendor wrote in free words, sealed with the key of people; null where it did not, and once one of its people is purged. */
    words: bytea('words'),
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

/** What an operation did not do: a row for a system, however many people are in it. */
export const leftovers = host.table(
  'leftovers',
  {
    id: id('id').primaryKey().generatedAlwaysAsIdentity(),
    operation: id('operation').notNull(),
    connection: text('connection').notNull(),
    /** Key of the system in the inventory; the vendor's name for one that is not there; empty for a connection that was never looked through. */
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

/**
 * Something that only a person can bring to its end. It is opened and closed in the transaction of what it is about, and is never a row a
 * person of a deletion: whoever is left over in one system is in one item.
 */
export const workItems = host.table(
  'work_items',
  {
    id: id('id').primaryKey().generatedAlwaysAsIdentity(),
    /** As in `work/kinds.ts`. */
    kind: text('kind').notNull(),
    /** open | done | not_needed | could_not */
    state: text('state').notNull().default('open'),
    /** Empty for what is about no one connection. */
    connection: text('connection').notNull().default(''),
    /** As in {@link leftovers}; empty for what is about no system. */
    system: text('system').notNull().default(''),
    /** Row id of the operation of `decide-submission`, or of the task of `direct-contact`; 0 for the others. */
    about: id('about').notNull().default(0),
    /** Of the system, as it was called when the item was opened. */
    name: text('name').notNull().default(''),
    ownerName: text('owner_name'),
    ownerEmail: text('owner_email'),
    /** Never after the earliest legal date of the people in it; null where nobody waits. */
    dueAt: at('due_at'),
    /** People of the deletions in it: somebody in several of them counts in each. */
    people: id('people').notNull().default(0),
    openedAt: at('opened_at').notNull(),
    /** When its list of people was first downloaded, or it was opened again: nothing joins it any more. */
    listedAt: at('listed_at'),
    /** How it ended: {at, by?, why, treatment?, doneBy?, doneAt?, evidence?}; null while it is open. */
    ended: jsonb('ended'),
    /** The leftovers in it still have to follow its end, or that it was opened again. */
    lagging: boolean('lagging').notNull().default(false),
  },
  (t) => [
    uniqueIndex('work_items_joined')
      .on(t.kind, t.connection, t.system, t.about)
      .where(sql`state = 'open' and listed_at is null`),
    index('work_items_order').on(sql`(state <> 'open')`, sql`coalesce(due_at, timestamptz 'infinity')`, t.id),
    index('work_items_open').on(sql`coalesce(due_at, timestamptz 'infinity')`, t.id).where(sql`state = 'open'`),
    index('work_items_open_of_kind')
      .on(t.kind, sql`coalesce(due_at, timestamptz 'infinity')`, t.id)
      .where(sql`state = 'open'`),
    index('work_items_owner').on(
      sql`lower(coalesce(owner_email, owner_name))`,
      t.state,
      sql`coalesce(due_at, timestamptz 'infinity')`,
      t.id,
    ),
    index('work_items_owner_name').on(sql`lower(owner_name)`).where(sql`owner_name is not null`),
    index('work_items_about').on(t.connection, t.system, t.about),
    index('work_items_lagging').on(t.connection).where(sql`lagging`),
  ],
);

/** What a contact was asked about a request that only they can answer: a row a task. */
export const contactAsks = host.table(
  'contact_asks',
  {
    task: id('task').primaryKey(),
    /** The work item of the task; its id is what the contact is told of the request. */
    work: id('work').notNull(),
    /** A `Contact`, as it was when the request came; null once it is forgotten. */
    contact: jsonb('contact'),
    askedAt: at('asked_at').notNull(),
    answerBy: at('answer_by').notNull(),
    /** Messages that were made: the first, and its reminders. */
    messages: smallint('messages').notNull().default(0),
    /** When the mail server first took one of them: nobody is passed over who was never written to. */
    takenAt: at('taken_at'),
    /** When the next reminder, or the end of the wait, is due; null where nothing is. */
    nextAt: at('next_at'),
    /** When it was told that nobody answered in time. */
    silentAt: at('silent_at'),
    endedAt: at('ended_at'),
  },
  (t) => [
    index('contact_asks_next').on(t.nextAt).where(sql`next_at is not null`),
    uniqueIndex('contact_asks_work').on(t.work),
    index('contact_asks_ended').on(t.endedAt).where(sql`ended_at is not null`),
  ],
);

/** Links by which a contact answers for one person, as hashes: each message has one of its own, and all of them end together. */
export const answerLinks = host.table(
  'answer_links',
  {
    /** SHA-256 of the token. */
    hash: bytea('hash').primaryKey(),
    task: id('task').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [index('answer_links_task').on(t.task)],
);

/** Files: of an answer about a person, which go with the identifiers of that person, or of what shows that work was done. */
export const storedFiles = host.table(
  'stored_files',
  {
    id: id('id').primaryKey().generatedAlwaysAsIdentity(),
    /** Of an answer: the request, and its task. */
    request: id('request'),
    task: id('task'),
    /** Of evidence: the work item. */
    work: id('work'),
    /** Sealed with the key of people: it may name one. */
    name: bytea('name').notNull(),
    bytes: id('bytes').notNull().default(0),
    createdAt: at('created_at').notNull(),
    /** When it became part of the answer or the evidence; null while it arrives. */
    attachedAt: at('attached_at'),
  },
  (t) => [
    index('stored_files_request').on(t.request).where(sql`request is not null`),
    index('stored_files_work').on(t.work).where(sql`work is not null`),
    index('stored_files_arriving').on(t.createdAt).where(sql`attached_at is null`),
  ],
);

/** The content of such a file, in pieces, each sealed with the key of people. */
export const filePieces = host.table(
  'file_pieces',
  {
    file: id('file').notNull(),
    /** 0, 1, 2 ... */
    place: integer('place').notNull(),
    sealed: bytea('sealed').notNull(),
  },
  (t) => [primaryKey({ columns: [t.file, t.place] })],
);

/** How often a connection failed in a row: the circuit breaker that all workers share. */
export const circuits = host.table('circuits', {
  connection: text('connection').primaryKey(),
  failures: integer('failures').notNull(),
  /** When the last failure was noted; failures of calls that began earlier count as the same one. */
  failedAt: at('failed_at').notNull(),
  /** While the circuit is half open: until when the one call that tries belongs to somebody. */
  probeUntil: at('probe_until'),
});

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

/**
 * The append-only timeline. What happens to an operation is one row, not one a person: a request's timeline is its own
 * rows, those of its tasks and those of the operations they are in.
 */
export const events = host.table(
  'events',
  {
    id: id('id').primaryKey().generatedAlwaysAsIdentity(),
    at: at('at').notNull().defaultNow(),
    kind: text('kind').notNull(),
    request: id('request'),
    task: id('task'),
    operation: id('operation'),
    connection: text('connection'),
    work: id('work'),
    actor: text('actor'),
    /** Plain facts of the event; no identifiers, no secrets. */
    data: jsonb('data').notNull(),
  },
  (t) => [
    index('events_request').on(t.request).where(sql`request is not null`),
    index('events_task').on(t.task).where(sql`task is not null`),
    index('events_operation').on(t.operation).where(sql`operation is not null`),
    index('events_connection').on(t.connection).where(sql`connection is not null`),
    index('events_work').on(t.work).where(sql`work is not null`),
  ],
);

/**
 * Who did what, when, to what: each row's hash covers the row and the hash before it. Triggers (a migration of their own) refuse to
 * change or remove rows.
 */
export const auditLog = host.table('audit_log', {
  /** 1, 2, 3 ...: no number is left out. */
  seq: bigint('seq', { mode: 'number' }).primaryKey(),
  at: at('at').notNull(),
  /** Id of the access token, or `host`. */
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  /** Row ids of what it was done to. */
  target: jsonb('target').notNull(),
  /** Plain facts; no identifiers of people, no secrets. */
  data: jsonb('data').notNull(),
  /** SHA-256 of the hash before it and the row's canonical text. */
  hash: bytea('hash').notNull(),
});

/** The end of the audit log's chain: one row, whose lock puts writers in order. */
export const auditHead = host.table('audit_head', {
  id: smallint('id').primaryKey(),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  hash: bytea('hash').notNull(),
});

/** Key pairs that sign receipts. The public halves stay published for as long as a receipt may be shown. */
export const signingKeys = host.table('signing_keys', {
  /** The `kid` of the JWK. */
  id: text('id').primaryKey(),
  /** JWK of the public half. */
  publicKey: jsonb('public_key').notNull(),
  /** Sealed PKCS #8 of the private half; null once retired. */
  privateKey: bytea('private_key'),
  createdAt: at('created_at').notNull().defaultNow(),
  retiredAt: at('retired_at'),
});

/** One look through a connection for systems. */
export const detections = host.table(
  'detections',
  {
    id: id('id').primaryKey().generatedAlwaysAsIdentity(),
    connection: text('connection').notNull(),
    /** manual | scheduled | connected */
    trigger: text('trigger').notNull(),
    /** running | complete | failed */
    state: text('state').notNull(),
    startedAt: at('started_at').notNull().defaultNow(),
    finishedAt: at('finished_at'),
    found: integer('found').notNull().default(0),
    added: integer('added').notNull().default(0),
    changed: integer('changed').notNull().default(0),
    gone: integer('gone').notNull().default(0),
    fault: jsonb('fault'),
  },
  (t) => [
    index('detections_connection').on(t.connection, t.id),
    uniqueIndex('detections_running').on(t.connection).where(sql`state = 'running'`),
  ],
);

/** The inventory: each system a connection names. */
export const systems = host.table(
  'systems',
  {
    connection: text('connection').notNull(),
    key: text('key').notNull(),
    /** The DetectedSystem as it was last seen. */
    system: jsonb('system').notNull(),
    coverageState: text('coverage_state').notNull(),
    firstSeen: at('first_seen').notNull(),
    lastSeen: at('last_seen').notNull(),
    lastDetection: id('last_detection').notNull(),
    /** active | gone: not seen by the last complete detection. */
    state: text('state').notNull(),
    /** Archived by a person: it never comes back by itself. */
    archived: boolean('archived').notNull().default(false),
    /** {by, at, reason} of the archiving. */
    archiving: jsonb('archiving'),
    /** What somebody decided about people whom a deletion does not reach here: a Treatment; null where nobody has. */
    treatment: jsonb('treatment'),
    /** Names of the fields that changed in the last detection, and in those before it that broke off. */
    changes: text('changes').array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.connection, t.key] })],
);

/** Who is told what. */
export const notices = host.table('notices', {
  id: uuid('id').primaryKey(),
  /** email | webhook */
  channel: text('channel').notNull(),
  /** A `NoticeTarget`: whose address it is; of a webhook, the origin alone. */
  target: jsonb('target').notNull(),
  /** Sealed JSON of a webhook's address and its secrets; null for mail. */
  sealed: bytea('sealed'),
  kinds: text('kinds').array().notNull(),
  /** {from, until}: times of day, `22:00`, between which nothing is sent; null for none. */
  quiet: jsonb('quiet'),
  /** Zone of its quiet hours and of the times in its messages. */
  zone: text('zone').notNull(),
  active: boolean('active').notNull().default(true),
  /** {at, why}: the host switched it off. */
  switchedOff: jsonb('switched_off'),
  createdAt: at('created_at').notNull(),
});

/** What is to be told and was not handed on yet. */
export const noticeOutbox = host.table('notice_outbox', {
  id: id('id').primaryKey().generatedAlwaysAsIdentity(),
  at: at('at').notNull(),
  kind: text('kind').notNull(),
  connection: text('connection'),
  /** E-mail address of whose work it is. */
  owner: text('owner'),
  facts: jsonb('facts').notNull(),
});

/** A message to one receiver, and what came of it. */
export const noticeDeliveries = host.table(
  'notice_deliveries',
  {
    id: id('id').primaryKey().generatedAlwaysAsIdentity(),
    /** By which its receiver knows it again: the same at every try. */
    key: uuid('key').notNull().unique(),
    /** Null for a message to a contact. */
    notice: uuid('notice'),
    channel: text('channel').notNull(),
    /** E-mail address, or the origin of a webhook. */
    address: text('address').notNull(),
    kind: text('kind').notNull(),
    /** A `Message`: what it says, the same at every try. */
    message: jsonb('message').notNull(),
    /** waiting | delivered | failed */
    state: text('state').notNull(),
    attempts: smallint('attempts').notNull().default(0),
    createdAt: at('created_at').notNull(),
    attemptedAt: at('attempted_at'),
    nextAt: at('next_at').notNull(),
    giveUpAt: at('give_up_at').notNull(),
    endedAt: at('ended_at'),
    /** {code, message}: why the last try failed. */
    failure: jsonb('failure'),
  },
  (t) => [
    index('notice_deliveries_waiting').on(t.nextAt).where(sql`state = 'waiting'`),
    index('notice_deliveries_notice').on(t.notice, t.id),
  ],
);

/**
 * Processes that work on this database, each with how its clock stands; written every ten seconds.
 * @public read by drizzle-kit
 */
export const processes = host.table('processes', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  /** Of its machine's clock against the database's. */
  aheadMs: doublePrecision('ahead_ms').notNull(),
  /** Why it does nothing; null where it works. */
  doubt: text('doubt'),
  at: at('at').notNull(),
});
