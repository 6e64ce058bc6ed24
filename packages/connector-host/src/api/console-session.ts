/**
 * The console's session: an access token, sealed, in a cookie that no script can read. The browser sends it by itself, also where no
 * header can be set (server-sent events, downloads). It is as good as the token and ends with it, or after {@link SESSION_MS}.
 */
import type { Clock } from 'connector-contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HostProblem } from '../problem.js';
import type { Keyring } from '../sealing/keyring.js';
import { SealingError } from '../sealing/sealing-error.js';

/** Longest time a session lasts: a working day. */
export const SESSION_MS = 12 * 3_600_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** When the session ends that the call came with, in milliseconds since the epoch; null where its sender gave a token. */
    sessionUntil: number | null;
  }
}

const cookie = 'connector_host_session';
const purpose = 'sessions';
const bind = 'console';
const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A header that only a page of this host can set: the proof that a call with the cookie was not made by another site's page. */
const proof = 'x-requested-by';

/** What sessions stand on. */
export interface SessionParts {
  readonly keyring: Pick<Keyring, 'seal' | 'open'>;
  readonly clock: Clock;
}

function cookieOf(request: FastifyRequest): string | undefined {
  const pair = request.headers.cookie?.split(';').find((one) => one.trim().startsWith(`${cookie}=`));
  return pair?.slice(pair.indexOf('=') + 1).trim();
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, seconds: number): void {
  const secure = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  const parts = [`${cookie}=${value}`, 'Path=/api/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${seconds}`];
  void reply.header('set-cookie', [...parts, ...(secure ? ['Secure'] : [])].join('; '));
}

interface Session {
  readonly token: string;
  readonly until: number;
}

async function sessionOf(sealed: string, { keyring, clock }: SessionParts): Promise<Session | undefined> {
  try {
    const opened = await keyring.open(purpose, Buffer.from(sealed, 'base64url'), bind);
    const session = JSON.parse(opened.toString('utf8')) as Session;
    return session.until > clock.now() ? session : undefined;
  } catch (error) {
    // Altered, cut off, or of a key that is gone: nobody is signed in by it.
    if (error instanceof SealingError || error instanceof RangeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Lets a call with the cookie stand for one with the token; an Authorization header goes first. Register it before
 * `authenticate`, which judges the token.
 */
export function readSessions(app: FastifyInstance, parts: SessionParts): void {
  app.decorateRequest('sessionUntil', null);
  app.addHook('onRequest', async (request) => {
    const sealed = cookieOf(request);
    if (sealed === undefined || request.headers.authorization !== undefined) return;
    if (!reading.has(request.method) && request.headers[proof] === undefined) {
      throw new HostProblem('ROLE_MISSING', 'A session may not do this from another site.', {
        remedy: `Use the console, or send an access token; a page of your own sets the header ${proof}.`,
      });
    }
    const session = await sessionOf(sealed, parts);
    if (session === undefined) return;
    request.headers.authorization = `Bearer ${session.token}`;
    request.sessionUntil = session.until;
  });
}

/**
 * Gives the caller a cookie in exchange for the token of this very call. A session begins no other: a copied cookie would never end.
 * @returns whether one began.
 */
export async function beginSession(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: SessionParts,
): Promise<boolean> {
  if (request.sessionUntil !== null) return false;
  const token = (request.headers.authorization ?? '').replace(/^Bearer /i, '');
  const until = parts.clock.now() + SESSION_MS;
  const sealed = await parts.keyring.seal(purpose, Buffer.from(JSON.stringify({ token, until })), bind);
  setCookie(request, reply, sealed.toString('base64url'), SESSION_MS / 1000);
  return true;
}

/** Takes the cookie away. */
export function endSession(request: FastifyRequest, reply: FastifyReply): void {
  setCookie(request, reply, '', 0);
}
