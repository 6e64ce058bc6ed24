/** Looks for one value that stands for many people of a file: what is damaged in the same way is the same for all of them. */
import { FingerprintTable } from './fingerprint-table.js';
import type { JudgedLine, LineError } from './import-batch.js';

/** So many people with one identifier are no coincidence. */
const MANY = 5;

/** Marks the first fingerprint of a person: one has 63 bits. */
const FIRST = 1n << 63n;

/** What is remembered of a value. */
const Fact = { count: 0, line: 1, field: 2 } as const;

/** Counts, by fingerprint, for how many people of a file each value stands. */
export class SharedValues {
  readonly #values = new FingerprintTable(3);
  /** The fingerprints of all identifiers, in the order of the file; the first of each person is marked. */
  #kept = new BigUint64Array(1 << 12);
  #size = 0;
  /** What the columns or fields are called. */
  readonly #fields = new Map<string, number>();

  constructor(private readonly fingerprint: (kind: string, value: string) => bigint) {}

  /** Counts the identifiers of a line. */
  look({ line, body, nameOf }: JudgedLine): void {
    for (const [nth, { kind, value }] of body.identifiers.entries()) {
      const fingerprint = this.fingerprint(kind, value);
      this.#keep(nth === 0 ? fingerprint | FIRST : fingerprint);
      const at = this.#values.place(fingerprint);
      const before = this.#values.get(at, Fact.count);
      this.#values.set(at, Fact.count, before + 1);
      if (before > 0) continue;
      this.#values.set(at, Fact.line, line);
      this.#values.set(at, Fact.field, this.#numberOf(nameOf(nth)));
    }
  }

  /**
   * An entry for each value that stands for many, at the first of its lines, those that stand for the most first; and how many people
   * have one of all such values.
   * @param most entries at the most.
   */
  found(most: number): { readonly lines: readonly LineError[]; readonly people: number } {
    const names = [...this.#fields.keys()];
    const many: { readonly count: number; readonly line: number; readonly field: string }[] = [];
    for (const at of this.#values.places()) {
      const count = this.#values.get(at, Fact.count);
      if (count < MANY) continue;
      many.push({ count, line: this.#values.get(at, Fact.line), field: names[this.#values.get(at, Fact.field)] ?? '' });
    }
    many.sort((a, b) => b.count - a.count || a.line - b.line || a.field.localeCompare(b.field));
    const lines = many.slice(0, most).map(
      ({ count, line, field }): LineError => ({
        line,
        code: 'SAME_FOR_MANY',
        message: `${field} is the same for ${count} people of this file; this is the first. Look whether it names a person at all.`,
        field,
        doubtful: true,
      }),
    );
    return { lines, people: many.length === 0 ? 0 : this.#people() };
  }

  #keep(fingerprint: bigint): void {
    if (this.#size === this.#kept.length) {
      const larger = new BigUint64Array(this.#size * 2);
      larger.set(this.#kept);
      this.#kept = larger;
    }
    this.#kept[this.#size] = fingerprint;
    this.#size += 1;
  }

  /** How many people have an identifier that stands for many. */
  #people(): number {
    let [people, counted] = [0, false];
    for (let nth = 0; nth < this.#size; nth += 1) {
      const kept = this.#kept[nth] ?? 0n;
      if ((kept & FIRST) !== 0n) counted = false;
      if (counted || this.#values.get(this.#values.place(kept & ~FIRST), Fact.count) < MANY) continue;
      counted = true;
      people += 1;
    }
    return people;
  }

  #numberOf(field: string): number {
    const known = this.#fields.get(field) ?? this.#fields.size;
    this.#fields.set(field, known);
    return known;
  }
}
