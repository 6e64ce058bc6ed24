import { describe, expect, test } from '@jest/globals';
import { ask, closeAfterEach, DAY, deletion, HandClock, sandboxFor } from './run.js';

closeAfterEach();

const RFC_5322 = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/;

describe('the request window', () => {
  test('every answer tells what is left, what was used, and when the window is over', async () => {
    const clock = new HandClock();
    const sandbox = await sandboxFor({ clock });
    const token = sandbox.tokens.publicOwner;
    const first = await ask(`${sandbox.url}/sources`, { token });
    expect(first.headers).toMatchObject({ 'x-ratelimit-remaining': '199', 'x-ratelimit-consumed': '1' });
    expect(first.headers['x-ratelimit-reset']).toMatch(RFC_5322);
    expect(Date.parse(String(first.headers['x-ratelimit-reset']))).toBe(clock.now() + 60_000);
    const refused = await ask(`${sandbox.url}/sources/nope/connected-warehouses`, { token });
    expect(refused.status).toBe(404);
    expect(refused.headers['x-ratelimit-consumed']).toBe('2');
  });

  test('past the limit: 429 with Retry-After in whole seconds, msBeforeNext, and a good answer when it is over', async () => {
    const clock = new HandClock();
    const sandbox = await sandboxFor({ clock, rateLimit: { requests: 2 } });
    const get = () => ask(`${sandbox.url}/sources`, { token: sandbox.tokens.publicOwner });
    await get();
    clock.advance(12_345);
    await get();
    const { status, headers, json } = await get();
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('48');
    expect(json).toEqual({
      errors: [
        {
          type: 'RequestError',
          message: 'Too many requests',
          data: { remainingPoints: 0, msBeforeNext: 47_655, consumedPoints: 3 },
        },
      ],
    });
    clock.advance(47_654);
    expect((await get()).status).toBe(429);
    clock.advance(1);
    expect((await get()).status).toBe(200);
  });

  test('each token has a window of its own, and creates have one apart from the rest', async () => {
    const sandbox = await sandboxFor({ rateLimit: { requests: 1, creates: 1 }, clock: new HandClock() });
    const { publicOwner, publicMember } = sandbox.tokens;
    const get = async (token: string) => (await ask(`${sandbox.url}/`, { token })).status;
    const post = async () =>
      (await ask(`${sandbox.url}/regulations`, { token: publicOwner, body: deletion('u1') })).status;
    expect([await get(publicOwner), await get(publicOwner), await get(publicMember)]).toEqual([200, 429, 200]);
    expect([await post(), await post()]).toEqual([200, 429]);
    expect(sandbox.regulations()).toHaveLength(1);
  });

  test('200 requests and 600 creates a minute are let through unless told otherwise', async () => {
    const sandbox = await sandboxFor({ clock: new HandClock() });
    const token = sandbox.tokens.publicOwner;
    const statuses = new Map<number, number>();
    for (let call = 0; call < 602; call++) {
      const body = deletion(`u${call}`);
      const { status } = await ask(`${sandbox.url}/regulations`, { token, body });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    for (let call = 0; call < 203; call++) await ask(`${sandbox.url}/`, { token });
    expect(Object.fromEntries(statuses)).toEqual({ 200: 600, 429: 2 });
    expect(sandbox.calls()['GET /']).toEqual({ 200: 200, 429: 3 });
  });

  test('off means no limit and no headers; it can be switched while it runs', async () => {
    const sandbox = await sandboxFor({ rateLimit: 'off', quota: 'off' });
    const token = sandbox.tokens.publicOwner;
    const { headers } = await ask(`${sandbox.url}/`, { token });
    expect(headers).not.toHaveProperty('x-ratelimit-remaining');
    const made = await ask(`${sandbox.url}/regulations`, { token, body: deletion('u1') });
    expect(made.headers).not.toHaveProperty('x-ratelimit-remaining');
    sandbox.setRateLimit({ requests: 0 });
    expect((await ask(`${sandbox.url}/`, { token })).status).toBe(429);
  });
});

describe('the regulation quota', () => {
  const post = (url: string, token: string, users: number, regulationType = 'SUPPRESS_WITH_DELETE') =>
    ask(`${url}/regulations`, {
      token,
      body: { ...deletion(...Array.from({ length: users }, (_, n) => `u${n}`)), regulationType },
    });

  test('on create the headers speak of it: users left this month, and the first of the next as reset', async () => {
    const sandbox = await sandboxFor({ clock: new HandClock(Date.UTC(2026, 11, 31, 23)) });
    const { headers } = await post(sandbox.url, sandbox.tokens.publicOwner, 5_000);
    expect(headers).toMatchObject({
      'x-ratelimit-remaining': '105000',
      'x-ratelimit-consumed': '5000',
      'x-ratelimit-reset': 'Fri, 01 Jan 2027 00:00:00 +0000',
    });
  });

  test('in the second spelling they come with an ISO date, beside the headers of the request window', async () => {
    const sandbox = await sandboxFor({
      clock: new HandClock(Date.UTC(2026, 11, 31, 23)),
      quota: 10,
      answers: { quotaHeaders: 'x-regulation-ratelimit' },
    });
    const { headers } = await post(sandbox.url, sandbox.tokens.publicOwner, 8);
    expect(headers).toMatchObject({
      'x-regulation-ratelimit-remaining': '2',
      'x-regulation-ratelimit-quota-reset': '2027-01-01T00:00:00.000Z',
      'x-ratelimit-remaining': '599',
      'x-ratelimit-consumed': '1',
    });
    const refused = await post(sandbox.url, sandbox.tokens.publicOwner, 3);
    expect([refused.status, refused.headers['x-regulation-ratelimit-remaining']]).toEqual([429, '2']);
    expect(refused.headers).not.toHaveProperty('retry-after');
  });

  test('Segment-only types and types that reach destinations are counted apart', async () => {
    const sandbox = await sandboxFor({ quota: 10 });
    const { publicOwner } = sandbox.tokens;
    const used = async (type: string) =>
      (await post(sandbox.url, publicOwner, 4, type)).headers['x-ratelimit-consumed'];
    expect(await used('SUPPRESS_WITH_DELETE')).toBe('4');
    expect(await used('DELETE_ONLY')).toBe('8');
    expect(await used('SUPPRESS_WITH_DELETE_INTERNAL')).toBe('4');
    expect(await used('DELETE_INTERNAL')).toBe('8');
  });

  test('used up: 429 that speaks of the month and carries no Retry-After, whole or not at all', async () => {
    const clock = new HandClock(Date.UTC(2026, 4, 31, 12));
    const sandbox = await sandboxFor({ clock, quota: 10 });
    const { publicOwner } = sandbox.tokens;
    await post(sandbox.url, publicOwner, 8);
    const { status, headers, json } = await post(sandbox.url, publicOwner, 3);
    expect(status).toBe(429);
    expect(headers).not.toHaveProperty('retry-after');
    expect(headers).toMatchObject({
      'x-ratelimit-remaining': '2',
      'x-ratelimit-consumed': '8',
      'x-ratelimit-reset': 'Mon, 01 Jun 2026 00:00:00 +0000',
    });
    expect(json.errors[0].data).toEqual({ remainingPoints: 2, msBeforeNext: DAY / 2, consumedPoints: 8 });
    expect((await post(sandbox.url, publicOwner, 2)).status).toBe(200);
    expect(sandbox.subjectTally().regulations).toBe(2);
  });

  test('it starts anew with the month', async () => {
    const clock = new HandClock(Date.UTC(2026, 0, 31, 23, 59, 59, 999));
    const sandbox = await sandboxFor({ clock, quota: 5 });
    const { publicOwner } = sandbox.tokens;
    expect((await post(sandbox.url, publicOwner, 5)).status).toBe(200);
    expect((await post(sandbox.url, publicOwner, 1)).status).toBe(429);
    clock.advance(1);
    expect((await post(sandbox.url, publicOwner, 5)).status).toBe(200);
  });

  test('each workspace has its own, and a refused create takes nothing', async () => {
    const sandbox = await sandboxFor({ quota: 5 });
    const { publicOwner, otherWorkspace } = sandbox.tokens;
    await post(sandbox.url, publicOwner, 0);
    expect((await post(sandbox.url, publicOwner, 5)).status).toBe(200);
    expect((await post(sandbox.url, otherWorkspace, 5)).status).toBe(200);
    sandbox.setQuota(7);
    expect((await post(sandbox.url, publicOwner, 2)).status).toBe(200);
    expect((await post(sandbox.url, publicOwner, 1)).status).toBe(429);
  });
});
