import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConfigCase, ContractVendor } from 'connector-contract/testkit';

interface Erasure {
  readonly id: string;
  readonly key: string;
  readonly people: readonly (readonly { readonly value: string }[])[];
  state: 'queued' | 'running' | 'done' | 'failed';
}

/** Tokens that the stub knows. They open nothing else. */
export const tokens = { full: 'stub-full-token', readOnly: 'stub-read-only-token' } as const;

/** Plays the vendor on loopback. Make it behave as the real one is documented to: the better it does, the more the tests say. */
export class VendorStub implements ContractVendor {
  private readonly server: Server;
  private erasures: Erasure[] = [];
  private readonly refused = new Set<string>();
  private failing = false;

  constructor(private readonly port = 0) {
    this.server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      const token = (request.headers.authorization ?? '').replace('Bearer ', '');
      const [status, data] = this.answer(`${request.method} ${request.url}`, token, body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(data));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  reset(): void {
    this.erasures = [];
    this.refused.clear();
    this.failing = false;
  }

  config(kind: ConfigCase, origin: string): Record<string, unknown> {
    const apiToken = {
      valid: tokens.full,
      'wrong-credential': 'stub-unknown-token',
      'missing-permission': tokens.readOnly,
    };
    return { apiToken: apiToken[kind], baseUrl: origin };
  }

  state(): unknown {
    return this.erasures.map((erasure) => ({ ...erasure }));
  }

  erased(): readonly string[] {
    return this.erasures.flatMap(({ people }) => people.flatMap((person) => person.map(({ value }) => value)));
  }

  advance(): boolean {
    const open = this.erasures.filter(({ state }) => state === 'queued' || state === 'running');
    const end = this.failing ? 'failed' : 'done';
    for (const erasure of open) erasure.state = erasure.state === 'queued' ? 'running' : end;
    return open.length > 0;
  }

  refuse(value: string): void {
    this.refused.add(value);
  }

  fail(): void {
    this.failing = true;
  }

  private answer(call: string, token: string, body: string): [number, unknown] {
    const scopes = { [tokens.full]: ['read', 'erase'], [tokens.readOnly]: ['read'] }[token];
    if (scopes === undefined) return [401, { message: 'The token is not known.' }];
    if (call === 'GET /account') return [200, { name: 'Stub account', scopes }];
    if (!scopes.includes('erase')) return [403, { message: 'The token lacks the scope erase.' }];
    if (call === 'POST /erasures') return this.take(body);
    const { pathname, searchParams } = new URL(call.replace('GET ', ''), 'http://stub');
    const key = searchParams.get('key');
    if (key !== null)
      return [200, { erasures: this.erasures.filter((one) => one.key === key).map(({ id }) => ({ id })) }];
    const erasure = this.erasures.find((one) => `/erasures/${one.id}` === pathname);
    return erasure === undefined ? [404, { message: 'No such erasure.' }] : [200, { state: erasure.state }];
  }

  private take(body: string): [number, unknown] {
    const { key, people } = JSON.parse(body) as Pick<Erasure, 'key' | 'people'>;
    const bad = people.some((person) => person.some(({ value }) => this.refused.has(value)));
    if (bad) return [422, { message: 'One of the identifiers is not acceptable.' }];
    // What makes it safe to send again: the same key is the same erasure.
    const id = this.erasures.find((one) => one.key === key && key !== '')?.id ?? `erasure-${this.erasures.length + 1}`;
    if (!this.erasures.some((one) => one.id === id)) this.erasures.push({ id, key, people, state: 'queued' });
    return [201, { id }];
  }
}
