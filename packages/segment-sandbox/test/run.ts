import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterEach } from '@jest/globals';
import type { Sandbox, SandboxOptions } from '../src/index.js';
import { startSandbox } from '../src/index.js';

const running: Sandbox[] = [];

/** Closes the sandboxes that a test started. */
export function closeAfterEach(): void {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
  });
}

/** A sandbox that is closed after the test. */
export async function sandboxFor(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}

/** A clock that moves only by hand. */
export class HandClock {
  constructor(private time = Date.UTC(2026, 4, 15, 12)) {}
  now(): number {
    return this.time;
  }
  set(time: number): void {
    this.time = time;
  }
  advance(ms: number): void {
    this.time += ms;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON, loosely typed: tests say what they expect of it. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into bodies of many shapes
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** One plain HTTP request on a connection of its own; rejects where the connection breaks. */
export function ask(url: string, { method, token, body, headers = {} }: Ask = {}): Promise<Answer> {
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      url,
      {
        method: method ?? (payload === undefined ? 'GET' : 'POST'),
        agent: false,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(payload === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A body that suppresses and deletes these users, for the Public API. */
export function deletion(...subjectIds: string[]): Record<string, unknown> {
  return { regulationType: 'SUPPRESS_WITH_DELETE', subjectType: 'USER_ID', subjectIds };
}

/** The same for the Config API. */
export function configDeletion(...values: string[]): Record<string, unknown> {
  return { regulation_type: 'Suppress_With_Delete', attributes: { name: 'userId', values } };
}

/** Makes a regulation by the Public API and answers its id. */
export async function regulate(sandbox: Sandbox, ...subjectIds: string[]): Promise<string> {
  const { status, text, json } = await ask(`${sandbox.url}/regulations`, {
    token: sandbox.tokens.publicOwner,
    body: deletion(...subjectIds),
  });
  if (status !== 200) throw new Error(`the regulation was not made: ${status} ${text}`);
  return json.data.regulateId;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
