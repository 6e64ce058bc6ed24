/** How errors end: closed with a reason, corrected by another request, or tried again by cause; and what is said about why. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import pg from 'pg';
import { connectorHost } from '../cli/run.js';
import { ADMIN, atRest, type RunningHost, runHost } from './running-host.js';

let running: RunningHost;
let connection = '';
const call: RunningHost['call'] = (...args) => running.call(...args);
const identifiers = (value: string) => [{ kind: 'user_id', value }];
const query = async (text: string, values: unknown[] = []) => {
  const client = new pg.Client(running.databaseUrl);
  await client.connect();
  await client.query(text, values).finally(() => client.end());
};
const cli = (args: string[], input = '') =>
  connectorHost(args, { CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: ADMIN }, input);

/** A request whose identifier the vendor refuses. */
async function refused(requestId: string, more: object = {}) {
  const body = { requestId, right: 'deletion', identifiers: identifiers(`refused ${requestId}`), ...more };
  await call('POST', '/api/v1/requests', body);
  const found = await running.until(`/api/v1/requests/${requestId}`, atRest);
  expect(found.state).toBe('error');
  return found;
}

beforeAll(async () => {
  running = await runHost({}, { badId: /^refused/ });
  connection = await running.connect('Production');
});
afterAll(() => running.stop());

test('an error has a code and a remedy always, and the ways out that help', async () => {
  const found = await refused('told');
  expect(found.tasks[0]).toMatchObject({
    error: { code: 'IDENTIFIER_REFUSED', remedy: expect.any(String) },
    ways: ['correct', 'close'],
  });
  await query(`update connector_host.tasks set fault = null where state = 'error'`);
  const { body } = await call('GET', '/api/v1/requests/told');
  expect(body.tasks[0].error).toMatchObject({ code: 'CAUSE_UNKNOWN', remedy: expect.any(String) });
});

describe('closing', () => {
  test('keeps the error, says who and why, and settles the request', async () => {
    const before = await refused('closed-1');
    expect(before.settledAt).toBeUndefined();
    const { status, body } = await call('POST', '/api/v1/requests/closed-1/close', {
      reason: 'the account was a test',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: 'error',
      closed: { by: expect.any(String), at: expect.any(String), reason: 'the account was a test' },
      settledAt: expect.any(String),
      // No way out is named that would be refused.
      tasks: [{ state: 'error', error: { code: 'IDENTIFIER_REFUSED' }, ways: [] }],
    });
    const receipt = await call('GET', '/api/v1/requests/closed-1/receipt');
    expect(decodeJwt(receipt.body)).toMatchObject({ standing: 'final', state: 'error', closed: body.closed });
    const told = body.timeline.find(({ kind }: { kind: string }) => kind === 'request.closed');
    expect(told.text).toContain('the account was a test');
    const again = await call('POST', '/api/v1/requests/closed-1/close', { reason: 'again' });
    expect([again.status, again.body.code]).toEqual([409, 'STATE_FORBIDS']);
  });

  test('wants a reason, an error, and somebody who may', async () => {
    await refused('closed-2');
    expect((await call('POST', '/api/v1/requests/closed-2/close', { reason: ' ' })).status).toBe(422);
    const token = await running.tokenOf('viewer');
    expect((await call('POST', '/api/v1/requests/closed-2/close', { reason: 'x' }, { token })).status).toBe(403);
    const good = { requestId: 'good', right: 'deletion', identifiers: identifiers('good') };
    await call('POST', '/api/v1/requests', good);
    await running.until('/api/v1/requests/good', atRest);
    expect((await call('POST', '/api/v1/requests/good/close', { reason: 'x' })).body.code).toBe('STATE_FORBIDS');
    expect((await cli(['close', 'closed-2', '--reason', 'asked at a terminal'])).code).toBe(0);
  });

  test('keeps it out of what is tried again, until somebody tries it again by name', async () => {
    await refused('closed-3');
    await call('POST', '/api/v1/requests/closed-3/close', { reason: 'done by hand' });
    await call('POST', '/api/v1/requests/retry', { connection });
    expect((await call('GET', '/api/v1/requests/closed-3')).body).toMatchObject({ state: 'error' });
    await call('POST', '/api/v1/requests/closed-3/retry', {});
    const after = await running.until('/api/v1/requests/closed-3', atRest);
    expect(after.closed).toBeUndefined();
  });
});

describe('correcting', () => {
  test('hands the person in again under another request, by the legal time of the first, where that failed', async () => {
    const first = await refused('wrong-1', { receivedAt: '2026-01-31', jurisdiction: 'ccpa' });
    const other = await running.connect('Staging');
    const body = { requestId: 'right-1', identifiers: identifiers('right') };
    const { status, body: made } = await call('POST', '/api/v1/requests/wrong-1/correct', body);
    expect(status).toBe(202);
    const { receivedAt, dueAt, jurisdiction } = first;
    expect(made).toMatchObject({ requestId: 'right-1', corrects: 'wrong-1', receivedAt, dueAt, jurisdiction });
    expect(made.tasks.map((task: { connection: string }) => task.connection)).toEqual([connection]);
    const old = (await call('GET', '/api/v1/requests/wrong-1')).body;
    expect(old).toMatchObject({ state: 'error', closed: { correctedBy: 'right-1' }, settledAt: expect.any(String) });
    expect((await running.until('/api/v1/requests/right-1', atRest)).state).not.toBe('error');
    // The same again is the same; something else finds that it was corrected before.
    expect((await call('POST', '/api/v1/requests/wrong-1/correct', body)).status).toBe(200);
    const third = { requestId: 'right-2', identifiers: identifiers('third') };
    const late = await call('POST', '/api/v1/requests/wrong-1/correct', third);
    expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('right-1')]);
    expect((await call('GET', '/api/v1/requests/right-2')).status).toBe(404);
    await call('DELETE', `/api/v1/connections/${other}`);
  });

  test('goes on with the extension as well, unless the legal time is said anew: then it is counted from there', async () => {
    const date = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    await refused('clock-1', { receivedAt: date(-29), jurisdiction: 'other', days: 60 });
    const extension = { until: date(60), reason: 'Many systems.' };
    const old = (await call('POST', '/api/v1/requests/clock-1/extend', extension)).body;
    const correct = (id: string, more: object) =>
      call('POST', `/api/v1/requests/${id}/correct`, { requestId: `${id}-b`, identifiers: identifiers(id), ...more });
    const kept = (await correct('clock-1', {})).body;
    expect(kept).toMatchObject({ dueAt: old.dueAt, extension: old.extension, jurisdiction: 'other', days: 60 });
    await refused('clock-2', { receivedAt: date(-29), jurisdiction: 'other', days: 60 });
    await call('POST', '/api/v1/requests/clock-2/extend', extension);
    const anew = (await correct('clock-2', { jurisdiction: 'ccpa' })).body;
    expect(anew).toMatchObject({
      receivedAt: old.receivedAt,
      jurisdiction: 'ccpa',
      dueAt: `${date(16)}T23:59:59.999Z`,
    });
    expect([anew.extension, anew.days]).toEqual([undefined, undefined]);
  });

  test('is open again once the request that took its place is taken back', async () => {
    await refused('back-1');
    await call('PATCH', `/api/v1/connections/${connection}`, { state: 'paused' });
    const correct = (requestId: string) =>
      call('POST', '/api/v1/requests/back-1/correct', { requestId, identifiers: identifiers(requestId) });
    await correct('back-2');
    expect((await call('POST', '/api/v1/requests/back-2/cancel', {})).body.state).toBe('cancelled');
    const old = (await call('GET', '/api/v1/requests/back-1')).body;
    expect([old.state, old.closed, old.settledAt]).toEqual(['error', undefined, undefined]);
    expect(old.timeline.map(({ kind }: { kind: string }) => kind)).toContain('request.reopened');
    expect((await correct('back-3')).status).toBe(202);
    await call('PATCH', `/api/v1/connections/${connection}`, { state: 'active' });
  });

  test('closes nothing where the new request does not go to every connection in error, and says which that are', async () => {
    const [north, south] = [await running.connect('North'), await running.connect('South')];
    await refused('wide', { connections: [connection, north] });
    const correct = (requestId: string, more: object) =>
      call('POST', '/api/v1/requests/wide/correct', { requestId, identifiers: identifiers(requestId), ...more });
    for (const connections of [[south], [connection, south]]) {
      const { status, body } = await correct('narrow', { connections });
      expect([status, body.code]).toEqual([409, 'STATE_FORBIDS']);
      expect(body.detail).toContain('North');
      expect(body.detail.includes('Production')).toBe(!connections.includes(connection));
    }
    expect((await call('GET', '/api/v1/requests/narrow')).status).toBe(404);
    const old = (await call('GET', '/api/v1/requests/wide')).body;
    expect([old.closed, old.settledAt]).toEqual([undefined, undefined]);
    await call('DELETE', `/api/v1/connections/${north}`);
    const { status, body } = await correct('narrow', {});
    expect([status, body.remedy]).toEqual([409, expect.stringMatching(/close this error/)]);
    await call('DELETE', `/api/v1/connections/${south}`);
  });

  test('is judged as any request is, and asked for at a terminal too', async () => {
    await refused('wrong-2');
    expect((await call('POST', '/api/v1/requests/wrong-2/correct', { requestId: 'right-3' })).status).toBe(422);
    expect((await call('GET', '/api/v1/requests/wrong-2')).body.closed).toBeUndefined();
    const run = await cli(['correct', 'wrong-2', 'right-3'], 'user_id=right too\n');
    expect([run.code, run.out]).toEqual([0, expect.stringContaining('right-3 corrects wrong-2')]);
    expect((await cli(['status', 'wrong-2'])).out).toContain('right-3 took its place');
  });
});

test('errors are listed by cause, with the people and what trying them again would cost', async () => {
  await query(
    `update connector_host.requests set closed = '{"by":"x","at":"2026-01-01T00:00:00Z","reason":"x"}' where state = 'error'`,
  );
  await refused('group-1');
  await refused('group-2', { identifiers: identifiers('refused a').concat(identifiers('refused b')) });
  const { items } = (await call('GET', '/api/v1/errors')).body;
  expect(items).toEqual([
    {
      connection,
      code: 'IDENTIFIER_REFUSED',
      error: expect.objectContaining({ code: 'IDENTIFIER_REFUSED', remedy: expect.any(String) }),
      people: 2,
      retryable: 2,
      identifiers: 3,
    },
  ]);
});

test('at a connection that was removed nothing is tried again or corrected, and the cause claims no submission for all', async () => {
  await query(
    `update connector_host.requests set closed = '{"by":"x","at":"2026-01-01T00:00:00Z","reason":"x"}' where state = 'error'`,
  );
  const gone = await running.connect('Gone');
  await call('PATCH', `/api/v1/connections/${gone}`, { state: 'paused' });
  const body = { requestId: 'unsent', right: 'deletion', identifiers: identifiers('unsent'), connections: [gone] };
  await call('POST', '/api/v1/requests', body);
  await call('DELETE', `/api/v1/connections/${gone}`);
  const { tasks } = (await call('GET', '/api/v1/requests/unsent')).body;
  expect(tasks).toMatchObject([{ error: { code: 'CONNECTION_REMOVED' }, ways: ['close'] }]);
  expect(tasks[0].error.message).toMatch(/nothing was sent/);
  const [group] = (await call('GET', '/api/v1/errors')).body.items;
  expect(group).toMatchObject({ code: 'CONNECTION_REMOVED', people: 1, retryable: 0 });
  expect(group.error.message).toMatch(/Each request says whether it had been submitted/);
});

describe('reasons are the real ones', () => {
  test.each([
    ['QUOTA_EXHAUSTED', 'quota'],
    ['RATE_LIMITED', 'rate'],
    ['UNREACHABLE', 'vendor'],
    ['VENDOR_ERROR', 'vendor'],
  ])('people behind a hold for %s wait for: %s', async (code, reason) => {
    await query(
      `update connector_host.connections set held_until = now() + interval '1 hour', held_code = $1 where id = $2`,
      [code, connection],
    );
    const body = { requestId: `waits-${code}`, right: 'deletion', identifiers: identifiers(code) };
    await call('POST', '/api/v1/requests', body);
    const { waiting } = (await call('GET', '/api/v1/overview')).body;
    expect(waiting[reason]).toBeGreaterThan(0);
    const others = Object.entries(waiting).filter(([name]) => name !== reason);
    expect(others.map(([, count]) => count)).toEqual(others.map(() => 0));
  });
});
