import type { Operation, Subject } from 'connector-contract';
import { operationOf, type Packing } from './packing.js';

/**
 * Two operations in place of one, order kept: by people, and by identifiers once a single person is left.
 * Together they hold every person and identifier of the whole. Empty where nothing can be split.
 */
export function halve({ subjects }: Operation, packing: Packing): Operation[] {
  const single = subjects.length === 1;
  const pieces = single
    ? subjects.flatMap(({ id, identifiers }) => identifiers.map((one) => ({ id, identifiers: [one] })))
    : subjects;
  if (pieces.length < 2) return [];
  const middle = Math.ceil(pieces.length / 2);
  return [pieces.slice(0, middle), pieces.slice(middle)].map((half) =>
    operationOf(single ? [joined(half)] : half, packing),
  );
}

function joined(pieces: readonly Subject[]): Subject {
  return { id: pieces[0]?.id ?? '', identifiers: pieces.flatMap(({ identifiers }) => identifiers) };
}

/** Two operations in place of one: everything but `value`, then `value` alone with the people who bring it. */
export function isolate({ subjects }: Operation, value: string, packing: Packing): Operation[] {
  const having = (wanted: boolean): Subject[] =>
    subjects
      .map((subject) => {
        const identifiers = subject.identifiers.filter((one) => (one.value === value) === wanted);
        return identifiers.length === subject.identifiers.length ? subject : { id: subject.id, identifiers };
      })
      .filter(({ identifiers }) => identifiers.length > 0);
  return [having(false), having(true)].filter((part) => part.length > 0).map((part) => operationOf(part, packing));
}
