import { describe, expect, test } from '@jest/globals';
import { ConnectorFault } from 'connector-contract';
import { nock } from '../../../test/nock.js';
import { VendorClient } from '../src/index.js';
import {
  acme,
  clientFor,
  faultOf,
  httpServer,
  NOW,
  origin,
  PERSON,
  recordedContext,
  TOKEN,
  useLoopback,
} from './harness.js';

useLoopback();

const route = { path: ['people'] };
const sending = { people: [PERSON] };

describe('a read', () => {
  test.each([
    ['an error of the vendor', 500, {}],
    ['a rate limit without a word of how long', 429, {}],
    ['a short wait that the vendor asks for', 429, { 'retry-after': '2' }],
  ])('is tried again after %s', async (_, status, headers) => {
    const recorded = recordedContext();
    nock(origin).get('/people').reply(status, '', headers).get('/people').reply(200, '{"ok":1}');
    expect(await clientFor(recorded, origin).get(route)).toEqual({ ok: 1 });
    expect(recorded.slept).toEqual([status === 429 && 'retry-after' in headers ? 2_000 : 500]);
    expect(recorded.paced).toEqual(['api', 'api']);
  });

  test('is tried again after a connection that broke, and after an answer that cannot be read', async () => {
    let asked = 0;
    const origin = await httpServer((request, response) => {
      asked += 1;
      if (asked === 1) request.socket.resetAndDestroy();
      else response.end(asked === 2 ? '<html>' : '{}');
    });
    const allowed = recordedContext({ allowedOrigins: [origin] });
    expect(await clientFor(allowed, origin).get(route)).toEqual({});
    expect(asked).toBe(3);
  });

  test('is given up after three requests, each pause twice the one before', async () => {
    const recorded = recordedContext();
    const scope = nock(origin).get('/people').times(3).reply(503, 'upstream connect error');
    expect(await faultOf(clientFor(recorded, origin).get(route))).toMatchObject({ code: 'VENDOR_ERROR' });
    expect(scope.isDone()).toBe(true);
    expect(recorded.slept).toEqual([500, 1_000]);
  });

  test('adds jitter of up to a half to each pause', async () => {
    const recorded = recordedContext();
    nock(origin).get('/people').reply(500).get('/people').reply(200, '{}');
    await clientFor(recorded, origin, { random: () => 0.999 }).get(route);
    expect(recorded.slept).toEqual([750]);
  });

  test.each([['Retry-After', { 'retry-after': '60' }, '', 60_000]])(
    'leaves a long wait to the host: %s',
    async (_, headers, body, retryAfterMs) => {
      const recorded = recordedContext();
      nock(origin).get('/people').once().reply(429, body, headers);
      const fault = await faultOf(clientFor(recorded, origin).get(route));
      expect(fault).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs });
      expect(recorded.slept).toEqual([]);
    },
  );

  test.each([400, 401, 403, 404, 409, 413, 422, 302, 501])('is not tried again after HTTP %d', async (status) => {
    const recorded = recordedContext();
    nock(origin).get('/people').once().reply(status, '{"errors":[{"type":"x"}]}');
    expect((await faultOf(clientFor(recorded, origin).get(route))).httpStatus).toBe(status);
    expect(recorded.slept).toEqual([]);
  });

  test('that answers too much is not asked for the same again', async () => {
    const recorded = recordedContext();
    nock(origin).get('/people').once().reply(200, '{"a":"0123456789"}');
    const fault = await faultOf(clientFor(recorded, origin, { maxAnswerBytes: 9 }).get(route));
    expect(fault).toMatchObject({ code: 'VENDOR_ANSWER_UNREADABLE', answerTooLarge: true, retryable: false });
  });

  test.each([
    ['HTML', '<html></html>'],
    ['nothing', ''],
    ['JSON that is cut off', '{"data":{"a'],
  ])('that brings %s for an answer is unreadable', async (_, text) => {
    nock(origin).get('/people').times(3).reply(200, text);
    const fault = await faultOf(clientFor(recordedContext(), origin).get(route));
    expect(fault).toMatchObject({ code: 'VENDOR_ANSWER_UNREADABLE', mayHaveArrived: false });
  });
});

describe('a creation', () => {
  test.each([429, 500, 503, 200])('is one request, whatever comes back: HTTP %d', async (status) => {
    const recorded = recordedContext();
    const scope = nock(origin).post('/people').once().reply(status, 'no', { 'retry-after': '0' });
    const fault = await faultOf(clientFor(recorded, origin).post(route, sending));
    expect(fault.mayHaveArrived).toBe(status !== 429);
    expect(scope.isDone()).toBe(true);
    expect(recorded.slept).toEqual([]);
    expect(recorded.paced).toEqual(['api']);
  });

  test('is one request where the connection breaks, and may have arrived', async () => {
    let asked = 0;
    const origin = await httpServer((request) => {
      asked += 1;
      request.socket.destroy();
    });
    const recorded = recordedContext({ allowedOrigins: [origin] });
    const fault = await faultOf(clientFor(recorded, origin).post(route, sending));
    expect(fault).toMatchObject({ code: 'UNREACHABLE', mayHaveArrived: true });
    expect(asked).toBe(1);
  });

  test.each([
    ['ENOTFOUND', 'UNREACHABLE', false],
    ['EAI_AGAIN', 'UNREACHABLE', false],
    ['ECONNREFUSED', 'UNREACHABLE', false],
    ['ECONNRESET', 'UNREACHABLE', true],
    ['EPIPE', 'UNREACHABLE', true],
    ['EHOSTUNREACH', 'UNREACHABLE', true],
    ['HPE_INVALID_CONSTANT', 'VENDOR_ANSWER_UNREADABLE', true],
  ])('that fails by %s is %s; may have arrived: %p', async (code, expected, mayHaveArrived) => {
    const error = Object.assign(new Error(`${code} for ${PERSON} by ${TOKEN}`), { code });
    nock(origin).post('/people').replyWithError(error);
    const fault = await faultOf(clientFor(recordedContext(), origin).post(route, sending));
    expect(fault).toMatchObject({ code: expected, mayHaveArrived });
  });

  test('certainly did not arrive where no connection was made', async () => {
    const recorded = recordedContext({ allowedOrigins: ['http://127.0.0.1:1'] });
    const fault = await faultOf(clientFor(recorded, 'http://127.0.0.1:1').post(route, sending));
    expect(fault).toMatchObject({ code: 'UNREACHABLE', mayHaveArrived: false });
  });
});

describe('called off', () => {
  test('before anything: nothing is sent', async () => {
    const recorded = recordedContext();
    recorded.abort.abort();
    const fault = await faultOf(clientFor(recorded, origin).post(route, sending));
    expect(fault).toMatchObject({ code: 'ABORTED', mayHaveArrived: false });
    expect(recorded.paced).toEqual([]);
  });

  test('while waiting for its turn: nothing is sent', async () => {
    const recorded = recordedContext({
      pace: async () => {
        recorded.abort.abort();
        throw recorded.abort.signal.reason;
      },
    });
    expect(await faultOf(clientFor(recorded, origin).post(route, sending))).toMatchObject({
      code: 'ABORTED',
      mayHaveArrived: false,
    });
  });

  test('while the vendor works: it may have arrived', async () => {
    const origin = await httpServer(() => recorded.abort.abort());
    const recorded = recordedContext({ allowedOrigins: [origin] });
    expect(await faultOf(clientFor(recorded, origin).post(route, sending))).toMatchObject({
      code: 'ABORTED',
      mayHaveArrived: true,
    });
  });

  test('during a pause: no further request', async () => {
    const recorded = recordedContext();
    nock(origin)
      .get('/people')
      .once()
      .reply(() => {
        recorded.abort.abort();
        return [500, ''];
      });
    expect(await faultOf(clientFor(recorded, origin).get(route))).toMatchObject({ code: 'ABORTED' });
  });
});

describe('the host that cannot pace', () => {
  test('has its own fault passed on, as one that left the vendor untouched', async () => {
    const recorded = recordedContext({
      pace: async () => Promise.reject(ConnectorFault.of('TIMEOUT', 'The queue is full.')),
    });
    const fault = await faultOf(clientFor(recorded, origin).post(route, sending));
    expect(fault).toMatchObject({ code: 'TIMEOUT', message: 'The queue is full.', mayHaveArrived: false });
  });

  test('and throws anything else is a defect, of which nothing is passed on', async () => {
    const recorded = recordedContext({ pace: async () => Promise.reject(new Error(TOKEN)) });
    expect(await faultOf(clientFor(recorded, origin).get(route))).toMatchObject({ code: 'CONNECTOR_BUG' });
  });
});

describe('the address', () => {
  test.each([
    'http://api.acme.example',
    'https://api.acme.example:8443',
    'https://api.acme.example.evil.example',
    'https://evil.example',
    'https://user:pass@api.acme.example',
    'http://127.0.0.1:4701',
    'http://localhost:4700',
    'https://127.0.0.1:4700',
  ])('is refused before anything is sent: %s', async (base) => {
    const recorded = recordedContext({ allowedOrigins: ['http://127.0.0.1:4700', 'not a url'] });
    const fault = await faultOf(clientFor(recorded, base).get(route));
    expect(fault).toMatchObject({
      code: 'ENDPOINT_NOT_ALLOWED',
      kind: 'config',
      field: 'baseUrl',
      mayHaveArrived: false,
    });
    expect(recorded.paced).toEqual([]);
  });

  test('may be exactly an origin that the operator allows', async () => {
    const origin = await httpServer((_, response) => response.end('{"here":true}'));
    const recorded = recordedContext({ allowedOrigins: [`${origin}/`] });
    expect(await clientFor(recorded, `${origin}/below`).get(route)).toEqual({ here: true });
  });

  test.each(['', '.', '..'])('does not take %p for a part of the path', async (part) => {
    const fault = await faultOf(clientFor(recordedContext(), origin).get({ path: ['people', part] }));
    expect(fault).toMatchObject({ code: 'INPUT_REFUSED', mayHaveArrived: false });
  });

  test('encodes what could lead elsewhere', async () => {
    nock(origin).get('/people/a%2Fb%3Fc%23d').query({ 'pagination.cursor': 'Mw==' }).reply(200, '{}');
    const query = [['pagination.cursor', 'Mw==']] as const;
    expect(await clientFor(recordedContext(), origin).get({ path: ['people', 'a/b?c#d'], query })).toEqual({});
  });
});

test('the time of a wait is the host clock, never the wall clock', async () => {
  nock(origin)
    .get('/people')
    .reply(429, '', { 'retry-after': new Date(NOW + 61_000).toUTCString() });
  expect((await faultOf(clientFor(recordedContext(), origin).get(route))).retryAfterMs).toBe(61_000);
});

describe('a change that waited too long for its turn', () => {
  test('is not sent, so that nobody has to look for it', async () => {
    const recorded = recordedContext({ pace: async () => recorded.ctx.clock.sleep(10_001) });
    const fault = await faultOf(clientFor(recorded, origin).post(route, sending));
    expect(fault).toMatchObject({ code: 'RATE_LIMITED', retryable: true, mayHaveArrived: false });
  });

  test('holds up no read', async () => {
    const recorded = recordedContext({ pace: async () => recorded.ctx.clock.sleep(10_001) });
    nock(origin).get('/people').reply(200, '{}');
    expect(await clientFor(recorded, origin).get(route)).toEqual({});
  });
});

describe('an address of its own', () => {
  test('is called without the credential of the connection, and only where it is allowed', async () => {
    const { ctx } = recordedContext();
    const client = new VendorClient(ctx, { base: origin, headers: { Authorization: TOKEN } }, acme);
    nock(origin, { badheaders: ['authorization'] })
      .get('/file')
      .reply(200, 'text');
    const ask = (url: string) => client.ask({ path: new URL(url), limit: 'api' }, ({ text }) => text);
    expect(await ask(`${origin}/file`)).toBe('text');
    expect(await faultOf(ask('https://elsewhere.example/file'))).toMatchObject({ code: 'ENDPOINT_NOT_ALLOWED' });
  });
});

test('the clock of the vendor is heard, and how far it is behind is known', async () => {
  const { ctx } = recordedContext();
  const client = new VendorClient(ctx, { base: origin, headers: {} }, acme);
  nock(origin)
    .get('/people')
    .reply(200, '{}', { date: new Date(NOW - 60_000).toUTCString() });
  await client.ask({ ...route, limit: 'api' }, () => undefined);
  expect(client.behindMs).toBe(59_500);
});
