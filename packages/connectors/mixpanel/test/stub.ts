import type { ConfigCase, ContractVendor } from 'connector-contract/testkit';
import { type StubAnswer, type StubRequest, stubServer } from 'connector-kit/testing';

interface Job {
  readonly id: string;
  readonly ids: readonly string[];
  state: string;
}

/** Tokens that the stub knows: of an admin, and of a member who may delete nobody. They open nothing else. */
const tokens = { admin: 'stub-admin-token', member: 'stub-member-token' } as const;

const PATH = '/api/app/data-deletions/v3.0';
const PROJECT = 'stubproject';
const next: Readonly<Record<string, string>> = { PENDING: 'STAGING', STAGING: 'STARTED', STARTED: 'SUCCESS' };

/** Plays Mixpanel's data deletions on loopback, by https://docs.mixpanel.com/reference/gdpr-api and its OpenAPI file. */
export class MixpanelStub implements ContractVendor {
  jobs: Job[] = [];
  /** What is asked for deletions, in order. */
  asked: StubRequest[] = [];
  /** How an answer names a new job: the two ways that the documentation has. */
  creation: 'list' | 'object' = 'list';
  private refused = new Set<string>();
  private failing = false;
  private readonly server = stubServer((request) => this.answer(request));

  start(): Promise<string> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  reset(): void {
    this.jobs = [];
    this.asked = [];
    this.refused = new Set();
    this.failing = false;
  }

  config(kind: ConfigCase, origin: string): Record<string, unknown> {
    const gdprToken = { valid: tokens.admin, 'wrong-credential': 'stub-no-token', 'missing-permission': tokens.member };
    return { gdprToken: gdprToken[kind], projectToken: PROJECT, baseUrl: `${origin}${PATH}` };
  }

  state(): unknown {
    return this.jobs.map((job) => ({ ...job }));
  }

  erased(): readonly string[] {
    return this.jobs.flatMap(({ ids }) => ids);
  }

  advance(): boolean {
    const open = this.jobs.filter(({ state }) => state in next);
    for (const job of open) job.state = job.state === 'STARTED' && this.failing ? 'FAILURE' : (next[job.state] ?? '');
    return open.length > 0;
  }

  refuse(value: string): void {
    this.refused.add(value);
  }

  fail(): void {
    this.failing = true;
  }

  private answer(request: StubRequest): StubAnswer {
    const { method, path, query, credential } = request;
    this.asked.push(request);
    const known = [tokens.admin, tokens.member].some((token) => token === credential);
    if (!known) return [401, { status: 'error', error: 'Invalid token.' }];
    const admin = credential === tokens.admin && query.get('token') === PROJECT;
    if (!admin) return [403, { status: 'error', error: 'You may not do this.' }];
    if (method === 'POST' && path === `${PATH}/`) return this.take(request);
    const job = this.jobs.find(({ id }) => path === `${PATH}/${id}`);
    if (method === 'DELETE' && job) return this.revoke(job);
    if (method !== 'GET') return [405];
    const { state, ids } = job ?? { state: 'NOT_FOUND', ids: [] };
    return [200, { status: 'ok', results: { status: state, result: '', distinct_ids: ids } }];
  }

  private take({ body }: StubRequest): StubAnswer {
    const { distinct_ids: ids, compliance_type } = body as { distinct_ids: string[]; compliance_type: string };
    const bad = ids.length > 1999 || !['GDPR', 'CCPA'].includes(compliance_type);
    if (bad || ids.some((one) => this.refused.has(one))) return [400, { status: 'error', error: 'Invalid request.' }];
    const id = `158379293471939${1000 + this.jobs.length}`;
    this.jobs.push({ id, ids, state: 'PENDING' });
    const results = this.creation === 'list' ? [{ status: 'PENDING', tracking_id: id }] : { task_id: id };
    return [201, { status: 'ok', results }];
  }

  private revoke(job: Job): StubAnswer {
    if (!['PENDING', 'STAGING'].includes(job.state)) return [405, { status: 'error', error: 'It has started.' }];
    job.state = 'REVOKED';
    return [204];
  }
}
