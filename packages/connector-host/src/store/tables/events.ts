/** What happened; never changed. */
import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, smallint, text } from 'drizzle-orm/pg-core';
import { at, bytea, host, id } from './columns.js';

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
