import type { Identifier, Operation, Subject } from 'connector-contract';
import { RegulationType } from '../segment/segment.js';
import { ValueScan } from './value-scan.js';

/**
 * What one regulation holds at most: 5,000 user ids and 4 MB, whichever comes first
 * (https://segment.com/docs/privacy/faq/). The MB is read as a million bytes, the smaller of its two meanings.
 * The manifest's `deletion.batch` says the same.
 */
export const batchLimits = { maxSubjects: 5_000, maxIdentifiers: 5_000, maxBytes: 4_000_000 } as const;

// Planning does not know which generation will be spoken, so the longer of the two bodies counts, with the longest type.
const longestType = Object.values(RegulationType).reduce((a, b) => (b.length > a.length ? b : a));
const envelopes = [
  { regulationType: longestType, subjectType: 'USER_ID', subjectIds: [] },
  { regulation_type: longestType, attributes: { name: 'userId', values: [] } },
];

/** Bytes of a body without any identifier, one comma less for the first of them. */
export const ENVELOPE_BYTES = Math.max(...envelopes.map((body) => JSON.stringify(body).length)) - 1;

/** Bytes that one value adds to a body beside its JSON string: the comma. */
export const COMMA_BYTES = 1;

/** The distinct values that go to Segment, in the order in which they first come. Their place in this list is what Segment names. */
export function valuesOf(operation: Operation): string[] {
  const values: string[] = [];
  for (const { identifiers } of operation.subjects) for (const { value } of identifiers) values.push(value);
  return values.length === operation.identifierCount ? values : [...new Set(values)];
}

/** The first identifier that brings this value. */
export function identifierOf(operation: Operation, value: string): Identifier | undefined {
  for (const subject of operation.subjects) {
    const found = subject.identifiers.find((identifier) => identifier.value === value);
    if (found) return found;
  }
  return undefined;
}

/** Makes an operation of subjects, counting what it holds. Each subject's identifiers are without repeats already. */
export function operationOf(subjects: readonly Subject[]): Operation {
  const scan = new ValueScan();
  const values = new Set<string>();
  let bytes = ENVELOPE_BYTES;
  for (const { identifiers } of subjects) {
    for (const { value } of identifiers) {
      if (values.has(value)) continue;
      values.add(value);
      scan.read(value);
      bytes += scan.bytes + COMMA_BYTES;
    }
  }
  return { subjects, identifierCount: values.size, bytes };
}
