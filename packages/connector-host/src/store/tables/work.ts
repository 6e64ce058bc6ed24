/** What only people can do, whom of them was asked, and what they handed in. */
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, bytea, host, id } from './columns.js';

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
    /** When its list of people was first downloaded, it was ended, or opened again: nothing joins it any more. */
    listedAt: at('listed_at'),
    /** When its list of people was first downloaded to its end; null where nobody has seen whom it is about. */
    readAt: at('read_at'),
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
