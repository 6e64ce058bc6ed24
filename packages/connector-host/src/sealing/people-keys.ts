import { KeyedHash } from './keyed-hash.js';
import { type DataKey, openWith, sealWith } from './seal.js';

const lowest63Bits = (1n << 63n) - 1n;

/** Sealing and keyed hashing of people's identifiers: synchronous, for work on millions. */
export class PeopleKeys {
  private readonly hashing: KeyedHash;

  /**
   * @param sealing seals identifiers.
   * @param hashing makes fingerprints and digests; another key, so that a purge of the one leaves the other.
   */
  constructor(
    private readonly sealing: DataKey,
    hashing: DataKey,
  ) {
    this.hashing = new KeyedHash(hashing.key);
  }

  /** Seals one person's identifiers; `bind` names the row they belong to. */
  seal(plain: Buffer, bind: string): Buffer {
    return sealWith(this.sealing, plain, bind);
  }

  /** Opens what {@link seal} made. Throws SealingError where it was changed or moved. */
  open(sealed: Buffer, bind: string): Buffer {
    return openWith(this.sealing, sealed, bind);
  }

  /** A keyed 63-bit number for search; the same identifier always has the same one, and nothing leads back from it. */
  fingerprint(kind: string, value: string): bigint {
    const sum = Buffer.from(this.hashing.sum(`fingerprint\0${kind}\0${value}`), 'latin1');
    return sum.readBigUInt64BE(0) & lowest63Bits;
  }

  /** Writes {@link fingerprint} into `target` as eight bytes, the highest first. */
  writeFingerprint(kind: string, value: string, target: Buffer, at: number): void {
    target.write(this.hashing.sum(`fingerprint\0${kind}\0${value}`), at, 8, 'latin1');
    target[at] = (target[at] ?? 0) & 0x7f;
  }

  /** A keyed digest of 32 bytes, as a string of one character a byte: tells whether two texts are the same without keeping them. */
  digest(text: string): string {
    return this.hashing.sum(`digest\0${text}`);
  }
}
