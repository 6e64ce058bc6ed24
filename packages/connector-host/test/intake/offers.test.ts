import { describe, expect, test } from '@jest/globals';
import { assign, firstStanding, kindsKeptBack, type Offer } from '../../src/intake/offers.js';
import type { RequestBody } from '../../src/requests/request-body.js';

const offer = (connection: string, more: Partial<Offer> = {}): Offer => ({
  connection,
  deletion: true,
  wholeRecord: true,
  directContact: true,
  kinds: new Set(['email', 'user_id']),
  ...more,
});
const all = (...offers: Offer[]) => new Map(offers.map((one) => [one.connection, one]));
const request = (more: Partial<RequestBody> = {}): RequestBody => ({
  requestId: 'r1',
  right: 'deletion',
  identifiers: [{ kind: 'email', value: 'a' }],
  ...more,
});
const targets = (body: RequestBody, offers: ReturnType<typeof all>) => {
  const found = assign(body, offers);
  return 'issues' in found
    ? found.issues.map(({ field, code }) => `${field} ${code}`)
    : found.targets.map((one) => one.connection);
};

describe('a request goes', () => {
  test('to every connection that offers what it asks for', () => {
    const offers = all(offer('c1'), offer('c2', { deletion: false }), offer('c3', { directContact: false }));
    expect(targets(request(), offers)).toEqual(['c1', 'c3']);
    expect(targets(request({ right: 'access' }), offers)).toEqual(['c1', 'c2']);
  });

  test('to the connections it names, and to no other', () => {
    expect(targets(request({ connections: ['c2'] }), all(offer('c1'), offer('c2')))).toEqual(['c2']);
  });

  test('also to a connection that takes only another kind: the missing one shows there, not in silence', () => {
    expect(targets(request(), all(offer('c1'), offer('c2', { kinds: new Set(['user_id']) })))).toEqual(['c1', 'c2']);
  });

  test('nowhere, where a named connection is unknown or does not offer it', () => {
    const offers = all(offer('c1', { deletion: false }));
    expect(targets(request({ connections: ['c1', 'c9'] }), offers)).toEqual([
      'connections[0] NOT_OFFERED',
      'connections[1] CONNECTION_UNKNOWN',
    ]);
  });

  test('nowhere, where no connection offers it', () => {
    expect(assign(request(), all(offer('c1', { deletion: false })))).toMatchObject({ nowhere: 'no connection' });
  });

  test('nowhere, where an identifier is of a kind that none of them takes', () => {
    const body = request({
      identifiers: [
        { kind: 'email', value: 'a' },
        { kind: 'phone', value: '1' },
      ],
    });
    expect(targets(body, all(offer('c1')))).toEqual(['identifiers[1].kind KIND_NOT_TAKEN']);
  });
});

describe('whom the vendor may not know is left over', () => {
  const left = (more: Partial<Offer>, ...identifiers: [string, string][]) => {
    const body = request({ identifiers: identifiers.map(([kind, value]) => ({ kind, value })) });
    return firstStanding(body, offer('c1', more)).ownLeftover;
  };
  const [ann, u1] = [
    ['email', 'ann@example.org'],
    ['user_id', 'u1'],
  ] as const satisfies [string, string][];
  const byId = new Set(['user_id']);
  const byBoth = new Set(['user_id', 'email']);

  test.each<[string, Partial<Offer>, [string, string][], 'open' | null]>([
    ['not by the id that it is given', { knownBy: byId }, [ann, u1], null],
    ['by an e-mail address alone', { knownBy: byId }, [ann], 'open'],
    ['where the id is kept back', { knownBy: byId, keptBack: byId }, [ann, u1], 'open'],
    [
      'where the id is kept back, though it knows e-mail addresses',
      { knownBy: byBoth, keptBack: byId },
      [ann, u1],
      'open',
    ],
    [
      'not where the id goes out as the address that it is',
      { knownBy: byBoth, keptBack: byId },
      [ann, ['user_id', ann[1]]],
      null,
    ],
    [
      'not where what is kept back says nothing to it',
      { knownBy: byId, keptBack: new Set(['email']) },
      [ann, u1],
      null,
    ],
    ['where it knows people by each kind and one is kept back', { keptBack: byId }, [ann, u1], 'open'],
    ['not where it knows people by each kind', {}, [ann], null],
  ])('%s', (_, more, identifiers, expected) => {
    expect(left(more, ...identifiers)).toBe(expected);
  });

  test('kept back is what the settings do not send; what was never set is sent', () => {
    const kind = (name: string, ...values: string[]) => ({
      kind: name,
      label: name,
      help: name,
      required: false,
      sentWhen: { field: 'which', in: values as [string, ...string[]] },
    });
    const identities = { kinds: [kind('email', 'both', 'email'), kind('user_id', 'both', 'user_id')], atLeast: 1 };
    const kept = (config: object) => kindsKeptBack({ identities } as never, config as Record<string, unknown>);
    expect(kept({ which: 'email' })).toEqual(byId);
    expect(kept({ which: 'both' })).toBeUndefined();
    expect(kept({})).toBeUndefined();
  });
});
