import { describe, expect, test } from '@jest/globals';
import { ShapeError } from 'connector-kit';
import { readDiscovery, readRequest } from '../../src/opendsr/answers.js';
import { maySpeak } from '../../src/opendsr/protocol.js';

describe('an answer about a request', () => {
  const id = 'a7551968-d5d6-44b2-9831-815ac9017798';
  const read = (value: unknown) => readRequest(value, id);

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
  ])('that holds %s is unreadable', (_, value) => {
    expect(() => read(value)).toThrow(ShapeError);
  });
});

describe('a discovery', () => {
  test('is read leniently', () => {
    const body = {
      api_version: 2,
      supported_identities: [{ identity_type: 'Email', identity_format: 'RAW' }, 'x', null],
      supported_subject_request_types: ['Erasure', 5],
    };
    expect(readDiscovery(body)).toEqual({
      apiVersion: '2',
      identities: new Set(['email/raw']),
      requestTypes: new Set(['erasure', '5']),
    });
  });

  test.each(['', {}, [], { supported_identities: [], supported_subject_request_types: 'erasure' }])(
    'is none: %j',
    (body) => {
      expect(() => readDiscovery(body)).toThrow(ShapeError);
    },
  );

  test.each([
    ['opendsr-2', '2.0', true],
    ['opendsr-2', '2', true],
    ['opendsr-2', '3.0', false],
    ['opendsr-3', '1.0', false],
    ['opendsr-2', '', true],
    ['opendsr-2', '0.1', true],
    ['opendsr-2', '2026-01', true],
    ['opengdpr-1', '2.0', true],
  ] as const)('with the version of %s, %j, may be spoken to so: %j', (chosen, version, speaks) => {
    expect(maySpeak(chosen, version)).toBe(speaks);
  });
});
