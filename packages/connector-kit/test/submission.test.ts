import { describe, expect, test } from '@jest/globals';
import type { FaultCode, Operation, Subject } from 'connector-contract';
import fc from 'fast-check';
import {
  faultMaker,
  halve,
  isolate,
  operationOf as operationWith,
  packingOf,
  submissionOutcome,
  unsendable as unsendableWith,
  type VendorFault,
  valuesOf,
} from '../src/index.js';
import { manifest } from './manifest.js';

const limits = { maxSubjects: 5_000, maxIdentifiers: 5_000, maxBytes: 4_000_000 };
const packing = { ...packingOf(manifest, (subjects) => subjects), limits };
const vendorFault = faultMaker(() => manifest, {});
const operationOf = (subjects: readonly Subject[]): Operation => operationWith(subjects, packing);
const dividing = (operation: Operation) => ({ operation, packing, vendor: 'the vendor' });
const submissionFault = (operation: Operation, fault: VendorFault) => submissionOutcome(fault, dividing(operation));
const unsendable = (operation: Operation) => unsendableWith(dividing(operation));
const halves = (operation: Operation) => halve(operation, packing);
const isolated = (operation: Operation, value: string) => isolate(operation, value, packing);

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
    const outcome = submissionFault(three, vendorFault(code, 'no', { httpStatus: 422, refusedPart: 'some' }));
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
      vendorFault('INPUT_REFUSED', 'no', { refusedPart: 'some' }),
    );
    expect(ids(outcome.instead)).toEqual([[['a', 'a1', 'a2']], [['a', 'a3']]]);
  });

  test('at a place that the vendor names is divided so that this identifier stands alone', () => {
    const outcome = submissionFault(three, vendorFault('INPUT_REFUSED', 'no', { refusedPart: 1 }));
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
  });

  test('at a place that it does not have is halved', () => {
    expect(submissionFault(three, vendorFault('INPUT_REFUSED', 'no', { refusedPart: 99 })).instead).toHaveLength(2);
  });

  test('without a word that could be about a value is not divided, however many it holds', () => {
    const outcome = submissionFault(three, vendorFault('INPUT_REFUSED', 'no', { httpStatus: 400 }));
    expect(outcome).toMatchObject({ certain: 'not-taken', fault: { code: 'INPUT_REFUSED', httpStatus: 400 } });
    expect(outcome.instead).toBeUndefined();
  });

  test('with one identifier left is IDENTIFIER_REFUSED, naming kind and place and never the value', () => {
    const last = operationOf([person('a', 'canary@example.org'), person('b', 'canary@example.org')]);
    const outcome = submissionFault(last, vendorFault('INPUT_REFUSED', 'no', { httpStatus: 422, refusedPart: 'some' }));
    expect(outcome.instead).toBeUndefined();
    expect(outcome.fault).toMatchObject({ code: 'IDENTIFIER_REFUSED', httpStatus: 422, retryable: false });
    expect(outcome.fault.message).toContain('identifier 1 of 1 (email)');
    expect(JSON.stringify(outcome)).not.toContain('canary');
  });

  test('with one identifier left blames it for certain only where the vendor named it', () => {
    const last = operationOf([person('a', 'canary@example.org')]);
    const named = submissionFault(last, vendorFault('INPUT_REFUSED', 'no', { refusedPart: 0 })).fault;
    expect(named.message).toMatch(/as invalid\.$/);
    expect(named.remedy).not.toContain('everybody');
    const unnamed = submissionFault(last, vendorFault('INPUT_REFUSED', 'no', { refusedPart: 'some' })).fault;
    expect(unnamed.message).toMatch(/does not say why\.$/);
    expect(unnamed.remedy).toContain('everybody');
  });

  test.each<[FaultCode]>([['UNAUTHENTICATED'], ['RATE_LIMITED'], ['QUOTA_EXHAUSTED'], ['UNREACHABLE'], ['CONFLICT']])(
    'as %s was certainly not taken and is not divided',
    (code) => {
      const quota = { remaining: 0, resetsAt: '2026-04-01T00:00:00.000Z' };
      const outcome = submissionFault(three, vendorFault(code, 'no', { retryAfterMs: 5_000, quota }));
      expect(outcome).toMatchObject({ certain: 'not-taken', fault: { code, retryAfterMs: 5_000 }, quota });
      expect(outcome.instead).toBeUndefined();
    },
  );

  test.each<[FaultCode]>([['TIMEOUT'], ['UNREACHABLE'], ['VENDOR_ERROR'], ['INPUT_REFUSED']])(
    'as %s that may have arrived is unknown, and never divided',
    (code) => {
      const outcome = submissionFault(three, vendorFault(code, 'no', { mayHaveArrived: true }));
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
  test.each(['identifierCount', 'bytes'])('is not sent because of a wrong %s', (count) => {
    const many = operationOf(Array.from({ length: 5_001 }, (_, n) => person(`s${n}`, `u${n}`)));
    expect(unsendable({ ...many, [count]: 1 })?.fault.code).toBe('TOO_LARGE');
    expect(unsendable({ ...operationOf([]), [count]: 1 })?.fault.code).toBe('IDENTIFIER_MISSING');
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
          const more = { refusedPart: named ? place : 'some' } as const;
          const { instead, fault } = submissionFault(operation, vendorFault('INPUT_REFUSED', 'no', more));
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

test('an operation that cannot be divided is refused as a whole, and what is no fault of the vendor leaves everything open', () => {
  const refused = vendorFault('INPUT_REFUSED', 'no', { refusedPart: 'some' });
  expect(submissionOutcome(refused)).toMatchObject({ certain: 'not-taken', fault: { code: 'INPUT_REFUSED' } });
  expect(submissionOutcome(refused).instead).toBeUndefined();
  expect(submissionOutcome(new Error('canary'), dividing(three))).toMatchObject({
    certain: 'unknown',
    fault: { code: 'CONNECTOR_BUG' },
  });
});

describe('smaller operations', () => {
  test('are none of what cannot be divided', () => {
    expect(halves(operationOf([person('a', 'a1')]))).toEqual([]);
  });

  test('are one where nobody else is left beside a value, or nobody has it', () => {
    expect(ids(isolated(operationOf([person('a', 'a1')]), 'a1'))).toEqual([[['a', 'a1']]]);
    expect(ids(isolated(operationOf([person('a', 'a1')]), 'b1'))).toEqual([[['a', 'a1']]]);
  });
});

describe('an operation is not sent', () => {
  const operation = operationOf([person('a', 'a1', 'a2'), person('b', 'b1')]);
  const within = (maxIdentifiers: number, maxBytes: number) =>
    unsendableWith({
      ...dividing(operation),
      packing: { ...packing, limits: { ...limits, maxIdentifiers, maxBytes } },
    });
  const { bytes } = operation;

  test.each([
    ['one more identifier than may be', 2, bytes],
    ['one more byte than may be', 3, bytes - 1],
  ])('with %s', (_, maxIdentifiers, maxBytes) => {
    expect(within(maxIdentifiers, maxBytes)).toMatchObject({ certain: 'not-taken', fault: { code: 'TOO_LARGE' } });
  });

  test('and is with just as much as may be', () => {
    expect(within(3, bytes)).toBeUndefined();
  });
});
