import { describe, expect, test } from '@jest/globals';
import type { DeletionPlan, Identifier, Subject } from 'connector-contract';
import { valuesOf } from 'connector-kit';
import { segmentDeletion } from '../../src/deletion/deletion.js';
import { segmentManifest } from '../manifest-file.js';

const { plan } = segmentDeletion();

const email = (value: string): Identifier => ({ kind: 'email', value });
const userId = (value: string): Identifier => ({ kind: 'user_id', value });
const subject = (id: string, ...identifiers: Identifier[]): Subject => ({ id, identifiers });

function bodies(planned: DeletionPlan): { public: string; config: string }[] {
  return planned.operations.map((operation) => ({
    public: JSON.stringify({
      regulationType: 'SUPPRESS_WITH_DELETE_INTERNAL',
      subjectType: 'USER_ID',
      subjectIds: valuesOf(operation),
    }),
    config: JSON.stringify({
      regulation_type: 'Suppress_With_Delete_Internal',
      attributes: { name: 'userId', values: valuesOf(operation) },
    }),
  }));
}

describe('planning', () => {
  test.each([
    ['both', ['anna@example.org', 'u1']],
    ['email', ['anna@example.org']],
    ['user_id', ['u1']],
  ])('identifierKinds %s sends %j', (identifierKinds, expected) => {
    const anna = subject('r1', email('anna@example.org'), { kind: 'phone', value: '+49 30 1' }, userId('u1'));
    const planned = plan([anna], { identifierKinds });
    expect(planned.operations.flatMap(valuesOf)).toEqual(expected);
    // A host goes by what the manifest says is sent.
    const sent = segmentManifest().identities.kinds.filter(({ sentWhen }) => sentWhen?.in.includes(identifierKinds));
    const kinds = planned.operations.flatMap(({ subjects }) => subjects.flatMap(({ identifiers }) => identifiers));
    expect(kinds.map(({ kind }) => kind)).toEqual(sent.map(({ kind }) => kind));
  });

  test('the bytes of an operation are those of the longer of the two bodies', () => {
    const planned = plan([subject('r1', email('ä"\\\n\u0001😀@example.org')), subject('r2', userId('\u007f  '))], {});
    const [body] = bodies(planned);
    const longest = Math.max(...Object.values(body ?? {}).map((text) => Buffer.byteLength(text)));
    expect(planned.operations[0]?.bytes).toBe(longest);
  });

  test('is within the limits of the manifest', () => {
    const people = (count: number) => Array.from({ length: count }, (_, n) => subject(`s${n}`, userId(`u${n}`)));
    expect(plan(people(5_001), {}).operations.map(({ identifierCount }) => identifierCount)).toEqual([5_000, 1]);
  });

  test.each([
    [
      'of two people',
      [subject('r1', userId('a'), userId('x')), subject('r2', userId('x'), userId('b'))],
      ['a', 'x', 'b'],
    ],
    ['that is all one of them has', [subject('r1', userId('x')), subject('r2', userId('x'), userId('b'))], ['x', 'b']],
    ['that a person has as two kinds', [subject('r1', email('x@y'), userId('x@y'))], ['x@y']],
  ])('a value %s is sent once, and its bytes count once', (_, people, values) => {
    const planned = plan(people, {});
    expect(planned.operations.flatMap(valuesOf)).toEqual(values);
    const [body] = bodies(planned);
    expect(planned.operations[0]?.bytes).toBe(
      Math.max(...Object.values(body ?? {}).map((text) => Buffer.byteLength(text))),
    );
  });
});
