const FIRST_SIZE = 1 << 12;
/** A table that is fuller takes long to search. */
const FULLEST = 0.7;
/** Odd, so that fingerprints are spread over the table by all of their bits. */
const SPREAD = 0x9e37_79b9_7f4a_7c15n;

/**
 * Numbers about very many things, by the fingerprint of each: 8 bytes for it and 4 for each number, so that the lines of a file of any
 * size are remembered without keeping what stands in them. Two things with one fingerprint of 63 bits would be taken for one: among a
 * million that happens in one of some ten million files.
 *
 *     const table = new FingerprintTable(1);
 *     const at = table.place(fingerprint);          // the same again for the same fingerprint, until the next is placed
 *     table.set(at, 0, table.get(at, 0) + 1);
 */
export class FingerprintTable {
  #keys = new BigUint64Array(FIRST_SIZE);
  #numbers: Uint32Array;
  #size = 0;

  /** @param width how many numbers there are for each, from 0 to 2^32 - 1; they begin with 0. */
  constructor(private readonly width: number) {
    this.#numbers = new Uint32Array(FIRST_SIZE * width);
  }

  /** How many fingerprints there are. */
  get size(): number {
    return this.#size;
  }

  /** Finds the place of a fingerprint, or gives it one. A place is good until the next one is asked for. */
  place(fingerprint: bigint): number {
    // 0 stands for an empty place.
    const key = fingerprint === 0n ? 1n : fingerprint;
    let at = this.#search(key);
    if (this.#keys[at] === key) return at;
    if (this.#size + 1 > this.#keys.length * FULLEST) {
      this.#grow();
      at = this.#search(key);
    }
    this.#keys[at] = key;
    this.#size += 1;
    return at;
  }

  /** The nth number at a place. */
  get(place: number, nth: number): number {
    return this.#numbers[place * this.width + nth] ?? 0;
  }

  /** Changes the nth number at a place. */
  set(place: number, nth: number, value: number): void {
    this.#numbers[place * this.width + nth] = value;
  }

  /** All places that are taken, in no order. */
  *places(): Generator<number> {
    for (let at = 0; at < this.#keys.length; at += 1) if (this.#keys[at] !== 0n) yield at;
  }

  #search(key: bigint): number {
    const last = this.#keys.length - 1;
    let at = Number(BigInt.asUintN(64, key * SPREAD) >> 33n) & last;
    while (this.#keys[at] !== 0n && this.#keys[at] !== key) at = (at + 1) & last;
    return at;
  }

  #grow(): void {
    const [keys, numbers] = [this.#keys, this.#numbers];
    this.#keys = new BigUint64Array(keys.length * 2);
    this.#numbers = new Uint32Array(numbers.length * 2);
    for (let from = 0; from < keys.length; from += 1) {
      const key = keys[from] ?? 0n;
      if (key === 0n) continue;
      const to = this.#search(key);
      this.#keys[to] = key;
      this.#numbers.set(numbers.subarray(from * this.width, (from + 1) * this.width), to * this.width);
    }
  }
}
