import { describe, expect, test } from '@jest/globals';
import { isConnectorFault } from 'connector-contract';
import { SegmentFault, segmentFault, segmentFaultCodes } from '../../src/segment/fault.js';
import type { Generation } from '../../src/segment/segment.js';
import { type CallKind, verdictOf } from '../../src/segment/verdict.js';
import { everythingOf, NOW, PERSON, TOKEN } from './harness.js';

const words = `no way, ${PERSON}, with ${TOKEN}`;

function publicError(type: string, more: object = {}): string {
  return JSON.stringify({ errors: [{ type, message: words, ...more }] });
}

function configError(code: number, error = words): string {
  return JSON.stringify({ error, code });
}

function refuse(generation: Generation, call: CallKind, status: number, text: string, headers = {}, subjects = 1) {
  const { code, message, ...options } = verdictOf({ generation, call, status, text, headers, now: NOW, subjects });
  const fault = segmentFault(code, message, { ...options, httpStatus: status });
  expect(everythingOf(fault)).not.toContain('canary');
  expect(fault.httpStatus).toBe(status);
  return fault;
}

const upstream = 'upstream connect error or disconnect/reset before headers';
const html = '<html><body>Access denied</body></html>';

describe.each<[Generation, CallKind, number, string, string, string]>([
  ['public', 'workspace', 401, publicError('unauthorized'), 'UNAUTHENTICATED', 'auth'],
  ['public', 'read', 401, publicError('unauthorized'), 'UNAUTHENTICATED', 'auth'],
  ['public', 'create', 401, publicError('unauthorized'), 'UNAUTHENTICATED', 'auth'],
  ['public', 'read', 401, '', 'UNAUTHENTICATED', 'auth'],
  ['public', 'workspace', 401, publicError('x', { message: 'your plan has no API' }), 'PLAN_WITHOUT_API', 'permission'],
  ['public', 'workspace', 402, publicError('payment'), 'PLAN_WITHOUT_API', 'permission'],
  ['public', 'workspace', 403, publicError('forbidden'), 'PLAN_WITHOUT_API', 'permission'],
  ['public', 'read', 403, publicError('forbidden'), 'PERMISSION_MISSING', 'permission'],
  ['public', 'read', 403, publicError('x', { message: 'no tracking plan' }), 'PERMISSION_MISSING', 'permission'],
  ['public', 'create', 403, publicError('forbidden'), 'READ_ONLY_TOKEN', 'permission'],
  ['public', 'read', 403, html, 'GATEWAY_REFUSED', 'network'],
  ['public', 'read', 404, publicError('not-found'), 'NOT_FOUND', 'vendor'],
  ['public', 'read', 404, html, 'GATEWAY_REFUSED', 'network'],
  ['public', 'read', 405, publicError('method'), 'NOT_SUPPORTED', 'vendor'],
  ...[400, 402, 403, 404, 405, 409, 410, 422].flatMap(
    (status): [Generation, CallKind, number, string, string, string][] => [
      ['public', 'probe', status, '', 'GATEWAY_REFUSED', 'network'],
      ['config', 'create', status, '', 'GATEWAY_REFUSED', 'network'],
    ],
  ),
  ['public', 'create', 407, html, 'GATEWAY_REFUSED', 'network'],
  ['public', 'read', 408, '', 'TIMEOUT', 'timeout'],
  ['public', 'create', 409, publicError('conflict'), 'CONFLICT', 'vendor'],
  ['public', 'read', 410, publicError('gone'), 'NOT_FOUND', 'vendor'],
  ['public', 'create', 413, html, 'TOO_LARGE', 'input'],
  ['public', 'create', 400, publicError('bad-request'), 'INPUT_REFUSED', 'input'],
  ['public', 'create', 422, publicError('input-validation', { field: 'subjectIds[17]' }), 'INPUT_REFUSED', 'input'],
  ['public', 'create', 418, publicError('teapot'), 'VENDOR_ERROR', 'vendor'],
  ['public', 'probe', 415, publicError('media-type'), 'VENDOR_ERROR', 'vendor'],
  ['public', 'create', 429, publicError('RequestError'), 'RATE_LIMITED', 'rate-limited'],
  ['public', 'read', 429, html, 'RATE_LIMITED', 'rate-limited'],
  ['public', 'read', 500, publicError('server-error'), 'VENDOR_ERROR', 'vendor'],
  ['public', 'create', 502, html, 'VENDOR_ERROR', 'vendor'],
  ['public', 'read', 503, '', 'VENDOR_ERROR', 'vendor'],
  ['public', 'create', 504, '', 'VENDOR_ERROR', 'vendor'],
  ['public', 'read', 302, '', 'REDIRECTED', 'network'],
  ['public', 'create', 307, '', 'REDIRECTED', 'network'],
  ['config', 'create', 400, configError(3), 'INPUT_REFUSED', 'input'],
  ['config', 'workspace', 401, configError(16), 'UNAUTHENTICATED', 'auth'],
  ['config', 'create', 403, configError(7, 'insufficient scope'), 'READ_ONLY_TOKEN', 'permission'],
  ['config', 'workspace', 403, configError(7), 'PERMISSION_MISSING', 'permission'],
  ['config', 'read', 403, configError(7), 'PERMISSION_MISSING', 'permission'],
  ['config', 'workspace', 404, configError(5), 'WORKSPACE_NOT_FOUND', 'config'],
  ['config', 'create', 404, configError(5), 'WORKSPACE_NOT_FOUND', 'config'],
  ['config', 'read', 404, configError(5), 'NOT_FOUND', 'vendor'],
  ['config', 'create', 409, configError(6), 'CONFLICT', 'vendor'],
  ['config', 'read', 429, configError(8), 'RATE_LIMITED', 'rate-limited'],
  ['config', 'read', 500, configError(13), 'VENDOR_ERROR', 'vendor'],
  ['config', 'read', 501, configError(12), 'NOT_SUPPORTED', 'vendor'],
  ['config', 'read', 503, configError(14), 'VENDOR_ERROR', 'vendor'],
  ['config', 'read', 503, upstream, 'VENDOR_ERROR', 'vendor'],
  ['config', 'create', 503, upstream, 'VENDOR_ERROR', 'vendor'],
])('%s API, %s, HTTP %d %s', (generation, call, status, text, code, kind) => {
  test(`is ${code}, and says nothing of the vendor's words`, () => {
    const fault = refuse(generation, call, status, text);
    expect(fault).toMatchObject({ code, kind });
    expect(fault.remedy === undefined ? [] : [fault.remedy]).not.toContain('');
  });
});

describe('the waiting time of a refusal', () => {
  test('of a 429 comes from header or body', () => {
    const body = publicError('RequestError', { data: { msBeforeNext: 57_647 } });
    expect(refuse('public', 'read', 429, body).retryAfterMs).toBe(57_647);
    expect(refuse('public', 'read', 429, body, { 'retry-after': '3' }).retryAfterMs).toBe(3_000);
    expect(refuse('public', 'read', 429, html).retryAfterMs).toBeUndefined();
  });

  test('of a request rate is an hour at most', () => {
    expect(refuse('public', 'read', 429, '', { 'retry-after': '86400' }).retryAfterMs).toBe(3_600_000);
  });

  test('of a 503 comes from Retry-After only', () => {
    const reset = { 'x-ratelimit-reset': 'Thu, 15 Jan 2026 12:05:00 GMT' };
    expect(refuse('public', 'read', 503, '', { ...reset, 'retry-after': '9' }).retryAfterMs).toBe(9_000);
    expect(refuse('public', 'read', 503, '', reset).retryAfterMs).toBeUndefined();
  });
});

describe('the regulation quota', () => {
  const nextMonth = 'Sun, 01 Feb 2026 00:00:00 +0000';
  const used = { 'x-ratelimit-remaining': '40', 'x-ratelimit-consumed': '109960', 'x-ratelimit-reset': nextMonth };

  test('is used up where fewer are left than were asked for and the reset is far', () => {
    const fault = refuse('public', 'create', 429, publicError('RequestError'), used, 41);
    const untilReset = Date.parse('2026-02-01T00:00:00Z') - NOW;
    expect(fault).toMatchObject({ code: 'QUOTA_EXHAUSTED', kind: 'quota', retryable: true, retryAfterMs: untilReset });
    expect(fault.quota).toEqual({ remaining: 40, consumed: 109_960, resetsAt: '2026-02-01T00:00:00.000Z' });
  });

  test('is not blamed where enough is left', () => {
    expect(refuse('public', 'create', 429, '', used, 40).code).toBe('RATE_LIMITED');
  });

  test('is not blamed where Retry-After says that it soon goes on', () => {
    const fault = refuse('public', 'create', 429, '', { ...used, 'retry-after': '12' }, 5_000);
    expect(fault).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 12_000 });
    expect(fault.quota?.remaining).toBe(40);
  });

  test.each([
    ['public', 'read'],
    ['config', 'create'],
  ] as const)('is not what the same headers speak of: %s API, %s', (generation, call) => {
    const fault = refuse(generation, call, 429, '', used, 41);
    expect(fault.code).toBe('RATE_LIMITED');
    expect(fault.quota).toBeUndefined();
  });
});

describe('the part of the request that was refused', () => {
  test.each([
    ['subjectIds', 'some'],
    ['subjectIds[17]', 17],
    ['subjectIds.17', 17],
    ['body.subjectIds[4999]', 4_999],
    ['regulationType', undefined],
    ['subjectType', undefined],
  ])('is kept: %s', (field, part) => {
    const fault = refuse('public', 'create', 422, publicError('input-validation', { field }));
    expect(fault.refusedPart).toBe(part);
    expect(fault.message).toContain(field);
    expect(fault.field).toBeUndefined();
  });

  test.each(['values[1]', 'attributes.values[1]'])('is kept in the Config API too: %s', (field) => {
    const text = JSON.stringify({ error: 'x', code: 3, field });
    expect(refuse('config', 'create', 400, text).refusedPart).toBe(1);
  });

  test.each([PERSON, 'alice', 'subjectIds[alice]', `subjectIds[0] ${TOKEN}`, 17, null])('is dropped: %p', (field) => {
    const fault = refuse('public', 'create', 422, publicError('input-validation', { field }));
    expect(fault.message).toBe('Segment refuses the request as invalid.');
  });

  test('is some of the values where the words speak of values, and nothing where they do not', () => {
    expect(refuse('public', 'create', 400, publicError('x', { message: 'A userId is bad.' })).refusedPart).toBe('some');
    expect(refuse('public', 'create', 400, publicError('x', { message: 'Bad.' })).refusedPart).toBeUndefined();
  });
});

describe('the codes', () => {
  test('bring their kind, retryability, remedy and field with them', () => {
    expect(segmentFault('WRONG_REGION', 'It is.').toJSON()).toEqual({
      code: 'WRONG_REGION',
      message: 'It is.',
      kind: segmentFaultCodes.WRONG_REGION.kind,
      retryable: false,
      remedy: expect.stringContaining('Set Region under Advanced'),
      field: 'region',
    });
  });

  test('of the contract keep what the contract says, and gain a remedy', () => {
    expect(segmentFault('RATE_LIMITED', 'Wait.')).toMatchObject({ kind: 'rate-limited', retryable: true });
    expect(segmentFault('RATE_LIMITED', 'Wait.').remedy).toBeDefined();
  });
});

describe('a fault of Segment', () => {
  test('is a fault of the contract, and crosses the boundary without what only the plugin needs', () => {
    const fault = segmentFault('INPUT_REFUSED', 'No.', {
      mayHaveArrived: true,
      quota: { remaining: 1 },
      refusedPart: 'some',
    });
    expect(isConnectorFault(fault)).toBe(true);
    expect(fault).toBeInstanceOf(SegmentFault);
    expect(fault.mayHaveArrived).toBe(true);
    expect(Object.keys(fault.toJSON()).sort()).toEqual(['code', 'kind', 'message', 'remedy', 'retryable']);
  });
});
