import type { Operation, Subject } from 'connector-contract';
import { operationOf } from './operation.js';

function withIdentifiers(subject: Subject, identifiers: Subject['identifiers']): Subject {
  return { id: subject.id, identifiers };
}

function splitSubject(subject: Subject): Subject[] {
  const middle = Math.ceil(subject.identifiers.length / 2);
  return [
    withIdentifiers(subject, subject.identifiers.slice(0, middle)),
    withIdentifiers(subject, subject.identifiers.slice(middle)),
  ];
}

/**
 * Two operations in place of one, order kept: by subjects, and by its identifiers once a single subject is left.
 * Together they hold every subject and identifier of the whole. Empty where nothing can be split.
 */
export function halves(operation: Operation): Operation[] {
  const [only, ...rest] = operation.subjects;
  if (only === undefined) return [];
  if (rest.length === 0) {
    return only.identifiers.length < 2 ? [] : splitSubject(only).map((part) => operationOf([part]));
  }
  const middle = Math.ceil(operation.subjects.length / 2);
  return [operationOf(operation.subjects.slice(0, middle)), operationOf(operation.subjects.slice(middle))];
}

/** Two operations in place of one: everything but `value`, then `value` alone with the subjects that bring it. */
export function isolated(operation: Operation, value: string): Operation[] {
  const rest: Subject[] = [];
  const alone: Subject[] = [];
  for (const subject of operation.subjects) {
    const other = subject.identifiers.filter((identifier) => identifier.value !== value);
    if (other.length === subject.identifiers.length) {
      rest.push(subject);
      continue;
    }
    if (other.length > 0) rest.push(withIdentifiers(subject, other));
    alone.push(
      withIdentifiers(
        subject,
        subject.identifiers.filter((identifier) => identifier.value === value),
      ),
    );
  }
  return [rest, alone].filter((subjects) => subjects.length > 0).map(operationOf);
}
