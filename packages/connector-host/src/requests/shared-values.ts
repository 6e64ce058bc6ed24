/** Looks for one value that stands for many people of a file: what is damaged in the same way is the same for all of them. */
import type { JudgedLine, LineError } from './import-batch.js';

/** So many people with one identifier are no coincidence. */
const MANY = 5;

/** Values that are counted: one that is damage stands all over the file, and so among the first. */
const MOST_COUNTED = 200_000;

/** Counts, by fingerprint, for how many people of a file each value stands. */
export class SharedValues {
  readonly #counts = new Map<bigint, { count: number; readonly line: number; readonly field: string }>();

  constructor(private readonly fingerprint: (kind: string, value: string) => bigint) {}

  /** Counts the identifiers of a line. */
  look({ line, body, nameOf }: JudgedLine): void {
    for (const [nth, { kind, value }] of body.identifiers.entries()) {
      const key = this.fingerprint(kind, value);
      const found = this.#counts.get(key);
      if (found !== undefined) found.count += 1;
      else if (this.#counts.size < MOST_COUNTED) this.#counts.set(key, { count: 1, line, field: nameOf(nth) });
    }
  }

  /** An entry for each value that stands for many, at the first of its lines; and for how many people they stand. */
  found(): { readonly lines: readonly LineError[]; readonly people: number } {
    const many = [...this.#counts.values()].filter(({ count }) => count >= MANY);
    const lines = many.map(
      ({ count, line, field }): LineError => ({
        line,
        code: 'SAME_FOR_MANY',
        message: `${field} is the same for ${count} people of this file; this is the first. Look whether it names a person at all.`,
        field,
        doubtful: true,
      }),
    );
    return { lines, people: many.reduce((sum, { count }) => sum + count, 0) };
  }
}
