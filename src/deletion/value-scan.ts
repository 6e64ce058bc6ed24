// A random start makes it useless to prepare identifiers that collide. No plan depends on it: equal hashes are always
// followed by a comparison of the values themselves.
const seed = Math.floor(Math.random() * 0x1_0000_0000);

function escapeCost(code: number): number {
  // JSON has two-character escapes for these: " \ backspace, tab, line feed, form feed, carriage return.
  const short = code === 0x22 || code === 0x5c || (code >= 0x08 && code <= 0x0d && code !== 0x0b);
  return short ? 1 : 5;
}

/**
 * What planning must know of an identifier value, in one pass and without making a copy of it.
 * One instance serves for any number of values: `read` overwrites what was found before.
 */
export class ValueScan {
  /** UTF-8 bytes of the value as a JSON string, quotes included. */
  bytes = 0;
  /** 32 bits, the same for the same value within one process. */
  hash = 0;

  /** @returns `false` where the value cannot travel byte for byte: empty, with U+0000, or with half of a surrogate pair. */
  read(value: string): boolean {
    const length = value.length;
    let hash = seed ^ length;
    let extra = 0;
    for (let at = 0; at < length; at += 1) {
      const code = value.charCodeAt(at);
      hash = Math.imul(hash ^ code, 0x5bd1e995);
      if (code < 0x80) {
        if (code >= 0x20 && code !== 0x22 && code !== 0x5c) continue;
        if (code === 0) return false;
        extra += escapeCost(code);
      } else if (code < 0x800) {
        extra += 1;
      } else if (code < 0xd800 || code > 0xdfff) {
        extra += 2;
      } else {
        // NaN past the end fails both comparisons, as it should.
        const low = value.charCodeAt(at + 1);
        if (code > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) return false;
        hash = Math.imul(hash ^ low, 0x5bd1e995);
        extra += 2;
        at += 1;
      }
    }
    this.bytes = length + extra + 2;
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    this.hash = hash ^ (hash >>> 13);
    return length > 0;
  }
}
