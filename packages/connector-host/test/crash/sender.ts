/** Whoever sends people to be erased, and does as the documentation says: what was not acknowledged is sent again, as it was. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { NeverReady } from './member.js';

/** Somebody to be erased. */
export interface Person {
  readonly requestId: string;
  readonly identifiers: readonly { readonly kind: string; readonly value: string }[];
}

/** The super-admin's token. */
export const TOKEN = 'admin-token-of-the-crash-test-0123456789';

/** Makes people with one to three identifiers that nobody else has. */
export function people(prefix: string, count: number, chance: Chance): Person[] {
  return Array.from({ length: count }, (_, i) => {
    const identifiers = [{ kind: 'user_id', value: `${prefix}-${i}` }];
    if (chance.hits(0.4)) identifiers.push({ kind: 'email', value: `${prefix}-${i}@example.com` });
    if (chance.hits(0.1)) identifiers.push({ kind: 'user_id', value: `${prefix}-${i}-old` });
    return { requestId: `${prefix}-${i}`, identifiers };
  });
}

/** The sender of one round. */
export class Sender {
  /** Everybody the host said that it has, by request id. */
  readonly acknowledged = new Map<string, Person>();
  /** How often something was sent again because no answer came. */
  resent = 0;

  constructor(
    /** Where the host is now. */
    private readonly url: () => Promise<string>,
    private readonly giveUp: AbortSignal,
  ) {}

  /** Connects the sandbox's workspace; answers the connection's id. */
  async connect(vendor: { readonly url: string; readonly token: string }): Promise<string> {
    const config = { apiToken: vendor.token, workspaceName: 'acme-demo', baseUrl: vendor.url };
    const body = JSON.stringify({ connector: 'segment-config', name: 'Acme', config });
    for (;;) {
      const { status, answer } = await this.insist('POST', '/api/v1/connections', 'application/json', body);
      if (status === 201) return String(answer['id']);
      // Sent again since no answer came in time: it was made.
      const { items } = (await this.call('GET', '/api/v1/connections')).answer as { items: { id: string }[] };
      const [made] = items;
      if (made !== undefined) return made.id;
      // On a machine that is very busy, the vendor may seem to be away.
      if (!JSON.stringify(answer).includes('UNREACHABLE')) {
        throw new Error(`Not connected: ${status} ${JSON.stringify(answer)}`);
      }
    }
  }

  /** Sends one person by itself. */
  async sendOne(person: Person): Promise<void> {
    const body = JSON.stringify({ ...person, right: 'deletion' });
    const { status, answer } = await this.insist('POST', '/api/v1/requests', 'application/json', body);
    if (status !== 202 && status !== 200) throw new Error(`Not accepted: ${status} ${JSON.stringify(answer)}`);
    this.acknowledged.set(person.requestId, person);
  }

  /** Sends a file of people. */
  async sendFile(sent: readonly Person[], format: 'csv' | 'ndjson'): Promise<void> {
    const [type, body] = format === 'csv' ? ['text/csv', csv(sent)] : ['application/x-ndjson', ndjson(sent)];
    const { status, answer } = await this.insist('POST', '/api/v1/requests/import', type, body);
    const { accepted, duplicates, rejected } = answer;
    if (status !== 200 || Number(accepted) + Number(duplicates) !== sent.length || rejected !== 0) {
      throw new Error(`Not all were accepted: ${status} ${JSON.stringify(answer).slice(0, 500)}`);
    }
    for (const person of sent) this.acknowledged.set(person.requestId, person);
  }

  /** Has people sealed under a new key. */
  async replacePeopleKey(): Promise<void> {
    const body = JSON.stringify({ key: 'people' });
    const { status, answer } = await this.insist('POST', '/api/v1/keys/rotate', 'application/json', body);
    if (status !== 200) throw new Error(`The key was not replaced: ${status} ${JSON.stringify(answer)}`);
  }

  /** Any other call that has to succeed; answers what came back. */
  async call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; answer: Readonly<Record<string, unknown>> }> {
    const text = body === undefined ? [] : ['application/json', JSON.stringify(body)];
    return this.insist(method, path, ...text);
  }

  /** Waits until the host has looked through the systems: of whoever is concluded before that, nobody knows where they are left over. */
  async lookedThrough(connection: string): Promise<void> {
    for (;;) {
      const { answer } = await this.insist('GET', `/api/v1/connections/${connection}/detections`);
      if ((answer['items'] as { state: string }[]).some(({ state }) => state === 'complete')) return;
      await pause(200);
    }
  }

  /** How many requests there are by state, and how many of them the host still works on. */
  async counts(): Promise<{ readonly open: number; readonly byState: Readonly<Record<string, number>> }> {
    const { answer } = await this.insist('GET', '/api/v1/requests?limit=1');
    const byState = answer['counts'] as Record<string, number>;
    return { open: (byState['pending'] ?? 0) + (byState['processing'] ?? 0), byState };
  }

  /** Every request's state, by request id. */
  async states(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    let cursor: unknown;
    do {
      const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(String(cursor))}`;
      const { answer } = await this.insist('GET', `/api/v1/requests?limit=1000${from}`);
      for (const { requestId, state } of answer['items'] as { requestId: string; state: string }[]) {
        found.set(requestId, state);
      }
      cursor = answer['nextCursor'];
    } while (cursor !== undefined && cursor !== null);
    return found;
  }

  /** The operations, for a report of what went wrong. */
  async operations(): Promise<unknown> {
    return (await this.insist('GET', '/api/v1/operations?limit=100')).answer['items'];
  }

  /** Calls until there is an answer that is one: neither a broken connection nor trouble of the host's own. */
  private async insist(
    method: string,
    path: string,
    type?: string,
    body?: string,
  ): Promise<{ status: number; answer: Readonly<Record<string, unknown>> }> {
    for (;;) {
      try {
        const answer = await fetch((await this.url()) + path, {
          method,
          headers: { authorization: `Bearer ${TOKEN}`, ...(type === undefined ? {} : { 'content-type': type }) },
          signal: AbortSignal.any([this.giveUp, AbortSignal.timeout(180_000)]),
          ...(body === undefined ? {} : { body }),
        });
        const value = (await answer.json()) as Record<string, unknown>;
        if (answer.status < 500) return { status: answer.status, answer: value };
      } catch (error) {
        // The host was killed, or is just starting; one that does not start at all is given up.
        if (error instanceof NeverReady) throw error;
      }
      this.giveUp.throwIfAborted();
      if (method === 'POST') this.resent += 1;
      await pause(50);
    }
  }
}

function ndjson(sent: readonly Person[]): string {
  return sent.map((one) => `${JSON.stringify({ ...one, right: 'deletion' })}\n`).join('');
}

function csv(sent: readonly Person[]): string {
  const lines = sent.map(({ requestId, identifiers }) => {
    const of = (kind: string, at: number) => identifiers.filter((one) => one.kind === kind)[at]?.value ?? '';
    return `${requestId},${of('user_id', 0)},${of('user_id', 1)},${of('email', 0)}\n`;
  });
  return `request_id,user_id,user_id.2,email\n${lines.join('')}`;
}
