/** Kinds of columns, and the schema that all tables are in. */
import { bigint, customType, pgSchema, timestamp } from 'drizzle-orm/pg-core';

/** Text compared byte by byte: the index then serves searches by prefix, and comparing is cheap. */
export const plainText = customType<{ data: string }>({ dataType: () => 'text collate "C"' });
/** Bytes, as a buffer. */
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
/** A time, with its zone. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
/** A number that the database gives. */
export const id = (name: string) => bigint(name, { mode: 'number' });

/** The schema of the database that holds every table of the host. */
export const host = pgSchema('connector_host');
