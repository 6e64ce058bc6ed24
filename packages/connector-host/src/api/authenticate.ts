/** Who calls, and whether they may. */
import type { Clock } from 'connector-contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Action, type Actor, may, type Role } from '../access/roles.js';
import { tokenHash } from '../access/token-text.js';
import type { AccessTokens } from '../access/tokens.js';
import { HostProblem } from '../problem.js';
import { callerOf } from './caller.js';
import { Failures } from './failures.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must be allowed to do; `open` for calls without a token; `manifest` where the connector's manifest decides. */
    access?: Action | 'open' | { readonly manifest: Action };
    /** The route sees to it that a token is confirmed that was good before: see {@link FastifyRequest.proof}. */
    confirms?: true;
  }
  interface FastifyRequest {
    /** Who calls; null on open calls. */
    actor: Actor | null;
    /** SHA-256 of the caller's token where it was not looked at in this call, since it was good before; the route has it confirmed. */
    proof: Buffer | null;
    /** Looks at a token that was not looked at yet. Throws UNAUTHENTICATED or TOO_MANY_CALLS. */
    confirmCaller: () => Promise<void>;
  }
}

const bearer = /^Bearer ([\x21-\x7e]{1,512})$/i;

/** Who made this call. Only on calls that need a token. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw unauthenticated();
  return request.actor;
}

/**
 * Throws ROLE_MISSING where the caller may not do something.
 * @param connectorRoles the manifest's `roles.host`, where the call is about a connection of that connector.
 */
export function demand(request: FastifyRequest, action: Action, connectorRoles?: readonly Role[]): void {
  const { role } = actorOf(request);
  if (may(role, action, connectorRoles)) return;
  const allowed = connectorRoles ?? [];
  throw new HostProblem('ROLE_MISSING', `The role ${role} may not do this.`, {
    remedy: `Ask ${allowed.length > 0 ? `somebody with the role ${allowed.join(' or ')}` : 'a super-admin'} to do it, or for a token with another role.`,
  });
}

/** The token of a call. A call without one guesses nothing. */
function tokenIn({ headers }: FastifyRequest): string {
  const [, token] = bearer.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) throw unauthenticated();
  return token;
}

function unauthenticated(): HostProblem {
  return new HostProblem('UNAUTHENTICATED', 'This call needs a valid access token.', {
    remedy: 'Send it as "Authorization: Bearer <token>". A token that expired or was revoked has to be replaced.',
  });
}

/** Makes a server ask for a token on every call that is not marked as open. A route that says nothing about access is a defect. */
export function authenticate(app: FastifyInstance, tokens: AccessTokens, clock: Clock): void {
  const failures = new Failures(clock);
  app.decorateRequest('actor', null);
  app.decorateRequest('proof', null);
  app.decorateRequest('confirmCaller', async function confirm(this: FastifyRequest) {
    if (this.proof === null) return;
    this.proof = null;
    await judge(this);
  });
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/api/') && route.config?.access === undefined) {
      throw new Error(`The route ${String(route.method)} ${route.url} does not say who may call it.`);
    }
  });
  app.addHook('onRequest', async (request) => {
    const { access = 'open' } = request.routeOptions.config;
    if (access === 'open') return;
    if (request.actor !== null) {
      if (typeof access === 'string') demand(request, access);
      return;
    }
    const hash = tokenHash(tokenIn(request));
    const known = request.routeOptions.config.confirms === true ? tokens.recall(hash) : undefined;
    if (known === undefined || (typeof access === 'string' && !may(known.role, access))) await judge(request);
    else {
      request.proof = hash;
      request.actor = known;
    }
    if (typeof access === 'string') demand(request, access);
  });

  async function judge(request: FastifyRequest): Promise<void> {
    const token = tokenIn(request);
    const fingerprint = tokenHash(token).toString('base64');
    const caller = callerOf(request.ip);
    const seconds = failures.waits(caller, fingerprint);
    if (seconds !== undefined) throw tooMany(seconds);
    const judged = await tokens.judge(token).catch((error: unknown) => {
      failures.unsettled(caller, fingerprint);
      throw error;
    });
    if ('refused' in judged) {
      const times = failures.failed(caller, fingerprint);
      if (failures.tells(times)) await tokens.tellRefused(judged, request.ip, times);
      throw unauthenticated();
    }
    failures.passed(caller, fingerprint);
    request.actor = judged.actor;
  }
}

/** The problem of a caller that must wait. */
export function tooMany(seconds: number): HostProblem {
  return new HostProblem('TOO_MANY_CALLS', `There were too many calls from this address; wait ${seconds} seconds.`);
}
