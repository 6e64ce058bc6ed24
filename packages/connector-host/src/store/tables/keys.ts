/** Keys, wrapped, and those that receipts are signed with. */
import { sql } from 'drizzle-orm';
import { jsonb, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, bytea, host } from './columns.js';

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
