/** A whole host for tests: real HTTP, a real PostgreSQL of its own, the real plugin of this repository and a sandbox. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { type Sandbox, type SandboxOptions, startSandbox } from 'segment-sandbox';
import type { Role } from '../../src/access/roles.js';
import { type Host, startHost } from '../../src/host.js';
import type { HostOptions } from '../../src/host-options.js';
import { type RequestState, requestStates } from '../../src/requests/states.js';
import { testDatabase, testLog } from '../postgres.js';
import { expectTallied } from '../tallied.js';
import { unhurriedProject } from '../unhurried.mjs';
import { ApiDocument } from './document.js';

/** The super-admin's token. */
export const ADMIN = 'admin-token-of-the-tests-0123456789abcdef';

/** An answer of the host. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly type: string;
  // Tests look into answers field by field; each was held against its schema before.
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  readonly body: any;
}

/** How a call differs from the usual: JSON, as the super-admin. */
export interface CallOptions {
  readonly token?: string | null;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running host and what it talks to. */
export interface RunningHost {
  readonly host: Host;
  readonly sandbox: Sandbox;
  readonly url: string;
  readonly databaseUrl: string;
  /** Folder of the master key: with it, another process may join. */
  readonly dataDir: string;
  readonly document: ApiDocument;
  /** Calls the host; fails where the answer is not as the OpenAPI document says. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  /** Connects the sandbox's demo workspace and answers the connection's id. */
  connect(name: string, config?: Readonly<Record<string, unknown>>): Promise<string>;
  /** A token of a role. */
  tokenOf(role: Role): Promise<string>;
  /** Asks until a condition holds. */
  until(path: string, holds: (body: Answer['body']) => boolean): Promise<Answer['body']>;
  stop(): Promise<void>;
}

/** Whether nothing is under way for a request any more: it is concluded, or waits for a person. */
export const atRest = ({ state }: { readonly state: string }): boolean => state !== 'pending' && state !== 'processing';

/** A form with a file, as calls that take one expect it. */
export function formWith(content: string | Uint8Array<ArrayBuffer>, name = 'file.txt'): FormData {
  const form = new FormData();
  form.append('file', new Blob([content]), name);
  return form;
}

/** Counts by state: these, and none of any other. */
export function countsOf(some: Partial<Record<RequestState, number>>): Record<string, number> {
  return { ...Object.fromEntries(requestStates.map((state) => [state, 0])), ...some };
}

// A busy machine takes its time; what does not come takes for ever.
const patienceMs = 600_000;

/**
 * Starts everything. Call it in `beforeAll`, and `stop` in `afterAll`. Connectors run in the process of the test, unless it asks for
 * `isolation: 'process'`.
 */
export async function runHost(
  options: Partial<HostOptions> = {},
  vendor: SandboxOptions = {},
  others: readonly string[] = [],
): Promise<RunningHost> {
  const database = await testDatabase();
  // A day of the sandbox passes in some milliseconds.
  const sandbox = await startSandbox({ speed: 86_400_000, rateLimit: 'off', ...vendor });
  const dataDir = await mkdtemp(join(tmpdir(), 'host-under-test-'));
  const host = await startHost({
    dataDir,
    databaseUrl: database.url,
    roots: [unhurriedProject, ...others],
    // Most tests are about the host; two more processes would take longer to start than it does.
    isolation: 'none',
    port: 0,
    adminToken: ADMIN,
    allowEndpoints: [sandbox.url],
    planWindowMs: 50,
    pollIntervalMs: 50,
    callsPerMinute: 1_000_000,
    log: testLog,
    ...options,
  });
  const url = host.url ?? '';
  const document = new ApiDocument(await (await fetch(`${url}/openapi.json`)).json());

  const call: RunningHost['call'] = async (method, path, body, { token = ADMIN, type, headers = {} } = {}) => {
    const form = body instanceof FormData;
    const asIs = body === undefined || form || typeof body === 'string' || Buffer.isBuffer(body);
    const sent = asIs ? (body as FormData | string | Buffer<ArrayBuffer> | undefined) : JSON.stringify(body);
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(sent === undefined || form ? {} : { 'content-type': type ?? 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await answer.text();
    const media = answer.headers.get('content-type') ?? '';
    const parsed: unknown = media.includes('json') ? JSON.parse(text) : text;
    expect(document.faults(method, path, answer.status, media, parsed)).toEqual([]);
    return { status: answer.status, headers: answer.headers, type: media, body: parsed };
  };

  return {
    host,
    sandbox,
    url,
    databaseUrl: database.url,
    dataDir,
    document,
    call,
    connect: async (name, config = {}) => {
      const made = await call('POST', '/api/v1/connections', {
        connector: 'segment-config',
        name,
        config: { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo', baseUrl: sandbox.url, ...config },
      });
      expect(made.status).toBe(201);
      return made.body.id;
    },
    tokenOf: async (role) => (await call('POST', '/api/v1/tokens', { name: `a ${role}`, role })).body.token,
    until: async (path, holds) => {
      const giveUpAt = Date.now() + patienceMs;
      for (;;) {
        const { body } = await call('GET', path);
        if (holds(body)) return body;
        if (Date.now() > giveUpAt) throw new Error(`It did not come to that: ${JSON.stringify(body).slice(0, 2000)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop: async () => {
      await host.close(1_000);
      await sandbox.close();
      // Whatever a test did, the counts that the database keeps are what there is.
      await expectTallied(database.db.orm).finally(async () => {
        await database.drop();
        await rm(dataDir, { recursive: true, force: true });
      });
    },
  };
}
