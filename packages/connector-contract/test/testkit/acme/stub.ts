import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConfigCase, ContractVendor } from '../../../src/testkit/index.js';

/** A deletion at Acme. */
export interface AcmeJob {
  readonly id: string;
  readonly ids: readonly string[];
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
}

const tokens = { owner: 'owner-token-5d1e8f', reader: 'reader-token-93ab20', unknown: 'unknown-token-c07714' };

/** Acme: a vendor small enough to read, with everything the contract can ask about. */
export class AcmeStub implements ContractVendor {
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));
  private jobs: AcmeJob[] = [];
  private refused = new Set<string>();
  private failing = false;
  private strangers = new Set<string>();
  /** Requests that changed nothing, counted where a mutant needs them to count. */
  private touches = 0;

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  reset(): void {
    this.jobs = [];
    this.refused = new Set();
    this.failing = false;
    this.strangers = new Set();
    this.touches = 0;
  }

  config(kind: ConfigCase, origin: string): Record<string, unknown> {
    const apiToken = { valid: tokens.owner, 'wrong-credential': tokens.unknown, 'missing-permission': tokens.reader }[
      kind
    ];
    return { apiToken, account: 'acme-eu', baseUrl: origin };
  }

  state(): unknown {
    return { jobs: this.jobs.map(({ id, ids }) => ({ id, ids })), touches: this.touches };
  }

  erased(): readonly string[] {
    return this.jobs.flatMap((job) => job.ids);
  }

  advance(): boolean {
    const open = this.jobs.filter((job) => job.state === 'queued' || job.state === 'running');
    const end = this.failing ? 'failed' : 'done';
    for (const job of open) job.state = job.state === 'queued' ? 'running' : end;
    return open.length > 0;
  }

  refuse(value: string): void {
    this.refused.add(value);
  }

  fail(): void {
    this.failing = true;
  }

  unknown(value: string): void {
    this.strangers.add(value);
  }

  systems(): readonly string[] {
    return ['Web shop', 'Warehouse'];
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const [status, data] = this.decide(`${request.method} ${request.url}`, request.headers.authorization ?? '', body);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(data));
  }

  private decide(call: string, authorization: string, body: string): [number, unknown] {
    const token = authorization.replace('Bearer ', '');
    if (token !== tokens.owner && token !== tokens.reader) return [401, { message: 'Who are you?' }];
    if (call === 'GET /me')
      return [200, { account: 'acme-eu', scopes: token === tokens.owner ? ['read', 'erase'] : ['read'] }];
    if (call === 'GET /systems') return [200, { systems: this.systems() }];
    if (call === 'POST /touch') return [200, { touches: ++this.touches }];
    if (call.startsWith('GET /people') || call === 'POST /people/search') return [200, { known: true }];
    if (token === tokens.reader) return [403, { message: 'Read only.' }];
    if (call === 'GET /jobs') return [200, { jobs: this.jobs.map(({ id, ids }) => ({ id, ids })) }];
    if (call.startsWith('DELETE /people/')) return [200, {}];
    if (call === 'POST /jobs') return this.take((JSON.parse(body) as { ids: string[] }).ids);
    const [, method, id] = /^(GET|DELETE) \/jobs\/(.+)$/.exec(call) ?? [];
    const job = this.jobs.find((one) => one.id === id);
    if (job === undefined) return [404, { message: 'No such job.' }];
    if (method === 'DELETE') {
      if (job.state !== 'queued') return [409, { message: 'Too late.' }];
      job.state = 'cancelled';
    }
    return [200, { state: job.state }];
  }

  private take(ids: readonly string[]): [number, unknown] {
    if (ids.some((id) => this.refused.has(id))) return [422, { message: 'One of the ids is not acceptable.' }];
    const job: AcmeJob = { id: `job-${this.jobs.length + 1}`, ids, state: 'queued' };
    this.jobs.push(job);
    return [201, { id: job.id, unknown: ids.filter((id) => this.strangers.has(id)) }];
  }
}
