import { createHash } from 'node:crypto';
import type { ConnectorConfig } from 'connector-contract';
import type { ConfigCase, ContractVendor } from 'connector-contract/testkit';
import { type StubAnswer, type StubRequest, stubServer } from 'connector-kit/testing';

/** What the clients of the stub may do, by their secrets. They open nothing else. */
const scopes: Readonly<Record<string, string>> = {
  'stub-client-secret': 'read:users delete:users',
  'stub-reader-secret': 'read:users',
  'stub-deleter-secret': 'delete:users',
};

const CLIENT = 'stub-client';

/** A token as Auth0 gives it: a JWT that names its scopes. */
function tokenFor(secret: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ gty: 'client-credentials', scope: scopes[secret] })}.stub`;
}

/** Plays the users of Auth0's Management API on loopback, by https://auth0.com/docs/api/management/v2. Everybody is known until deleted. */
export class Auth0Stub implements ContractVendor {
  /** What is asked, as `GET /path`. */
  asked: string[] = [];
  /** How many users an address has, where it is not one. */
  readonly accounts = new Map<string, number>();
  private emails = new Map<string, string>();
  private gone = new Map<string, string>();
  private refused = new Set<string>();
  private strangers = new Set<string>();
  private failing = false;
  /** How many requests the tenant has left, as each answer says beside when they are all there again; undefined where none does. */
  left: { readonly requests: number; readonly seconds: number } | undefined;
  private readonly server = stubServer((request) => this.limited(this.answer(request)));

  start(): Promise<string> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  reset(): void {
    this.asked = [];
    this.accounts.clear();
    this.emails = new Map();
    this.gone = new Map();
    this.refused = new Set();
    this.strangers = new Set();
    this.failing = false;
    this.left = undefined;
  }

  config(kind: ConfigCase, origin: string): Record<string, unknown> {
    const clientSecret = {
      valid: 'stub-client-secret',
      'wrong-credential': 'stub-no-secret',
      'missing-permission': 'stub-reader-secret',
    };
    return { domain: origin, clientId: CLIENT, clientSecret: clientSecret[kind] };
  }

  token({ clientSecret }: ConnectorConfig): string | undefined {
    return String(clientSecret) in scopes ? tokenFor(String(clientSecret)) : undefined;
  }

  state(): unknown {
    return [...this.gone];
  }

  erased(): readonly string[] {
    return [...new Set(this.gone.values())];
  }

  advance(): boolean {
    return false;
  }

  refuse(value: string): void {
    this.refused.add(value);
  }

  unknown(value: string): void {
    this.strangers.add(value);
  }

  fail(): void {
    this.failing = true;
  }

  errorBody(statusCode: number, message: string): string {
    return JSON.stringify({ statusCode, error: 'Error', message });
  }

  private limited([status, body]: StubAnswer): StubAnswer {
    if (this.left === undefined) return [status, body];
    const { requests, seconds } = this.left;
    const reset = Math.floor(Date.now() / 1000) + seconds;
    return [status, body, { 'x-ratelimit-remaining': String(requests), 'x-ratelimit-reset': String(reset) }];
  }

  private answer({ method, path, query, credential, body }: StubRequest): StubAnswer {
    if (path === '/oauth/token') return this.give(new URLSearchParams(String(body)));
    this.asked.push(`${method} ${path}`);
    const granted = Object.keys(scopes).find((secret) => tokenFor(secret) === credential);
    if (granted === undefined) return this.refusal(401, 'Invalid token');
    const needed = method === 'DELETE' ? 'delete:users' : 'read:users';
    if (!scopes[granted]?.split(' ').includes(needed)) return this.refusal(403, 'Insufficient scope');
    if (method === 'GET' && path === '/api/v2/users-by-email') return [200, this.usersWith(query.get('email') ?? '')];
    const id = /^\/api\/v2\/users\/(.+)$/.exec(path)?.[1];
    return method === 'DELETE' && id !== undefined
      ? this.remove(decodeURIComponent(id))
      : this.refusal(404, 'Not Found');
  }

  /** A token by the client credentials grant, as https://auth0.com/docs/api/authentication documents it. */
  private give(asked: URLSearchParams): StubAnswer {
    const secret = asked.get('client_secret') ?? '';
    const known = asked.get('client_id') === CLIENT && secret in scopes;
    const wanted = asked.get('grant_type') === 'client_credentials' && asked.get('audience')?.endsWith('/api/v2/');
    if (!known || wanted !== true) return [401, { error: 'access_denied', error_description: 'Unauthorized' }];
    return [200, { access_token: tokenFor(secret), scope: scopes[secret], expires_in: 86_400, token_type: 'Bearer' }];
  }

  /** Letter by letter, as Auth0 compares: who was asked for first is as they were asked for. */
  private usersWith(email: string): readonly object[] {
    if (this.strangers.has(email)) return [];
    const digest = createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 24);
    const users = Array.from({ length: this.accounts.get(email) ?? 1 }, (_, place) => `auth0|${digest}${place}`);
    for (const id of users) if (!this.emails.has(id)) this.emails.set(id, email);
    return users.filter((id) => this.emails.get(id) === email && !this.gone.has(id)).map((id) => ({ user_id: id }));
  }

  private remove(id: string): StubAnswer {
    const email = this.emails.get(id);
    if (this.failing) return this.refusal(500, 'Internal error');
    if (email !== undefined && this.refused.has(email)) return this.refusal(400, 'Invalid request');
    if (email !== undefined) this.gone.set(id, email);
    return [204];
  }

  private refusal(status: number, message: string): StubAnswer {
    return [status, this.errorBody(status, message)];
  }
}
