/** People on their way between two processes arrive byte for byte, and so does a plan of them. */
import { describe, expect, test } from '@jest/globals';
import type { Subject } from 'connector-contract';
import fc from 'fast-check';
import { expandPlan, packPeople, shortenPlan, unpackPeople } from '../../../src/plugins/isolation/people.js';

const people = fc.uniqueArray(
  fc.record({
    id: fc.string(),
    identifiers: fc.array(
      // Any UTF-16 text, halves of surrogate pairs included.
      fc.record({
        kind: fc.constantFrom('email', 'user_id', 'phone'),
        value: fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
      }),
      { maxLength: 4 },
    ),
  }),
  { selector: ({ id }) => id, maxLength: 20 },
);
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const planOf = (subjects: readonly unknown[]) => ({
  operations: [{ subjects, identifierCount: 1, bytes: 2 }],
  rejected: [],
});
const ada: Subject = { id: 'a', identifiers: [{ kind: 'email', value: 'ada@example.org' }] };
const bob: Subject = { id: 'b', identifiers: [{ kind: 'user_id', value: '007' }] };

describe('people', () => {
  test('are unpacked as they were packed', () => {
    fc.assert(
      fc.property(people, (subjects) => {
        expect(unpackPeople(sent(packPeople(subjects)))).toEqual(subjects);
      }),
    );
  });
});

describe('a plan', () => {
  test('comes out as it went in, whoever is in it', () => {
    fc.assert(
      fc.property(people, fc.boolean(), (subjects, reversed) => {
        const plan = planOf(reversed ? [...subjects].reverse() : subjects);
        expect(expandPlan(sent(shortenPlan(plan, packPeople(subjects))), subjects)).toEqual(plan);
      }),
    );
  });

  test('names people by number only where they are exactly as they were given', () => {
    const others = [
      { ...ada, identifiers: [{ kind: 'email', value: 'other@example.org' }] },
      { ...ada, identifiers: [{ kind: 'user_id', value: 'ada@example.org' }] },
      { ...ada, identifiers: [] },
      { id: 'nobody', identifiers: [] },
      { id: 'a' },
      null,
      'a',
    ];
    const plan = planOf([bob, ...others, ada]);
    const shortened = shortenPlan(plan, packPeople([ada, bob]));
    expect(shortened).toEqual(planOf([1, ...others, 0]));
    expect(expandPlan(shortened, [ada, bob])).toEqual(plan);
  });

  test.each([[undefined], [null], ['text'], [{}], [{ operations: 1 }], [planOf([]).operations]])(
    'that is none is left as it is: %j',
    (answer) => {
      expect(expandPlan(shortenPlan(answer, packPeople([ada])), [ada])).toEqual(answer);
    },
  );

  test('with the number of nobody names nobody', () => {
    expect(expandPlan(planOf([7, -1]), [ada])).toEqual(planOf([undefined, undefined]));
  });
});
