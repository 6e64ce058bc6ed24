/** Who may call, and how long. */
import { index, text, uuid } from 'drizzle-orm/pg-core';
import { at, bytea, host } from './columns.js';

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
