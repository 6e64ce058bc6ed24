/** What is told to whom. */
import { sql } from 'drizzle-orm';
import { boolean, index, jsonb, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { at, bytea, host, id } from './columns.js';

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
