import type { Identifier } from 'connector-contract';

/**
 * Which subjects bring the same value: found by a hash table in typed arrays, since a `Set` of all values of a million
 * people takes several times as long as everything else that planning does.
 */
export class Sharing {
  /** Whether any two subjects have a value in common. */
  any = false;
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #hashes: Int32Array;
  readonly #owners: Int32Array;
  readonly #places: Int32Array;
  readonly #parents: Int32Array;
  readonly #lists: (readonly Identifier[])[] = [];
  #used = 0;

  /** @param identifierCount how many values will be claimed at most; `subjectCount` how many subjects will be added at most. */
  constructor(identifierCount: number, subjectCount: number) {
    let capacity = 16;
    while (capacity < identifierCount * 2) capacity *= 2;
    this.#slots = new Int32Array(capacity);
    this.#mask = capacity - 1;
    this.#hashes = new Int32Array(identifierCount + 1);
    this.#owners = new Int32Array(identifierCount + 1);
    this.#places = new Int32Array(identifierCount + 1);
    this.#parents = new Int32Array(subjectCount);
  }

  /** Adds the next subject, in a group of its own. Its number counts from 0. */
  add(identifiers: readonly Identifier[]): number {
    const subject = this.#lists.push(identifiers) - 1;
    this.#parents[subject] = subject;
    return subject;
  }

  /**
   * Notes that `subject` brings the value at `place` of its identifiers, and joins it with whoever brought it before.
   * @returns the subject that brought the value first, or -1 where it is new.
   */
  claim(subject: number, place: number, value: string, hash: number): number {
    let slot = hash & this.#mask;
    for (let entry = this.#slots[slot]; entry; entry = this.#slots[slot]) {
      if (this.#hashes[entry] === hash && this.#valueOf(entry) === value) {
        const owner = this.#owners[entry] ?? 0;
        if (owner !== subject) this.#join(owner, subject);
        return owner;
      }
      slot = (slot + 1) & this.#mask;
    }
    this.#used += 1;
    this.#slots[slot] = this.#used;
    this.#hashes[this.#used] = hash;
    this.#owners[this.#used] = subject;
    this.#places[this.#used] = place;
    return -1;
  }

  /** The first subject of the group that `subject` is in. */
  firstOf(subject: number): number {
    const parents = this.#parents;
    let at = subject;
    for (let parent = parents[at] ?? at; parent !== at; parent = parents[at] ?? at) {
      parents[at] = parents[parent] ?? parent;
      at = parent;
    }
    return at;
  }

  /** The groups of more than one subject: members in order, under the first of them. */
  groups(): Map<number, number[]> {
    const groups = new Map<number, number[]>();
    if (!this.any) return groups;
    for (let subject = 0; subject < this.#lists.length; subject += 1) {
      const first = this.firstOf(subject);
      if (first === subject) continue;
      const group = groups.get(first);
      if (group) group.push(subject);
      else groups.set(first, [first, subject]);
    }
    return groups;
  }

  #valueOf(entry: number): string | undefined {
    return this.#lists[this.#owners[entry] ?? -1]?.[this.#places[entry] ?? -1]?.value;
  }

  #join(one: number, other: number): void {
    this.any = true;
    const a = this.firstOf(one);
    const b = this.firstOf(other);
    // The smaller number stays on top, so that a group is known by its first member.
    this.#parents[Math.max(a, b)] = Math.min(a, b);
  }
}
