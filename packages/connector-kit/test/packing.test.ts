import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { DeletionPlan, Identifier, Subject } from 'connector-contract';
import fc from 'fast-check';
import { type Packing, packingOf, packPeople, valuesOf } from '../src/index.js';
import { manifest } from './manifest.js';

const email = (value: string): Identifier => ({ kind: 'email', value });
const userId = (value: string): Identifier => ({ kind: 'user_id', value });
const subject = (id: string, ...identifiers: Identifier[]): Subject => ({ id, identifiers });

const batchLimits = { maxSubjects: 5_000, maxIdentifiers: 5_000, maxBytes: 4_000_000 };
const bodyFor = (values: readonly string[]): string => JSON.stringify({ type: 'erase', ids: values });
const packing: Packing = {
  kinds: new Set(['email', 'user_id']),
  limits: batchLimits,
  bytesOf: (subjects) => {
    const values = new Set(subjects.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)));
    return Buffer.byteLength(bodyFor([...values]));
  },
};
const plan = (subjects: readonly Subject[]): DeletionPlan => packPeople(subjects, packing);

function sharedTwice(planned: DeletionPlan): string[] {
  const values = planned.operations.flatMap(valuesOf);
  return values.filter((value, place) => values.indexOf(value) !== place);
}

describe('planning', () => {
  test('all identifiers of a person travel together, e-mails and user ids both, in the order given', () => {
    const anna = subject('r1', email('anna@example.org'), userId('u1'), userId('u2'));
    const ben = subject('r2', userId('0007'));
    const { operations, rejected } = plan([anna, ben]);
    expect(rejected).toEqual([]);
    expect(operations).toHaveLength(1);
    expect(operations[0]?.subjects).toEqual([anna, ben]);
    expect(operations.flatMap(valuesOf)).toEqual(['anna@example.org', 'u1', 'u2', '0007']);
  });

  test('only kinds that are taken are sent', () => {
    const anna = subject('r1', email('anna@example.org'), { kind: 'phone', value: '+49 30 1' }, userId('u1'));
    expect(plan([anna]).operations.flatMap(valuesOf)).toEqual(['anna@example.org', 'u1']);
  });

  test('the bytes of an operation are those of the body', () => {
    const values = ['ä"\\\n\u0001😀@example.org', '\u007f  '];
    const planned = plan(values.map((value, n) => subject(`r${n}`, userId(value))));
    expect(planned.operations[0]?.bytes).toBe(Buffer.byteLength(bodyFor(values)));
  });

  test('kinds, limits and bytes follow from a manifest and a body', () => {
    const made = packingOf(manifest, (subjects) => ({ people: subjects.map(({ identifiers }) => identifiers) }));
    const people = Array.from({ length: 101 }, (_, n) => subject(`s${n}`, email(`${n}@example.org`)));
    const { operations } = packPeople(people, made);
    expect(operations.map(({ subjects }) => subjects.length)).toEqual([100, 1]);
    for (const { subjects, bytes } of operations) expect(bytes).toBe(made.bytesOf(subjects));
  });

  test('where each goes alone, nobody is brought forward', () => {
    const alone = { ...packing, limits: { ...batchLimits, maxSubjects: 1 } };
    const people = [subject('a', userId('x')), subject('b', userId('y')), subject('c', userId('x'))];
    const { operations } = packPeople(people, alone);
    expect(operations.map(({ subjects }) => subjects.map(({ id }) => id))).toEqual([['a'], ['b'], ['c']]);
  });

  test('whoever shares no value with others is weighed once, even with one value as two kinds', () => {
    const weighed: string[][] = [];
    const bytesOf = (subjects: readonly Subject[]): number => {
      weighed.push(subjects.map(({ id }) => id));
      return packing.bytesOf(subjects);
    };
    packPeople([subject('a', email('x'), userId('x')), subject('b', userId('y'))], { ...packing, bytesOf });
    expect(weighed).toEqual([[], ['a'], ['b']]);
  });

  test('repeats within a subject are collapsed', () => {
    const { operations } = plan([subject('r1', userId('a'), userId('a'), userId('b'))]);
    expect(operations[0]?.subjects).toEqual([subject('r1', userId('a'), userId('b'))]);
    expect(operations[0]?.identifierCount).toBe(2);
  });

  test('a value that two subjects share is sent once, and stays with each of them', () => {
    const subjects = [subject('r1', userId('a'), userId('x')), subject('r2', userId('x'), userId('x'), userId('b'))];
    const { operations } = plan(subjects);
    expect(operations.flatMap(valuesOf)).toEqual(['a', 'x', 'b']);
    expect(operations[0]?.identifierCount).toBe(3);
    expect(operations[0]?.subjects[1]).toEqual(subject('r2', userId('x'), userId('b')));
  });

  test('subjects that share a value go into one operation although thousands come between them', () => {
    const crowd = Array.from({ length: 12_000 }, (_, n) => subject(`c${n}`, userId(`user-${n}`)));
    const subjects = [subject('first', userId('x'), userId('y')), ...crowd, subject('last', userId('y'), userId('z'))];
    const planned = plan(subjects);
    expect(sharedTwice(planned)).toEqual([]);
    const [first] = planned.operations;
    expect(first?.subjects.at(0)?.id).toBe('first');
    expect(first?.subjects.at(-1)?.id).toBe('last');
    expect(planned.operations.map(({ identifierCount }) => identifierCount)).toEqual([5_000, 5_000, 2_003]);
  });

  test('a chain of subjects too long for one operation is divided, each part within the limits', () => {
    const chain = Array.from({ length: 7_000 }, (_, n) =>
      subject(`s${n}`, userId(`link-${n}`), userId(`link-${n + 1}`)),
    );
    const planned = plan(chain);
    expect(planned.operations).toHaveLength(2);
    // Only the link at the border goes out twice.
    expect(sharedTwice(planned)).toHaveLength(1);
    for (const operation of planned.operations) {
      expect(operation.identifierCount).toBe(valuesOf(operation).length);
      expect(operation.identifierCount).toBeLessThanOrEqual(batchLimits.maxIdentifiers);
    }
  });

  test('no more subjects go into an operation than the limit, even where all share one value', () => {
    const subjects = Array.from({ length: 10_001 }, (_, n) => subject(`s${n}`, userId('same')));
    expect(plan(subjects).operations.map((operation) => operation.subjects.length)).toEqual([5_000, 5_000, 1]);
  });

  test.each([
    [
      'a value that is there already counts once',
      3,
      [
        ['x', 'a'],
        ['x', 'b'],
        ['x', 'c'],
      ],
      ['01', '2'],
    ],
    ['every new value counts', 3, [['x', 'a'], ['x', 'b', 'c'], ['x']], ['0', '12']],
    ['nothing is carried over from the part before', 2, [['x', 'a'], ['x', 'b'], ['b']], ['0', '12']],
  ] as const)('people who share values are divided by identifiers: %s', (_, maxIdentifiers, values, parts) => {
    const small = { ...packing, limits: { ...batchLimits, maxIdentifiers } };
    const { operations } = packPeople(
      values.map((one, n) => subject(String(n), ...one.map(userId))),
      small,
    );
    expect(operations.map(({ subjects }) => subjects.map(({ id }) => id).join(''))).toEqual(parts);
    for (const operation of operations) expect(operation.identifierCount).toBe(valuesOf(operation).length);
  });

  test.each([
    ['as many as fit to the byte go together', [0, 1], 0, ['01', '2']],
    ['one byte less than all need divides them', [0, 1, 2], -1, ['01', '2']],
    ['one byte less than two need leaves each alone', [0, 1], -1, ['0', '1', '2']],
    ['all go together where they fit to the byte', [0, 1, 2], 0, ['012']],
  ] as const)('people who share values are divided by bytes: %s', (_, fitting, more, parts) => {
    const bytesOf: Packing['bytesOf'] = (subjects) => Buffer.byteLength(JSON.stringify({ people: subjects }));
    const three = [0, 1, 2].map((n) => subject(String(n), userId('same'), userId(`own-${n}`)));
    const maxBytes = bytesOf(three.filter((_one, n) => fitting.some((place) => place === n))) + more;
    const { operations } = packPeople(three, { ...packing, bytesOf, limits: { ...batchLimits, maxBytes } });
    expect(operations.map(({ subjects }) => subjects.map(({ id }) => id).join(''))).toEqual(parts);
    for (const { subjects, bytes } of operations) expect(bytes).toBe(bytesOf(subjects));
  });

  test.each([
    ['straight', [['x', 'y'], ['y'], ['x']], ['01', '2']],
    ['through others who come later', [['a'], ['b'], ['c'], ['a', 'b'], ['b', 'c']], ['01', '23', '4']],
    ['by one value under two kinds of their own, and with nobody', [['a', 'a'], ['b'], ['c']], ['01', '2']],
  ] as const)('people who share values are divided in the order given: %s', (_, values, parts) => {
    const pairs = { ...packing, limits: { ...batchLimits, maxSubjects: 2 } };
    const people = values.map((one, n) =>
      subject(String(n), ...one.map((value, place) => (place === 0 ? userId(value) : email(value)))),
    );
    const { operations } = packPeople(people, pairs);
    expect(operations.map(({ subjects }) => subjects.map(({ id }) => id).join(''))).toEqual(parts);
  });

  test('a value that two share weighs once: both go together where they fit to the byte', () => {
    const long = 'x'.repeat(100);
    const two = [subject('a', userId(long)), subject('b', userId(long))];
    const limits = { ...batchLimits, maxBytes: packing.bytesOf(two) };
    expect(packPeople(two, { ...packing, limits }).operations).toEqual([
      { subjects: two, identifierCount: 1, bytes: limits.maxBytes },
    ]);
  });

  test('a person of whom all can be sent is not copied', () => {
    const anna = subject('a', userId('x'), email('anna@example.org'));
    expect(plan([anna]).operations[0]?.subjects[0]).toBe(anna);
  });

  test('without a batch in the manifest nothing is a limit', () => {
    const { deletion: _, ...rest } = manifest;
    const { limits, kinds } = packingOf(rest, (subjects) => subjects);
    expect(limits).toEqual({ maxSubjects: Infinity, maxIdentifiers: Infinity, maxBytes: Infinity });
    expect([...kinds]).toEqual(manifest.identities.kinds.map(({ kind }) => kind));
  });

  test('5,000 identifiers fill an operation and one more opens the next', () => {
    const people = (count: number) => Array.from({ length: count }, (_, n) => subject(`s${n}`, userId(`u${n}`)));
    expect(plan(people(5_000)).operations).toHaveLength(1);
    expect(plan(people(5_001)).operations.map(({ identifierCount }) => identifierCount)).toEqual([5_000, 1]);
  });

  test('4 MB of body close an operation before 5,000 identifiers do', () => {
    const long = '漢'.repeat(512);
    const planned = plan(Array.from({ length: 5_000 }, (_, n) => subject(`s${n}`, userId(`${long}${n}`))));
    expect(planned.operations.length).toBeGreaterThan(1);
    for (const operation of planned.operations) {
      expect(Buffer.byteLength(bodyFor(valuesOf(operation)))).toBeLessThanOrEqual(4_000_000);
    }
  });

  test.each([
    ['nothing at all', [], 'IDENTIFIER_MISSING'],
    ['only a kind that is not taken', [{ kind: 'phone', value: '1' }], 'IDENTIFIER_MISSING'],
    ['an empty value', [userId('canary-good'), email('')], 'IDENTIFIER_REFUSED'],
    ['U+0000', [email('canary\u0000')], 'IDENTIFIER_REFUSED'],
    ['a high surrogate alone', [email('canary\ud83d')], 'IDENTIFIER_REFUSED'],
    ['a low surrogate alone', [email('\ude00canary')], 'IDENTIFIER_REFUSED'],
    ['surrogates in the wrong order', [email('canary\ude00\ud83d')], 'IDENTIFIER_REFUSED'],
    ['5,001 identifiers', Array.from({ length: 5_001 }, (_, n) => userId(`canary${n}`)), 'TOO_LARGE'],
    ['more than 4 MB', [userId('canary'.repeat(700_000))], 'TOO_LARGE'],
  ] as const)('a subject with %s is rejected and the others go through', (_, identifiers, code) => {
    const good = subject('good', userId('u1'));
    const { operations, rejected } = plan([subject('bad', ...identifiers), good]);
    expect(rejected).toEqual([
      { subjectId: 'bad', fault: expect.objectContaining({ code, kind: 'input', retryable: false }) },
    ]);
    expect(operations.map((operation) => operation.subjects)).toEqual([[good]]);
    const shown = inspect(rejected, { depth: 9 }) + JSON.stringify(rejected);
    expect(shown).not.toMatch(/canary/);
  });

  test.each([
    [
      'the kinds that are sent',
      [{ kind: 'phone', value: '1' }],
      'The person has no identifier of a kind that is sent (email, user_id).',
      'Add one.',
    ],
    [
      'place and kind of an empty identifier',
      [userId('a'), { kind: 'phone', value: '1' }, email('')],
      'Identifier 3 of 3 (email) is empty.',
      'Correct that identifier and send the request again; nothing of this person was sent.',
    ],
    [
      'place and kind of one that cannot be sent',
      [userId('a\0'), email('b')],
      'Identifier 1 of 2 (user_id) holds a character that cannot be sent (U+0000 or half a surrogate pair).',
      'Correct that identifier and send the request again; nothing of this person was sent.',
    ],
    [
      'what is the most',
      Array.from({ length: 5_001 }, (_, n) => userId(`u${n}`)),
      'The person brings 5001 identifiers, where 5000 and 4000000 bytes are the most.',
      'Divide the identifiers of this person over several requests.',
    ],
  ] as const)('a refusal names %s, and the remedy', (_, identifiers, message, remedy) => {
    expect(plan([subject('bad', ...identifiers)]).rejected[0]?.fault).toMatchObject({ message, remedy });
  });

  test('5,001 identifiers of which one is repeated still fit', () => {
    const identifiers = Array.from({ length: 5_000 }, (_, n) => userId(`u${n}`));
    const { operations, rejected } = plan([subject('s', ...identifiers, userId('u0'))]);
    expect(rejected).toEqual([]);
    expect(operations[0]?.identifierCount).toBe(5_000);
  });

  test('a rejected subject takes nobody else with it, though they share a value', () => {
    const { operations, rejected } = plan([subject('bad', userId('x'), email('')), subject('good', userId('x'))]);
    expect(rejected.map(({ subjectId }) => subjectId)).toEqual(['bad']);
    expect(operations.flatMap(valuesOf)).toEqual(['x']);
  });

  test('nobody makes no operation', () => {
    expect(plan([])).toEqual({ operations: [], rejected: [] });
  });
});

const shapes = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 512 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }),
  fc.string({ unit: 'binary-ascii', minLength: 0, maxLength: 16 }),
  fc.emailAddress().map((address) => address.replace('@', '+tag@')),
  fc.nat().map((n) => String(n).padStart(12, '0')),
  fc.constantFrom(
    'שלום@example.org',
    '👩‍👩‍👧@example.org',
    ' leading and trailing ',
    'UPPER@Example.ORG',
    'e\u0301',
    'é',
    '\ufeffbom',
  ),
  fc.constantFrom('a', 'b', 'c', 'd'),
);
const people = fc.array(
  fc.record({
    id: fc.uuid(),
    identifiers: fc.array(fc.record({ kind: fc.constantFrom('email', 'user_id', 'phone'), value: shapes }), {
      maxLength: 6,
    }),
  }),
  { maxLength: 40 },
);

describe('whatever the subjects are', () => {
  test('each is in exactly one operation or rejected, and operations keep the order', () => {
    fc.assert(
      fc.property(people, (subjects) => {
        const { operations, rejected } = plan(subjects);
        const planned = operations.flatMap((operation) => operation.subjects.map(({ id }) => id));
        expect([...planned, ...rejected.map(({ subjectId }) => subjectId)].sort()).toEqual(
          subjects.map(({ id }) => id).sort(),
        );
        for (const operation of operations) {
          const order = operation.subjects.map(({ id }) => subjects.findIndex((one) => one.id === id));
          expect(order).toEqual([...order].sort((a, b) => a - b));
        }
      }),
    );
  });

  test('what is sent is what was given, byte for byte, every distinct value of the kinds taken once', () => {
    fc.assert(
      fc.property(people, (subjects) => {
        const { operations, rejected } = plan(subjects);
        const out = new Set(rejected.map(({ subjectId }) => subjectId));
        const wanted = new Set(
          subjects
            .filter(({ id }) => !out.has(id))
            .flatMap(({ identifiers }) => identifiers.filter(({ kind }) => kind !== 'phone').map(({ value }) => value)),
        );
        const sent = operations.flatMap(valuesOf);
        expect(new Set(sent)).toEqual(wanted);
        expect(sent).toHaveLength(wanted.size);
        expect(JSON.parse(JSON.stringify(sent))).toEqual(sent);
      }),
    );
  });

  test('counts and bytes are right, the limits hold, and the plan is the same every time', () => {
    fc.assert(
      fc.property(people, (subjects) => {
        const before = structuredClone(subjects);
        const planned = plan(subjects);
        expect(plan(structuredClone(subjects))).toEqual(planned);
        expect(subjects).toEqual(before);
        expect(structuredClone(planned)).toEqual(planned);
        for (const operation of planned.operations) {
          const values = valuesOf(operation);
          expect(operation.bytes).toBe(Buffer.byteLength(bodyFor(values)));
          expect(operation.identifierCount).toBe(values.length);
          expect(operation.bytes).toBeLessThanOrEqual(batchLimits.maxBytes);
        }
      }),
    );
  });

  test('a subject is refused exactly where a value of it could not travel byte for byte', () => {
    fc.assert(
      fc.property(people, (subjects) => {
        const { rejected } = plan(subjects);
        const refused = rejected
          .filter(({ fault }) => fault.code === 'IDENTIFIER_REFUSED')
          .map(({ subjectId }) => subjectId);
        const expected = subjects.filter(({ identifiers }) =>
          identifiers.some(
            ({ kind, value }) => kind !== 'phone' && (value === '' || value.includes('\0') || !isWellFormed(value)),
          ),
        );
        expect(refused).toEqual(expected.map(({ id }) => id));
      }),
    );
  });
});

function isWellFormed(value: string): boolean {
  return Buffer.from(value, 'utf8').toString('utf8') === value;
}
