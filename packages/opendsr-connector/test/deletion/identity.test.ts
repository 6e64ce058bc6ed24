import { describe, expect, test } from '@jest/globals';
import type { ConnectorContext, Facts } from 'connector-contract';
import { identitiesOf, offeredIdentities } from '../../src/deletion/identity.js';

const email = { kind: 'email', value: 'jane@x.example' };
const userId = { kind: 'user_id', value: 'u1' };

/** The types that are sent of these identifiers, and what was logged, where a check has found out these facts. */
function offered(facts: Facts, ...identifiers: readonly (typeof email)[]) {
  const logged: unknown[] = [];
  const info = (...line: readonly unknown[]): void => void logged.push(line);
  const identities = offeredIdentities(identifiers, { facts, log: { info } } as unknown as ConnectorContext, 'raw');
  return { types: identities.map((one) => one.identity_type), logged };
}

describe('of the identities of a person', () => {
  const both = ['email', 'controller_customer_id'];

  test.each<[string, Facts]>([
    ['nothing is known', {}],
    ['all is taken', { identityFormat: 'raw', identityTypes: both.join(', ') }],
    ['only another format was looked at', { identityFormat: 'sha256', identityTypes: 'email' }],
    ['the types are not known', { identityFormat: 'raw' }],
  ])('all are sent where %s, without a word', (_, facts) => {
    expect(offered(facts, email, userId)).toEqual({ types: both, logged: [] });
  });

  test('those that the processor does not take are left out, and counted in the log', () => {
    expect(offered({ identityFormat: 'raw', identityTypes: 'email' }, email, userId)).toEqual({
      types: ['email'],
      logged: [[expect.any(String), { left: 1 }]],
    });
  });

  test.each<[string, Facts, string]>([
    ['names the kinds that are taken', { identityFormat: 'raw', identityTypes: 'email' }, 'takes: email.'],
    ['names none where none are known', {}, 'kind that it takes.'],
  ])('a refusal of a person of whom none is left %s', (_, facts, end) => {
    const people = end === 'takes: email.' ? [userId] : [];
    expect(() => offered(facts, ...people)).toThrow(
      expect.objectContaining({ code: 'IDENTIFIER_MISSING', remedy: expect.stringMatching(new RegExp(`${end}$`)) }),
    );
  });

  test('a kind that OpenDSR does not know is none', () => {
    expect(identitiesOf([{ kind: 'phone', value: '1' }], 'raw')).toEqual([]);
  });
});
