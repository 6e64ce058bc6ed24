/** Access tokens: who may come in, in which role, until when. Only hashes are stored. */
import { randomUUID } from 'node:crypto';
import type { Clock } from 'connector-contract';
import { and, asc, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm';
import { filled, given } from '../given.js';
import type { Logger } from '../log.js';
import { HostProblem } from '../problem.js';
import type { Database } from '../store/database.js';
import { accessTokens } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { type Actor, hostActor, isRole, type Role, roles } from './roles.js';
import { newToken, sameHash, tokenHash } from './token-text.js';

/** A token as it is listed; the token itself is shown only once, where it is made. */
export interface AccessTokenView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly email?: string;
  /** ISO 8601, as are the others. */
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
  readonly state: 'active' | 'expired' | 'revoked';
}

/** What a new token is for. */
export interface NewAccessToken {
  readonly name: string;
  readonly role: Role;
  /** Of whoever holds it: they see and end the work that is theirs. */
  readonly email?: string;
  readonly expiresAt?: Date;
}

type Row = typeof accessTokens.$inferSelect;

// The token from CONNECTOR_HOST_ADMIN_TOKEN has one fixed row, so that a changed value replaces the old one.
const environmentId = 'environment';
const environmentName = 'CONNECTOR_HOST_ADMIN_TOKEN';
const shortestGiven = 32;

/** What stands in examples, or is one character over and over: everybody knows it. */
const placeholder = /choose|change[-_ ]?me|placeholder|example|your[-_ ]|<[^<>]*>|^(.)\1+$/i;

/** A token that lets nobody in. */
export interface RefusedToken {
  readonly refused: 'unknown' | 'expired' | 'revoked';
  /** Its id, where it is known. */
  readonly token?: string;
}

/** What is known of a token that somebody showed. */
export type JudgedToken = { readonly actor: Actor } | RefusedToken;

/** Most tokens that are remembered; the oldest are forgotten. */
const mostKept = 1_000;

/** Condition that a token lets somebody in. */
export function usableToken(now: Date): SQL | undefined {
  return and(isNull(accessTokens.revokedAt), or(isNull(accessTokens.expiresAt), gt(accessTokens.expiresAt, now)));
}

/** The host's access tokens. */
export class AccessTokens {
  /** Whom tokens belonged to when they were last judged, by their hash, with when they expire. */
  readonly #good = new Map<string, { readonly actor: Actor; readonly expiresAt: Date | null }>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /**
   * Sees to it that somebody can come in.
   * @param adminToken the value of CONNECTOR_HOST_ADMIN_TOKEN: becomes a super-admin's token and replaces an earlier value; one
   *   that was revoked stays revoked until the value changes, which is logged as a warning.
   * @returns a newly made token, to be shown once, where none was given and no super-admin's token is usable.
   */
  async ensureFirst(adminToken?: string): Promise<string | undefined> {
    if (adminToken !== undefined && adminToken !== '') {
      await this.#keepGiven(adminToken);
      return undefined;
    }
    return this.db.orm.transaction(async (tx) => {
      // Several processes may start at once; one of them makes the token.
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext('connector_host.access_tokens'))`);
      const now = new Date(this.clock.now());
      const [usable] = await tx
        .select({ id: accessTokens.id })
        .from(accessTokens)
        .where(and(eq(accessTokens.role, 'super-admin'), usableToken(now)))
        .limit(1);
      if (usable !== undefined) return undefined;
      const token = newToken();
      const [id, name, role] = [randomUUID(), 'first super-admin', 'super-admin'] as const;
      await tx.insert(accessTokens).values({ id, name, role, hash: tokenHash(token), createdAt: now });
      await appendEvents(tx, [
        { at: now, kind: 'access.token_created', actor: hostActor.id, data: { token: id, name, role } },
      ]);
      return token;
    });
  }

  /** Who a token belongs to, or why it lets nobody in. */
  async judge(token: string): Promise<JudgedToken> {
    const hash = tokenHash(token);
    const [row] = await this.db.orm.select().from(accessTokens).where(eq(accessTokens.hash, hash));
    const key = hash.toString('base64');
    this.#good.delete(key);
    if (row === undefined || !sameHash(row.hash, hash) || !isRole(row.role)) return { refused: 'unknown' };
    const state = tokenState(row, this.clock.now());
    if (state !== 'active') return { refused: state, token: row.id };
    const actor = actorOfToken(row, row.role);
    for (const oldest of this.#good.keys()) {
      if (this.#good.size < mostKept) break;
      this.#good.delete(oldest);
    }
    this.#good.set(key, { actor, expiresAt: row.expiresAt });
    return { actor };
  }

  /**
   * Who a token belonged to when it was last judged, without a look at the database; undefined where that is not known. It may have been
   * revoked since: whoever goes on with it has it confirmed.
   */
  recall(hash: Buffer): Actor | undefined {
    const known = this.#good.get(hash.toString('base64'));
    const expired = known?.expiresAt != null && known.expiresAt.getTime() <= this.clock.now();
    return expired ? undefined : known?.actor;
  }

  /** Who a token belongs to; `undefined` for one that is unknown, expired or revoked. */
  async verify(token: string): Promise<Actor | undefined> {
    const judged = await this.judge(token);
    return 'actor' in judged ? judged.actor : undefined;
  }

  /** Keeps in the audit log that a token was refused. @param times how many were, from that address, in this minute. */
  async tellRefused(refused: RefusedToken, address: string, times: number): Promise<void> {
    const data = { reason: refused.refused, token: refused.token, address, times };
    await this.db.orm.transaction((tx) =>
      appendEvents(tx, [{ at: new Date(this.clock.now()), kind: 'access.refused', actor: hostActor.id, data }]),
    );
  }

  /** Makes a token. Answers it in clear, this once. Throws `INPUT_INVALID` for an empty name, an unknown role or a past expiry. */
  async create(
    input: NewAccessToken,
    actor: Actor = hostActor,
  ): Promise<{ readonly token: string; readonly view: AccessTokenView }> {
    const name = input.name.trim();
    const now = this.clock.now();
    if (name === '' || name.length > 100 || /[\p{Cc}\p{Surrogate}]/u.test(name)) {
      throw invalid('name', 'A name of 1 to 100 characters is needed, without control characters.');
    }
    if (!isRole(input.role)) throw invalid('role', `The role must be one of ${roles.join(', ')}.`);
    if (input.expiresAt !== undefined && !(input.expiresAt.getTime() > now)) {
      throw invalid('expiresAt', 'The expiry must be a time in the future.');
    }
    if (input.email !== undefined && !/^[^\s@<>]{1,64}@[^\s@<>]{1,189}$/.test(input.email)) {
      throw invalid('email', 'This is not an e-mail address.');
    }
    const token = newToken();
    const id = randomUUID();
    const at = new Date(now);
    return this.db.orm.transaction(async (tx) => {
      const [row] = await tx
        .insert(accessTokens)
        .values({
          id,
          name,
          role: input.role,
          hash: tokenHash(token),
          email: input.email ?? null,
          createdAt: at,
          expiresAt: input.expiresAt ?? null,
        })
        .returning();
      if (row === undefined) throw new HostProblem('INTERNAL', 'The token was not stored.');
      const data = { token: id, name, role: input.role };
      await appendEvents(tx, [{ at, kind: 'access.token_created', actor: actor.id, data }]);
      return { token, view: viewOf(row, now) };
    });
  }

  /** Revokes a token from now on; again is harmless. Throws `NOT_FOUND`. */
  async revoke(id: string, actor: Actor = hostActor): Promise<AccessTokenView> {
    const now = new Date(this.clock.now());
    return this.db.orm.transaction(async (tx) => {
      const [row] = await tx
        .update(accessTokens)
        .set({ revokedAt: sql`coalesce(${accessTokens.revokedAt}, ${now.toISOString()}::timestamptz)` })
        .where(eq(accessTokens.id, id))
        .returning();
      if (row === undefined)
        throw new HostProblem('NOT_FOUND', 'There is no access token with this id.', {
          remedy: 'List the access tokens to see their ids.',
        });
      const data = { token: id, name: row.name };
      await appendEvents(tx, [{ at: now, kind: 'access.token_revoked', actor: actor.id, data }]);
      return viewOf(row, now.getTime());
    });
  }

  /** Revokes a token that nobody was shown. */
  async withdraw(token: string): Promise<void> {
    const known = await this.verify(token);
    if (known !== undefined) await this.revoke(known.id);
  }

  /** All tokens, oldest first; without the tokens themselves. */
  async list(): Promise<AccessTokenView[]> {
    const rows = await this.db.orm
      .select()
      .from(accessTokens)
      .orderBy(asc(accessTokens.createdAt), asc(accessTokens.id));
    return rows.map((row) => viewOf(row, this.clock.now()));
  }

  async #keepGiven(token: string): Promise<void> {
    if (token.trim() !== token || token.length < shortestGiven || placeholder.test(token)) {
      throw new HostProblem(
        'OPTION_INVALID',
        `${environmentName} must be a random value of at least ${shortestGiven} characters, without white space around it, and not one from an example.`,
        { remedy: 'Set it to the output of `openssl rand -base64 32`.' },
      );
    }
    const hash = tokenHash(token);
    const now = new Date(this.clock.now());
    const [id, name, role] = [environmentId, environmentName, 'super-admin'] as const;
    const kept = await this.db.orm.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext('connector_host.access_tokens'))`);
      // The value may be a token that this host made: then it stays what it is.
      const [known] = await tx.select().from(accessTokens).where(eq(accessTokens.hash, hash));
      if (known !== undefined) return known;
      const [made] = await tx
        .insert(accessTokens)
        .values({ id, name, role, hash, createdAt: now })
        .onConflictDoUpdate({ target: accessTokens.id, set: { hash, createdAt: now, revokedAt: null } })
        .returning();
      const data = { token: id, name, role };
      await appendEvents(tx, [{ at: now, kind: 'access.token_created', actor: hostActor.id, data }]);
      return made;
    });
    if (kept === undefined) return;
    if (kept.role !== 'super-admin') {
      throw new HostProblem('OPTION_INVALID', `${environmentName} is a token of another role.`, {
        remedy: 'Use the token of a super-admin, or a long random value.',
      });
    }
    const state = tokenState(kept, now.getTime());
    if (state === 'active') return;
    this.log.warn(
      { state, revokedAt: kept.revokedAt, expiresAt: kept.expiresAt },
      `The token in ${environmentName} is ${state} and lets nobody in. Set a new value and start again.`,
    );
  }
}

/** Whoever holds a token. */
export function actorOfToken({ id, name, email }: Row, role: Role): Actor {
  return { id, name, role, ...filled({ email }) };
}

function tokenState(row: Row, now: number): AccessTokenView['state'] {
  if (row.revokedAt !== null) return 'revoked';
  return row.expiresAt !== null && row.expiresAt.getTime() <= now ? 'expired' : 'active';
}

function viewOf(row: Row, now: number): AccessTokenView {
  return {
    id: row.id,
    name: row.name,
    role: isRole(row.role) ? row.role : 'viewer',
    ...filled({ email: row.email }),
    createdAt: row.createdAt.toISOString(),
    ...given({ expiresAt: row.expiresAt?.toISOString(), revokedAt: row.revokedAt?.toISOString() }),
    state: tokenState(row, now),
  };
}

function invalid(field: string, message: string): HostProblem {
  return new HostProblem('INPUT_INVALID', message, { errors: [{ field, code: 'INVALID', message }] });
}
