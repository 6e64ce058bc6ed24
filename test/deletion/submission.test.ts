import { describe, expect, test } from '@jest/globals';
import type { FaultCode, Operation, Subject } from 'connector-contract';
import fc from 'fast-check';
import { operationOf, valuesOf } from '../../src/deletion/operation.js';
import { halves, isolated } from '../../src/deletion/smaller.js';
import { submissionFault, unsendable } from '../../src/deletion/submission.js';
import { segmentFault } from '../../src/segment/errors.js';

const person = (id: string, ...values: string[]): Subject => ({
  id,
  identifiers: values.map((value) => ({ kind: value.includes('@') ? 'email' : 'user_id', value })),
});
const three = operationOf([person('a', 'a1', 'a2'), person('b', 'b@x'), person('c', 'c1', 'a2')]);
const ids = (operations: readonly Operation[] | undefined) =>
  operations?.map((operation) =>
    operation.subjects.map(({ id, identifiers }) => [id, ...identifiers.map(({ value }) => value)]),
  );

describe('an operation that is refused', () => {
  test.each(['INPUT_REFUSED', 'TOO_LARGE'] as const)('as %s is halved by subjects', (code) => {
    const outcome = submissionFault(three, segmentFault(code, 'no', { httpStatus: 422, refusedValues: true }));
    expect(outcome).toMatchObject({ accepted: false, certain: 'not-taken', fault: { code, httpStatus: 422 } });
    expect(ids(outcome.instead)).toEqual([
      [
        ['a', 'a1', 'a2'],
        ['b', 'b@x'],
      ],
      [['c', 'c1', 'a2']],
    ]);
  });

  test('with a single subject left is halved by its identifiers', () => {
    const outcome = submissionFault(
      operationOf([person('a', 'a1', 'a2', 'a3')]),
      segmentFault('INPUT_REFUSED', 'no', { refusedValues: true }),
    );
    expect(ids(outcome.instead)).toEqual([[['a', 'a1', 'a2']], [['a', 'a3']]]);
  });

  test.each(['subjectIds[1]', 'values[1]', 'attributes.values[1]', 'body/subjectIds.1'])(
    'at %s is divided so that this identifier stands alone',
    (refusedField) => {
      const outcome = submissionFault(three, segmentFault('INPUT_REFUSED', 'no', { refusedField }));
      expect(ids(outcome.instead)).toEqual([
        [
          ['a', 'a1'],
          ['b', 'b@x'],
          ['c', 'c1'],
        ],
        [
          ['a', 'a2'],
          ['c', 'a2'],
        ],
      ]);
    },
  );

  test.each(['subjectIds', 'values', 'subjectIds[99]'])(
    'at %s, which names no identifier, is halved',
    (refusedField) => {
      expect(submissionFault(three, segmentFault('INPUT_REFUSED', 'no', { refusedField })).instead).toHaveLength(2);
    },
  );

  test.each(['regulationType', 'subjectType', 'attributes.name'])(
    'because of %s is not divided, since no identifier is to blame',
    (refusedField) => {
      const outcome = submissionFault(three, segmentFault('INPUT_REFUSED', 'no', { refusedField }));
      expect(outcome).toMatchObject({ certain: 'not-taken', fault: { code: 'INPUT_REFUSED' } });
      expect(outcome.instead).toBeUndefined();
    },
  );

  test('without a word that could be about a value is not divided, however many it holds', () => {
    const outcome = submissionFault(three, segmentFault('INPUT_REFUSED', 'no', { httpStatus: 400 }));
    expect(outcome).toMatchObject({ certain: 'not-taken', fault: { code: 'INPUT_REFUSED', httpStatus: 400 } });
    expect(outcome.fault.remedy).toContain('Regulation Type');
    expect(outcome.instead).toBeUndefined();
  });

  test('with one identifier left is IDENTIFIER_REFUSED, naming kind and place and never the value', () => {
    const last = operationOf([person('a', 'canary@example.org'), person('b', 'canary@example.org')]);
    const outcome = submissionFault(
      last,
      segmentFault('INPUT_REFUSED', 'no', { httpStatus: 422, refusedValues: true }),
    );
    expect(outcome.instead).toBeUndefined();
    expect(outcome.fault).toMatchObject({ code: 'IDENTIFIER_REFUSED', httpStatus: 422, retryable: false });
    expect(outcome.fault.message).toContain('identifier 1 of 1 (email)');
    expect(JSON.stringify(outcome)).not.toContain('canary');
  });

  test('with one identifier left blames it for certain only where Segment named it', () => {
    const refusedField = 'subjectIds[0]';
    const last = operationOf([person('a', 'canary@example.org')]);
    const named = submissionFault(last, segmentFault('INPUT_REFUSED', 'no', { refusedField })).fault;
    expect(named.message).toMatch(/as invalid\.$/);
    expect(named.remedy).not.toContain('Regulation Type');
    const unnamed = submissionFault(last, segmentFault('INPUT_REFUSED', 'no', { refusedValues: true })).fault;
    expect(unnamed.message).toMatch(/does not say why\.$/);
    expect(unnamed.remedy).toContain('Regulation Type');
  });

  test.each<[FaultCode]>([['UNAUTHENTICATED'], ['RATE_LIMITED'], ['QUOTA_EXHAUSTED'], ['UNREACHABLE'], ['CONFLICT']])(
    'as %s was certainly not taken and is not divided',
    (code) => {
      const quota = { remaining: 0, resetsAt: '2026-04-01T00:00:00.000Z' };
      const outcome = submissionFault(three, segmentFault(code, 'no', { retryAfterMs: 5_000, quota }));
      expect(outcome).toMatchObject({ certain: 'not-taken', fault: { code, retryAfterMs: 5_000 }, quota });
      expect(outcome.instead).toBeUndefined();
    },
  );

  test.each<[FaultCode]>([['TIMEOUT'], ['UNREACHABLE'], ['VENDOR_ERROR'], ['INPUT_REFUSED']])(
    'as %s that may have arrived is unknown, and never divided',
    (code) => {
      const outcome = submissionFault(three, segmentFault(code, 'no', { mayHaveArrived: true }));
      expect(outcome).toMatchObject({ certain: 'unknown', fault: { code } });
      expect(outcome.instead).toBeUndefined();
      expect(Object.keys(outcome.fault)).not.toContain('mayHaveArrived');
    },
  );
});

describe('an operation that no plan makes', () => {
  test('is not sent where it is empty', () => {
    expect(unsendable(operationOf([]))).toMatchObject({ certain: 'not-taken', fault: { code: 'IDENTIFIER_MISSING' } });
  });
  test('is not sent but divided where it is too large', () => {
    const large = operationOf(Array.from({ length: 5_001 }, (_, n) => person(`s${n}`, `u${n}`)));
    const outcome = unsendable(large);
    expect(outcome?.fault.code).toBe('TOO_LARGE');
    expect(outcome?.instead?.map(({ identifierCount }) => identifierCount)).toEqual([2_501, 2_500]);
  });
  test('is sent where it is right', () => {
    expect(unsendable(three)).toBeUndefined();
  });
});

const operations = fc
  .array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f@x'), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((all) => operationOf(all.map((values, n) => person(`s${n}`, ...new Set(values)))));

const pairs = (parts: readonly Operation[]) =>
  parts
    .flatMap(({ subjects }) =>
      subjects.flatMap(({ id, identifiers }) => identifiers.map(({ value }) => `${id}:${value}`)),
    )
    .sort();

describe('smaller operations', () => {
  test('hold together every subject and identifier of the whole, and each is smaller', () => {
    fc.assert(
      fc.property(operations, fc.nat(), (whole, n) => {
        const value = valuesOf(whole)[n % whole.identifierCount] ?? '';
        for (const parts of [halves(whole), isolated(whole, value)]) {
          if (parts.length === 0) continue;
          expect(pairs(parts)).toEqual(pairs([whole]));
          for (const part of parts) expect(part).toEqual(operationOf(part.subjects));
        }
        const alone = isolated(whole, value).at(-1);
        expect(alone && valuesOf(alone)).toEqual([value]);
      }),
    );
  });

  test('end at the bad identifiers alone, and everything else goes through', () => {
    const bad = new Set(['b', 'f@x']);
    fc.assert(
      fc.property(operations, fc.boolean(), (whole, named) => {
        const queue = [whole];
        const through: Operation[] = [];
        const refused: Operation[] = [];
        for (let operation = queue.pop(); operation; operation = queue.pop()) {
          const place = valuesOf(operation).findIndex((value) => bad.has(value));
          if (place < 0) {
            through.push(operation);
            continue;
          }
          const more = named ? { refusedField: `subjectIds[${place}]` } : ({ refusedValues: true } as const);
          const { instead, fault } = submissionFault(operation, segmentFault('INPUT_REFUSED', 'no', more));
          if (instead) queue.push(...instead);
          else {
            expect(fault.code).toBe('IDENTIFIER_REFUSED');
            refused.push(operation);
          }
        }
        expect(pairs([...through, ...refused])).toEqual(pairs([whole]));
        expect(refused.flatMap(valuesOf).every((value) => bad.has(value))).toBe(true);
      }),
    );
  });
});
