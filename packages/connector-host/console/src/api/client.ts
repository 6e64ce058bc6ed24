/** Calls to the host that served this page. The session is an HttpOnly cookie and a proof beside it: no script ever holds the token. */
import type { CheckReport, FieldIssue } from 'connector-contract';
import { apiPath } from '../base-path.js';
import type { BegunSession, Session } from './model.js';
import { keepProof, sessionHeaders } from './proof.js';

/** RFC 9457 problem details as the host sends them. */
interface ProblemBody {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly remedy?: string;
  readonly errors?: readonly FieldIssue[];
  readonly report?: CheckReport;
}

/** A call that did not work: what the host said, or that it could not be reached (`status` 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string | undefined;
  readonly errors: readonly FieldIssue[];
  readonly report: CheckReport | undefined;

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.code = body.code ?? 'UNKNOWN';
    this.remedy = body.remedy;
    this.errors = body.errors ?? [];
    this.report = body.report;
  }
}

/** Only what reads is tried again by itself. */
const unreachable = (method: string) => ({
  code: 'HOST_UNREACHABLE',
  detail: 'The host does not answer.',
  remedy:
    method === 'GET'
      ? 'Check that it is running and that your network reaches it; this page tries again by itself.'
      : 'Check that it is running and that your network reaches it, then try again. Nothing is sent by itself later.',
});

/** Told when the session ends: the token expired or was revoked. */
const onSignedOut = new Set<() => void>();

/** Calls `listener` whenever the host no longer knows the session. Returns how to stop that. */
export function whenSignedOut(listener: () => void): () => void {
  onSignedOut.add(listener);
  return () => void onSignedOut.delete(listener);
}

/** The problem in an answer that is not good. */
export async function problemOf(status: number, text: string): Promise<Problem> {
  try {
    return new Problem(status, JSON.parse(text) as ProblemBody);
  } catch {
    return new Problem(status, { detail: `The host answered ${status} without saying why.` });
  }
}

/** Tells everybody who asked that the session is over. */
export function signedOut(): void {
  for (const listener of onSignedOut) listener();
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(apiPath + path, {
      method,
      credentials: 'same-origin',
      headers: {
        ...sessionHeaders(),
        ...headers,
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, unreachable(method));
  }
  if (answer.ok) return answer;
  const problem = await problemOf(answer.status, await answer.text());
  if (answer.status === 401 && path !== '/session') signedOut();
  throw problem;
}

async function json<T>(answer: Response): Promise<T> {
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** The host's API as JSON in and out. Throws {@link Problem}. */
export const host = {
  get: async <T>(path: string, signal?: AbortSignal) => json<T>(await call('GET', path, undefined, signal)),
  post: async <T>(path: string, body: unknown = {}, signal?: AbortSignal) =>
    json<T>(await call('POST', path, body, signal)),
  patch: async <T>(path: string, body: unknown) => json<T>(await call('PATCH', path, body)),
  delete: async <T>(path: string) => json<T>(await call('DELETE', path)),
  /** Exchanges an access token for a session cookie, which the browser keeps out of reach of every script. */
  signIn: async (token: string): Promise<Session> => {
    const headers = { authorization: `Bearer ${token}` };
    const { proof, ...session } = await json<BegunSession>(
      await call('POST', '/session', undefined, undefined, headers),
    );
    keepProof(proof);
    return session;
  },
  /** Sends a file, as a form. */
  sendFile: async <T>(path: string, file: File, signal?: AbortSignal) => {
    const form = new FormData();
    form.append('file', file);
    return json<T>(await call('POST', path, form, signal));
  },
  text: async (path: string) => (await call('GET', path)).text(),
  /** A file to be kept. */
  download: async (path: string) => (await call('GET', path)).blob(),
  /** A file that a call answers. */
  file: async (path: string, body: unknown) => (await call('POST', path, body)).blob(),
  /** A body as it arrives. */
  stream: async (path: string, signal: AbortSignal, headers: Readonly<Record<string, string>> = {}) =>
    (await call('GET', path, undefined, signal, headers)).body,
};

/** A query string of what is given; empty values are left out. */
export function query(values: Readonly<Record<string, string | number | undefined | null>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}
