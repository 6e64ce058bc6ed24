/**
 * The console's session on the wire: a cookie that no script can read, and beside it a proof in a header, which the page keeps for itself.
 * The cookie alone is worth nothing: browsers send it to every port of the name, and with calls that another site's page makes.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_MS, type Sessions } from '../access/sessions.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The session that the call came with; null where its sender gave a token. */
    session: string | null;
  }
}

const cookie = 'connector_host_session';
/** Over TLS: a browser then takes it from no other port, path or subdomain (RFC 6265bis, cookie name prefixes). */
const hostCookie = `__Host-${cookie}`;

/** The proof of the page. */
const proof = 'x-session-proof';
/** Seconds since somebody last did something in the page, which also asks by itself. */
const idle = 'x-idle-seconds';

function isSecure({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || headers['x-forwarded-proto'] === 'https';
}

function cookieOf(request: FastifyRequest): string | undefined {
  const name = isSecure(request) ? hostCookie : cookie;
  const pair = request.headers.cookie?.split(';').find((one) => one.trim().startsWith(`${name}=`));
  return pair?.slice(pair.indexOf('=') + 1).trim();
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, seconds: number): void {
  const parts = isSecure(request) ? [`${hostCookie}=${value}`, 'Path=/', 'Secure'] : [`${cookie}=${value}`, 'Path=/'];
  void reply.header('set-cookie', [...parts, 'HttpOnly', 'SameSite=Strict', `Max-Age=${seconds}`].join('; '));
}

function idleMs(header: unknown): number {
  const seconds = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : 0;
  return seconds * 1000;
}

/** Lets a call with cookie and proof stand for one with the token; an Authorization header goes first. Register it before `authenticate`. */
export function readSessions(app: FastifyInstance, sessions: Sessions): void {
  app.decorateRequest('session', null);
  app.addHook('onRequest', async (request) => {
    const secret = cookieOf(request);
    const shown = request.headers[proof];
    if (secret === undefined || typeof shown !== 'string' || request.headers.authorization !== undefined) return;
    const found = await sessions.verify(secret, shown, idleMs(request.headers[idle]));
    if (found === undefined) return;
    request.session = found.id;
    request.actor = found.actor;
  });
}

/** Gives the caller the cookie of a session. */
export function giveCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  setCookie(request, reply, secret, SESSION_MS / 1000);
}

/** Takes the cookie away. */
export function takeCookie(request: FastifyRequest, reply: FastifyReply): void {
  setCookie(request, reply, '', 0);
}
