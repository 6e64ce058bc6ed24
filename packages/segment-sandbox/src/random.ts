import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but the seed and the words: the same everywhere, every time. */
export function fraction(seed: number, ...words: readonly (string | number)[]): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  const text = words.join('\u0001');
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // FNV alone spreads its last characters badly: a final mix makes neighbours differ.
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x7feb352d);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x846ca68b);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 0x1_0000_0000;
}

/** A seeded stream of numbers in [0, 1) (mulberry32). */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A stable identifier made from words, as Segment's look: `length` letters and digits (32 at most). */
export function stableId(length: number, ...words: readonly (string | number)[]): string {
  const bytes = createHash('sha256').update(words.join('\u0001')).digest();
  let id = '';
  for (const byte of bytes.subarray(0, length)) id += ALPHABET.charAt(byte % ALPHABET.length);
  return id;
}

/** A stable hexadecimal identifier, as Segment's catalogue has them: 24 digits. */
export function stableHexId(...words: readonly (string | number)[]): string {
  return createHash('sha256').update(words.join('\u0001')).digest('hex').slice(0, 24);
}
