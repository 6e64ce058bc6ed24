/**
 * People on their way between two processes: thousands at a time, most of what is ever sent. Flat lists of texts take a third of the
 * time that as many small objects take, and a plan names whom it was given by number.
 */
import type { Operation, Subject } from 'connector-contract';

/** People in one flat list: for each, the id, the number of identifiers, and of each identifier the kind's number and the value. */
export interface PackedPeople {
  readonly kinds: readonly string[];
  readonly flat: readonly (string | number)[];
}

/** An operation with its people packed. */
export type PackedOperation = Omit<Operation, 'subjects'> & { readonly subjects: PackedPeople };

/** Packs people. */
export function packPeople(subjects: readonly Subject[]): PackedPeople {
  const kinds: string[] = [];
  const numbers = new Map<string, number>();
  const flat: (string | number)[] = [];
  for (const { id, identifiers } of subjects) {
    flat.push(id, identifiers.length);
    for (const { kind, value } of identifiers) {
      let number = numbers.get(kind);
      if (number === undefined) {
        number = kinds.push(kind) - 1;
        numbers.set(kind, number);
      }
      flat.push(number, value);
    }
  }
  return { kinds, flat };
}

/** Unpacks people. */
export function unpackPeople({ kinds, flat }: PackedPeople): Subject[] {
  const subjects: Subject[] = [];
  for (let at = 0; at < flat.length; ) {
    const id = flat[at] as string;
    const end = at + 2 + 2 * (flat[at + 1] as number);
    const identifiers: { kind: string; value: string }[] = [];
    for (at += 2; at < end; at += 2) {
      identifiers.push({ kind: kinds[flat[at] as number] ?? '', value: flat[at + 1] as string });
    }
    subjects.push({ id, identifiers });
  }
  return subjects;
}

/**
 * A plan in which everybody who is in it as they were given stands as their number; anything else stays as the plugin made it.
 * @param answer what the plugin answered, of any shape.
 */
export function shortenPlan(answer: unknown, { kinds, flat }: PackedPeople): unknown {
  const { operations, ...others } = (answer ?? {}) as { operations?: unknown };
  if (!Array.isArray(operations)) return answer;
  const places = new Map<string, readonly [number: number, at: number]>();
  for (let at = 0, number = 0; at < flat.length; number += 1) {
    places.set(flat[at] as string, [number, at]);
    at += 2 + 2 * (flat[at + 1] as number);
  }
  const shorten = (subject: unknown) => {
    const { id, identifiers } = (subject ?? {}) as { id?: unknown; identifiers?: unknown };
    const place = places.get(id as string);
    if (place === undefined || !Array.isArray(identifiers)) return subject;
    const [number, at] = place;
    if (identifiers.length !== flat[at + 1]) return subject;
    for (const [index, one] of (identifiers as ({ kind?: unknown; value?: unknown } | null)[]).entries()) {
      const from = at + 2 + 2 * index;
      if (one?.kind !== kinds[flat[from] as number] || one?.value !== flat[from + 1]) return subject;
    }
    return number;
  };
  return {
    ...others,
    operations: operations.map((operation: { subjects?: unknown } | null) =>
      Array.isArray(operation?.subjects) ? { ...operation, subjects: operation.subjects.map(shorten) } : operation,
    ),
  };
}

/**
 * The plan as the plugin made it: numbers are people again.
 * @param answer what came from its process, of any shape; a number that is nobody's becomes `undefined`.
 */
export function expandPlan(answer: unknown, given: readonly Subject[]): unknown {
  const { operations, ...others } = (answer ?? {}) as { operations?: unknown };
  if (!Array.isArray(operations)) return answer;
  return {
    ...others,
    operations: operations.map((operation: { subjects?: unknown } | null) =>
      Array.isArray(operation?.subjects)
        ? {
            ...operation,
            subjects: operation.subjects.map((one: unknown) => (typeof one === 'number' ? given[one] : one)),
          }
        : operation,
    ),
  };
}
