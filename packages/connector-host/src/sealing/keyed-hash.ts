import { hash } from 'node:crypto';

const BLOCK = 64;
/** Bytes of a SHA-256 sum. */
const SUM = 32;

/**
 * HMAC-SHA-256 (RFC 2104) of short texts, one after the other: two one-shot hashes over buffers that are kept, and no object for each.
 * That takes a third of the time of `createHmac`, which is most of what an import does.
 */
export class KeyedHash {
  private inner = Buffer.alloc(BLOCK + 1024);
  private readonly outer = Buffer.alloc(BLOCK + SUM);

  /** @param key at most 64 bytes. */
  constructor(key: Buffer) {
    for (let at = 0; at < BLOCK; at += 1) {
      this.inner[at] = (key[at] ?? 0) ^ 0x36;
      this.outer[at] = (key[at] ?? 0) ^ 0x5c;
    }
  }

  /** The 32 bytes for a text, taken as UTF-8, as a string of one character a byte. */
  sum(text: string): string {
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    if (this.inner.length < BLOCK + text.length * 3) {
      const larger = Buffer.alloc(BLOCK + text.length * 4);
      this.inner.copy(larger, 0, 0, BLOCK);
      this.inner = larger;
    }
    const length = this.inner.write(text, BLOCK, 'utf8');
    this.outer.write(hash('sha256', this.inner.subarray(0, BLOCK + length), 'binary'), BLOCK, 'latin1');
    return hash('sha256', this.outer, 'binary');
  }
}
