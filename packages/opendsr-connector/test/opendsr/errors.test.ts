import { describe, expect, test } from '@jest/globals';
import { isoTime, readDiscovery, readRequest } from '../../src/opendsr/answers.js';
import { faultOfAnswer, faultOfFailure, parseRetryAfter } from '../../src/opendsr/errors.js';
import { otherProtocol } from '../../src/opendsr/protocol.js';

const now = Date.parse('2026-01-02T03:04:05Z');

const answer = (status: number, body = '{"error": {"code": 1}}', headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers,
  body: Buffer.from(body),
});

describe('an answer that is no success', () => {
  test.each([
    [301, 'REDIRECTED', false],
    [400, 'INPUT_REFUSED', false],
    [401, 'UNAUTHENTICATED', false],
    [402, 'PERMISSION_MISSING', false],
    [403, 'PERMISSION_MISSING', false],
    [404, 'NOT_FOUND', false],
    [405, 'NOT_SUPPORTED', false],
    [408, 'TIMEOUT', true],
    [409, 'CONFLICT', false],
    [410, 'NOT_FOUND', false],
    [413, 'TOO_LARGE', false],
    [418, 'VENDOR_ERROR', true],
    [422, 'INPUT_REFUSED', false],
    [429, 'RATE_LIMITED', true],
    [500, 'VENDOR_ERROR', true],
    [501, 'NOT_SUPPORTED', false],
    [503, 'VENDOR_ERROR', true],
  ])('HTTP %i is %s', (status, code, retryable) => {
    const fault = faultOfAnswer(answer(status), 'read', now);
    expect(fault.toJSON()).toMatchObject({ code, retryable, httpStatus: status });
    expect(fault.mayHaveArrived).toBe(false);
  });

  test.each(['<html>No</html>', 'No', '"no"', '[]', 'null', '', ' \n'])(
    'that is not a JSON object is the word of something in between: %j',
    (body) => {
      for (const status of [400, 402, 403, 404, 405, 407, 410, 414, 421, 422, 451]) {
        const fault = faultOfAnswer(answer(status, body), 'create', now);
        expect(fault.toJSON()).toMatchObject({ code: 'GATEWAY_REFUSED', kind: 'network', httpStatus: status });
        expect(fault.mayHaveArrived).toBe(false);
      }
    },
  );

  test.each([
    [400, '{}', 'INPUT_REFUSED'],
    [401, '', 'UNAUTHENTICATED'],
    [401, '<html>', 'GATEWAY_REFUSED'],
    [407, '{"error": {"code": 407}}', 'GATEWAY_REFUSED'],
    [408, '<html>', 'TIMEOUT'],
    [413, '', 'TOO_LARGE'],
    [429, '<html>', 'RATE_LIMITED'],
    [503, '<html>', 'VENDOR_ERROR'],
  ])('HTTP %i with the body %j is %s', (status, body, code) => {
    expect(faultOfAnswer(answer(status, body), 'read', now).code).toBe(code);
  });

  test('leaves a conflict open, whoever says that there is one', () => {
    expect(faultOfAnswer(answer(409, ''), 'create', now)).toMatchObject({ mayHaveArrived: true });
  });

  test.each([
    [301, true],
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, true],
    [429, false],
    [500, true],
    [502, true],
    [503, true],
  ])('HTTP %i to a creation leaves it open whether it was taken: %s', (status, open) => {
    expect(faultOfAnswer(answer(status), 'create', now).mayHaveArrived).toBe(open);
    expect(faultOfAnswer(answer(status), 'cancel', now).mayHaveArrived).toBe(open);
    expect(faultOfAnswer(answer(status), 'probe', now).mayHaveArrived).toBe(false);
  });

  test.each([
    ['7', 7_000],
    ['0', 0],
    ['999999', 3_600_000],
    ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    [undefined, undefined],
  ])('Retry-After %s means %s ms', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
    const headers: Record<string, string> = header === undefined ? {} : { 'retry-after': header };
    expect(faultOfAnswer(answer(429, '', headers), 'create', now).retryAfterMs).toBe(ms);
    expect(faultOfAnswer(answer(400, '{}', headers), 'create', now).retryAfterMs).toBeUndefined();
  });

  test('and no answer at all leave open only what was sent and changes something', () => {
    expect(faultOfFailure('timeout', 'create', true).mayHaveArrived).toBe(true);
    expect(faultOfFailure('refused', 'create', false).mayHaveArrived).toBe(false);
    expect(faultOfFailure('timeout', 'read', true).mayHaveArrived).toBe(false);
  });
});

describe('an answer about a request', () => {
  const id = 'a7551968-d5d6-44b2-9831-815ac9017798';
  const read = (value: unknown) => readRequest(Buffer.from(JSON.stringify(value)), id, 'create');

  test('keeps what is needed, and nothing of the request that it repeats', () => {
    const body = {
      controller_id: 4308,
      expected_completion_time: '2026-01-15T00:00:00.322652',
      subject_request_id: id.toUpperCase(),
      encoded_request: 'c2VjcmV0',
      request_status: 'pending',
      results_url: null,
    };
    expect(read(body)).toEqual({
      id,
      controllerId: '4308',
      status: 'pending',
      expectedBy: '2026-01-15T00:00:00.322Z',
    });
  });

  test.each([
    ['another id', { subject_request_id: 'b7551968-d5d6-44b2-9831-815ac9017798' }],
    ['no id', {}],
    ['a list', []],
    ['a text', 'x'],
    ['nothing', null],
  ])('that holds %s is unreadable, and leaves open whether the call worked', (_, value) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({ code: 'VENDOR_ANSWER_UNREADABLE', mayHaveArrived: true }),
    );
  });

  test.each([
    ['2026-01-15T00:00:00Z', '2026-01-15T00:00:00.000Z'],
    ['2026-01-15T02:00:00+02:00', '2026-01-15T00:00:00.000Z'],
    ['2026-01-15T00:00:00.3583637', '2026-01-15T00:00:00.358Z'],
    ['2026 01 15', undefined],
    ['60', undefined],
    [60, undefined],
    [null, undefined],
  ])('time %s is %s', (value, iso) => {
    expect(isoTime(value)).toBe(iso);
  });
});

describe('a discovery', () => {
  test('is read leniently', () => {
    const body = {
      api_version: 2,
      supported_identities: [{ identity_type: 'Email', identity_format: 'RAW' }, 'x', null],
      supported_subject_request_types: ['Erasure', 5],
    };
    expect(readDiscovery(Buffer.from(JSON.stringify(body)))).toEqual({
      apiVersion: '2',
      identities: new Set(['email/raw']),
      requestTypes: new Set(['erasure', '5']),
    });
  });

  test.each(['', '{}', '<html>', '[]', '{"supported_identities": [], "supported_subject_request_types": "erasure"}'])(
    'is none: %s',
    (body) => {
      expect(() => readDiscovery(Buffer.from(body))).toThrow(
        expect.objectContaining({ code: 'VENDOR_ANSWER_UNREADABLE' }),
      );
    },
  );

  test.each([
    ['opendsr-2', '2.0', undefined],
    ['opendsr-2', '2', undefined],
    ['opendsr-2', '3.0', 'opendsr-3'],
    ['opendsr-3', '1.0', 'opendsr-1'],
    ['opendsr-2', '', undefined],
    ['opendsr-2', '0.1', undefined],
    ['opendsr-2', '2026-01', undefined],
    ['opengdpr-1', '2.0', undefined],
  ] as const)('speaks for %s with version %s: choose %s', (chosen, version, other) => {
    expect(otherProtocol(chosen, version)).toBe(other);
  });
});
