import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { ConnectorConfig, Identifier, Subject } from 'connector-contract';
import { packPeople } from 'connector-kit';
import { identitiesOf } from '../../src/deletion/identity.js';
import { packingFor, requestFor, requestIdOf } from '../../src/deletion/request.js';
import { ownManifest } from '../../src/manifest.js';

const plan = (subjects: readonly Subject[], config: ConnectorConfig) => packPeople(subjects, packingFor(config));
const batchLimits = { maxIdentifiers: 0, maxBytes: 0, ...ownManifest().deletion?.batch };
const bodyOf = (...of: Parameters<typeof requestFor>): string => JSON.stringify(requestFor(...of));

const person = (id: string, ...identifiers: readonly Identifier[]) => ({ id, identifiers });
const email = (value: string): Identifier => ({ kind: 'email', value });

describe('a plan', () => {
  test('has one operation for each person, in the order given', () => {
    const { operations, rejected } = plan([person('b', email('b@x.example')), person('a', email('a@x.example'))], {});
    expect(operations.map(({ subjects }) => subjects.map(({ id }) => id))).toEqual([['b'], ['a']]);
    expect(rejected).toEqual([]);
  });

  test('tells the bytes of the body that will be sent', () => {
    const [operation] = plan([person('a', email('J\u00f6rg@x.example'))], { protocol: 'opendsr-3' }).operations;
    const body = bodyOf(
      {
        id: requestIdOf('any'),
        submittedAt: new Date(0).toISOString(),
        identities: identitiesOf([email('J\u00f6rg@x.example')], 'raw'),
      },
      { protocol: 'opendsr-3', regulation: 'gdpr' },
    );
    expect(operation?.bytes).toBe(Buffer.byteLength(body, 'utf8'));
  });

  test('leaves kinds out that OpenDSR does not know, and repeats', () => {
    const [operation] = plan(
      [person('a', email('a@x.example'), { kind: 'phone', value: '1' }, email('a@x.example'))],
      {},
    ).operations;
    expect(operation?.subjects).toEqual([person('a', email('a@x.example'))]);
    expect(operation?.identifierCount).toBe(1);
  });

  const fifty = Array.from({ length: batchLimits.maxIdentifiers }, (_, index) => email(`${index}@x.example`));
  test.each<[string, readonly Identifier[], string]>([
    ['no identifier', [], 'IDENTIFIER_MISSING'],
    ['no identifier of a known kind', [{ kind: 'phone', value: '1' }], 'IDENTIFIER_MISSING'],
    ['an empty identifier', [email('a@x.example'), email('')], 'IDENTIFIER_REFUSED'],
    ['half a character', [email('a\ud83d@x.example')], 'IDENTIFIER_REFUSED'],
    ['more identifiers than fit', [...fifty, email('one-more@x.example')], 'TOO_LARGE'],
    ['more bytes than fit', [email('x'.repeat(batchLimits.maxBytes))], 'TOO_LARGE'],
  ])('rejects a person with %s', (_, identifiers, code) => {
    const { operations, rejected } = plan([person('a', ...identifiers)], {});
    expect(operations).toEqual([]);
    expect(rejected).toEqual([{ subjectId: 'a', fault: expect.objectContaining({ code, kind: 'input' }) }]);
    expect(JSON.stringify(rejected)).not.toContain('x.example');
  });

  test('takes as many identifiers as fit', () => {
    expect(plan([person('a', ...fifty)], {}).operations).toHaveLength(1);
  });
});

test('the id of a request is the same in every version of the connector, or a processor would see another request', () => {
  expect(requestIdOf('k')).toBe('2964ccc7-a6b9-446b-ab37-157def8cceb2');
});

describe('identities', () => {
  test('go raw as they are, byte for byte', () => {
    expect(identitiesOf([email(' Jane+Tag@X.example')], 'raw')).toEqual([
      { identity_type: 'email', identity_value: ' Jane+Tag@X.example', identity_format: 'raw' },
    ]);
  });

  test('of a user ID are those of a customer ID, once', () => {
    const both = [
      { kind: 'user_id', value: 'u1' },
      { kind: 'controller_customer_id', value: 'u1' },
    ];
    expect(identitiesOf(both, 'raw')).toEqual([
      { identity_type: 'controller_customer_id', identity_value: 'u1', identity_format: 'raw' },
    ]);
  });

  test.each(['sha256', 'sha1', 'md5'] as const)('are hashed by %s, e-mail addresses in lower case', (format) => {
    const digest = (text: string): string => createHash(format).update(text).digest('hex');
    const values = identitiesOf([email('Jane@X.example'), { kind: 'android_id', value: 'ABC' }], format);
    expect(values.map(({ identity_value }) => identity_value)).toEqual([digest('jane@x.example'), digest('ABC')]);
    expect(values.every(({ identity_format }) => identity_format === format)).toBe(true);
  });
});

describe('the id of a request', () => {
  test('is a version 4 UUID in lower case', () => {
    for (let key = 0; key < 500; key += 1) {
      expect(requestIdOf(String(key))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  test('is the same for the same key, and another for another', () => {
    expect(requestIdOf('one')).toBe(requestIdOf('one'));
    expect(new Set(Array.from({ length: 500 }, (_, key) => requestIdOf(String(key)))).size).toBe(500);
  });
});

describe('the body of a request', () => {
  const request = {
    id: requestIdOf('golden'),
    submittedAt: '2026-01-02T03:04:05.678Z',
    identities: identitiesOf([email('jane@x.example')], 'raw'),
  };

  test.each([
    ['opendsr-1', '1.0'],
    ['opendsr-2', '2.0'],
    ['opendsr-3', '3.0'],
  ] as const)('in %s is pinned', (protocol, version) => {
    expect(bodyOf(request, { protocol, regulation: 'ccpa' })).toBe(
      `{"regulation":"ccpa","subject_request_id":"${request.id}","subject_request_type":"erasure","submitted_time":"2026-01-02T03:04:05.678Z","subject_identities":[{"identity_type":"email","identity_value":"jane@x.example","identity_format":"raw"}],"api_version":"${version}"}`,
    );
  });

  test('in OpenGDPR names no regulation', () => {
    const body = JSON.parse(bodyOf(request, { protocol: 'opengdpr-1', regulation: 'gdpr' }));
    expect(body).not.toHaveProperty('regulation');
    expect(body).toMatchObject({ api_version: '1.0' });
  });
});
