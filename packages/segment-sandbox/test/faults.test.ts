import { Agent, request } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import type { FaultRule, Sandbox } from '../src/index.js';
import { FAULT_KINDS } from '../src/index.js';
import { ask, closeAfterEach, configDeletion, deletion, sandboxFor } from './run.js';

closeAfterEach();

function post(sandbox: Sandbox) {
  return ask(`${sandbox.url}/regulations`, { token: sandbox.tokens.publicOwner, body: deletion('u1') });
}

function withFault(fault: Partial<FaultRule> & Pick<FaultRule, 'kind'>) {
  return sandboxFor({ faults: [{ on: 'POST /regulations', ...fault }] });
}

describe('lost answers', () => {
  test('lost-before: the connection breaks and there is no regulation', async () => {
    const sandbox = await withFault({ kind: 'lost-before' });
    await expect(post(sandbox)).rejects.toThrow('socket hang up');
    expect(sandbox.regulations()).toEqual([]);
    expect(sandbox.calls()).toEqual({ 'POST /regulations': { lost: 1 } });
  });

  test('lost-after: the connection breaks and there is a regulation', async () => {
    const sandbox = await withFault({ kind: 'lost-after' });
    await expect(post(sandbox)).rejects.toThrow('socket hang up');
    expect(sandbox.regulations().map(({ subjectIds }) => subjectIds)).toEqual([['u1']]);
  });

  test('reset: the connection is reset and there is no regulation', async () => {
    const sandbox = await withFault({ kind: 'reset' });
    // A connection that is only closed reads as "socket hang up".
    await expect(post(sandbox)).rejects.toThrow('read ECONNRESET');
    expect(sandbox.regulations()).toEqual([]);
    expect(sandbox.calls()).toEqual({ 'POST /regulations': { reset: 1 } });
  });

  test('timeout: there is no answer for as long as the client waits', async () => {
    const sandbox = await withFault({ kind: 'timeout' });
    const waiting = post(sandbox).then(
      () => 'answered',
      () => 'broken',
    );
    // Another call goes out and comes back while the first still waits; closing the sandbox ends it.
    await ask(`${sandbox.url}/`, { token: sandbox.tokens.publicOwner });
    expect(await Promise.race([waiting, Promise.resolve('waiting')])).toBe('waiting');
    await sandbox.close();
    expect(await waiting).toBe('broken');
    expect(sandbox.regulations()).toEqual([]);
  });

  test('truncated: half an answer, and there is a regulation', async () => {
    const sandbox = await withFault({ kind: 'truncated' });
    await expect(post(sandbox)).rejects.toThrow('aborted');
    expect(sandbox.regulations()).toHaveLength(1);
  });
});

describe('wrong answers', () => {
  test.each([500, 502, 503, 504, 400, 401, 404, 409, 413, 422])(
    'status=%i: an error of the API and no regulation',
    async (status) => {
      const sandbox = await withFault({ kind: 'status', status });
      const answer = await post(sandbox);
      expect([answer.status, Object.keys(answer.json)]).toEqual([status, ['errors']]);
      expect(sandbox.regulations()).toEqual([]);
    },
  );

  test('status=429: with Retry-After and msBeforeNext', async () => {
    const sandbox = await withFault({ kind: 'status', status: 429 });
    const { status, headers, json } = await post(sandbox);
    expect([status, headers['retry-after'], json.errors[0].data.msBeforeNext]).toEqual([429, '1', 1_000]);
  });

  test('status with applied: an error although the regulation is there', async () => {
    const sandbox = await withFault({ kind: 'status', applied: true });
    expect((await post(sandbox)).status).toBe(500);
    expect(sandbox.regulations()).toHaveLength(1);
  });

  test('html: a page where JSON is due', async () => {
    const sandbox = await withFault({ kind: 'html', status: 200 });
    const { status, headers, text } = await post(sandbox);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('<html>');
  });

  test('empty: the right status and nothing else, and there is a regulation', async () => {
    const sandbox = await withFault({ kind: 'empty' });
    const { status, text } = await post(sandbox);
    expect([status, text]).toEqual([200, '']);
    expect(sandbox.regulations()).toHaveLength(1);
  });

  test('huge: as many bytes as asked for', async () => {
    const sandbox = await withFault({ kind: 'huge', bytes: 3_000_000 });
    const { text, json } = await post(sandbox);
    expect(text.length).toBeGreaterThanOrEqual(3_000_000);
    expect(json.data.padding).toMatch(/^x+$/);
  });

  test('huge: a client that has enough can leave', async () => {
    const sandbox = await withFault({ kind: 'huge', bytes: 1_000_000_000 });
    await new Promise<void>((resolve) => {
      const outgoing = request(`${sandbox.url}/regulations`, { method: 'POST', agent: false }, (response) => {
        response.once('data', () => outgoing.destroy());
        response.once('close', resolve);
      });
      outgoing.on('error', () => {});
      outgoing.end('{}');
    });
    expect((await ask(`${sandbox.url}/`, { token: sandbox.tokens.publicOwner })).status).toBe(200);
  });

  test('slow: the right answer, after one that was asked for later', async () => {
    const sandbox = await withFault({ kind: 'slow', afterMs: 60 });
    const order: string[] = [];
    const slow = post(sandbox).then(({ status }) => order.push(`slow ${status}`));
    await ask(`${sandbox.url}/`, { token: sandbox.tokens.publicOwner }).then(() => order.push('quick'));
    await slow;
    expect(order).toEqual(['quick', 'slow 200']);
    expect(sandbox.regulations()).toHaveLength(1);
  });

  test('the Config API fails in its own form', async () => {
    const sandbox = await sandboxFor({
      faults: [
        { on: 'POST /v1beta/workspaces/{slug}/regulations', kind: 'status', status: 503, times: 1 },
        { on: 'POST /v1beta/*', kind: 'lost-after' },
      ],
    });
    const url = `${sandbox.configApiUrl}/workspaces/acme-demo/regulations`;
    const asked = { token: sandbox.tokens.configAdmin, body: configDeletion('u1') };
    expect((await ask(url, asked)).json).toEqual({ error: 'unavailable', code: 14 });
    await expect(ask(url, asked)).rejects.toThrow('socket hang up');
    expect(sandbox.regulations()).toHaveLength(1);
  });
});

describe('where and when a fault happens', () => {
  const status = async (sandbox: Sandbox, path: string, method = 'GET') =>
    (await ask(`${sandbox.url}${path}`, { method, token: sandbox.tokens.publicOwner })).status;

  test.each([
    ['*', ['/', '/sources', '/regulations/x']],
    ['GET /sources', ['/sources']],
    ['* /sources', ['/sources']],
    ['GET /regulations/{id}', ['/regulations/x']],
    ['GET /regulations/{anything}', ['/regulations/x']],
    ['GET /regulations/x', ['/regulations/x']],
    ['GET /regulations/y', []],
    ['GET /regulations/*', ['/regulations/x']],
    ['GET /', ['/']],
    ['POST /sources', []],
  ])('on %s', async (on, struck) => {
    const sandbox = await sandboxFor({ faults: [{ on, kind: 'status', status: 599 }] });
    const hit: string[] = [];
    for (const path of ['/', '/sources', '/regulations/x']) if ((await status(sandbox, path)) === 599) hit.push(path);
    expect(hit).toEqual(struck);
  });

  test('skip lets calls pass first, times ends it', async () => {
    const sandbox = await sandboxFor({ faults: [{ on: 'GET /', kind: 'status', skip: 1, times: 2 }] });
    const seen: number[] = [];
    for (let call = 0; call < 5; call++) seen.push(await status(sandbox, '/'));
    expect(seen).toEqual([200, 500, 500, 200, 200]);
    expect(sandbox.faults.list()).toEqual([{ on: 'GET /', kind: 'status', skip: 1, times: 2, id: 1, happened: 2 }]);
  });

  test('probability follows the seed: the same in every run, another with another seed', async () => {
    const run = async (seed: number) => {
      const faults: FaultRule[] = [{ on: 'GET /', kind: 'status', probability: 0.3 }];
      const sandbox = await sandboxFor({ seed, faults, rateLimit: 'off' });
      const seen: number[] = [];
      for (let call = 0; call < 200; call++) seen.push(await status(sandbox, '/'));
      return seen;
    };
    const [one, same, other] = [await run(3), await run(3), await run(4)];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    const share = one.filter((each) => each === 500).length / 200;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
  });

  test('faults can be added, removed and cleared while it runs, the first in force wins', async () => {
    const sandbox = await sandboxFor();
    const first = sandbox.faults.add({ on: 'GET /', kind: 'status', status: 501 });
    sandbox.faults.add({ on: '*', kind: 'status', status: 502 });
    expect(await status(sandbox, '/')).toBe(501);
    expect(sandbox.faults.remove(first)).toBe(true);
    expect(sandbox.faults.remove(first)).toBe(false);
    expect(await status(sandbox, '/')).toBe(502);
    sandbox.faults.clear();
    expect(await status(sandbox, '/')).toBe(200);
  });

  test.each<[Partial<Record<keyof FaultRule, unknown>>, string]>([
    [{ on: 'regulations' }, '"on"'],
    [{ kind: 'explode' }, FAULT_KINDS.join(', ')],
    [{ probability: 1.5 }, '"probability"'],
    [{ status: 99 }, '"status"'],
    [{ times: -1 }, '"times"'],
    [{ afterMs: 0.5 }, '"afterMs"'],
  ])('a rule that makes no sense (%o) is refused, naming the field', async (wrong, words) => {
    const sandbox = await sandboxFor();
    const rule = { on: 'GET /', kind: 'status', ...wrong } as FaultRule;
    expect(() => sandbox.faults.add(rule)).toThrow(words);
    await expect(sandboxFor({ faults: [rule] })).rejects.toThrow(words);
  });

  test('closing cuts idle keep-alive connections at once', async () => {
    const sandbox = await sandboxFor();
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      request(`${sandbox.url}/`, { agent }, (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end();
    });
    await sandbox.close();
    await sandbox.close();
    await expect(ask(`${sandbox.url}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    agent.destroy();
  });
});
