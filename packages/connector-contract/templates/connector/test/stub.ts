import type { ConfigCase, ContractVendor } from 'connector-contract/testkit';
import { type StubAnswer, type StubRequest, stubServer } from 'connector-kit/testing';

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
  private readonly server = stubServer((request) => this.answer(request));
  private erasures: Erasure[] = [];
  private readonly refused = new Set<string>();
  private failing = false;

  constructor(private readonly port = 0) {}

  start(): Promise<string> {
    return this.server.start(this.port);
  }

  stop(): Promise<void> {
    return this.server.stop();
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

  private answer({ method, path, query, credential, body }: StubRequest): StubAnswer {
    const scopes = { [tokens.full]: ['read', 'erase'], [tokens.readOnly]: ['read'] }[credential];
    if (scopes === undefined) return [401, { message: 'The token is not known.' }];
    if (path === '/account') return [200, { name: 'Stub account', scopes }];
    if (!scopes.includes('erase')) return [403, { message: 'The token lacks the scope erase.' }];
    if (method === 'POST') return this.take(body as Pick<Erasure, 'key' | 'people'>);
    const key = query.get('key');
    if (key !== null)
      return [200, { erasures: this.erasures.filter((one) => one.key === key).map(({ id }) => ({ id })) }];
    const erasure = this.erasures.find((one) => `/erasures/${one.id}` === path);
    return erasure === undefined ? [404, { message: 'No such erasure.' }] : [200, { state: erasure.state }];
  }

  private take({ key, people }: Pick<Erasure, 'key' | 'people'>): StubAnswer {
    const bad = people.some((person) => person.some(({ value }) => this.refused.has(value)));
    if (bad) return [422, { message: 'One of the identifiers is not acceptable.' }];
    // What makes it safe to send again: the same key is the same erasure.
    const id = this.erasures.find((one) => one.key === key && key !== '')?.id ?? `erasure-${this.erasures.length + 1}`;
    if (!this.erasures.some((one) => one.id === id)) this.erasures.push({ id, key, people, state: 'queued' });
    return [201, { id }];
  }
}
