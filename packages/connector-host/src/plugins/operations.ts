/** Checks that what a connector makes of people holds exactly these people: nobody lost, nobody twice, nothing invented. */
import type {
  ConnectorManifest,
  DeletionPlan,
  FaultData,
  Identifier,
  NotAccepted,
  Operation,
  Subject,
  SubjectResult,
} from 'connector-contract';
import { isFaultData, shaped, WrongShape } from './answers.js';
import { plainCopy } from './plain-copy.js';
import { type Redact, redactFault, redactor, redactResults } from './redact.js';

type Batch = NonNullable<ConnectorManifest['deletion']>['batch'];

/** Copies people for a connector: what it does to the copies is its own affair. */
export function copySubjects(subjects: readonly Subject[]): Subject[] {
  return subjects.map(({ id, identifiers }) => ({
    id,
    identifiers: identifiers.map(({ kind, value }) => ({ kind, value })),
  }));
}

/**
 * The answer of `plan`, checked against the people who were given: each is in exactly one operation or is rejected, with no other
 * identifiers than their own, and every operation keeps to the manifest's limits.
 * @throws WrongShape
 */
export function readPlan(answer: unknown, given: readonly Subject[], batch: Batch, redact: Redact): DeletionPlan {
  const { operations, rejected } = (answer ?? {}) as { operations?: unknown; rejected?: unknown };
  if (!Array.isArray(operations)) throw new WrongShape('its answer/operations must be array');
  if (!Array.isArray(rejected)) throw new WrongShape('its answer/rejected must be array');
  const left = new Map(given.map((subject) => [subject.id, subject]));
  const planned = operations.map((one) => readOperation(one, left, batch));
  const refused = rejected.map((one) => readRejected(one, left, redact));
  if (left.size > 0) throw new WrongShape(`its plan leaves out ${left.size} of ${given.length} people`);
  return { operations: planned, rejected: refused };
}

/** Copies an operation for a connector. */
export function copyOperation(operation: Operation): Operation {
  return { ...operation, subjects: copySubjects(operation.subjects) };
}

/** The answer of `submit` where the vendor did not take the operation, or nobody knows. Throws WrongShape or NotPlainData. */
export function readRefusal(answer: unknown, operation: Operation, batch: Batch, redact: Redact): NotAccepted {
  const { instead, fault, ...refusal } = shaped('notAccepted', answer);
  return {
    ...refusal,
    fault: redactFault(fault, redact),
    ...(instead === undefined ? {} : { instead: readInstead(instead, operation, batch) }),
  };
}

/**
 * What became of people, checked against those who were sent: nobody else, and nobody twice. Absent stays absent.
 * @throws WrongShape
 */
export function readResults<A extends { readonly result?: readonly SubjectResult[] }>(
  answer: A,
  { subjects }: Operation,
  redact: Redact,
): A {
  if (answer.result === undefined) return answer;
  const left = new Set(subjects.map(({ id }) => id));
  for (const { id } of answer.result) {
    if (!left.delete(id)) throw new WrongShape('its result tells of somebody who was not given, or of somebody twice');
  }
  return { ...answer, result: redactResults(answer.result, redact) };
}

/**
 * The smaller operations that take the place of one, checked: together they hold every person and identifier of it.
 * @throws WrongShape
 */
function readInstead(answer: readonly unknown[], whole: Operation, batch: Batch): Operation[] {
  const parts = answer.map((one) => {
    // A person may be divided too, so every part may draw on all of them.
    const all = new Map(whole.subjects.map((subject) => [subject.id, subject]));
    return readOperation(one, all, batch);
  });
  const keys = parts.flatMap((part) => part.subjects.flatMap(keysOf));
  const sent = new Set(keys);
  if (sent.size < keys.length) throw new WrongShape('its smaller operations send an identifier of somebody twice');
  const missing = whole.subjects.flatMap(keysOf).filter((key) => !sent.has(key)).length;
  if (missing > 0) throw new WrongShape(`its smaller operations leave out ${missing} identifiers`);
  if (parts.length === 1) throw new WrongShape('its smaller operations must be at least two');
  return parts;
}

function readOperation(value: unknown, left: Map<string, Subject>, batch: Batch): Operation {
  const { subjects, identifierCount, bytes } = (value ?? {}) as Partial<Record<keyof Operation, unknown>>;
  if (!Array.isArray(subjects) || subjects.length === 0) throw new WrongShape('an operation holds nobody');
  const read = subjects.map((subject) => readSubject(subject, left));
  const operation = { subjects: read, identifierCount: whole(identifierCount), bytes: whole(bytes) };
  within(read.length, batch.maxSubjects, 'people');
  within(operation.identifierCount, batch.maxIdentifiers, 'identifiers');
  within(operation.bytes, batch.maxBytes, 'bytes');
  return operation;
}

function readSubject(value: unknown, left: Map<string, Subject>): Subject {
  const { id, identifiers } = (value ?? {}) as { id?: unknown; identifiers?: unknown };
  const given = typeof id === 'string' ? left.get(id) : undefined;
  if (given === undefined) throw new WrongShape('an operation holds somebody who was not given, or somebody twice');
  left.delete(given.id);
  if (!Array.isArray(identifiers) || identifiers.length === 0) throw new WrongShape('a person has no identifiers');
  const own = new Set(given.identifiers.map(keyOf));
  const read = (identifiers as Partial<Identifier>[]).map((one) => {
    const { kind, value: text } = one ?? {};
    if (typeof kind !== 'string' || typeof text !== 'string' || !own.delete(keyOf({ kind, value: text }))) {
      throw new WrongShape('a person has an identifier that was not given, or one twice');
    }
    return { kind, value: text };
  });
  return { id: given.id, identifiers: read };
}

function readRejected(
  value: unknown,
  left: Map<string, Subject>,
  redact: Redact,
): { subjectId: string; fault: FaultData } {
  const { subjectId, fault } = (value ?? {}) as { subjectId?: unknown; fault?: unknown };
  const person = typeof subjectId === 'string' ? left.get(subjectId) : undefined;
  if (person === undefined) throw new WrongShape('the plan rejects somebody who was not given, or somebody twice');
  left.delete(person.id);
  const copy = plainCopy(fault);
  if (!isFaultData(copy)) throw new WrongShape('a rejection has no fault as the contract says');
  const own = redactor(
    [],
    person.identifiers.map((one) => one.value),
  );
  return { subjectId: person.id, fault: redactFault(copy, (text) => own(redact(text))) };
}

function whole(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new WrongShape('an operation has no whole number of identifiers and bytes');
}

function within(count: number, most: number | undefined, what: string): void {
  if (most !== undefined && count > most) {
    throw new WrongShape(`an operation holds ${count} ${what}, and the manifest allows ${most}`);
  }
}

function keysOf(subject: Subject): string[] {
  return subject.identifiers.map((one) => `${subject.id}\0${keyOf(one)}`);
}

function keyOf({ kind, value }: Pick<Identifier, 'kind' | 'value'>): string {
  return `${kind}\0${value}`;
}
