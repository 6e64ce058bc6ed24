import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ADMIN, type RunningHost, runHost } from './running-host.js';

interface Message {
  readonly id: number;
  readonly kind: string;
  readonly requestId?: string;
}

/** Opens a stream of events. Once this answers, it brings what happens from then on; what is answered reads it until `enough`. */
async function open(
  query: string,
  headers: Record<string, string>,
  enough: (all: Message[]) => boolean,
): Promise<() => Promise<Message[]>> {
  const abort = new AbortController();
  const answer = await fetch(`${running.url}/api/v1/events${query}`, {
    headers: { authorization: `Bearer ${ADMIN}`, ...headers },
    signal: abort.signal,
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const found: Message[] = [];
  return async () => {
    let text = '';
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(message) ?? [];
        if (data !== undefined) found.push({ ...JSON.parse(data), id: Number(id) });
      }
      if (enough(found)) break;
    }
    abort.abort();
    return found;
  };
}

async function read(...how: Parameters<typeof open>): Promise<Message[]> {
  return (await open(...how))();
}

let running: RunningHost;
async function accept(requestId: string): Promise<void> {
  const { status } = await running.call('POST', '/api/v1/requests', {
    requestId,
    right: 'access',
    identifiers: [{ kind: 'email', value: 'a@b.c' }],
  });
  expect(status).toBe(202);
}

beforeAll(async () => {
  running = await runHost();
  await running.connect('Acme');
});
afterAll(() => running.stop());

describe('the stream of events', () => {
  test('brings what happens, as it happens', async () => {
    const reading = await open('?requestId=e1', {}, (all) => all.length === 1);
    await accept('e0');
    await accept('e1');
    expect(await reading()).toMatchObject([{ kind: 'request.accepted', requestId: 'e1' }]);
  });

  test('goes on after the event that a reader had last, without a gap', async () => {
    await accept('e2');
    const before = await read('', { 'last-event-id': '0' }, (all) => all.some((one) => one.requestId === 'e2'));
    const last = before.find((one) => one.requestId === 'e1')?.id ?? 0;
    await accept('e3');
    const after = await read('', { 'last-event-id': String(last) }, (all) => all.some((one) => one.requestId === 'e3'));
    expect(after.flatMap((one) => one.requestId ?? [])).toEqual(['e2', 'e3']);
    expect(after.every((one) => one.id > last)).toBe(true);
  });

  test('holds no identifier of a person', async () => {
    const all = await read('', { 'last-event-id': '0' }, (found) => found.length > 3);
    expect(JSON.stringify(all)).not.toContain('a@b.c');
  });

  test('tells of tokens and keys only those who may read the audit log', async () => {
    const viewer = await running.tokenOf('viewer');
    await running.call('POST', '/api/v1/tokens', { name: 'of a secret project', role: 'viewer' });
    await running.call('POST', '/api/v1/keys/rotate', { key: 'receipts' });
    await accept('e4');
    const seen = (token: string) =>
      read('', { 'last-event-id': '0', authorization: `Bearer ${token}` }, (all) =>
        all.some((one) => one.requestId === 'e4'),
      );
    expect(JSON.stringify(await seen(viewer))).not.toMatch(/access\.|keys\.|secret project/);
    expect((await seen(ADMIN)).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['access.token_created', 'keys.receipts_rotated']),
    );
  });

  test('ends at once when its token is revoked', async () => {
    const made = (await running.call('POST', '/api/v1/tokens', { name: 'leaver', role: 'viewer' })).body;
    const reading = await open('', { authorization: `Bearer ${made.token}` }, () => false);
    await accept('e5');
    await running.call('DELETE', `/api/v1/tokens/${made.view.id}`);
    const found = await reading();
    await accept('e6');
    expect(found.flatMap((one) => one.requestId ?? [])).toEqual(['e5']);
  });

  test('refuses an id that no event has', async () => {
    const { status } = await running.call('GET', '/api/v1/events', undefined, { headers: { 'last-event-id': 'x' } });
    expect(status).toBe(400);
  });

  test('brings the events of another process on the same database', async () => {
    const reading = await open('', {}, (all) => all.some((one) => one.kind === 'connection.checked'));
    const { rows } = await (async () => {
      const { Client } = (await import('pg')).default;
      const client = new Client(running.databaseUrl);
      await client.connect();
      const answer = await client.query(
        `with made as (insert into connector_host.events (kind, data) values ('connection.checked', '{}') returning id)
         select pg_notify('connector_host_events', id::text) from made`,
      );
      await client.end();
      return answer;
    })();
    expect(rows).toHaveLength(1);
    expect((await reading()).length).toBeGreaterThan(0);
  });
});
