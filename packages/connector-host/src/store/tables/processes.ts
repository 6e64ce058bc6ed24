/** The processes of the host, and what they do now and then. */
import { doublePrecision, text, uuid } from 'drizzle-orm/pg-core';
import { at, host, id } from './columns.js';

/** Processes that work on this database, each with how its clock stands; written every ten seconds. */
export const processes = host.table('processes', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  /** Of its machine's clock against the database's. */
  aheadMs: doublePrecision('ahead_ms').notNull(),
  /** Why it does nothing; null where it works. */
  doubt: text('doubt'),
  at: at('at').notNull(),
});

/** Work that goes once through everything that is stored, and how far it has come. */
export const upkeep = host.table('upkeep', {
  name: text('name').primaryKey(),
  /** The row id after which it goes on. */
  after: id('after').notNull(),
  finishedAt: at('finished_at'),
});
