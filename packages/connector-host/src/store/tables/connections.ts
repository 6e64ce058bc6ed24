/** Accounts at vendors, what is kept with them, and how often they are called. */
import { sql } from 'drizzle-orm';
import { bigint, doublePrecision, integer, jsonb, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, bytea, host } from './columns.js';

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

/** How often a connection failed in a row: the circuit breaker that all workers share. */
export const circuits = host.table('circuits', {
  connection: text('connection').primaryKey(),
  failures: integer('failures').notNull(),
  /** When the last failure was noted; failures of calls that began earlier count as the same one. */
  failedAt: at('failed_at').notNull(),
  /** While the circuit is half open: until when the one call that tries belongs to somebody. */
  probeUntil: at('probe_until'),
});
