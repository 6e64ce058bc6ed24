import { describe, expect, test } from '@jest/globals';
import type { Sandbox } from '../src/index.js';
import { type Ask, ask, closeAfterEach, DAY, regulate, sandboxFor } from './run.js';

closeAfterEach();

function control(sandbox: Sandbox, path: string, asked: Ask = {}) {
  return ask(`${sandbox.url}/_sandbox${path}`, asked);
}

describe('steering and looking from another process', () => {
  test('the state, the regulations and the tally can be read', async () => {
    const sandbox = await sandboxFor();
    await regulate(sandbox, 'u1', 'u2');
    await regulate(sandbox, 'u2');
    expect((await control(sandbox, '')).json).toMatchObject({ regulations: 2 });
    expect((await control(sandbox, '/tally')).json).toEqual({ regulations: 2, identifiers: 2, doubled: 1, most: 2 });
    const plain = (await control(sandbox, '/regulations')).json;
    expect(plain[0]).toMatchObject({ index: 0, subjectCount: 2, status: 'INITIALIZED', outcome: 'finished' });
    expect(plain[0]).not.toHaveProperty('subjectIds');
    const full = (await control(sandbox, '/regulations?subjects=true')).json;
    expect(full.map(({ subjectIds }: { subjectIds: string[] }) => subjectIds)).toEqual([['u1', 'u2'], ['u2']]);
  });

  test('a fault can be added, listed, removed and cleared', async () => {
    const sandbox = await sandboxFor();
    const { json } = await control(sandbox, '/faults', {
      body: { on: 'POST /regulations', kind: 'lost-after', times: 1 },
    });
    expect((await control(sandbox, '/faults')).json).toEqual([
      { on: 'POST /regulations', kind: 'lost-after', times: 1, id: json.id, happened: 0 },
    ]);
    await expect(regulate(sandbox, 'u1')).rejects.toThrow();
    expect((await control(sandbox, `/faults/${json.id}`, { method: 'DELETE' })).json).toEqual({ removed: true });
    await control(sandbox, '/faults', { body: { on: '*', kind: 'status' } });
    expect((await control(sandbox, '/faults', { method: 'DELETE' })).json).toEqual({ ok: true });
    expect(sandbox.faults.list()).toEqual([]);
  });

  test('time can be moved ahead, and outcomes steered', async () => {
    const sandbox = await sandboxFor();
    await control(sandbox, '/outcomes', { body: { outcome: 'partial-success' } });
    await regulate(sandbox, 'u1');
    await control(sandbox, '/outcomes', { method: 'DELETE' });
    await regulate(sandbox, 'u2');
    const before = Date.parse((await control(sandbox, '')).json.now);
    const after = Date.parse((await control(sandbox, '/clock', { body: { advanceMs: 6 * DAY } })).json.now);
    expect(after - before).toBeGreaterThanOrEqual(6 * DAY);
    expect(sandbox.regulations().map(({ status }) => status)).toEqual(['PARTIAL_SUCCESS', 'FINISHED']);
  });

  test('tokens can be added and revoked, limits changed', async () => {
    const sandbox = await sandboxFor();
    const token = 'made-by-control';
    const spec = { value: token, name: 'made', generation: 'public', workspace: 'acme-demo', access: 'owner' };
    await control(sandbox, '/tokens', { body: spec });
    expect((await ask(`${sandbox.url}/`, { token })).status).toBe(200);
    await control(sandbox, '/tokens/revoke', { body: { token: 'made' } });
    expect((await ask(`${sandbox.url}/`, { token })).status).toBe(401);
    await control(sandbox, '/limits', { body: { rateLimit: { requests: 0 }, quota: 1 } });
    expect((await ask(`${sandbox.url}/`, { token: sandbox.tokens.publicOwner })).status).toBe(429);
    await expect(regulate(sandbox, 'u1', 'u2')).rejects.toThrow('429');
    await control(sandbox, '/limits', { body: { rateLimit: 'off', quota: 'off' } });
    await regulate(sandbox, 'u1', 'u2');
  });

  test.each([
    ['/faults', { on: 'GET /', kind: 'explode' }, 'kind'],
    ['/clock', { advanceMs: 'a day' }, 'advanceMs'],
    ['/clock', { advanceMs: -1 }, 'advance'],
    ['/outcomes', { outcome: 'great' }, 'outcome'],
    ['/tokens', { value: 'x' }, 'name'],
    ['/tokens/revoke', { token: 'nobody' }, 'token'],
    ['/limits', { quota: -1 }, 'quota'],
    ['/limits', { rateLimit: { requests: -1 } }, 'rateLimit.requests'],
    ['/faults', 'not json', 'JSON'],
  ])('what makes no sense at %s (%j) is refused, naming the field', async (path, body, words) => {
    const sandbox = await sandboxFor();
    const { status, json } = await control(sandbox, path, { body });
    expect(status).toBe(400);
    expect(json.error).toContain(words);
  });

  test('what is not there is a 404', async () => {
    const sandbox = await sandboxFor();
    expect((await control(sandbox, '/nope')).status).toBe(404);
  });
});

describe('the journal', () => {
  test('calls are counted by route and status, without those to the control', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    const id = await regulate(sandbox, 'u1');
    await ask(`${sandbox.url}/regulations/${id}`, { token });
    await ask(`${sandbox.url}/regulations/other`, { token });
    await ask(`${sandbox.configApiUrl}/workspaces/acme-demo`, { token });
    await ask(`${sandbox.url}/nowhere`);
    const expected = {
      'POST /regulations': { 200: 1 },
      'GET /regulations/{id}': { 200: 1, 404: 1 },
      'GET /v1beta/workspaces/{slug}': { 401: 1 },
      'GET (no such route)': { 404: 1 },
    };
    expect((await control(sandbox, '/calls')).json).toEqual(expected);
    expect(sandbox.calls()).toEqual(expected);
  });

  test('requests are recorded up to the cap, the newest kept, and never the token', async () => {
    const sandbox = await sandboxFor({ recordRequests: 2 });
    const token = sandbox.tokens.publicOwner;
    for (const query of ['a', 'b', 'c'])
      await ask(`${sandbox.url}/sources?q=${query}`, { token, headers: { cookie: 'c=1' } });
    const { json, text } = await control(sandbox, '/requests');
    expect(json.map(({ url }: { url: string }) => url)).toEqual(['/sources?q=b', '/sources?q=c']);
    expect(json[0]).toMatchObject({ method: 'GET', route: 'GET /sources', bodyBytes: 0, ending: 200 });
    expect(text).not.toContain(token);
    expect(json[0].headers).not.toHaveProperty('cookie');
    expect(sandbox.requests()).toEqual(json);
  });

  test('nothing is recorded unless asked for', async () => {
    const sandbox = await sandboxFor();
    await ask(`${sandbox.url}/`);
    expect(sandbox.requests()).toEqual([]);
  });
});
