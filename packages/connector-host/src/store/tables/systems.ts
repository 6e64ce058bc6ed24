/** What was found at vendors. */
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, host, id } from './columns.js';

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
    /** What the connection was set to do when it was looked through, without secrets and without when deletions count as complete. Null where it was not kept. */
    settings: jsonb('settings'),
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
