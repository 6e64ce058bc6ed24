/**
 * Sign-ins to the console. A session stands for the access token that began it, and ends with it, by signing out, after half an hour in
 * which nobody did anything, or after a working day.
 *
 * The browser sends the cookie to every port of the host's name, where another program may listen; so a call also brings a proof, which
 * only the page that signed in has. Only hashes of the two are stored.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from 'connector-contract';
import { and, desc, eq, gt, gte, isNull, lt, type SQL } from 'drizzle-orm';
import { HostProblem } from '../problem.js';
import type { Database } from '../store/database.js';
import { accessSessions, accessTokens } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { type Actor, isRole, may } from './roles.js';
import { sameHash, tokenHash } from './token-text.js';
import { actorOfToken, usableToken } from './tokens.js';

/** Longest time a session lasts, in milliseconds: a working day. */
export const SESSION_MS = 12 * 3_600_000;

/** How long a session lasts in which nobody does anything, in milliseconds. */
const IDLE_MS = 30 * 60_000;

/** How exactly it is kept when somebody last did something, in milliseconds: not every call writes. */
const NOTED_MS = 60_000;

/** How long sessions stay in the list after their end, in milliseconds. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** What the browser is given at sign-in. */
export interface BegunSession {
  readonly id: string;
  /** For the cookie. */
  readonly secret: string;
  /** For the page alone. */
  readonly proof: string;
}

/** A session as it is listed. */
export interface SessionView {
  readonly id: string;
  /** The access token it stands for. */
  readonly token: string;
  readonly name: string;
  /** Whence it was begun. */
  readonly address: string;
  /** ISO 8601, as are the others. */
  readonly createdAt: string;
  readonly lastActiveAt: string;
  readonly endsAt: string;
}

/** All sessions of the host. */
export class Sessions {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Begins one for whoever showed their token. */
  async begin(actor: Actor, address: string): Promise<BegunSession> {
    const at = new Date(this.clock.now());
    const [id, secret, proof] = [
      randomUUID(),
      randomBytes(32).toString('base64url'),
      randomBytes(32).toString('base64url'),
    ];
    await this.db.orm.transaction(async (tx) => {
      await tx.delete(accessSessions).where(lt(accessSessions.endsAt, new Date(at.getTime() - KEPT_MS)));
      await tx.insert(accessSessions).values({
        id,
        token: actor.id,
        hash: tokenHash(secret),
        proof: tokenHash(proof),
        address,
        createdAt: at,
        lastActiveAt: at,
        endsAt: new Date(at.getTime() + SESSION_MS),
      });
      await appendEvents(tx, [{ at, kind: 'access.signed_in', actor: actor.id, data: { session: id, address } }]);
    });
    return { id, secret, proof };
  }

  /**
   * Who a call comes from.
   * @param idleMs how long ago its sender last did something, in milliseconds; the page says so of what it asks by itself.
   */
  async verify(secret: string, proof: string, idleMs: number): Promise<{ id: string; actor: Actor } | undefined> {
    const found = await this.find(eq(accessSessions.hash, tokenHash(secret)));
    if (found === undefined || !sameHash(found.session.proof, tokenHash(proof))) return undefined;
    const { session, actor } = found;
    const active = new Date(this.clock.now() - idleMs);
    if (active.getTime() - session.lastActiveAt.getTime() > NOTED_MS) {
      await this.db.orm.update(accessSessions).set({ lastActiveAt: active }).where(eq(accessSessions.id, session.id));
    }
    return { id: session.id, actor };
  }

  /** Whether a session goes on; to ask is no activity. */
  async goesOn(id: string): Promise<boolean> {
    return (await this.find(eq(accessSessions.id, id))) !== undefined;
  }

  /** Those that go on, the newest first: everybody's for whoever manages tokens, one's own for the others. */
  async list(actor: Actor): Promise<SessionView[]> {
    const own = may(actor.role, 'tokens:manage') ? undefined : eq(accessSessions.token, actor.id);
    const rows = await this.rows(own);
    return rows.map(({ session, token }) => ({
      id: session.id,
      token: token.id,
      name: token.name,
      address: session.address,
      createdAt: session.createdAt.toISOString(),
      lastActiveAt: session.lastActiveAt.toISOString(),
      endsAt: session.endsAt.toISOString(),
    }));
  }

  /** Ends one at once. Throws `NOT_FOUND`, also for another's, unless the caller manages tokens. */
  async end(id: string, actor: Actor): Promise<void> {
    const at = new Date(this.clock.now());
    await this.db.orm.transaction(async (tx) => {
      const own = may(actor.role, 'tokens:manage') ? undefined : eq(accessSessions.token, actor.id);
      const ended = await tx
        .update(accessSessions)
        .set({ endedAt: at })
        .where(and(eq(accessSessions.id, id), isNull(accessSessions.endedAt), own))
        .returning({ id: accessSessions.id });
      if (ended.length === 0) throw new HostProblem('NOT_FOUND', 'There is no session with this id that goes on.');
      await appendEvents(tx, [{ at, kind: 'access.signed_out', actor: actor.id, data: { session: id } }]);
    });
  }

  private async find(where: SQL): Promise<{ session: typeof accessSessions.$inferSelect; actor: Actor } | undefined> {
    const [row] = await this.rows(where);
    if (row === undefined || !isRole(row.token.role)) return undefined;
    const { session, token } = row;
    return { session, actor: actorOfToken(token, row.token.role) };
  }

  private rows(where: SQL | undefined) {
    const now = this.clock.now();
    return this.db.orm
      .select({ session: accessSessions, token: accessTokens })
      .from(accessSessions)
      .innerJoin(accessTokens, eq(accessTokens.id, accessSessions.token))
      .where(
        and(
          where,
          isNull(accessSessions.endedAt),
          gt(accessSessions.endsAt, new Date(now)),
          gt(accessSessions.lastActiveAt, new Date(now - IDLE_MS)),
          usableToken(new Date(now)),
          // The operator's token keeps its row when it is given another value.
          gte(accessSessions.createdAt, accessTokens.createdAt),
        ),
      )
      .orderBy(desc(accessSessions.createdAt));
  }
}
